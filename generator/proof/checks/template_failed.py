"""A chart's templates can't be rendered with these values.

Argo CD would show a ComparisonError and sync nothing of the Application.
"""

from generator.charts.origins import pin
from generator.credentials import masked
from generator.lint.rules.base import Findings, errors
from generator.proof.checks.base import anchored, failures
from generator.proof.rendering import Rendering, Stage

finding = errors("M905")

_HELP = "check the values that the template names: 'hubops values' shows them"


def check(rendering: Rendering) -> Findings:
    """One finding for each release that Helm fails on."""
    for release, failure in failures(rendering, Stage.TEMPLATE):
        at = pin(release.environment, release.app)
        text = f"{release.app}: {masked(failure.text)}"
        yield anchored(finding, release.environment, at, text, _HELP)
