"""What site.yaml says of one chart, kept by key, so that a plain key needs no field of its own."""

from collections.abc import Mapping
from typing import Any

from generator.records import record

Json = Any
# Plain settings by their dotted key (`home.capacity`): texts, numbers, and tuples of them.
Keys = Mapping[str, Json]


@record
class ChartSettings:
    """The plain settings of one chart, complete with defaults, and the chart's own raw values."""

    keys: Keys
    values: Mapping[str, Json]
