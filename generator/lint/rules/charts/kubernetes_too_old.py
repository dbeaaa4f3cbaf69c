"""A cluster's Kubernetes is too old for a chart.

Helm compares `kubeVersion` in Chart.yaml with the cluster and refuses to render, so the Application
never syncs. Upgrade the cluster first, or pin an older chart for its environments.

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

from generator.lint.rules.base import Findings, errors, installing, used_pins
from generator.site.model import Site

finding = errors("C304")


def check(site: Site) -> Findings:
    """A finding at the `kubernetes` of each such cluster, for the chart that needs most."""
    for cluster in site.clusters.values():
        needs = [
            (site.versions.needed_kubernetes(pin.name, version), pin)
            for settings in installing(one.settings for one in site.environments_of(cluster.name))
            for pin, version in used_pins(settings)
        ]
        needed, pin = max(needs, key=lambda need: need[0], default=(cluster.kubernetes, None))
        if pin is not None and needed > cluster.kubernetes:
            yield finding(
                (*cluster.at, "kubernetes"),
                f"Kubernetes {cluster.kubernetes} is too old for chart '{pin.name}' {pin.text}, "
                f"which needs {needed}",
                f"upgrade cluster '{cluster.name}' first, or pin an older chart for its "
                "environments",
            )
