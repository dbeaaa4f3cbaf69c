"""Helm warns of the values while it renders them.

Most often a map stands where the chart wants a scalar, or the reverse: the value is dropped, and
the chart does something else than site.yaml says. A chart that is deprecated says so too.
"""

import re

from generator.credentials import masked
from generator.lint.rules.base import Findings, warnings
from generator.proof.checks.base import place
from generator.proof.checks.values_refused import dotted
from generator.proof.rendering import Rendering

finding = warnings("M907")

_PATH = re.compile(r"\bfor (\S+?)(?:\s|$|\.? \()")


def check(rendering: Rendering) -> Findings:
    """One finding for each warning."""
    for release in rendering.releases:
        for warning in release.chart.warnings if release.chart is not None else ():
            match = _PATH.search(warning)
            written = match[1].removeprefix(f"{release.app}.") if match else "(root)"
            yield finding(
                place(release, dotted(written, release.values)),
                f"helm says of {release.app}: {masked(warning[:200])}",
                "give the value the type that the chart's values.yaml shows"
                if match
                else "read what the chart's release notes say about it",
            )
