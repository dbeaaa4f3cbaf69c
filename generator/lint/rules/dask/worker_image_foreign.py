"""The Dask workers' image is not the image of any profile.

Client, scheduler and workers must have the same Dask, distributed and Python: otherwise a cluster
fails with "Mismatched versions found", or with tasks that can't be unpickled. A notebook asks for
workers with its own image; `worker.image` is for clients that ask for none, and should be what
notebooks run, with the same tag. Where `worker.image` is left out, it is the default profile's
image.

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

from generator.charts.gateway_config import has_tag
from generator.charts.profile_values import images
from generator.credentials import shown
from generator.lint.rules.base import Findings, blamed, gateways, relying, warnings
from generator.site.model import Site
from generator.site.profiles import PROFILES

finding = warnings("I605")

_IMAGE = ("daskGateway", "worker", "image")


def check(site: Site) -> Findings:
    """A warning at `worker.image`, or at the profiles of one environment."""
    judged: dict[tuple[object, ...], bool] = {}  # most hubs have the same profiles
    for settings, dask, environments in gateways(site):
        image, hub = dask.worker_image, settings.hub
        if hub is None or image is None or not has_tag(image):
            continue
        case = (image, id(hub.profiles), hub.servers.get("image"))
        if case not in judged:
            profiles = images(hub)
            has_tags = bool(profiles) and all(map(has_tag, profiles))
            judged[case] = has_tags and image not in profiles
        if judged[case]:
            foreign = finding(
                blamed(settings.origin, _IMAGE, PROFILES),
                f"the workers' image '{shown(image)}' is not the image of any profile",
                "write a profile's image with its tag; or leave it out to use the default "
                "profile's",
            )
            yield from relying(foreign, environments, PROFILES)
