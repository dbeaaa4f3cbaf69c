"""What site.yaml says of one chart, kept by key, so that a plain key needs no field of its own."""

from collections.abc import Mapping
from typing import Any

from generator.records import record

Json = Any


class Keys(dict[str, Json]):
    """Plain settings by their dotted key (`home.capacity`): texts, numbers, and tuples of them.

    Never changed once made, so equal ones hash alike.
    """

    def __hash__(self) -> int:  # type: ignore[override]
        return hash(frozenset(self.items()))


@record
class ChartSettings:
    """What site.yaml says of one chart: its plain settings, and the chart's own raw values."""

    keys: Keys
    values: Mapping[str, Json]
