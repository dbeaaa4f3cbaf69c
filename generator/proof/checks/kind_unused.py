"""`clusterKinds` of an app names a kind that its chart does not render.

The AppProject allows more than the chart needs: whoever changes the values could use it. Remove the
kind, unless another version or another value of the chart brings it.
"""

from generator.build.cluster_kinds import group_and_kind
from generator.diagnostics import Pointer
from generator.lint.rules.base import Findings, infos
from generator.proof.checks.platform import further
from generator.proof.rendering import Rendering

finding = infos("M945")


def check(rendering: Rendering) -> Findings:
    """One finding for each such kind, where all that the app runs in was rendered."""
    named: dict[Pointer, str] = {}
    used: set[Pointer] = set()
    for release in rendering.releases:
        app = further(release)
        if app is None or release.chart is None:
            continue
        made = {
            (str(one.get("apiVersion")).rpartition("/")[0], str(one.get("kind")))
            for one in release.objects
        }
        for kind in app.kinds:
            at = app.at_entry("clusterKinds", kind)
            named[at] = f"{app.name}: the chart renders no {kind}"
            if release.failure is not None or group_and_kind(kind) in made:
                used.add(at)
    for at, text in named.items():
        if at not in used:
            yield finding(at, text, "remove it from clusterKinds, if no other value brings it")
