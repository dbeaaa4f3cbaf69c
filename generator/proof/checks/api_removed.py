"""A rendered object uses an API that the cluster's Kubernetes does not serve.

The API server would refuse it. A newer chart writes the newer API; or the cluster is upgraded.
"""

from collections.abc import Iterator

from generator.diagnostics import Finding
from generator.proof.checks.base import error
from generator.proof.checks.kinds import OWN_GROUPS, defined_versions, placed
from generator.proof.rendering import Rendering

CODE = "M911"


def check(rendering: Rendering) -> Iterator[Finding]:
    """One finding for each kind and cluster."""
    for one in placed(rendering):
        group, version, kind = one.kind
        known = defined_versions(one)
        if group in OWN_GROUPS or one.kind in one.kubernetes.kinds:
            continue
        if not one.is_builtin and (not known or version in known):
            continue
        served = sorted(known or (v for g, v, k in one.kubernetes.kinds if (g, k) == (group, kind)))
        yield error(
            code=CODE,
            message=f"{one.by}: {one.called} is of {one.resource.get('apiVersion')}, which "
            f"Kubernetes {rendering.site.clusters[one.cluster].kubernetes} does not serve",
            at=("clusters", one.cluster, "kubernetes"),
            help=f"served there: {', '.join(served)}" if served else "choose a newer chart",
        )
