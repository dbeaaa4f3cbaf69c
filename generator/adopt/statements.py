"""What reading the given files yields: values of releases, facts, rows of the report, questions."""

from generator.adopt.base import Facts, Question, Row
from generator.adopt.layers import Layer
from generator.records import fields, record


@record
class Part:
    """The values that one text has for a chart, and what an Application says of the release."""

    chart: str
    layer: Layer
    version: str | None = None
    release: str | None = None
    repository: str | None = None
    of_umbrella: bool = False


Statement = Part | Facts | Row | Question


def combined(first: Facts, then: Facts) -> Facts:
    """What either says; the first where both do."""
    said = {name: getattr(first, name) for name in fields(Facts)}
    missing = {name: getattr(then, name) for name, fact in said.items() if fact is None}
    return Facts(**{**said, **missing, "versions": {**then.versions, **first.versions}})
