"""An annotation of the ingress repeats a key of site.yaml.

The ingress class, the issuer, the largest upload and the buffer for headers have keys of their own,
which hubops checks, and writes in the words of the controller. The same annotation beside the key
is lost, or gives the controller two answers. Write the key instead.

Bad:
    clusters:
      fedcloud:
        ingress:
          className: nginx
          annotations: {nginx.ingress.kubernetes.io/proxy-body-size: 100m}
Good:
    clusters:
      fedcloud:
        ingress: {className: nginx, maxUpload: 100Mi}
"""

from collections.abc import Mapping

from generator.charts.ingress_controllers import CONTROLLERS, controller
from generator.charts.ingress_rows import CLUSTER_ISSUER, INGRESS_CLASS
from generator.lint.rules.base import Findings, errors
from generator.site.model import Ingress, Site

finding = errors("R213")

_EXAMPLES = {
    "className": "className: NAME , with  annotation: true  for this annotation",
    "clusterIssuer": "clusterIssuer: NAME",
    "maxUpload": "maxUpload: 100Mi",
    "headerBuffer": "headerBuffer: 16Ki",
}


def check(site: Site) -> Findings:
    """A finding at each such annotation."""
    for cluster in site.clusters.values():
        if cluster.ingress is None or not cluster.ingress.annotations:
            continue
        keys = _keys(cluster.ingress)
        for name in cluster.ingress.annotations:
            if name in keys:
                yield finding(
                    (*cluster.at, "ingress", "annotations", name),
                    f"annotation '{name}' follows from '{keys[name]}'",
                    f"remove it, and write  {_EXAMPLES[keys[name]]}",
                    on_key=True,
                )


def _keys(ingress: Ingress) -> Mapping[str, str]:
    """The annotations that hubops writes for this controller, with the key of each."""
    own = CONTROLLERS[controller(ingress)].keys
    sizes = {name: key for key, annotations in own.items() for name in annotations}
    return {INGRESS_CLASS: "className", CLUSTER_ISSUER: "clusterIssuer", **sizes}
