"""A rendered object uses an API that the cluster's Kubernetes does not serve.

The API server would refuse it. A newer chart writes the newer API; or the cluster is upgraded.
"""

from generator.lint.rules.base import Findings, errors
from generator.proof.checks.kinds import OWN_GROUPS, placed
from generator.proof.rendering import Rendering, identity

finding = errors("M911")


def check(rendering: Rendering) -> Findings:
    """One finding for each kind and cluster."""
    for one in placed(rendering):
        group, version, kind = one.kind
        defined = one.defined_versions
        if group in OWN_GROUPS or one.kind in one.kubernetes.kinds:
            continue
        if not one.is_builtin and (not defined or version in defined):
            continue
        own = (v for g, v, k in one.kubernetes.kinds if (g, k) == (group, kind))
        served = ", ".join(sorted(defined or own))
        yield finding(
            ("clusters", one.cluster, "kubernetes"),
            f"{one.by}: {identity(one.resource, '')} is of {one.resource.get('apiVersion')}, which "
            f"Kubernetes {rendering.site.clusters[one.cluster].kubernetes} does not serve",
            f"served there: {served}" if served else "choose a newer chart",
        )
