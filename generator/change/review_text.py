"""A review as text for a terminal."""

from collections.abc import Callable, Iterator

from generator.change import review_words as words
from generator.change.review import Chapter, Review
from generator.credentials import printable
from generator.lint.consequences import Weight, tasks

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

    def painted(text: str, weight: Weight) -> str:
        return f"\x1b[{_COLORS[weight]}m{text}\x1b[0m" if color else text

    summary = words.summary(found)
    drift = "".join(f"  {printable(path)}\n" for path in found.drift)
    parts = (
        "".join(f"{painted(words.headline(one), one.heaviest)}\n" for one in found.chapters),
        *("".join(_chapter(one, painted)) for one in found.chapters),
        f"Not what site.yaml gives; 'hubops generate' undoes it:\n{drift}" if drift else "",
        f"{summary}\n" if summary else "",
        "".join(f"note: {printable(note)}\n" for note in found.notes),
    )
    return "\n".join(filter(None, parts))


def _chapter(chapter: Chapter, painted: Callable[[str, Weight], str]) -> Iterator[str]:
    yield f"{words.title(chapter)}\n"
    for found in chapter.consequences:
        yield f"  {painted(found.code, found.weight)} {printable(found.sentence)}\n"
        for task in tasks(found.acts):
            if len(task.commands) > 1:
                yield f"       {task.when}: {printable(task.purpose)}:\n"
                yield from (f"         {printable(command)}\n" for command in task.commands)
            else:
                text = ": ".join((task.purpose, *task.commands))
                yield f"       {task.when}: {printable(text)}\n"
    yield from (f"  {printable(key)}: {how}\n" for key, how in chapter.sealed)
    for section in chapter.sections:
        yield f"  {printable(section.title)}\n"
        for change in section.lines:
            yield from (f"    {line}\n" for line in words.lines(change))
