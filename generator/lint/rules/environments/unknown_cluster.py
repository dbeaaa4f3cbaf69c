"""An environment names a cluster that is not defined.

Every environment runs in one entry of `clusters`. Correct the name, or add the cluster there. Where
several environments name the same missing cluster, and no environment uses an entry with a similar
name, that entry is most likely misspelt, and hubops reports it there, once.

Bad:
    environments:
      production: {cluster: fedclod, namespace: hub, host: hub.example.org}
Good:
    environments:
      production: {cluster: fedcloud, namespace: hub, host: hub.example.org}
"""

from collections.abc import Sequence

from generator.lint.rules.base import Findings, errors
from generator.site.model import Cluster, Environment, Site
from generator.suggest import did_you_mean, nearest

finding = errors("R201")


def check(site: Site) -> Findings:
    """A finding at each unknown `cluster`, or at the entry that all of them must mean."""
    lost: dict[str, list[Environment]] = {}
    for environment in site.environments:
        if environment.cluster and site.clusters and environment.cluster not in site.clusters:
            lost.setdefault(environment.cluster, []).append(environment)
    for name, environments in lost.items():
        intended = _misspelt(name, environments, site)
        if intended is not None:
            yield finding(
                intended.at,
                f"cluster '{name}' is not defined, and {len(environments)} environments name it; "
                f"none names '{intended.name}'",
                f"write  {name}:  here, or correct the environments",
                on_key=True,
                relies_on=(("clusters", name),),
            )
        for environment in environments if intended is None else ():
            yield finding(
                (*environment.at, "cluster"),
                f"cluster '{name}' is not defined",
                did_you_mean(name, site.clusters),
                relies_on=(("clusters", name),),
            )


def _misspelt(name: str, environments: Sequence[Environment], site: Site) -> Cluster | None:
    """The unused entry that several environments must mean."""
    unused = site.clusters.keys() - {environment.cluster for environment in site.environments}
    near = nearest(name, unused) if len(environments) > 1 else None
    return site.clusters[near] if near is not None else None
