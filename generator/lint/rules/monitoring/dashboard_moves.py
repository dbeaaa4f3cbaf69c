"""A dashboard comes from an address whose content moves.

Grafana's sidecar downloads the address again at each restart, and no digest says what it must get.
From a branch, or from `latest`, another dashboard arrives without a commit in this repository, and
an address that fails leaves an empty one. Use an address with a release or a commit in it.

Bad:
    clusters:
      fedcloud:
        prometheus: {namespace: monitoring}
        dashboards: {jupyterhub: "https://git.example.org/coast/dashboards/main/jupyterhub.json"}
Good:
    clusters:
      fedcloud:
        prometheus: {namespace: monitoring}
        dashboards: {jupyterhub: "https://git.example.org/coast/dashboards/v1/jupyterhub.json"}
"""

from generator.lint.rules.base import Findings, warnings
from generator.site.model import Site

finding = warnings("G808")

_MOVING = frozenset(("main", "master", "latest", "head", "develop", "trunk", "nightly"))


def check(site: Site) -> Findings:
    """A warning at each such address."""
    for cluster in site.clusters.values():
        for name, url in cluster.dashboards.items():
            path, _, query = url.partition("?")
            steps = [*path.split("/")[3:], *(part.rpartition("=")[2] for part in query.split("&"))]
            branch = path.partition("/refs/heads/")[2].partition("/")[0]
            moving = branch or next((step for step in steps if step.lower() in _MOVING), "")
            if moving:
                yield finding(
                    (*cluster.at, "dashboards", name),
                    f"what '{moving}' is moves: Grafana downloads it again at each restart",
                    "write an address with a release or a commit in it",
                )
