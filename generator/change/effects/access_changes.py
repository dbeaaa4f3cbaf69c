"""Who may log in, or who administers, changes.

A user who is no longer allowed keeps a running server until it stops. Administrators can read
every user's server.
"""

import re
from collections.abc import Iterator

from generator.change.difference import value_changes
from generator.change.sides import Step
from generator.charts import CHARTS
from generator.lint.consequences import Consequence, Weight, consequence
from generator.site.model import Authentication

CODE = "E021"

_ACCESS = re.compile(r"(any_)?(allow|admin|block)")


def check(step: Step) -> Iterator[Consequence]:
    """One effect that names who was added and removed."""
    old, new = (side.settings.login for side in step.sides)
    if old is None or new is None:
        return
    said = [*_everyone(old, new), *_lists(old, new), *_claims(old, new), *_by_values(step)]
    if said:
        yield consequence(Weight.ACCESS, f"who may log in changes: {'; '.join(said)}")


def _everyone(old: Authentication, new: Authentication) -> Iterator[str]:
    if old.allow.everyone != new.allow.everyone:
        yield "everyone may log in" if new.allow.everyone else "no longer everyone"


def _claims(old: Authentication, new: Authentication) -> Iterator[str]:
    before, after = old.allow.groups_claim, new.allow.groups_claim
    if before and after and before != after:
        yield f"groups are read from {before} -> {after}"


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


def _by_values(step: Step) -> Iterator[str]:
    """The paths that `values` set, beside the rest of site.yaml."""
    for change in value_changes(*(CHARTS["jupyterhub"].raw_values(s.settings) for s in step.sides)):
        if change.under("hub", "loadRoles") or (
            change.under("hub", "config") and _ACCESS.match(change.path[-1])
        ):
            yield change.spelled
