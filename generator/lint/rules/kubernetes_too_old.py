"""A cluster's Kubernetes is older than a chart needs.

Helm compares `kubeVersion` in Chart.yaml with the cluster and refuses to render, so the Application
never syncs. Upgrade the cluster first, or pin an older chart for the environments in it.

Bad:

    charts:
      jupyterhub: {version: 4.4.0}
    clusters:
      fedcloud:
        kubernetes: "1.27"

Good:

    charts:
      jupyterhub: {version: 4.4.0}
    clusters:
      fedcloud:
        kubernetes: "1.31"

See https://helm.sh/docs/topics/charts/
"""

from collections.abc import Iterator

from generator.diagnostics import Finding, Severity
from generator.lint.rules.base import error
from generator.site.model import ChartPin, Cluster, Environment, Site
from generator.versions import Version

CODE = "C304"
SEVERITY = Severity.ERROR


def check(site: Site) -> Iterator[Finding]:
    """A finding at the `kubernetes` of each such cluster, for the chart that needs most."""
    for cluster in site.clusters.values():
        needs = [
            (site.versions.needed_kubernetes(pin.name, version), pin)
            for environment in site.environments_of(cluster.name)
            for pin, version in _used(environment)
        ]
        needed, pin = max(needs, key=lambda need: need[0], default=(cluster.kubernetes, None))
        if pin is not None and needed > cluster.kubernetes:
            yield _finding(cluster, needed, pin)


def _used(environment: Environment) -> Iterator[tuple[ChartPin, Version]]:
    for pin in environment.settings.charts.values():
        unused = pin.name == "dask-gateway" and environment.settings.dask is None
        if pin.version is not None and not unused:
            yield pin, pin.version


def _finding(cluster: Cluster, needed: Version, pin: ChartPin) -> Finding:
    return error(
        code=CODE,
        at=(*cluster.at, "kubernetes"),
        message=(
            f"Kubernetes {cluster.kubernetes} is too old for chart '{pin.name}' {pin.text}, "
            f"which needs {needed}"
        ),
        help=f"upgrade cluster '{cluster.name}' first, or pin an older chart for what runs in it",
    )
