"""An image can't be pulled.

The name or tag is wrong, the registry wants a login or limits the pulls, or it can't be reached.
"""

import re

from generator.doctor.checks.base import ERROR, WARNING, Diagnoses, sentence
from generator.doctor.look import LiveEnvironment, Look, component_of
from generator.doctor.parts import NEEDED, about
from generator.doctor.reading import containers, name, text

CODE = "D132"
_REASONS = ("ErrImagePull", "ImagePullBackOff", "InvalidImageName", "ErrImageNeverPull")
_CURES = (
    (r"toomanyrequests|rate limit", "wait, or pull with a login: the registry limits pulls"),
    (
        r"unauthorized|denied|authentication required",
        "give the pod a pull secret, or make the image public",
    ),
    (
        r"not found|manifest unknown|does not exist|couldn't parse",
        "correct the image's name and tag",
    ),
    (r"no space left", "free the node's disk"),
)


def check(look: Look) -> Diagnoses:
    """One for each image."""
    for place in look.places:
        told: set[str] = set()
        for pod in place.all("Pod"):
            for one in containers(pod):
                image, component = text(one, "image"), component_of(pod)
                if text(one, "state.waiting.reason") not in _REASONS or image in told:
                    continue
                told.add(image)
                said = text(one, "state.waiting.message")
                cures = (help for pattern, help in _CURES if re.search(pattern, said))
                is_user = about(component) == "user pods" or "puller" in component
                yield place.found(
                    CODE,
                    WARNING if is_user else ERROR,
                    f"image '{image}' of pod '{name(pod)}' can't be pulled: {sentence(said)}",
                    next(cures, "see its events"),
                    about="user pods" if is_user else about(component),
                    breaks=component in NEEDED,
                    commands=(
                        f"{place.kubectl} describe pod {name(pod)} "
                        f"-n {place.environment.namespace}",
                    ),
                    at=_place_of(place, image),
                    subject=name(pod),
                )


def _place_of(place: LiveEnvironment, image: str) -> tuple[str | int, ...]:
    """Where site.yaml names the image; else its environment."""
    hub, dask = place.environment.settings.hub, place.environment.settings.dask
    for index, profile in enumerate(hub.profiles if hub is not None else ()):
        if profile.image == image:
            return place.settings_at("jupyterhub", "servers", "profiles", index, "image")
    if dask is not None and dask.worker_image == image:
        return place.settings_at("daskGateway", "worker", "image")
    return place.environment.at
