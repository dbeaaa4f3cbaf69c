"""A notebook image carries a JupyterHub of another major version than the hub's.

The image's own `jupyterhub` package starts the server and asks the hub who may use it; the two
speak one language within a major version. Across majors JupyterHub warns in each server's log: the
server may not start, or send people round in redirects. A break is known at 2.0: an image from
before does not know what the hub hands over since, and one of today stops at a hub of before with
"Missing required environment $JUPYTERHUB_SERVICE_URL". Build the image with the hub's version of
the package, and say on the profile what it then carries.

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

from collections.abc import Iterator

from generator.diagnostics import Finding, Severity
from generator.lint.rules.base import blamed, warning
from generator.site.model import Settings, Site
from generator.versions import Version

CODE = "I606"
SEVERITY = Severity.WARNING

_PIN = ("charts", "jupyterhub", "version")


def check(site: Site) -> Iterator[Finding]:
    """A warning at each such declaration, or at the chart version of one environment."""
    for settings, _ in site.variants():
        pin = settings.charts.get("jupyterhub")
        if settings.hub is None or pin is None or pin.version is None:
            continue
        carried = site.versions.hub_release(pin.version).jupyterhub
        for index, profile in enumerate(settings.hub.profiles):
            if profile.jupyterhub is not None and _major(profile.jupyterhub) != _major(carried):
                yield _finding(settings, index, profile.jupyterhub, carried)


def _major(version: str) -> int:
    return Version.parse(version).numbers[0]


def _finding(settings: Settings, index: int, declared: str, carried: str) -> Finding:
    at = ("jupyterhub", "servers", "profiles", index, "jupyterhub")
    return warning(
        code=CODE,
        at=blamed(settings.origin, at, _PIN),
        message=f"the image carries JupyterHub {declared}, and the hub is {carried}",
        help=(
            f"build the image with  jupyterhub=={_major(carried)}.*  and write that version here: "
            "across major versions servers may not start, or lead round in redirects"
        ),
    )
