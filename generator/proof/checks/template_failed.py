"""A chart's templates can't be rendered with these values.

Argo CD would show a ComparisonError and sync nothing of the Application. Helm also refuses a
library chart, a Kubernetes version that the chart does not accept, and a package without the charts
that it depends on.
"""

from generator.charts.origins import pin
from generator.credentials import masked
from generator.lint.rules.base import Findings, errors
from generator.proof.checks.base import anchored, failures
from generator.proof.rendering import Rendering, Stage

finding = errors("M905")

_HELP = "check the values that the template names: 'hubops values' shows them"
# What to do about a chart that no values help, by Helm's own words (pkg/action/install.go,
# pkg/chartutil/dependencies.go, and text/template of Go).
_HELPS = {
    "library charts are not installable": (
        "pin a chart that can be installed: a library chart is only a part of others"
    ),
    "which is incompatible with Kubernetes": (
        "pin a chart version that accepts the cluster's Kubernetes; if the cluster runs another "
        "one than its 'kubernetes' in site.yaml says, correct that (a patch release: \"1.30.4\")"
    ),
    "missing in charts/": (
        "pin a version whose package holds the charts that it depends on; its publisher builds it "
        "with 'helm dependency build'"
    ),
    '" not defined': (
        "pin a chart version for the Helm of this Argo CD, or move to an Argo CD with a newer Helm"
    ),
}


def check(rendering: Rendering) -> Findings:
    """One finding for each release that Helm fails on."""
    for release, failure in failures(rendering, Stage.TEMPLATE):
        at = pin(release.environment, release.app)
        text = f"{release.app}: {masked(failure.text)}"
        help = next((help for words, help in _HELPS.items() if words in failure.text), _HELP)
        yield anchored(finding, release.environment, at, text, help)
