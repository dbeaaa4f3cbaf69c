"""A pinned chart is not available.

The cache does not hold it under the digest of charts.lock, and Helm can't fetch it. Run `hubops
charts fetch` where there is a network, or `hubops charts add FILE.tgz` with a chart carried in by
hand.
"""

from generator.charts.origins import pin
from generator.lint.rules.base import Findings, errors
from generator.proof.checks.base import failures
from generator.proof.rendering import Rendering, Stage

finding = errors("M901")


def check(rendering: Rendering) -> Findings:
    """One finding for each pin whose chart is not there."""
    for release, failure in failures(rendering, Stage.CHART):
        at = pin(release.environment, release.app)
        yield finding(at, failure.text, failure.help or "run 'hubops charts fetch'")
