"""A chart of JupyterHub can't be reached through a Gateway.

The chart makes an HTTPRoute from version 4.3.0 on. An older one makes none, so no one reaches the
hub. Move the chart's version, or keep an ingress for the cluster.

Bad:
    charts:
      jupyterhub: {version: 4.2.0}
    clusters:
      campus:
        server: https://campus.example.org:6443
        kubernetes: "1.31"
        storageClass: standard
        gateway: {name: public, namespace: gateways}
    environments:
      routed: {cluster: campus, namespace: hub, host: campus.example.org}
Good:
    charts:
      jupyterhub: {version: 4.4.0}
    clusters:
      campus:
        server: https://campus.example.org:6443
        kubernetes: "1.31"
        storageClass: standard
        gateway: {name: public, namespace: gateways}
    environments:
      routed: {cluster: campus, namespace: hub, host: campus.example.org}

See https://z2jh.jupyter.org/en/stable/resources/reference.html#httproute
"""

from generator.charts.ingress_rows import WITH_ROUTES
from generator.lint.rules.base import HUB_VERSION, Findings, errors, hub_version
from generator.site.model import Site
from generator.versions import VersionRange

finding = errors("C323")


def check(site: Site) -> Findings:
    """A finding at each chart version that is too old for the Gateway of its cluster."""
    routed = VersionRange.parse(WITH_ROUTES)
    for cluster in site.clusters.values():
        for environment in site.environments_of(cluster.name) if cluster.gateway else ():
            version = hub_version(environment.settings)
            if version is not None and version not in routed:
                yield finding(
                    environment.settings.origin.at(*HUB_VERSION),
                    f"chart 'jupyterhub' {version.text} makes no HTTPRoute, and cluster "
                    f"'{cluster.name}' is reached through a Gateway",
                    f"move '{environment.name}' to 4.3.0 or newer, or write  ingress  in place of  "
                    "gateway",
                    relies_on=((*cluster.at, "ingress"), (*cluster.at, "gateway")),
                )
