"""A chart's templates can't be rendered with these values.

Argo CD would show a ComparisonError and sync nothing of the Application.
"""

from collections.abc import Iterator

from generator.charts.origins import pin
from generator.credentials import masked
from generator.diagnostics import Finding
from generator.proof.checks.base import error, named
from generator.proof.rendering import Rendering, Stage

CODE = "M905"


def check(rendering: Rendering) -> Iterator[Finding]:
    """One finding for each release that Helm fails on."""
    for release in rendering.releases:
        failure = release.failure
        if failure is not None and failure.stage is Stage.TEMPLATE:
            told = masked("; ".join((failure.message, *failure.lines)))
            at = pin(release.environment, release.app)
            yield error(
                code=CODE,
                message=named(release.environment, at, f"{release.app}: {told}"),
                at=at,
                help="look at the values that the template names: 'hubops values' tells them",
            )
