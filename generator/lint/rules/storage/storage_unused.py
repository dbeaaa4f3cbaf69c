"""A setting of a volume does nothing beside another one.

The hub's database is in SQLite on a volume, or in PostgreSQL. Homes are a volume for each user,
folders in one shared volume, or nothing at all. What belongs to another choice is not used: the
capacity of home volumes beside a shared one limits no one. Remove what you don't mean; in an
environment write `null` for what the shared part says.

Bad:
    jupyterhub:
      home: {capacity: 50Gi, shared: {claim: home-nfs}}
Good:
    jupyterhub:
      home: {shared: {claim: home-nfs}}
"""

from generator.lint.rules.base import Findings, hubs, warnings
from generator.site.model import Site

finding = warnings("L413")

# What a key does away with, by the section of both.
_INSTEAD = (
    ("database", "postgres", ("storage",)),
    ("home", "none", ("capacity", "shared", "mountPath")),
    ("home", "shared", ("capacity",)),
)


def check(site: Site) -> Findings:
    """A finding at each such setting that is written where the other one is."""
    for settings, _, _ in hubs(site):
        for section, chosen, others in _INSTEAD:
            said = settings.at(f"jupyterhub.{section}") or {}
            for other in others if said.get(chosen) else ():
                place, by = (
                    settings.origin.at("jupyterhub", section, key) for key in (other, chosen)
                )
                if other in said and place[:-1] == by[:-1]:
                    yield finding(
                        place,
                        f"'{section}.{other}' does nothing beside '{section}.{chosen}'",
                        f"remove one of them: '{section}.{chosen}' decides",
                        on_key=True,
                    )
