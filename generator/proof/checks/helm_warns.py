"""Helm warns of the values while it renders them.

Most often a map stands where the chart wants a scalar, or the reverse: the value is dropped, and
the chart does something else than site.yaml says.
"""

import re
from collections.abc import Iterator

from generator.credentials import masked
from generator.diagnostics import Finding, Pointer
from generator.proof.checks.base import place, warning
from generator.proof.checks.values_path import dotted
from generator.proof.rendering import Rendered, Rendering

CODE = "M907"

_PATH = re.compile(r"\bfor (\S+?)(?:\s|$|\.? \()")


def check(rendering: Rendering) -> Iterator[Finding]:
    """One finding for each warning."""
    for release in rendering.releases:
        for told in release.chart.warnings if release.chart is not None else ():
            yield warning(
                code=CODE,
                message=f"helm says of {release.app}: {masked(told[:200])}",
                at=place(release, _path(release, told)),
                help="give the value the kind that the chart's values.yaml shows",
            )


def _path(release: Rendered, told: str) -> Pointer:
    match = _PATH.search(told)
    values = release.chart.values if release.chart is not None else {}
    return dotted(match[1].removeprefix(f"{release.app}."), values) if match else ()
