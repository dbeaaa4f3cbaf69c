"""What of today's values hubops does not write by itself: carried under `values`, or left."""

import math
import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from generator.adopt.base import Path, Row, alike, at, leaves, owned_by, put, why_protected
from generator.adopt.python import parsed
from generator.adopt.spelling import Spelled
from generator.charts import CHARTS
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
_EXTRA_CONFIG = (("hub", "extraConfig"), ("gateway", "extraConfig"))


@dataclass(slots=True)
class Remainder:
    """What is carried of one chart's values, and what is not.

    `equal` are the paths that hubops writes by itself as they are today; `owned` those that are
    carried although a key of site.yaml says the same; `longer` lists that hubops' entries join.
    """

    carried: dict[str, Json] = field(default_factory=dict)
    left: dict[Path, str] = field(default_factory=dict)
    equal: list[Path] = field(default_factory=list)
    verbatim: list[Path] = field(default_factory=list)
    owned: dict[Path, str] = field(default_factory=dict)
    longer: list[Path] = field(default_factory=list)


def of(spelled: Spelled, own: Mapping[str, Json], secret: Collection[Path]) -> Remainder:
    """Sorts every value of a chart: `own` are hubops' values, `secret` the paths of secrets."""
    found = Remainder()
    chart = spelled.foreign.chart
    for path, value in leaves(spelled.values):
        if not path:
            continue
        there = at(own, *path)
        if _stands(own, path) and alike(there, value):
            found.equal.append(path)
        elif any(path[: len(one)] == one for one in secret):
            continue
        elif value == {} and isinstance(there, Mapping):
            found.equal.append(path)
        elif (why := _left(chart, path, value, own)) is not None:
            found.left[path] = why
        else:
            _carry(chart, path, value, own, found)
    return found


def _stands(values: Json, path: Path) -> bool:
    for step in path:
        if not isinstance(values, Mapping) or step not in values:
            return False
        values = values[step]
    return True


def _left(chart: str, path: Path, value: Json, own: Mapping[str, Json]) -> str | None:
    """Why a value is not carried; None where it is."""
    if path[0] not in CHARTS[chart].roots:
        return CHARTS[chart].why_dropped(path) or _UNKNOWN_ROOT
    if any(step.startswith("$") for step in path):
        return _DOLLAR
    if value is None:
        return _NULL
    if _holds_unwritable(path, value):
        return _UNWRITABLE
    if (fault := _python_fault(path, value)) is not None:
        return f"no Python that can be read, {fault}; hub or gateway would not start (C319)"
    # The class as an annotation alone is what the cluster's `annotation: true` says.
    why = CHARTS[chart].why_dropped(path)
    if why is not None:
        return why
    if CHARTS[chart].is_extendable(path) and isinstance(value, list):
        return None
    if isinstance(at(own, *path), Mapping):
        return _NO_MAP
    protected = why_protected(chart, path, own)
    return f"hubops' own: {protected}" if protected is not None else None


def _python_fault(path: Path, value: Json) -> str | None:
    if not isinstance(value, str) or not any(path[:2] == place for place in _EXTRA_CONFIG):
        return None
    tree = parsed(value)
    return tree if isinstance(tree, str) else None


def _holds_unwritable(path: Path, value: Json) -> bool:
    if any(_NOT_PRINTED.search(step) for step in path):
        return True
    if isinstance(value, str):
        return _NOT_PRINTED.search(value) is not None
    if isinstance(value, bool):
        return False
    if isinstance(value, int):
        return abs(value) >= _LARGEST
    if isinstance(value, float):
        return not math.isfinite(value) or abs(value) >= _LARGEST or len(repr(value)) > 17
    if isinstance(value, list):
        return any(one is None or _holds_unwritable((), one) for one in value)
    if isinstance(value, Mapping):
        return any(
            one is None or key.startswith("$") or _holds_unwritable((key,), one)
            for key, one in value.items()
        )
    return False


def _carry(chart: str, path: Path, value: Json, own: Mapping[str, Json], into: Remainder) -> None:
    if (
        CHARTS[chart].is_extendable(path)
        and isinstance(value, list)
        and isinstance(at(own, *path), list)
    ):
        missing = [one for one in at(own, *path) if not any(alike(one, has) for has in value)]
        if missing:
            into.longer.append(path)
        value = [*value, *missing]
    put(into.carried, path, value)
    into.verbatim.append(path)
    instead = owned_by(chart, path)
    if instead is not None and _stands(own, path):
        into.owned[path] = instead


def rows(found: Remainder, spelled: Spelled) -> list[Row]:
    """What is not carried, as rows of the report; what stands below one path is said once."""
    chart = spelled.foreign.chart
    return [
        Row(chart=chart, path=path, text=text, place=spelled.place(path))
        for path, text in found.left.items()
    ]
