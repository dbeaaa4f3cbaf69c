"""An image names no tag and no digest.

Without one the container runtime takes `latest`: users get whatever was pushed last, and workers
another version than the notebooks. Dask Gateway's options refuse such an image as well. In
`quay.io:443/x/y` the colon belongs to a port.
"""

from collections.abc import Iterator

from generator.diagnostics import Finding, Pointer, Severity
from generator.gateway_config import has_tag
from generator.model import Settings, Site
from generator.rules.base import error
from generator.secrecy import masked

CODE = "I601"
SEVERITY = Severity.ERROR


def check(site: Site) -> Iterator[Finding]:
    """A finding at each such image of a profile or of the workers."""
    for settings, _ in site.variants():
        for path, image in _images(settings):
            if image and not has_tag(image):
                yield error(
                    code=CODE,
                    at=settings.origin.at(*path),
                    message=f"image '{masked(image)}' has no tag and no digest",
                    help=f"add one, for example  {masked(image.rstrip(':'))}:2026.1",
                )


def _images(settings: Settings) -> Iterator[tuple[Pointer, str | None]]:
    for index, profile in enumerate(settings.hub.profiles if settings.hub is not None else ()):
        yield ("jupyterhub", "servers", "profiles", index, "image"), profile.image
    if settings.dask is not None:
        yield ("daskGateway", "worker", "image"), settings.dask.worker_image
