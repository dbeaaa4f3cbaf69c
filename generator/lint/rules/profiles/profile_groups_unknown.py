"""A profile is for groups, and nothing says from where users' groups come.

With `groupsClaim` the login tells the hub at each login which groups a user is in. Without it the
hub knows only the groups that an administrator makes on its page, under Admin, or by its API: until
then no one can choose the profile. Where every profile is for groups, who is in none of them can
start no server.

Bad:
    jupyterhub:
      servers:
        profiles:
          - {name: Usual, image: "quay.io/coast/notebook:2026.1", default: true}
          - {name: Large, image: "quay.io/coast/notebook:2026.1", groups: [large]}
Good:
    jupyterhub:
      servers:
        profiles:
          - {name: Usual, image: "quay.io/coast/notebook:2026.1", default: true}

See https://jupyterhub.readthedocs.io/en/stable/reference/rest-api.html
"""

from generator.lint.rules.base import LOGIN, Findings, hubs, infos, relying
from generator.site.model import Site
from generator.site.profiles import PROFILES

finding = infos("A520")


def check(site: Site) -> Findings:
    """An info at the first such profile of each hub."""
    for settings, hub, environments in hubs(site):
        login = hub.authentication
        if login is None or login.allow.groups_claim is not None:
            continue
        for index, profile in enumerate(hub.profiles):
            if profile.groups:
                found = finding(
                    settings.origin.at(*PROFILES, index, "groups"),
                    "the login tells the hub no groups: only those made on its Admin page count",
                    "make the groups there and put users in; or name the claim that lists a "
                    "user's groups, as  groupsClaim  of  allow",
                )
                yield from relying(found, environments, (*LOGIN, "allow", "groupsClaim"))
                break
