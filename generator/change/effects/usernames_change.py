"""Users may get other names, and with them other homes.

A home volume is named after the user. Another provider, another claim or another address of the
provider may give the same person another name: the new one begins with an empty home.
"""

from collections.abc import Iterator

from generator.change.effects.base import Effect, Weight
from generator.change.sides import Step

CODE = "E020"


def check(step: Step) -> Iterator[Effect]:
    """One effect where the names may differ."""
    if step.both is None:
        return
    old, new = (side.environment.settings.login for side in step.both)
    if old is None or new is None:
        return
    changed = {
        "provider": (old.provider, new.provider),
        "user name": (old.username_claim, new.username_claim)
        if old.provider == new.provider == "generic-oauth"
        else ("", ""),
        "user information from": (old.userdata_url, new.userdata_url)
        if old.provider == new.provider
        else ("", ""),
    }
    said = [f"{what} {one} -> {other}" for what, (one, other) in changed.items() if one != other]
    if said:
        yield Effect(
            code=CODE,
            weight=Weight.DATA,
            message=f"{', '.join(said)}: the same person may get another user name, and an empty "
            "home",
            acts=("compare the user names that both give",),
            before_merge=True,
        )
