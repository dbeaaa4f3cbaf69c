"""A limit of the ingress can't be set for this controller.

`maxUpload` and `headerBuffer` are written in the annotations of the cluster's ingress controller.
Traefik and HAProxy limit no upload by themselves and have no annotation for the headers, and of a
controller that hubops does not know it can't tell the annotations: nothing is written. Where the
class has a name of its own, say which controller it is; else write the annotation yourself.

Bad:
    clusters:
      fedcloud:
        ingress: {className: campus, maxUpload: 100Mi}
Good:
    clusters:
      fedcloud:
        ingress: {className: campus, controller: ingress-nginx, maxUpload: 100Mi}
"""

from generator.charts.ingress_controllers import CONTROLLERS, OTHER, controller
from generator.lint.rules.base import Findings, infos, warnings
from generator.records import replace
from generator.site.model import Site

finding = warnings("L411")
_info = infos(finding.code)


def check(site: Site) -> Findings:
    """A finding at each such key; where there is no limit anyway, an info."""
    for cluster in site.clusters.values():
        ingress = cluster.ingress
        if ingress is None:
            continue
        name = controller(ingress)
        said = {"maxUpload": ingress.max_upload, "headerBuffer": ingress.header_buffer}
        for key, annotations in CONTROLLERS[name].keys.items():
            at = (*cluster.at, "ingress", key)
            if said[key] is None or annotations:
                continue
            if name == OTHER:
                made = finding(
                    at,
                    f"hubops does not know the controller of class '{ingress.class_name}', so "
                    f"'{key}' does nothing",
                    "name it, for example  controller: ingress-nginx , or write its own annotation "
                    "under 'annotations'",
                    on_key=True,
                )
            elif key == "maxUpload":
                made = _info(
                    at,
                    f"{name} limits no upload by itself, so '{key}' does nothing",
                    "remove it; a limit of your own is a setting of the controller",
                    on_key=True,
                )
            else:
                made = finding(
                    at,
                    f"{name} has no annotation for the headers' buffer, so '{key}' does nothing",
                    "remove it, and set the buffer in the controller's own configuration",
                    on_key=True,
                )
            yield replace(made, relies_on=tuple((*cluster.at, "ingress", one) for one in _KEYS))


_KEYS = ("className", "controller")
