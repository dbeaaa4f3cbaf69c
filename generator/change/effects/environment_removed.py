"""An environment is removed from the site.

The merge deletes nothing: Argo CD asks a person to confirm before it deletes the Applications, and
the namespace with the homes and the hub's database stays until a person deletes it.
"""

from generator.change import cleanup
from generator.change.sides import Departure
from generator.lint.consequences import Consequences


def check(step: Departure) -> Consequences:
    """One effect for an environment that is no longer described."""
    left = cleanup.departure(step.site, step.before.placement)
    if left is not None:
        yield left
