"""Prometheus would read a hub in two ways at once.

With `serviceMonitors` Prometheus sends a token, and the hub refuses everyone else. With
`annotations` it can't, so the hub's metrics are open to everyone, and the token protects nothing.
A Prometheus that reads both ways counts each start of a server twice. Keep the one that your
Prometheus understands; an environment that needs the other turns the shared one off.

Bad:
    monitoring: {serviceMonitors: true, annotations: true}
    clusters:
      fedcloud:
        prometheus: {namespace: monitoring}
        provided: [cert-manager, ingress-controller, prometheus-operator, sealed-secrets]
Good:
    monitoring: {serviceMonitors: true}
    clusters:
      fedcloud:
        prometheus: {namespace: monitoring}
        provided: [cert-manager, ingress-controller, prometheus-operator, sealed-secrets]
"""

from generator.charts.monitoring import ANNOTATIONS, MONITORS
from generator.lint.rules.base import Findings, blamed, errors, every_settings
from generator.site.model import Site

finding = errors("R241")


def check(site: Site) -> Findings:
    """A finding at the second of the two."""
    for settings in every_settings(site):
        if settings.at(MONITORS) and settings.at(ANNOTATIONS):
            paths = (tuple(key.split(".")) for key in (ANNOTATIONS, MONITORS))
            yield finding(
                blamed(settings.origin, *paths),
                "'serviceMonitors' and 'annotations' are both true: the metrics would be open to "
                "everyone, and read twice",
                "keep one; an environment turns the other off with  serviceMonitors: false",
                on_key=True,
            )
