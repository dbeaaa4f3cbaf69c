"""An environment that must be sealed still has a placeholder, or a value that can't be unsealed.

The controller can't make the Secret, and the hub does not start. The apps of its cluster must be
sealed too, for the environment waits for them. Seal the value with the cluster's certificate and
put it in the placeholder's place.
"""

from generator.build.sealed_secrets import State, state
from generator.lint.rules.base import Findings, errors
from generator.proof.rendering import Rendering, part

finding = errors("M940")


def check(rendering: Rendering) -> Findings:
    """One finding for each environment or app that must be sealed and is not."""
    for release in rendering.releases:
        environment = release.environment
        left = [
            f"{part(resource, 'metadata').get('name')}/{key}"
            for resource in release.objects
            if environment.require_sealed and resource.get("kind") == "SealedSecret"
            for key, value in part(resource, "spec", "encryptedData").items()
            if state(key, str(value)) is not State.SEALED
        ]
        if left:
            key = "secrets" if environment.is_platform else "requireSealed"
            yield finding(
                (*environment.at, key),
                f"{environment.name}: not sealed yet: {', '.join(left)}",
                "seal them and generate again, or set 'requireSealed: false' until you can",
            )
