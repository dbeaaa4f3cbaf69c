"""Where charts come from: HTTP, the index of a chart repository, OCI registries."""

from collections.abc import Callable

from generator.packaged.lock import Pin
from generator.packaged.registries import index, oci
from generator.packaged.registries.base import Fetched, Told
from generator.packaged.registries.http import Courtesy

SCHEME = "oci://"


def fetch(pin: Pin, courtesy: Courtesy, progress: Callable[[str], None]) -> Fetched:
    """The packaged chart of a pin, of the digest that its repository tells."""
    told = Told(say=progress)
    if pin.repository.startswith(SCHEME):
        return oci.fetch(pin, courtesy, told)
    return index.fetch(pin, courtesy, told)
