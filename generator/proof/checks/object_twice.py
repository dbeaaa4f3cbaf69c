"""Two Applications of one Kubernetes cluster render the same object.

Each would take it from the other at every sync; with `FailOnSharedResource` neither syncs. Give the
second Dask Gateway a `releaseName` of its own and `installCRDs: false`, each environment its own
namespace.
"""

from collections.abc import Iterator

from generator.diagnostics import Finding
from generator.lint.rules.base import neighbours
from generator.proof.checks.base import error
from generator.proof.rendering import Identity, Rendered, Rendering, identity

CODE = "M922"

_SHOWN = 3


def check(rendering: Rendering) -> Iterator[Finding]:
    """One finding for each pair of Applications that share objects, at the second."""
    for group in neighbours(rendering.site):
        names = {environment.name for environment in group}
        owners: dict[Identity, Rendered] = {}
        shared: dict[tuple[str, str], list[Identity]] = {}
        releases = [one for one in rendering.releases if one.environment.name in names]
        for release in releases:
            for resource in release.objects:
                found = identity(resource, release.namespace)
                owner = owners.setdefault(found, release)
                if owner is not release:
                    shared.setdefault((owner.name, release.name), []).append(found)
        by_name = {release.name: release for release in releases}
        for (first, second), objects in shared.items():
            yield _finding(first, by_name[second], objects)


def _finding(first: str, second: Rendered, objects: list[Identity]) -> Finding:
    unique = list(dict.fromkeys(objects))
    listed = ", ".join(map(str, unique[:_SHOWN]))
    more = f" and {len(unique) - _SHOWN} more" if len(unique) > _SHOWN else ""
    return error(
        code=CODE,
        message=f"{second.name} and {first} both render {listed}{more}",
        at=second.environment.at,
        on_key=True,
        help="give this environment a namespace, and its Dask Gateway a releaseName, of its own, "
        "and installCRDs: false",
    )
