"""Users may write an image, and the chart is too old for it.

The field for it came with KubeSpawner 6.1.0, in chart 3.1.0. An older one shows only the choices.

Bad:
    charts:
      jupyterhub: {version: 3.0.3}
    jupyterhub:
      servers:
        profiles: [{name: Any, image: "quay.io/coast/notebook:2026.1", ownImage: true}]
Good:
    charts:
      jupyterhub: {version: 3.1.0}
    jupyterhub:
      servers:
        profiles: [{name: Any, image: "quay.io/coast/notebook:2026.1", ownImage: true}]

See https://jupyterhub-kubespawner.readthedocs.io/en/latest/changelog.html
"""

from collections.abc import Iterator

from generator.diagnostics import Pointer
from generator.lint.rules.base import Findings, errors, hub_version, hubs, options
from generator.site.hub import Hub
from generator.site.model import Site
from generator.site.profiles import PROFILES
from generator.versions import VersionRange

finding = errors("C335")

_SINCE = VersionRange.parse(">=3.1.0-0")


def check(site: Site) -> Findings:
    """A finding at each such `ownImage`."""
    for settings, hub, _ in hubs(site):
        version = hub_version(settings)
        for path in _own_images(hub) if version is not None and version not in _SINCE else ():
            yield finding(
                settings.origin.at(*path),
                "only chart 3.1.0 and later let users write an image",
                "move the chart to 3.1.0 or later, or offer the images as choices of an option",
            )


def _own_images(hub: Hub) -> Iterator[Pointer]:
    for index, profile in enumerate(hub.profiles):
        if profile.own_image is not None:
            yield (*PROFILES, index, "ownImage")
    yield from ((*path, "ownImage") for path, one in options(hub) if one.own_image is not None)
