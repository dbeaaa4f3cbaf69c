"""An Argo CD does not know the field that carries the chart values.

`helm.valuesObject` came with Argo CD 2.8. An older one drops the field without a message and
installs the charts with their own defaults: a hub that any password opens. Upgrade Argo CD.

Bad:
    argocd:
      version: "2.7"
Good:
    argocd:
      version: "3.1"

See https://argo-cd.readthedocs.io/en/stable/user-guide/helm/
"""

from generator.lint.rules.base import Findings, errors
from generator.site.model import Site
from generator.versions import Version

finding = errors("C306")

_KNOWS_VALUES_OBJECT = Version.parse("2.8")


def check(site: Site) -> Findings:
    """A finding at the version of each such Argo CD: the cluster's own, or the shared one."""
    for cluster in site.clusters.values():
        if cluster.argocd < _KNOWS_VALUES_OBJECT:
            yield finding(
                cluster.argocd_at,
                f"Argo CD {cluster.argocd} drops the chart values without a message",
                "upgrade Argo CD to 2.8 or later: older ones don't know 'helm.valuesObject'",
            )
