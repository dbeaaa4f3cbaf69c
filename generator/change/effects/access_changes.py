"""Who may log in, or who administers, changes.

Somebody who is no longer allowed in keeps a server that runs until it stops. Administrators can
read every user's server.
"""

import re
from collections.abc import Iterator

from generator.change.difference import value_changes
from generator.change.effects.base import Effect, Weight
from generator.change.sides import Place, Step
from generator.charts import CHARTS
from generator.site.model import Authentication

CODE = "E021"

_ACCESS = re.compile(r"(any_)?(allow|admin|block)")


def check(step: Step) -> Iterator[Effect]:
    """One effect that names who was added and removed."""
    if step.both is None:
        return
    old, new = (side.environment.settings.login for side in step.both)
    if old is None or new is None:
        return
    said = [*_lists(old, new)]
    claims = [side.allow.groups_claim for side in (old, new)]
    if all(claims) and claims[0] != claims[1]:
        said.append(f"groups are read from {claims[0]} -> {claims[1]}")
    if old.allow.everyone != new.allow.everyone:
        said.insert(0, "everyone may log in" if new.allow.everyone else "not everyone any more")
    said.extend(_by_values(*step.both))
    if said:
        yield Effect(
            code=CODE, weight=Weight.ACCESS, message=f"who may log in changes: {'; '.join(said)}"
        )


def _by_values(before: Place, after: Place) -> Iterator[str]:
    """The paths of what `values` say of it beside the rest of site.yaml."""
    raw = (CHARTS["jupyterhub"].raw_values(side.environment.settings) for side in (before, after))
    for change in value_changes(*raw):
        if change.under("hub", "loadRoles") or (
            change.under("hub", "config") and _ACCESS.match(change.path[-1])
        ):
            yield change.spelled


def _lists(old: Authentication, new: Authentication) -> Iterator[str]:
    pairs = {
        "users": (old.allow.users, new.allow.users),
        "groups": (old.allow.groups, new.allow.groups),
        "organizations": (old.organizations, new.organizations),
        "admins": (old.admins, new.admins),
    }
    for what, (before, after) in pairs.items():
        added = [f"+{one}" for one in after if one not in before]
        removed = [f"-{one}" for one in before if one not in after]
        if added or removed:
            yield f"{what} {' '.join(added + removed)}"
