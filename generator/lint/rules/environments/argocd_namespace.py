"""An environment runs in the namespace of Argo CD.

Anyone who may write there can create Applications and read the credentials of every cluster, and a
hub runs other people's code. The workload project never allows that namespace. Choose another one.

Bad:
    environments:
      production: {cluster: fedcloud, namespace: argocd, host: hub.example.org}
Good:
    environments:
      production: {cluster: fedcloud, namespace: hub, host: hub.example.org}

See https://argo-cd.readthedocs.io/en/stable/operator-manual/app-any-namespace/
"""

from generator.lint.rules.base import Findings, errors
from generator.site.model import Site

finding = errors("G803")


def check(site: Site) -> Findings:
    """A finding at each such `namespace`."""
    for environment in site.environments:
        if environment.namespace == site.argocd_namespace:
            yield finding(
                (*environment.at, "namespace"),
                f"'{environment.namespace}' is the namespace of Argo CD",
                f"give '{environment.name}' a separate namespace, for example  hub",
                relies_on=(("argocd", "namespace"),),
            )
