"""The proof: today's values and the rebuilt ones, each over the chart's defaults, compared."""

from collections.abc import Mapping

from generator.adopt.base import Path, Row, alike, at, leaves
from generator.adopt.remainder import Remainder
from generator.charts import CHARTS
from generator.charts.rows import CHART_DEFAULT
from generator.merge import merge
from generator.records import record
from generator.site.model import Json

UNEXPLAINED = "no known reason: please report this as a bug of hubops"


@record
class Proof:
    """The result for one chart's values; `against_defaults`: the packaged chart was there.

    `lost` are settings of today that the new site does not have, and nothing in their place.
    """

    chart: str
    version: str
    against_defaults: bool
    equal: int
    lost: tuple[Row, ...]
    on_purpose: tuple[Row, ...]
    unexplained: tuple[Row, ...]


@record
class Sides:
    """What is compared: today's values in hubops' words, and those that the new site builds."""

    chart: str
    version: str
    before: Mapping[str, Json]
    after: Mapping[str, Json]
    defaults: Mapping[str, Json] | None


def compared(sides: Sides, said: Remainder) -> Proof:
    """The proof of one chart."""
    base: Json = sides.defaults if sides.defaults is not None else {}
    before, after = merge(base, sides.before), merge(base, sides.after)
    paths = dict.fromkeys(path for values in (before, after) for path, _ in leaves(values))
    # Without those above another one: maps that one side fills.
    above = {path[:depth] for path in paths for depth in range(len(path))}
    whole = [path for path in paths if path not in above]
    differing = [
        path
        for path in whole
        if not alike(_at(before, path), _at(after, path))
        # A null takes nothing away where the chart has nothing.
        and not (at(sides.before, *path, default=...) is None and not at(after, *path))
    ]
    why = {path: _reason(sides, said, path) for path in differing}
    known = [Row(path=path, text=text) for path, text in why.items() if text is not None]
    lost = tuple(row for row in known if _is_lost(said, row.path))
    gaps = (Row(path=path, text=UNEXPLAINED) for path, text in why.items() if text is None)
    return Proof(
        chart=sides.chart,
        version=sides.version,
        against_defaults=sides.defaults is not None,
        equal=len(whole) - len(differing),
        lost=lost,
        on_purpose=(*said.more, *(row for row in known if row not in lost)),
        unexplained=tuple(gaps),
    )


def _at(values: Json, path: Path) -> Json:
    """The value at a path; `...` for none, and for an empty map: a chart takes it for none."""
    value = at(values, *path, default=...)
    return ... if value == {} else value


def _is_lost(said: Remainder, path: Path) -> bool:
    is_part = any(path[:depth] in said.lost for depth in range(1, len(path) + 1))
    return is_part or any(one[: len(path)] == path for one in said.lost)


def _reason(sides: Sides, said: Remainder, path: Path) -> str | None:
    for depth in range(len(path), 0, -1):
        if path[:depth] in said.left:
            return said.left[path[:depth]]
        if path[:depth] in said.secret:
            return "a secret: sealed or left out, never copied"
    # A map in its place, of which nothing is carried.
    for below in (one for one in said.left if one[: len(path)] == path):
        return said.left[below]
    if path in said.longer:
        return "hubops adds its own entries"
    if _at(sides.before, path) in (..., None):
        why = CHARTS[sides.chart].why_new(path)
        # Over the chart's defaults, a default does not differ.
        return None if why == CHART_DEFAULT and sides.defaults is not None else why
    return None
