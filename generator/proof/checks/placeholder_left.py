"""An environment that must be sealed still has a placeholder, or a value that can't be unsealed.

The controller can't make the Secret, and the hub does not start. Seal the value with the cluster's
certificate and put it in the placeholder's place.
"""

from collections.abc import Iterator

from generator.build.sealed_secrets import State, state
from generator.diagnostics import Finding
from generator.proof.checks.base import error
from generator.proof.rendering import Rendered, Rendering, part

CODE = "M940"


def check(rendering: Rendering) -> Iterator[Finding]:
    """One finding for each environment with `requireSealed` that is not."""
    for release in rendering.releases:
        environment = release.environment
        left = list(_left(release)) if environment.require_sealed else []
        if left:
            yield error(
                code=CODE,
                message=f"{environment.name}: not sealed yet: {', '.join(left)}",
                at=(*environment.at, "requireSealed"),
                help="seal them and generate again, or say 'requireSealed: false' until you can",
            )


def _left(release: Rendered) -> Iterator[str]:
    for resource in release.objects:
        if resource.get("kind") == "SealedSecret":
            name = part(resource, "metadata").get("name")
            for key, value in part(resource, "spec", "encryptedData").items():
                if state(key, str(value)) is not State.SEALED:
                    yield f"{name}/{key}"
