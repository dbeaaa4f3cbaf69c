"""A group of EGI Check-In is not written as an entitlement.

Check-In names the groups of a user by entitlements, such as
`urn:mace:egi.eu:group:vo.example.eu:role=member#aai.egi.eu`, and the hub compares the whole text:
the bare name of a VO lets nobody in, makes nobody an admin and gives nobody the profile. Write the
VO as `vo`, with `roles` where only some may log in, or the whole entitlement, as Check-In's page of
your own account shows it.

Bad:
    jupyterhub:
      authentication:
        provider: egi-check-in
        entitlements: [vo.example.eu]
Good:
    jupyterhub:
      authentication:
        provider: egi-check-in
        vo: vo.example.eu

See https://docs.egi.eu/users/check-in/vos/expressing-vo-information/
"""

from collections.abc import Iterable, Iterator

from generator.charts.login_values import egi_instance
from generator.diagnostics import Pointer
from generator.lint.rules.base import LOGIN, Findings, hubs, relying, warnings
from generator.site.check_in import CLAIM, OLD_CLAIM, entitlements
from generator.site.hub import Authentication, Hub
from generator.site.model import Settings, Site
from generator.site.profiles import PROFILES

finding = warnings("A517")

# An entitlement is a URN, or an address.
_FORMS = ("urn:", "http://", "https://")
_LISTS = ("entitlements", "adminGroups", "allow.groups")


def check(site: Site) -> Findings:
    """A warning at the first such group of each list."""
    for settings, hub, environments in hubs(site):
        login = hub.authentication
        if login is None or not _reads_entitlements(login):
            continue
        for at, groups in _lists(settings, hub):
            bare = [one for one in groups if not one.lower().startswith(_FORMS)]
            if bare:
                (member,) = entitlements(bare[0], ())
                wrong = finding(
                    settings.origin.at(*at),
                    f"'{bare[0]}' is not an entitlement, so no user of EGI Check-In has it",
                    f"if it is a VO or a group of it, write  {member}",
                )
                yield from relying(wrong, environments, at)


def _reads_entitlements(login: Authentication) -> bool:
    return login.allow.groups_claim in (CLAIM, OLD_CLAIM) and egi_instance(login) is not None


def _lists(settings: Settings, hub: Hub) -> Iterator[tuple[Pointer, Iterable[str]]]:
    """The lists of groups, each with its place; each group once."""
    seen: set[str] = set()
    for key in _LISTS:
        said = settings.at(f"jupyterhub.authentication.{key}")
        groups = said if isinstance(said, (list, tuple)) else ()
        yield (*LOGIN, *key.split(".")), [str(one) for one in groups if one not in seen]
        seen.update(groups)
    for index, profile in enumerate(hub.profiles):
        yield (*PROFILES, index, "groups"), [one for one in profile.groups if one not in seen]
