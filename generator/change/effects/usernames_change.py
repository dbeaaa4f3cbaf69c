"""Users may get other names, and with them other homes.

A home volume is named after the user. Another provider, another claim or another address of the
provider may give the same person another name, which starts with an empty home.
"""

from generator.change.difference import arrows
from generator.change.sides import Step
from generator.lint.consequences import Consequences, Weight, before


def check(step: Step) -> Consequences:
    """One effect where the names may differ."""
    old, new = (side.settings.login for side in step.sides)
    if old is None or new is None:
        return
    changed = {"provider": (old.provider, new.provider)}
    if old.provider == new.provider:
        changed["user information from"] = (old.userdata_url or "", new.userdata_url or "")
        if new.provider == "generic-oauth":
            changed["user name"] = (old.username_claim or "", new.username_claim or "")
    said = ", ".join(arrows(changed))
    if said:
        yield Weight.DATA.of(
            f"{said}: the same person may get another user name, and an empty home",
            before("compare the user names that the old and the new login give"),
        )
