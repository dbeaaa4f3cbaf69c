"""The dashboards of a cluster: its folder `dashboards`, a ConfigMap each beside Prometheus.

Once for a cluster: Grafana keeps one of two dashboards with the same uid.
"""

from generator import names
from generator.build.tree import Resource
from generator.charts import monitoring
from generator.site.model import Cluster, Site

# What Grafana's sidecar looks for (kube-prometheus-stack values.yaml, grafana.sidecar.dashboards);
# it downloads what a key that ends in .url names (kiwigrid/k8s-sidecar src/resources.py).
_LABELS = {"grafana_dashboard": "1"}
# Where Prometheus is no app of the site: before the environments, which are 0.
_WAVE = -10


def documents(site: Site, cluster: Cluster) -> dict[str, Resource]:
    """The ConfigMap of each dashboard, by its file in the folder."""
    namespace = monitoring.prometheus(site, cluster).namespace
    return {
        f"{_name(name)}.yaml": {
            "apiVersion": "v1",
            "kind": "ConfigMap",
            "metadata": {
                "name": _name(name),
                "namespace": namespace,
                "labels": {**_LABELS, names.PART_OF_LABEL: site.name},
            },
            "data": {f"{name}.json.url": url},
        }
        for name, url in cluster.dashboards.items()
    }


def wave(site: Site, cluster: Cluster) -> int:
    """When they are synced: after Prometheus and its namespace, where that is an app."""
    waves = [app.wave for app in monitoring.operators(site, cluster)]
    return max(waves) + 1 if waves else _WAVE


def _name(dashboard: str) -> str:
    return f"dashboard-{dashboard}"
