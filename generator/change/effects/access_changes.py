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
from generator.site.hub import Authentication

Words = tuple[str, ...]

_ACCESS = re.compile(r"(any_)?(allow|admin|block)")


def check(step: Step) -> Consequences:
    """One effect that names who was added and removed."""
    old, new = (side.settings.login for side in step.sides)
    if old is None or new is None:
        return
    by_values = (
        change.spelled
        for change in step.written
        if change.under("hub", "config")
        and _ACCESS.match(change.path[-1])
        and not promises_broken.told(step, *change.path)
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
        "domains": (old.domains, new.domains),
        "admins": (old.admins, new.admins),
        "groups of admins": (old.admin_groups, new.admin_groups),
        **_by_provider(old, new),
    }
    for what, sides in lists.items():
        if changed := members(*sides):
            yield f"{what} {' '.join(changed)}"
    if old.allow.existing_users != new.allow.existing_users:
        yield ("" if new.allow.existing_users else "no longer ") + "existing users"
    claims = old.allow.groups_claim, new.allow.groups_claim
    if all(claims):
        yield from arrows({"groups are read from": claims})


def _by_provider(old: Authentication, new: Authentication) -> dict[str, tuple[Words, Words]]:
    """Who each identity provider, each domain and each trait of a class lets in."""
    return {
        "identity providers": (_identity(old), _identity(new)),
        "Google groups": (_groups(old), _groups(new)),
        "configuration": (_rules(old), _rules(new)),
    }


def _identity(login: Authentication) -> Words:
    found = []
    for entity, said in login.identity_providers.items():
        allow = said.get("allow", {})
        who = ("everyone",) if allow.get("everyone") else tuple(allow.get("domains", ()))
        found += [f"{entity} ({one})" for one in who] or [entity]
    return tuple(found)


def _groups(login: Authentication) -> Words:
    return tuple(
        f"{group}@{domain}" + (" as admins" if kind == "admins" else "")
        for domain, said in login.google_groups.items()
        for kind in ("allowed", "admins")
        for group in said.get(kind, ())
    )


def _rules(login: Authentication) -> Words:
    return tuple(
        f"{section}.{trait}={value}"
        for section, traits in login.config.items()
        for trait, value in traits.items()
        if _ACCESS.match(trait)
    )
