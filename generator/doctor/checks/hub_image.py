"""The hub runs another image than its chart brings.

Somebody set the image by hand, or `values` do. The hub's database then follows that image's
JupyterHub, and the chart's own templates may not fit it.
"""

import re

from generator.doctor.checks.base import WARNING, Diagnoses
from generator.doctor.look import Look
from generator.doctor.reading import entries, name, part, text

CODE = "D135"
_CHARTS_OWN = re.compile(r"(?:^|/)jupyterhub/k8s-hub:(.+)$")


def check(look: Look) -> Diagnoses:
    """One for each hub."""
    for place in look.places:
        pin = place.environment.settings.charts.get("jupyterhub")
        deployment = place.inside.get("Deployment", {}).get("hub")
        if pin is None or deployment is None:
            continue
        images = [
            text(one, "image")
            for one in entries(part(deployment, "spec.template.spec"), "containers")
        ]
        tags = [match[1] for image in images for match in (_CHARTS_OWN.search(image),) if match]
        hub = place.environment.settings.hub
        values = hub.values if hub is not None else {}
        is_own = isinstance(values.get("hub"), dict) and "image" in values["hub"]
        if is_own or not images or pin.text in tags:
            continue
        yield place.found(
            CODE,
            WARNING,
            f"Deployment '{name(deployment)}' runs {images[0]}, and chart {pin.text} is pinned",
            "sync the hub's Application",
            about="hub image",
            follows=("jupyterhub", "root", "spec of jupyterhub", "automation"),
            commands=(f"argocd app sync {look.site.name}-jupyterhub-{place.environment.name}",),
            at=place.settings_at("charts", "jupyterhub", "version"),
        )
