"""A new environment.

Argo CD makes it when this is merged. Until its secrets are sealed, its name leads to the ingress
and its redirect URI is registered, nobody can log in.
"""

from collections.abc import Iterator

from generator.change.effects.base import Effect, Weight
from generator.change.sides import Step
from generator.charts.hub_values import callback_url

CODE = "E012"


def check(step: Step) -> Iterator[Effect]:
    """One effect for an environment that was not there."""
    if step.before is not None or step.after is None:
        return
    environment = step.after.environment
    login = environment.settings.login
    register = f"register {callback_url(environment.host)} with the login provider and "
    yield Effect(
        code=CODE,
        weight=Weight.NEW,
        message=f"a new environment at {environment.host}, in namespace {environment.namespace} "
        f"of cluster {environment.cluster}",
        acts=(
            f"{register if login and login.uses_oauth else ''}point {environment.host} at "
            "the ingress",
        ),
        before_merge=True,
    )
