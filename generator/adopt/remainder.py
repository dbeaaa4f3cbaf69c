"""What of today's values hubops does not write by itself: carried under `values`, or left."""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from generator.adopt.base import Path, Row, alike, at, is_below, leaves, nearest
from generator.adopt.spelling import Restated
from generator.charts import CHARTS
from generator.charts.chart import Chart
from generator.charts.python_text import parsed
from generator.charts.rows import place
from generator.site.model import Json

_NOT_PRINTED = re.compile("[\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
_LARGEST = 10**18
_NULL = "a null takes a default of the chart away, and site.yaml can write none (C310)"
_UNKNOWN_ROOT = "the chart has no such key at the root: its schema refuses it, or nothing reads it"
_DOLLAR = "Kustomize reads a key that begins with '$' as an order (C311)"
_UNWRITABLE = (
    "it holds what no generated file can hold: a null in a list, a control character, or a number "
    "of too many digits"
)
_NO_MAP = "a text or list here would drop all that hubops writes below"
_NO_PYTHON = "no Python that can be read"
_LOSSES = (_NULL, _DOLLAR, _UNWRITABLE, _NO_MAP)
_EXTRA_CONFIG = (("hub", "extraConfig"), ("gateway", "extraConfig"))


@dataclass(slots=True)
class Remainder:
    """What is carried of one chart's values, and what is not.

    `lost`: what is left although something reads it, and the new site says nothing in its place;
    `equal`: hubops writes it by itself; `owned`: carried although a key of site.yaml says the same;
    `longer`: lists that hubops' entries join; `more`: what hubops' python does beyond today's.
    """

    secret: Collection[Path] = ()
    lost: set[Path] = field(default_factory=set)
    more: tuple[Row, ...] = ()
    carried: dict[str, Json] = field(default_factory=dict)
    left: dict[Path, str] = field(default_factory=dict)
    equal: list[Path] = field(default_factory=list)
    verbatim: list[Path] = field(default_factory=list)
    owned: dict[Path, str] = field(default_factory=dict)
    longer: list[Path] = field(default_factory=list)


def of(spelled: Restated, own: Mapping[str, Json], secret: Collection[Path]) -> Remainder:
    """Sorts every value of a chart: `own` are hubops' values, `secret` the paths of secrets."""
    found = Remainder(secret=secret)
    chart = CHARTS[spelled.foreign.chart]
    for path, value in leaves(spelled.values):
        there = at(own, *path, default=...)
        if alike(there, value):
            found.equal.append(path)
        elif is_below(path, secret):
            continue
        elif value == {} and isinstance(there, Mapping):
            found.equal.append(path)
        elif (why := _left(chart, path, value, own)) is not None:
            found.left[path] = why
            if why in _LOSSES or why.startswith(_NO_PYTHON):
                found.lost.add(path)
        else:
            _carry(chart, path, value, there, found)
    return found


def _left(chart: Chart, path: Path, value: Json, own: Mapping[str, Json]) -> str | None:
    """Why a value is not carried; None where it is."""
    dropped = chart.why_dropped(path)
    if path[0] not in chart.roots:
        return dropped or _UNKNOWN_ROOT
    if any(step.startswith("$") for step in path):
        return _DOLLAR
    if value is None:
        return _NULL
    if _holds_unwritable(path, value):
        return _UNWRITABLE
    fault = parsed(value) if isinstance(value, str) and path[:2] in _EXTRA_CONFIG else None
    if isinstance(fault, str):
        return f"{_NO_PYTHON}, {fault}; hub or gateway would not start (C319)"
    # The class as an annotation alone is what the cluster's `annotation: true` says.
    if dropped is not None or (chart.is_extendable(path) and isinstance(value, list)):
        return dropped
    if isinstance(at(own, *path), Mapping):
        return _NO_MAP
    why = chart.why_protected(path)
    is_there = why is not None and any(_reaches(one, path) for one in (own, chart.defaults))
    return f"hubops' own: {why}" if is_there else None


def _reaches(values: Json, path: Path) -> bool:
    """Whether there is a value at a path, or above it one that is no map."""
    part = nearest(values, path)
    return part == path or not isinstance(at(values, *part), Mapping)


def _holds_unwritable(path: Path, value: Json) -> bool:
    if any(_NOT_PRINTED.search(step) for step in path):
        return True
    if isinstance(value, str):
        return _NOT_PRINTED.search(value) is not None
    if isinstance(value, int | float):
        is_long = isinstance(value, float) and len(repr(value)) > 17
        return is_long or not abs(value) < _LARGEST
    if isinstance(value, list):
        return any(one is None or _holds_unwritable((), one) for one in value)
    return isinstance(value, Mapping) and any(
        one is None or key.startswith("$") or _holds_unwritable((key,), one)
        for key, one in value.items()
    )


def _carry(chart: Chart, path: Path, value: Json, there: Json, into: Remainder) -> None:
    if chart.is_extendable(path) and isinstance(value, list) and isinstance(there, list):
        missing = [one for one in there if not any(alike(one, has) for has in value)]
        if missing:
            into.longer.append(path)
        value = [*value, *missing]
    place(into.carried, path, value)
    into.verbatim.append(path)
    instead = chart.owner(path)
    if instead is not None and there is not ...:
        into.owned[path] = instead
