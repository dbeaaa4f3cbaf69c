"""A new environment.

Argo CD creates it after the merge. No one can log in until its secrets are sealed, its host name
points at the ingress and its redirect URI is registered.
"""

from generator.change.prerequisites import address_act
from generator.change.sides import Arrival
from generator.lint.consequences import Consequences, Weight


def check(step: Arrival) -> Consequences:
    """One effect for an environment that was not there."""
    environment = step.after.environment
    yield Weight.NEW.of(
        f"a new environment at {environment.host}{environment.path}, in namespace "
        f"{environment.namespace} of cluster {environment.cluster}",
        address_act(environment, step.after.cluster),
    )
