"""Two Applications of one Kubernetes cluster render the same object.

Each would take it from the other at every sync; with `FailOnSharedResource` neither syncs. Give the
second Dask Gateway a `releaseName` of its own and `installCRDs: false`, each environment its own
namespace.
"""

from generator.lint.rules.base import Findings, errors, neighbours
from generator.proof.rendering import Identity, Rendered, Rendering, identity

finding = errors("M922")

_SHOWN = 3
_OF_APP = "let only one of the two bring it: by other values, or createNamespace: false"
_HELP = (
    "give this environment its own namespace, and its Dask Gateway its own releaseName and "
    "installCRDs: false"
)


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
            yield finding(place.at, message, help, on_key=True)
