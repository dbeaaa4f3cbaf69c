"""An Argo CD does not know the field that carries the chart values.

`helm.valuesObject` came with Argo CD 2.8. An older one drops the field without a word, and the
charts are installed with their own defaults: a hub that any password opens. Upgrade Argo CD.

Bad:

    argocd:
      version: "2.7"

Good:

    argocd:
      version: "3.1"

See https://argo-cd.readthedocs.io/en/stable/user-guide/helm/
"""

from collections.abc import Iterator

from generator.diagnostics import Finding, Severity
from generator.lint.rules.base import error
from generator.site.model import Site
from generator.versions import Version

CODE = "C306"
SEVERITY = Severity.ERROR

_KNOWS_VALUES_OBJECT = Version.parse("2.8")


def check(site: Site) -> Iterator[Finding]:
    """A finding at the version of each such Argo CD: the cluster's own, or the shared one."""
    for cluster in site.clusters.values():
        if cluster.argocd < _KNOWS_VALUES_OBJECT:
            yield error(
                code=CODE,
                at=cluster.argocd_at,
                message=f"Argo CD {cluster.argocd} drops the chart values in silence",
                help="upgrade Argo CD to 2.8 or later: 'helm.valuesObject' is unknown before",
            )
