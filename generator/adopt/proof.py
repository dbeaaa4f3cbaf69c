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
    """The result for one chart's values; `against_defaults`: the packaged chart was there."""

    chart: str
    version: str
    against_defaults: bool
    equal: int
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
    equal = 0
    on_purpose: list[Row] = list(said.more)
    unexplained: list[Row] = []
    # Without those above another one: maps that one side fills.
    above = {path[:depth] for path in paths for depth in range(len(path))}
    for path in (path for path in paths if path not in above):
        if alike(_at(before, path), _at(after, path)):
            equal += 1
            continue
        why = _reason(sides, said, path)
        row = Row(path=path, text=why or UNEXPLAINED)
        (on_purpose if why is not None else unexplained).append(row)
    return Proof(
        chart=sides.chart,
        version=sides.version,
        against_defaults=sides.defaults is not None,
        equal=equal,
        on_purpose=tuple(on_purpose),
        unexplained=tuple(unexplained),
    )


def _at(values: Json, path: Path) -> Json:
    """The value at a path; `...` for none, and for an empty map: a chart takes it for none."""
    value = at(values, *path, default=...)
    return ... if value == {} else value


def _reason(sides: Sides, said: Remainder, path: Path) -> str | None:
    for depth in range(len(path), 0, -1):
        if path[:depth] in said.left:
            return said.left[path[:depth]]
        if path[:depth] in said.secret:
            return "a secret: sealed or left out, never copied"
    if path in said.longer:
        return "hubops adds its own entries"
    if _at(sides.before, path) in (..., None):
        why = CHARTS[sides.chart].why_new(path)
        # Over the chart's defaults, a default does not differ.
        return None if why == CHART_DEFAULT and sides.defaults is not None else why
    return None
