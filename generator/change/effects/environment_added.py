"""A new environment.

Argo CD creates it after the merge. No one can log in until its secrets are sealed, its host name
points at the ingress and its redirect URI is registered. In the namespace of an environment that
goes it is the hub that was there, by another name: homes, database and servers are the same.
"""

from generator.change.prerequisites import address_act
from generator.change.sides import Arrival
from generator.lint.consequences import Consequences, Weight, before


def check(step: Arrival) -> Consequences:
    """One effect for an environment that was not there."""
    environment = step.after.environment
    if step.taken:
        yield Weight.DATA.of(
            f"a new environment at {environment.host}{environment.path}; it takes over the hub of "
            f"{step.taken}, with its homes, hub database and servers",
            before(
                f"check that this is intentional: users of {environment.name} get the homes of "
                f"{step.taken} where their names are the same"
            ),
            address_act(environment, step.after.cluster),
        )
        return
    yield Weight.NEW.of(
        f"a new environment at {environment.host}{environment.path}, in namespace "
        f"{environment.namespace} of cluster {environment.cluster}",
        address_act(environment, step.after.cluster),
    )
