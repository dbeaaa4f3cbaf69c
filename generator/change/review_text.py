"""A review as text for a terminal."""

from collections.abc import Callable, Iterator

from generator.change import review_words as words
from generator.change.review import Chapter, Review
from generator.credentials import printable
from generator.lint.consequences import Consequence, Weight, When

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
    """The headlines, what to do, then each chapter with its effects and its values."""

    def painted(text: str, weight: Weight) -> str:
        return f"\x1b[{_COLORS[weight]}m{text}\x1b[0m" if color else text

    summary = words.summary(found)
    drift = "".join(f"  {printable(path)}\n" for path in found.drift)
    headlines = ((printable(words.headline(one)), one.heaviest) for one in found.chapters)
    parts = (
        "".join(f"{painted(*one)}\n" for one in headlines),
        *("".join(_plan(when, found)) for when in When),
        *("".join(_chapter(one, painted)) for one in found.chapters),
        f"Not what site.yaml gives; 'hubops generate' undoes it:\n{drift}" if drift else "",
        f"{summary}\n" if summary else "",
        "".join(f"note: {printable(note)}\n" for note in found.notes),
    )
    return "\n".join(filter(None, parts))


def _plan(when: When, found: Review) -> Iterator[str]:
    """What a person must do at one time; below each step its commands, and where they run."""
    listed = [step for step in found.plan if step.when is when]
    if listed:
        yield f"{when.capitalize()}\n"
    for step in listed:
        names = ", ".join(words.who(step, found))
        said, command = printable(f"{names}: {step.purpose}"), words.only_command(step)
        yield f"  {said}{f': {command}' if command else ':' if step.commands else ''}\n"
        for place in () if command else step.commands:
            if place.where:
                yield f"    {place.where}:\n"
            yield from (f"      {printable(one)}\n" for one in place.lines)


def _chapter(chapter: Chapter, painted: Callable[[str, Weight], str]) -> Iterator[str]:
    def told(effect: Consequence, indent: str) -> str:
        return f"{indent}{painted(effect.code, effect.weight)} {printable(effect.sentence)}\n"

    yield f"{words.title(chapter)}\n"
    for who, effects in chapter.effects.items():
        yield f"  for {who}\n"
        for effect in effects:
            yield told(effect.main, "    ")
            yield from (told(step, "      ") for step in effect.steps)
    yield from (f"  {printable(key)}: {how}\n" for key, how in chapter.sealed)
    for section in chapter.sections:
        yield f"  {printable(section.title)}\n"
        for change in section.lines:
            yield from (f"    {line}\n" for line in words.lines(change))
