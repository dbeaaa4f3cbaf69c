"""An environment runs in a namespace that belongs to the cluster.

hubops gives an environment's namespace Pod Security, a quota without load balancers, and a network
policy, and lists the command that deletes it when the environment is removed. In `kube-system`,
`default`, or the namespace of a platform component such as cert-manager, that stops other people's
pods, and deletes them in the end. Choose a separate one. A name that ends in `-system` or
`-operator` counts as a component's; if the namespace is the hub's own, say so on the line:
`# hubops: ignore[R210] reason`.

Bad:
    environments:
      production: {cluster: fedcloud, namespace: kube-system, host: hub.example.org}
Good:
    environments:
      production: {cluster: fedcloud, namespace: hub, host: hub.example.org}

See https://kubernetes.io/docs/concepts/overview/working-with-objects/namespaces/
"""

from generator.lint.rules.base import Findings, errors
from generator.names import namespace_owner
from generator.site.model import Site

finding = errors("R210")


def check(site: Site) -> Findings:
    """A finding at each such `namespace`; Argo CD's own has its own rule."""
    for environment in site.environments:
        owner = namespace_owner(environment.namespace)
        if owner and environment.namespace != site.argocd_namespace:
            yield finding(
                (*environment.at, "namespace"),
                f"namespace '{environment.namespace}' belongs to {owner}",
                f"give '{environment.name}' a separate namespace, for example  hub",
                relies_on=(("argocd", "namespace"),),
            )
