"""A review as a comment on a pull request, of bounded size, which a workflow can update."""

import re
from collections.abc import Callable, Iterator, Sequence
from html import escape
from textwrap import indent

from generator.change import review_words as words
from generator.change.plan import Commands, PlanStep
from generator.change.review import Chapter, Review
from generator.credentials import printable
from generator.lint.consequences import WORDS, Consequence, When

# How a workflow finds its comment.
MARK = "<!-- hubops diff -->"
# Characters; GitHub refuses a comment of more than 65,536.
MOST = 65_000
_ROOM_FOR_THE_END = 400
# Markup in a line; an underscore between other signs is not.
_MARKUP = re.compile(r"[\\`*\[\]<&#|~$^]|(?<![A-Za-z0-9])_|_(?![A-Za-z0-9])")
# What makes a list, a quote or a title of a whole line, at its beginning.
_BEGINS = re.compile(r"^(\d*)([-+=>.)])")
# A word in which a forge reads an address, a person, an issue, a merge request or a commit.
_LINK = re.compile(
    r"://|www\.|mailto:|xmpp:|@|[#!%&~$^]\w|\bgh-\d|\b[0-9a-f]{7,64}\b"
    r"|(?-i:\b[A-Z][A-Z0-9_]+-\d)",
    re.IGNORECASE,
)
_ALL = "`hubops diff --format html > diff.html`"
# How many of each to list, at most.
_NAMES, _FILES, _NOTES, _STEPS, _COMMANDS, _LETTERS = 8, 20, 10, 20, 20, 1500


def review(found: Review, *, color: bool = False) -> str:
    """What to do, the table, then a block for each chapter while there is room."""
    parts = [f"{MARK}\n", *_plan(found), "## What this change does\n"]
    parts += (*_table(found), *_notes(found))
    room = MOST - _ROOM_FOR_THE_END - sum(map(len, parts))
    left = list(found.chapters)
    while left:
        block = next((one for one in _blocks(left[0]) if len(one) <= room), None)
        if block is None:
            return "".join([*parts, _missing(left)])
        parts.append(block)
        room -= len(block)
        del left[0]
    return "".join(parts)


def _missing(left: Sequence[Chapter]) -> str:
    environments = sum(len(one.names) for one in left if not one.is_cluster)
    counts = (
        (environments, "environment"),
        (sum(one.is_cluster for one in left), "cluster"),
        (sum(one.count for one in left), "value"),
    )
    counted = ", ".join(f"{count:,} {what}{'s' * (count > 1)}" for count, what in counts if count)
    return (
        f"\n**The details of {counted} are missing here: a comment has no room for more.** "
        f"{_ALL} shows everything.\n"
    )


def _table(found: Review) -> Iterator[str]:
    rows = found.chapters
    if not rows:
        return
    yield "\n| | Heaviest effect | A person must |\n|---|---|---|\n"
    room = MOST // 3
    for count, chapter in enumerate(rows):
        names = _names(words.called(chapter, len(chapter.names)), _bold)
        row = f"| {names} | {_shortened(words.heaviest(chapter))} "
        row += f"| {_shortened(words.steps(chapter))} |\n"
        room -= len(row)
        if room < 0:
            yield f"| and {len(rows) - count} more | | |\n"
            return
        yield row


def _bold(name: str) -> str:
    return f"**{_text(name)}**"


def _names(names: Sequence[str], shown: Callable[[str], str]) -> str:
    return words.listed([*map(shown, names[:_NAMES]), *names[_NAMES:]], _NAMES)


def _notes(found: Review) -> Iterator[str]:
    if summary := words.summary(found):
        yield f"\n{_shortened(summary)}\n"
    yield from (f"\n**Note:** {_shortened(note)}\n" for note in found.notes[:_NOTES])
    if len(found.notes) > _NOTES:
        yield f"\nand {len(found.notes) - _NOTES} more notes\n"
    if found.drift:
        listed = "".join(f"- {_code(path)}\n" for path in found.drift[:_FILES])
        more = len(found.drift) - _FILES
        last = f"- and {more} more: `hubops check` lists them\n" if more > 0 else ""
        yield (
            "\n**Files that are not what site.yaml gives.** Merged like this, Argo CD takes "
            "them as they are. Run `hubops generate` and commit what it writes: it undoes "
            f"manual edits; put intended changes in site.yaml.\n\n{listed}{last}"
        )


def _blocks(chapter: Chapter) -> Iterator[str]:
    """The whole chapter, then the chapter without its values, for where there is less room."""
    names = _names(words.called(chapter, len(chapter.names)), _name)
    summary = f"<b>{names}</b>: {WORDS[chapter.heaviest]}"
    head = f"\n<details><summary>{summary}</summary>\n{''.join(_effects(chapter))}"
    yield f"{head}{''.join(_values(chapter))}\n</details>\n"
    counted = words.counted(chapter)
    note = f"\nThere is no room here for its {counted}: {_ALL} shows them.\n" if counted else ""
    yield f"{head}{note}\n</details>\n"


def _plan(found: Review) -> Iterator[str]:
    """What to do, in order, while there is room; what deletes something is never a checkbox."""
    if not found.chapters:
        return
    yield "## What to do\n"
    if not found.plan:
        yield f"\n{words.nothing_to_do(found)}\n"
    room = MOST // 3
    for when in When:
        steps = [step for step in found.plan if step.when is when]
        if steps:
            yield f"\n**{when.capitalize()}:**\n\n"
        for count, step in enumerate(steps):
            item = _step(step, found)
            room -= len(item)
            if count == _STEPS or room < 0:
                yield f"- and {len(steps) - count} more: {_ALL} shows them\n"
                break
            yield item
    yield "\n"


def _step(step: PlanStep, found: Review) -> str:
    """What a person must do, with the commands ready to copy and where they run."""
    names = _names(words.who(step, found), _bold)
    head = f"- {'' if step.deletes else '[ ] '}{names}: "
    head += _shortened(step.purpose)
    if command := words.only_command(step):
        return f"{head}: {_code(command)}\n"
    return "\n".join([head, *map(_commands, step.commands), ""])


def _commands(place: Commands) -> str:
    lines = [printable(command) for command in place.lines[:_COMMANDS]]
    more = len(place.lines) - _COMMANDS
    last = f"  and {more} more: {_ALL} shows them\n" if more > 0 else ""
    where = f"\n  {_shortened(place.where)}:\n" if place.where else ""
    return f"{where}\n{indent(_fenced(lines, 'sh'), '  ')}{last}".rstrip("\n")


def _effects(chapter: Chapter) -> Iterator[str]:
    for who, effects in chapter.effects.items():
        yield f"\n**For {who}**\n\n"
        for effect in effects:
            yield _effect(effect.main)
            yield from (f"  {_effect(step)}" for step in effect.steps)


def _effect(effect: Consequence) -> str:
    return f"- {_shortened(effect.sentence)} ({effect.code})\n"


def _values(chapter: Chapter) -> Iterator[str]:
    if chapter.sealed:
        yield "\n**Sealed values:**\n\n" + "".join(
            f"- {_code(key)}: {how}\n" for key, how in chapter.sealed
        )
    for section in chapter.sections:
        lines = [line for change in section.lines for line in words.lines(change)]
        block = f"\n{_fenced(lines, 'text')}" if lines else ""
        yield f"\n**{_shortened(section.title)}**\n{block}"


def _fenced(lines: Sequence[str], language: str) -> str:
    """Lines in a block of code, with a fence that no line can close."""
    text = "\n".join(lines)
    fence = "`" * max(3, _longest_run(text) + 1)
    return f"{fence}{language}\n{text}\n{fence}\n"


def _longest_run(text: str) -> int:
    return max((len(run) for run in re.findall("`+", text)), default=0)


def _code(text: str) -> str:
    """Text in a code span that it can't close; on one line."""
    shown = _cut(printable(text))
    fence = "`" * (_longest_run(shown) + 1)
    pad = " " if "`" in shown or shown != shown.strip() else ""
    return f"{fence}{pad}{shown}{pad}{fence}"


def _cut(text: str) -> str:
    return text if len(text) <= _LETTERS else f"{text[:_LETTERS]}..."


def _shortened(text: str) -> str:
    return _text(_cut(text))


def _text(text: str) -> str:
    """Plain text in Markdown: nothing in it is markup; a word that would be a link is code."""
    shown = " ".join(map(_word, printable(text).split(" ")))
    return _BEGINS.sub(r"\1\\\2", shown.lstrip())


def _word(word: str) -> str:
    if not _LINK.search(word):
        return _MARKUP.sub(r"\\\g<0>", word)
    core = word.lstrip("(").rstrip(";:,.)") or word
    before, _, behind = word.partition(core)
    return f"{before}{_code(core)}{behind}"


def _name(name: str) -> str:
    """A name in a summary, which is HTML: one that would be a link is code."""
    return f"<code>{escape(name)}</code>" if _LINK.search(name) else escape(name)
