"""Who may log in, or who administers, changes.

A user who is no longer allowed keeps a running server until it stops. Administrators can read
every user's server.
"""

import re
from collections.abc import Iterator

from generator.change.difference import arrows, members
from generator.change.effects import promises_broken
from generator.change.sides import Step
from generator.lint.consequences import Consequences, Weight
from generator.site.model import Authentication

_ACCESS = re.compile(r"(any_)?(allow|admin|block)")


def check(step: Step) -> Consequences:
    """One effect that names who was added and removed."""
    old, new = (side.settings.login for side in step.sides)
    if old is None or new is None:
        return
    by_values = (
        change.spelled
        for change in step.written
        if change.under("hub", "loadRoles")
        or (
            change.under("hub", "config")
            and _ACCESS.match(change.path[-1])
            and not promises_broken.told(step, *change.path)
        )
    )
    said = "; ".join((*_said(old, new), *by_values))
    if said:
        yield Weight.ACCESS.of(f"who may log in changes: {said}")


def _said(old: Authentication, new: Authentication) -> Iterator[str]:
    if old.allow.everyone != new.allow.everyone:
        yield "everyone may log in" if new.allow.everyone else "no longer everyone"
    lists = {
        "users": (old.allow.users, new.allow.users),
        "groups": (old.allow.groups, new.allow.groups),
        "organizations": (old.organizations, new.organizations),
        "admins": (old.admins, new.admins),
    }
    for what, sides in lists.items():
        if changed := members(*sides):
            yield f"{what} {' '.join(changed)}"
    claims = old.allow.groups_claim, new.allow.groups_claim
    if all(claims):
        yield from arrows({"groups are read from": claims})
