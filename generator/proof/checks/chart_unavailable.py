"""A pinned chart is not available.

The cache does not hold it under the digest of charts.lock, and Helm can't fetch it. Run `hubops
charts fetch` where there is a network, or `hubops charts add FILE.tgz` with a chart carried in by
hand.
"""

from collections.abc import Iterator

from generator.charts.origins import pin
from generator.diagnostics import Finding
from generator.proof.checks.base import error
from generator.proof.rendering import Rendering, Stage

CODE = "M901"


def check(rendering: Rendering) -> Iterator[Finding]:
    """One finding for each pin whose chart is not there."""
    for release in rendering.releases:
        failure = release.failure
        if failure is not None and failure.stage is Stage.CHART:
            yield error(
                code=CODE,
                message="; ".join((failure.message, *failure.lines)),
                at=pin(release.environment, release.app),
                help=failure.help or "run 'hubops charts fetch'",
            )
