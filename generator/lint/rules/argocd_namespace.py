"""An environment runs in the namespace of Argo CD.

Whoever may write there may make Applications and read the credentials of every cluster; a hub runs
other people's code. The workload project never allows that namespace. Choose another one.

Bad:

    environments:
      production:
        cluster: fedcloud
        namespace: argocd
        host: hub.example.org

Good:

    environments:
      production:
        cluster: fedcloud
        namespace: hub
        host: hub.example.org

See https://argo-cd.readthedocs.io/en/stable/operator-manual/app-any-namespace/
"""

from collections.abc import Iterator

from generator.diagnostics import Finding, Severity
from generator.lint.rules.base import error
from generator.site.model import Site

CODE = "G803"
SEVERITY = Severity.ERROR


def check(site: Site) -> Iterator[Finding]:
    """A finding at each such `namespace`."""
    for environment in site.environments:
        if environment.namespace == site.argocd_namespace:
            yield error(
                code=CODE,
                at=(*environment.at, "namespace"),
                message=f"'{environment.namespace}' is the namespace of Argo CD",
                help=f"give '{environment.name}' a namespace of its own, for example  hub",
                relies_on=(("argocd", "namespace"),),
            )
