"""The words that all formats of a review share: headlines, paths and values, old -> new."""

import json
import re
from collections.abc import Iterator, Sequence
from itertools import takewhile
from operator import eq
from typing import Any

from generator.change.difference import ABSENT, ValueChange, members
from generator.change.review import Chapter, Review
from generator.credentials import MASK, is_credential, is_secret_key, masked, printable
from generator.lint.consequences import WORDS, Weight

_WIDTH = 160
# Effects that say that an environment is new or removed.
_WHOLE = {"E012": "new", "E013": "removed"}
_NAMES = 12
# A text that holds a secret where no line of it says so: a Kubernetes Secret, a block below a
# credential's key, the value of a variable with such a name. Repetitions that others could take
# over are bounded or possessive: a text may have megabytes.
_SECRET_TEXT = re.compile(
    r"^[ \t]*+kind:[ \t]*+[\"']?Secret[\"']?[ \t]*+$"
    r"|(?:secret|token|passw(?:or)?d|passphrase|credential|key)s?[\"']?\s*+:\s*+[|>]",
    re.IGNORECASE | re.MULTILINE,
)
_VARIABLE = re.compile(r"name:\s*+(\S{1,200}+)\s++value:", re.IGNORECASE)
_SECRET_NAME = re.compile(r"secret|token|passw|credential|key", re.IGNORECASE)


def title(chapter: Chapter) -> str:
    """The environments or the cluster that a chapter is about."""
    return ", ".join(called(chapter, len(chapter.names)))


def called(chapter: Chapter, most: int) -> tuple[str, ...]:
    """The names of a chapter, at most so many; a cluster's says that it is one."""
    kind = "cluster " if chapter.is_cluster else ""
    return tuple(f"{kind}{name}" for name in chapter.names[:most])


def headline(chapter: Chapter) -> str:
    """One line: who, what differs, the heaviest effect, when a person must act."""
    parts = (differs(chapter), WORDS[chapter.heaviest], chapter.must_act)
    return f"{title(chapter)}: {'; '.join(filter(None, parts))}"


def counted(chapter: Chapter) -> str:
    """How many values and rendered objects differ, in words; empty for none."""
    counts = ((chapter.count, "value"), (chapter.rendered_count, "rendered object"))
    return ", ".join(f"{count} {word}{'s' if count > 1 else ''}" for count, word in counts if count)


def differs(chapter: Chapter) -> str:
    """How much differs, empty for none; or that the environment or cluster is new or removed."""
    codes = {one.code for one in chapter.consequences}
    known = next((word for code, word in _WHOLE.items() if code in codes), counted(chapter))
    if known or not chapter.is_cluster:
        return known
    return "new" if chapter.heaviest is Weight.NEW else "removed"


def summary(review: Review) -> str:
    """What to say of the environments that do not change, or where nothing does."""
    if review.is_empty and review.is_rewritten:
        return "Nothing takes effect: site.yaml is written differently and means the same."
    if review.is_empty and review.drift:
        return "No change in site.yaml takes effect; the files below differ from what it gives."
    if review.is_empty:
        return "Nothing takes effect."
    if review.unchanged:
        more = len(review.unchanged) - _NAMES
        names = [*review.unchanged[:_NAMES], *([f"{more} more"] if more > 0 else [])]
        return f"Unchanged: {', '.join(names)}."
    return ""


def lines(change: ValueChange) -> Iterator[str]:
    """`path: old -> new` and where it comes from; of a long text the path, then its lines."""
    sides = (change.before, change.after)
    if all(isinstance(side, str) and "\n" in side for side in sides):
        said, rest = "", _lines_of_text(change)
    elif all(side and isinstance(side, list) and set(map(type, side)) == {str} for side in sides):
        moved = (f"{each[0]}{value(change, each[1:])}" for each in members(*sides))
        said, rest = f" {' '.join(moved) or 'in another order'}", ()
    else:
        said, rest = f" {_arrow(*(_value(change, side) for side in sides))}", ()
    origin = f"  ({change.origin})" if change.origin else ""
    yield f"{printable(change.spelled) or 'the text'}:{said}{origin}"
    yield from (f"  {text}" for text in rest)


def _lines_of_text(change: ValueChange) -> Sequence[str]:
    holds_key = any("PRIVATE KEY---" in str(side) for side in (change.before, change.after))
    if _is_secret(change) or holds_key:
        return (f"- {MASK}", f"+ {MASK}")
    from difflib import unified_diff  # other commands load this module too

    old, new = (str(side).splitlines() for side in (change.before, change.after))
    return [
        f"{one[0]} {printable(masked(one[1:]))}"
        for one in unified_diff(old, new, n=0, lineterm="")
        if not one.startswith(("---", "+++", "@@"))
    ]


def value(change: ValueChange, side: Any) -> str:
    """One side as it may be shown: short, on one line, no credential."""
    return _from(0, _value(change, side))


def _arrow(before: str, after: str) -> str:
    """Both sides short; of two that begin with the same text, the part where they differ."""
    same = len([*takewhile(bool, map(eq, before, after))])
    start = same - _WIDTH // 4 if same > _WIDTH * 3 // 4 else 0
    return f"{_from(start, before)} -> {_from(start, after)}"


def _from(start: int, text: str) -> str:
    end = start + _WIDTH
    return f"{'...' if start else ''}{text[start:end]}{'...' if len(text) > end else ''}"


def _value(change: ValueChange, side: Any) -> str:
    if side is ABSENT:
        return "nothing"
    if _is_secret(change) and not isinstance(side, bool):
        return MASK
    text = side if isinstance(side, str) else json.dumps(side, ensure_ascii=False)
    if isinstance(side, str) and (not text or text != text.strip() or "\n" in text):
        text = json.dumps(text, ensure_ascii=False)
    return MASK if is_credential(text) else printable(masked(text))


def _is_secret(change: ValueChange) -> bool:
    texts = (side for side in (change.before, change.after) if isinstance(side, str))
    return any(map(is_secret_key, change.path)) or any(map(_holds_secret, texts))


def _holds_secret(text: str) -> bool:
    names = (match[1] for match in _VARIABLE.finditer(text))
    return bool(_SECRET_TEXT.search(text)) or any(map(_SECRET_NAME.search, names))
