"""A notebook image has another major version of JupyterHub than the hub.

The image's own `jupyterhub` package starts the server and asks the hub who may use it; the two
understand each other within a major version. Across major versions JupyterHub warns in each
server's log: the server may not start, or end in redirects. A break is known at 2.0: an older image
does not understand a newer hub, and a newer image stops at an older hub with "Missing required
environment $JUPYTERHUB_SERVICE_URL". Build the image with the hub's version of the package, and
write that version on the profile.

Bad:
    charts:
      jupyterhub: {version: 4.4.0}
    jupyterhub:
      servers:
        profiles:
          - {name: Coast, image: "quay.io/coast/notebook:2026.1", jupyterhub: 1.5.0}
Good:
    charts:
      jupyterhub: {version: 4.4.0}
    jupyterhub:
      servers:
        profiles:
          - {name: Coast, image: "quay.io/coast/notebook:2026.1", jupyterhub: 5.5.0}

See https://jupyterhub.readthedocs.io/en/stable/howto/log-messages.html
"""

from generator.lint.rules.base import (
    HUB_VERSION,
    Findings,
    blamed,
    hub_version,
    hubs,
    warnings,
)
from generator.site.model import Site
from generator.site.profiles import PROFILES
from generator.versions import Version

finding = warnings("I606")


def check(site: Site) -> Findings:
    """A warning at each such declaration, or at the chart version of one environment."""
    for settings, hub, _ in hubs(site):
        version = hub_version(settings)
        if version is None:
            continue
        carried = site.versions.hub_release(version).jupyterhub
        for index, profile in enumerate(hub.profiles):
            if profile.jupyterhub is None or _major(profile.jupyterhub) == _major(carried):
                continue
            yield finding(
                blamed(settings.origin, (*PROFILES, index, "jupyterhub"), HUB_VERSION),
                f"the image has JupyterHub {profile.jupyterhub}, and the hub is {carried}",
                f"build the image with  jupyterhub=={_major(carried)}.*  and write that version "
                "here: across major versions servers may not start, or end in redirects",
            )


def _major(version: str) -> int:
    return Version.parse(version).numbers[0]
