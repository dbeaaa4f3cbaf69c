"""An image names no tag and no digest.

Without one the container runtime takes `latest`: users get whatever was pushed last, and workers
may run another version than the notebooks. Dask Gateway's options refuse such an image as well. In
`quay.io:443/x/y` the colon belongs to a port.

Bad:
    jupyterhub:
      servers:
        profiles:
          - {name: Coast, image: quay.io/coast/notebook}
Good:
    jupyterhub:
      servers:
        profiles:
          - {name: Coast, image: "quay.io/coast/notebook:2026.1"}

See https://kubernetes.io/docs/concepts/containers/images/
"""

from generator.charts.gateway_config import has_tag
from generator.credentials import masked
from generator.diagnostics import Pointer
from generator.lint.rules.base import Findings, errors, gateways, hubs
from generator.lint.rules.servers import WORKER_IMAGE, hub_images
from generator.site.model import Site
from generator.site.origin import Origin

finding = errors("I601")


def check(site: Site) -> Findings:
    """A finding at each such image of a profile, of the hub or of the workers."""
    for settings, _, _ in hubs(site):
        for path, image in hub_images(settings):
            yield from _untagged(settings.origin, path, image)
    for settings, dask, _ in gateways(site):
        if dask.worker_image is not None:
            yield from _untagged(settings.origin, WORKER_IMAGE, dask.worker_image)


def _untagged(origin: Origin, path: Pointer, image: str) -> Findings:
    if not has_tag(image):
        yield finding(
            origin.at(*path),
            f"image '{masked(image)}' has no tag and no digest",
            f"add one, for example  {masked(image.rstrip(':'))}:2026.1",
        )
