"""A review as the comment on a pull request: one that can be updated in place, of bounded size."""

import re
from collections.abc import Iterator
from html import escape

from generator.effects.base import WORDS
from generator.report import review_words as words
from generator.review import Chapter, Review
from generator.secrecy import printable

# What a workflow finds its comment by.
MARK = "<!-- hubops diff -->"
# Characters; GitHub refuses a comment of more than 65,536.
MOST = 65_000
_ROOM_FOR_THE_END = 400
# What is markup in a line; an underscore or `>` between other signs is none.
_MARKUP = re.compile(r"[\\`*\[\]<#|~$]|(?<![A-Za-z0-9])_|_(?![A-Za-z0-9])|^>")
_COMMAND = re.compile(r"(?:^|: )((?:argocd|hubops|kubectl) .+)$")


def review(found: Review, *, color: bool = False) -> str:
    """The headline table, then a block for each chapter, as many as there is room for."""
    parts = [f"{MARK}\n## What this change does\n", *_table(found), *_notes(found)]
    room = MOST - _ROOM_FOR_THE_END - sum(map(len, parts))
    chapters = (*found.environments, *found.clusters)
    left = list(chapters)
    for chapter in chapters:
        block = next((one for one in _blocks(chapter) if len(one) <= room), None)
        if block is None:
            break
        parts.append(block)
        left.remove(chapter)
        room -= len(block)
    if left:
        names = ", ".join(left[0].names)
        more = f" and {len(left) - 1} more" if len(left) > 1 else ""
        parts.append(
            f"\n**Not shown for lack of room:** {_text(names[:150])}{more}. "
            "`hubops diff` shows all of it.\n"
        )
    return "".join(parts)


def _table(found: Review) -> Iterator[str]:
    rows = (*found.environments, *found.clusters)
    if not rows:
        return
    yield "\n| | Differs | Heaviest effect | A person must |\n|---|---|---|---|\n"
    room = MOST // 2
    for count, chapter in enumerate(rows):
        row = (
            f"| {_names(chapter)} | {words.differs(chapter)} "
            f"| {WORDS[chapter.heaviest]} | {chapter.must_act or 'do nothing'} |\n"
        )
        room -= len(row)
        if room < 0:
            yield f"| {len(rows) - count} more | | | |\n"
            return
        yield row


def _names(chapter: Chapter) -> str:
    shown = [f"**{_text(name)}**" for name in chapter.names[:8]]
    more = f" and {len(chapter.names) - 8} more" if len(chapter.names) > 8 else ""
    return ", ".join(shown) + more


def _notes(found: Review) -> Iterator[str]:
    if summary := words.summary(found):
        yield f"\n{_text(summary[:2000])}\n"
    yield from (f"\n**Note:** {_text(note[:1000])}\n" for note in found.notes[:10])
    if len(found.notes) > 10:
        yield f"\nand {len(found.notes) - 10} more notes\n"
    if found.drift:
        listed = "".join(f"- {_code(path)}\n" for path in found.drift[:20])
        more = f"- and {len(found.drift) - 20} more\n" if len(found.drift) > 20 else ""
        yield (
            "\n**Files that are not what site.yaml gives.** Merged like this, Argo CD takes "
            "them as they stand. Run `hubops generate` and commit what it writes: it undoes what "
            f"was edited by hand; what was meant belongs into site.yaml.\n\n{listed}{more}"
        )


def _blocks(chapter: Chapter) -> Iterator[str]:
    """The chapter whole, and without its values where there is no room for them."""
    head = f"\n<details><summary>{_names_plain(chapter)}</summary>\n"
    effects = "".join(_effects(chapter))
    values = "".join(_values(chapter))
    yield f"{head}{effects}{values}\n</details>\n"
    note = f"\n{chapter.count} values are not shown for lack of room: `hubops diff` shows them.\n"
    yield f"{head}{effects}{note}\n</details>\n"


def _names_plain(chapter: Chapter) -> str:
    names = ", ".join(chapter.names[:8])
    more = f" and {len(chapter.names) - 8} more" if len(chapter.names) > 8 else ""
    return f"<b>{escape(names)}{more}</b>: {WORDS[chapter.heaviest]}"


def _effects(chapter: Chapter) -> Iterator[str]:
    acts = {
        "Before the merge": [
            act for found in chapter.consequences for act in found.acts if found.effect.before_merge
        ],
        "To do": [
            act
            for found in chapter.consequences
            for act in found.acts
            if not found.effect.before_merge
        ],
    }
    for title, listed in acts.items():
        if listed:
            yield f"\n{title}:\n\n" + "".join(f"- [ ] {_act(act)}\n" for act in listed)
    if chapter.consequences:
        yield "\n"
    for found in chapter.consequences:
        yield f"- {_text(found.effect.message)} ({found.effect.code})\n"


def _values(chapter: Chapter) -> Iterator[str]:
    if chapter.sealed:
        yield "\nSealed values:\n\n" + "".join(
            f"- {_code(key)}: {how}\n" for key, how in chapter.sealed
        )
    for section in chapter.sections:
        lines = []
        for line in section.lines:
            lines.append(words.line(line))
            if words.is_long(line.change):
                lines += [f"  {text}" for text in words.lines_of_text(line.change)]
        fence = "`" * max(3, _longest_run("\n".join(lines)) + 1)
        block = f"\n{fence}text\n" + "\n".join(lines) + f"\n{fence}\n" if lines else ""
        yield f"\n{_text(section.title)}\n{block}"


def _longest_run(text: str) -> int:
    return max((len(run) for run in re.findall("`+", text)), default=0)


def _code(text: str) -> str:
    """Text in a code span, which nothing in it ends; on one line."""
    fence = "`" * (_longest_run(text) + 1)
    pad = " " if "`" in text else ""
    return f"{fence}{pad}{printable(text)}{pad}{fence}"


def _act(text: str) -> str:
    """What a person must do; the command at its end ready to copy."""
    command = _COMMAND.search(text)
    if command is None:
        return _text(text)
    return f"{_text(text[: command.start(1)])}{_code(command[1])}"


def _text(text: str) -> str:
    """Plain text in Markdown: nothing in it is markup, a mention or a link."""
    escaped = _MARKUP.sub(r"\\\g<0>", printable(text))
    return escaped.replace("@", "@\u200b")
