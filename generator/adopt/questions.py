"""Contradictions in the values: asked about, never guessed."""

from collections.abc import Iterable, Iterator, Mapping

from generator.adopt.base import Foreign, Path, Question, dotted, leaves
from generator.adopt.gateway_python import figure
from generator.adopt.layers import TEMPLATE
from generator.adopt.secrets import Secret
from generator.adopt.spelling import Spelled
from generator.diagnostics import Diagnostic
from generator.site.model import Json

FIRST_SYNC = (
    "nothing is applied before somebody starts the first sync; take this away once that went well"
)
UMBRELLA = (
    "daskhub has values of its own, which tie Dask Gateway to the hub; hubops writes that "
    "itself, and the proof compares with your values alone: `helm get values --all` shows the rest"
)
_SIZES: tuple[Path, ...] = tuple(
    ("singleuser", "memory", bound) for bound in ("guarantee", "limit")
)
_PLACE = {"memory": ("jupyterhub", "servers", "memory")}


def questions(charts: Mapping[str, Foreign], hub: Spelled) -> Iterator[Question]:
    """What stands in the values and contradicts itself, or is filled in elsewhere."""
    yield from _figures(hub.foreign)
    for chart, foreign in charts.items():
        for path, value in leaves(foreign.values):
            if _holds_template(value):
                yield Question(
                    text=f"{foreign.place(path)}: {chart} {dotted(path)} holds a template in "
                    "braces, which Helm leaves as it is in values; what fills it in today?"
                )


def _holds_template(value: Json) -> bool:
    if isinstance(value, str):
        return TEMPLATE.search(value) is not None
    if isinstance(value, list):
        return any(map(_holds_template, value))
    return isinstance(value, Mapping) and any(map(_holds_template, value.values()))


def _figures(foreign: Foreign) -> Iterator[Question]:
    for path in _SIZES:
        size: Json = foreign.values
        for step in path:
            size = size.get(step) if isinstance(size, Mapping) else None
        told = figure(foreign.comments.get(path, ""))
        if isinstance(size, int) and told is not None and told[0] != size:
            yield Question(
                text=f"{foreign.place(path)}: {dotted(path)} is {size} bytes, and its comment says "
                f"{told[1]}; the bytes count today, and stay: which one is meant?",
                at=_PLACE["memory"],
            )


def silenced(found: Iterable[Diagnostic]) -> Iterator[Question]:
    """Asks about what lint calls an error, and runs today all the same."""
    for one in found:
        yield Question(
            text=f"site.yaml: {one.code} says that {one.message}; it stays as it is today, and the "
            "finding is silenced on its line: mend it, then take the comment away"
        )


def conflict(key: str, secrets: Iterable[Secret]) -> Question:
    """Asks which of two values of one key is the right one."""
    places = [one.place for one in secrets if one.key == key and one.value is not None]
    return Question(
        text=f"the values for {key} differ ({' and '.join(places)}); hub and gateway then do not "
        "know each other; neither is sealed: seal the right one by hand"
    )
