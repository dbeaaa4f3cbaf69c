"""An environment names a cluster that is not defined.

Every environment runs in one entry of `clusters`. Correct the name, or describe the cluster there.
"""

from collections.abc import Iterator

from generator.diagnostics import Finding, Severity
from generator.model import Site
from generator.rules.base import error
from generator.suggest import did_you_mean

CODE = "R201"
SEVERITY = Severity.ERROR


def check(site: Site) -> Iterator[Finding]:
    """A finding at each `cluster` that names none."""
    for environment in site.environments:
        if environment.cluster and site.clusters and environment.cluster not in site.clusters:
            yield error(
                code=CODE,
                at=(*environment.at, "cluster"),
                message=f"cluster '{environment.cluster}' is not defined",
                help=did_you_mean(environment.cluster, site.clusters),
            )
