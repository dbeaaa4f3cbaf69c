"""An environment names a cluster that is not defined.

Every environment runs in one entry of `clusters`. Correct the name, or describe the cluster there.
Where several environments name the same missing cluster and an entry with a similar name is used by
none, that entry is most likely misspelt, and the finding stands there, once.

Bad:

    environments:
      production:
        cluster: fedclod
        namespace: hub
        host: hub.example.org

Good:

    environments:
      production:
        cluster: fedcloud
        namespace: hub
        host: hub.example.org
"""

from collections.abc import Iterator, Sequence

from generator.diagnostics import Finding, Severity
from generator.lint.rules.base import error
from generator.site.model import Cluster, Environment, Site
from generator.suggest import did_you_mean, nearest

CODE = "R201"
SEVERITY = Severity.ERROR


def check(site: Site) -> Iterator[Finding]:
    """A finding at each `cluster` that names none, or at the entry that all of them must mean."""
    lost: dict[str, list[Environment]] = {}
    for environment in site.environments:
        if environment.cluster and site.clusters and environment.cluster not in site.clusters:
            lost.setdefault(environment.cluster, []).append(environment)
    for name, environments in lost.items():
        meant = _misspelt(name, environments, site)
        if meant is None:
            yield from (_of_reference(environment, site) for environment in environments)
        else:
            yield _of_entry(meant, name, len(environments))


def _misspelt(name: str, environments: Sequence[Environment], site: Site) -> Cluster | None:
    """The unused entry that several environments must mean."""
    if len(environments) < 2:
        return None
    unused = site.clusters.keys() - {environment.cluster for environment in site.environments}
    near = nearest(name, unused)
    return site.clusters[near] if near is not None else None


def _of_reference(environment: Environment, site: Site) -> Finding:
    return error(
        code=CODE,
        at=(*environment.at, "cluster"),
        message=f"cluster '{environment.cluster}' is not defined",
        help=did_you_mean(environment.cluster, site.clusters),
        relies_on=(("clusters", environment.cluster),),
    )


def _of_entry(cluster: Cluster, name: str, count: int) -> Finding:
    return error(
        code=CODE,
        at=cluster.at,
        on_key=True,
        message=f"cluster '{name}' is not defined, and {count} environments name it; "
        f"none names '{cluster.name}'",
        help=f"write  {name}:  here, or correct the environments",
        relies_on=(("clusters", name),),
    )
