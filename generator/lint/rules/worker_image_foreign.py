"""The Dask workers' image is not the image of any profile.

Client, scheduler and workers must have the same Dask, distributed and Python: else a cluster fails
with "Mismatched versions found", or with tasks that can't be unpickled. A notebook asks for workers
of its own image; `worker.image` is for whoever asks for none, and should be what notebooks run: the
same tag too. Where `worker.image` is left out, it is the default profile's image.

Bad:

    jupyterhub:
      servers:
        profiles:
          - {name: Coast, image: "quay.io/coast/notebook:2026.2"}
    daskGateway:
      worker:
        image: quay.io/coast/notebook:2026.1

Good:

    jupyterhub:
      servers:
        profiles:
          - {name: Coast, image: "quay.io/coast/notebook:2026.2"}
    daskGateway:
      worker:
        image: quay.io/coast/notebook:2026.2
"""

from collections.abc import Iterator

from generator.charts.gateway_config import has_tag
from generator.credentials import shown
from generator.diagnostics import Finding, Severity
from generator.lint.rules.base import blamed, relying, warning
from generator.site.model import Site

CODE = "I605"
SEVERITY = Severity.WARNING

_IMAGE = ("daskGateway", "worker", "image")
_PROFILES = ("jupyterhub", "servers", "profiles")


def check(site: Site) -> Iterator[Finding]:
    """A warning at `worker.image`, or at the profiles of one environment."""
    for settings, environments in site.variants():
        hub, dask = settings.hub, settings.dask
        image = dask.worker_image if dask is not None else None
        if hub is None or image is None or not has_tag(image):
            continue
        profiles = [profile.image for profile in hub.profiles]
        if all(map(has_tag, profiles)) and image not in profiles:
            found = warning(
                code=CODE,
                at=blamed(settings.origin, _IMAGE, _PROFILES),
                message=f"the workers' image '{shown(image)}' is not the image of any profile",
                help=(
                    "write a profile's image, its tag too; or leave it out: then it is the default "
                    "profile's"
                ),
            )
            yield from relying(found, environments, _PROFILES)
