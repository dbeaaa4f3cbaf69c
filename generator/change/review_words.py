"""The words that all formats of a review share: headlines, paths and values, old -> new."""

import json
import re
from collections.abc import Iterator, Sequence
from itertools import takewhile
from operator import eq
from typing import Any

from generator.change.difference import ABSENT, ValueChange, members
from generator.change.effects import upgraded
from generator.change.plan import PlanStep
from generator.change.review import Chapter, Review
from generator.credentials import MASK, is_credential, is_secret_key, masked, printable
from generator.lint.consequences import WORDS, Weight, When
from generator.records import record

_WIDTH = 160
# Texts longer than this are not compared word by word.
_LONG = 1000
_NOTHING_TO_DO = "Nothing: the merge is enough."
_NOTHING_SEEN = "Nothing that hubops can see: only a part was compared, see the note."
_NAMES = 12
# How many steps a line of a table names at most.
_STEPS = 2
# How long a command in a line may be.
_COMMAND = 120
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
    """One line: who, the heaviest effect, when a person must act."""
    names = listed(called(chapter, len(chapter.names)), _NAMES)
    act = f" ({chapter.must_act})" if chapter.must_act else ""
    return f"{names}: {heaviest(chapter)}{act}"


def listed(names: Sequence[str], most: int, mark: str = ", ") -> str:
    """Names, at most so many."""
    more = len(names) - most
    return mark.join(names[:most]) + (f" and {more} more" if more > 0 else "")


def heaviest(chapter: Chapter) -> str:
    """The sentence of the heaviest effect; where there is none, how much differs."""
    effects = chapter.consequences
    if not effects:
        return f"{counted(chapter) or 'nothing that runs'}; {WORDS[Weight.NOTE]}"
    first = max(effects, key=lambda one: (one.weight, bool(upgraded(one)))).sentence
    more = len(effects) - 1
    return f"{first}; and {more} more effect{'s' if more > 1 else ''}" if more else first


def steps(chapter: Chapter) -> str:
    """What a person must do for a chapter, in one line."""
    acts = [act for one in chapter.consequences for act in one.acts]
    parts = []
    for when in When:
        purposes = [*dict.fromkeys(act.purpose for act in acts if act.when is when)]
        more = f"; and {len(purposes) - _STEPS} more" if len(purposes) > _STEPS else ""
        if purposes:
            parts.append(f"{when.capitalize()}: {'; '.join(purposes[:_STEPS])}{more}")
    return ". ".join(parts) or "Do nothing"


def nothing_to_do(review: Review) -> str:
    """What to say where no one must act."""
    return _NOTHING_SEEN if review.uncertain else _NOTHING_TO_DO


def who(step: PlanStep, found: Review) -> tuple[str, ...]:
    """Whom a step is for; of many that are all environments, in one word."""
    every = [one.name for one in found.site.environments] if found.site is not None else []
    is_all = len(every) > 2 and set(every) == set(step.names)
    return ("all environments",) if is_all else step.names


def only_command(step: PlanStep) -> str:
    """The command of a step that fits in its line: the only one, short, for the repository."""
    places = step.commands
    if len(places) != 1 or places[0].where or len(places[0].lines) != 1:
        return ""
    command = printable(places[0].lines[0])
    return command if len(command) < _COMMAND else ""


def counted(chapter: Chapter) -> str:
    """How many values and rendered objects differ, in words; empty for none."""
    counts = ((chapter.count, "value"), (chapter.rendered_count, "rendered object"))
    return ", ".join(f"{count} {word}{'s' if count > 1 else ''}" for count, word in counts if count)


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


@record
class ShownChange:
    """A change as it may be shown: `sides` old and new, or `members` that came or left.

    `text` are the lines of a long text that differ, each with its sign. `origin` is where
    site.yaml sets it.
    """

    path: str
    sides: tuple[str, ...] = ()
    members: str = ""
    text: tuple[str, ...] = ()
    origin: str


def shown(change: ValueChange) -> ShownChange:
    """A change without its credentials, in the form that fits it."""
    path, sides = printable(change.spelled) or "the text", (change.before, change.after)
    if all(isinstance(side, str) and "\n" in side for side in sides):
        return ShownChange(path=path, text=tuple(_lines_of_text(change)), origin=change.origin)
    if all(side and isinstance(side, list) and set(map(type, side)) == {str} for side in sides):
        moved = " ".join(f"{each[0]}{value(change, each[1:])}" for each in members(*sides))
        return ShownChange(path=path, members=moved or "in another order", origin=change.origin)
    both = _shortened(*(_value(change, side) for side in sides))
    return ShownChange(path=path, sides=both, origin=change.origin)


def lines(change: ValueChange) -> Iterator[str]:
    """`path: old -> new` and where it comes from; of a long text the path, then its lines."""
    one = shown(change)
    what = " -> ".join(one.sides) or one.members
    origin = f"  ({one.origin})" if one.origin else ""
    yield f"{one.path}:{f' {what}' if what else ''}{origin}"
    yield from (f"  {text}" for text in one.text)


Pieces = Sequence[tuple[str, bool]]


def words_apart(old: str, new: str) -> tuple[Pieces, Pieces]:
    """Two texts in pieces, and of each piece whether only this text has it; long ones whole."""
    from difflib import SequenceMatcher  # other commands load this module too

    if max(len(old), len(new)) > _LONG:
        return [(old, False)], [(new, False)]
    was, now = (re.findall(r"\w+|\s+|.", text) for text in (old, new))
    blocks = SequenceMatcher(None, was, now, autojunk=False).get_opcodes()
    return (
        [("".join(was[a:b]), what != "equal") for what, a, b, _, _ in blocks if a < b],
        [("".join(now[a:b]), what != "equal") for what, _, _, a, b in blocks if a < b],
    )


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


def _shortened(before: str, after: str) -> tuple[str, str]:
    """Both sides short; of two that begin with the same text, the part where they differ."""
    same = len([*takewhile(bool, map(eq, before, after))])
    start = same - _WIDTH // 4 if same > _WIDTH * 3 // 4 else 0
    return _from(start, before), _from(start, after)


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
    is_key = any(map(is_secret_key, change.path)) and not change.refers_to_secret
    return is_key or any(map(_holds_secret, texts))


def _holds_secret(text: str) -> bool:
    names = (match[1] for match in _VARIABLE.finditer(text))
    return bool(_SECRET_TEXT.search(text)) or any(map(_SECRET_NAME.search, names))
