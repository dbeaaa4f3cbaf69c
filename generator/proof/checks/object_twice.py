"""Two Applications of one Kubernetes cluster render the same object.

Each would take it from the other at every sync; with `FailOnSharedResource` neither syncs. Give the
second Dask Gateway a `releaseName` of its own and `installCRDs: false`, each environment its own
namespace. A Secret that a SealedSecret makes has an owner too: the controller refuses to write over
a rendered one of its name, or the two overwrite each other.
"""

from generator.lint.rules.base import Findings, errors, neighbours
from generator.proof.rendering import Identity, Rendered, Rendering, Resource, identity, part

finding = errors("M922")

_SHOWN = 3
_OF_APP = "let only one of the two bring it: by other values, or createNamespace: false"
_OF_DEFINITIONS = (
    "let only one of the two bring them: write  installCRDs: false  under the app, or under the "
    "daskGateway of the environment"
)
_HELP = (
    "give this environment its own namespace, and its Dask Gateway its own releaseName and "
    "installCRDs: false"
)


_MADE = "leave the Secret to its SealedSecret, or give one of them another name"


def check(rendering: Rendering) -> Findings:
    """One finding for each pair of Applications that share objects, at the second."""
    for group in neighbours(rendering.site, rendering.site.places):
        names = {environment.name for environment in group}
        owners: dict[Identity, Rendered] = {}
        # The objects in the order they come, each once.
        shared: dict[tuple[str, str], dict[Identity, Rendered]] = {}
        for release in rendering.releases:
            if release.environment.name in names:
                for resource in release.objects:
                    known = identity(resource, release.namespace)
                    owner = owners.setdefault(known, release)
                    if owner is not release:
                        shared.setdefault((owner.name, release.name), {})[known] = release
        for (first, second), objects in shared.items():
            listed = ", ".join(map(str, [*objects][:_SHOWN]))
            more = f" and {len(objects) - _SHOWN} more" if len(objects) > _SHOWN else ""
            message = f"{second} and {first} both render {listed}{more}"
            place = next(iter(objects.values())).environment
            help = _OF_APP if place.is_platform else _HELP
            if all(one.kind == "CustomResourceDefinition" for one in objects):
                help = _OF_DEFINITIONS
            yield finding(place.at, message, help, on_key=True)
    yield from _made_twice(rendering)


def _made_twice(rendering: Rendering) -> Findings:
    """Secrets that are rendered, or made, beside the SealedSecret that makes them."""
    for environment in rendering.site.environments:
        owners: dict[str, list[str]] = {}
        for release in rendering.releases:
            for resource in release.objects if release.environment is environment else ():
                if resource.get("kind") in ("Secret", "SealedSecret"):
                    owners.setdefault(_secret(resource), []).append(str(identity(resource, "")))
        for name, by in owners.items():
            if len(by) > 1 and any(one.startswith("SealedSecret") for one in by):
                message = f"{environment.name}: {' and '.join(by)} are both for Secret '{name}'"
                yield finding(environment.at, message, _MADE, on_key=True)


def _secret(resource: Resource) -> str:
    """The name of the Secret that an object is, or that is made of it."""
    made = part(resource, "spec", "template", "metadata").get("name")
    is_sealed = resource.get("kind") == "SealedSecret"
    return str((is_sealed and made) or part(resource, "metadata").get("name"))
