"""The image of the hub is not declared, or carries another JupyterHub than its chart.

The chart's configuration speaks to the JupyterHub, KubeSpawner and OAuthenticator of its own
release, and a newer JupyterHub upgrades the database, which no older one reads afterwards. Of an
image of your own hubops can't see what is inside: build it on the chart's `quay.io/jupyterhub/
k8s-hub` of the same version, and declare its JupyterHub. Another patch release, such as one with a
security fix, is fine; for another minor or major one move the chart's version.

Bad:
    charts:
      jupyterhub: {version: 4.4.0}
    jupyterhub:
      hub: {image: "quay.io/coast/hub:2026.1", jupyterhub: 4.1.6}
Good:
    charts:
      jupyterhub: {version: 4.4.0}
    jupyterhub:
      hub: {image: "quay.io/coast/hub:2026.1", jupyterhub: 5.5.1}

See https://z2jh.jupyter.org/en/stable/resources/reference.html#hub-image
"""

from generator.lint.rules.base import (
    HUB_VERSION,
    Findings,
    blamed,
    hub_version,
    hubs,
    infos,
    warnings,
)
from generator.site.model import Site
from generator.versions import Version

finding = warnings("I612")
_unsure = infos(finding.code)

_HUB = ("jupyterhub", "hub")


def check(site: Site) -> Findings:
    """A finding at each such declaration; an info at an image without one."""
    for settings, _, _ in hubs(site):
        image, declared = (settings.at(f"jupyterhub.hub.{key}") for key in ("image", "jupyterhub"))
        version = hub_version(settings)
        if version is None or (image is None and declared is None):
            continue
        carried = site.versions.hub_release(version).jupyterhub
        if declared is None:
            yield _unsure(
                settings.origin.at(*_HUB, "image"),
                "hubops can't tell which JupyterHub this image carries",
                f"build it on quay.io/jupyterhub/k8s-hub:{version.text} and declare it:  "
                f"jupyterhub: {carried}",
                on_key=True,
            )
        elif image is None:
            yield finding(
                settings.origin.at(*_HUB, "jupyterhub"),
                "this declares what an image carries, and the hub has the chart's own",
                "remove it, or name the image",
                on_key=True,
            )
        elif Version.parse(declared).numbers[:2] != Version.parse(carried).numbers[:2]:
            yield finding(
                blamed(settings.origin, (*_HUB, "jupyterhub"), HUB_VERSION),
                f"the hub's image has JupyterHub {declared}, and chart {version.text} is made for "
                f"{carried}",
                "build the image on the chart's own, or move the chart's version: logins, servers "
                "and the database follow from the pair",
            )
