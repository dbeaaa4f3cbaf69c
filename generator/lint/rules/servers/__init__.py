"""Users' servers and the hub: sizes and images; their profiles are in `profiles`."""

from collections.abc import Iterator

from generator.diagnostics import Pointer
from generator.lint.rules.base import server_keys
from generator.site.model import Settings

WORKER_IMAGE = ("daskGateway", "worker", "image")
_MORE_IMAGES = ("jupyterhub", "nodePools", "users", "images")


def images(settings: Settings) -> Iterator[tuple[Pointer, str]]:
    """Every image of users' servers, the hub, the workers, or to pull early, with its path."""
    yield from hub_images(settings)
    if settings.dask is not None and settings.dask.worker_image is not None:
        yield WORKER_IMAGE, settings.dask.worker_image


def hub_images(settings: Settings) -> Iterator[tuple[Pointer, str]]:
    """The same without the workers'."""
    hub = settings.at("jupyterhub.hub.image")
    if hub is not None:
        yield ("jupyterhub", "hub", "image"), hub
    for path, keys in server_keys(settings):
        if keys.get("image"):
            yield (*path, "image"), str(keys["image"])
    for index, image in enumerate(settings.at(".".join(_MORE_IMAGES)) or ()):
        yield (*_MORE_IMAGES, index), image
