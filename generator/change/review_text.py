"""A review as text for a terminal."""

from collections.abc import Iterator

from generator.change import review_words as words
from generator.change.review import Chapter, Review
from generator.credentials import printable
from generator.lint.consequences import Consequence, Weight, tasks

_COLORS = {
    Weight.NOTE: "2",
    Weight.NEW: "32",
    Weight.NEXT_START: "36",
    Weight.RESTART: "33",
    Weight.CUT: "33;1",
    Weight.ACCESS: "35",
    Weight.DATA: "31;1",
}


def review(found: Review, *, color: bool = False) -> str:
    """The headlines, then each chapter with its effects, what to do, and its values."""
    parts = (
        "".join(
            f"{_painted(words.headline(one), one.heaviest, color=color)}\n"
            for one in found.chapters
        ),
        *("".join(_chapter(one, color=color)) for one in found.chapters),
        "".join(_drift(found)),
        f"{summary}\n" if (summary := words.summary(found)) else "",
        "".join(f"note: {printable(note)}\n" for note in found.notes),
    )
    return "\n".join(filter(None, parts))


def _painted(text: str, weight: Weight, *, color: bool) -> str:
    return f"\x1b[{_COLORS[weight]}m{text}\x1b[0m" if color else text


def _chapter(chapter: Chapter, *, color: bool) -> Iterator[str]:
    yield f"{words.title(chapter)}\n"
    for found in chapter.consequences:
        yield from _consequence(found, color=color)
    for key, how in chapter.sealed:
        yield f"  {printable(key)}: {how}\n"
    for section in chapter.sections:
        yield f"  {printable(section.title)}\n"
        for change in section.lines:
            yield from (f"    {line}\n" for line in words.lines(change))


def _consequence(found: Consequence, *, color: bool) -> Iterator[str]:
    yield f"  {_painted(found.code, found.weight, color=color)} {printable(found.sentence)}\n"
    for task in tasks(found.acts):
        if len(task.commands) > 1:
            yield f"       {task.when}: {printable(task.purpose)}:\n"
            yield from (f"         {printable(command)}\n" for command in task.commands)
        else:
            yield f"       {task.when}: {printable(': '.join((task.purpose, *task.commands)))}\n"


def _drift(found: Review) -> Iterator[str]:
    if found.drift:
        yield "Not what site.yaml gives; 'hubops generate' undoes it:\n"
        yield from (f"  {printable(path)}\n" for path in found.drift)
