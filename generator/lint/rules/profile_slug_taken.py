"""Two profiles have the same slug.

KubeSpawner sends and remembers a user's choice by its slug: of two equal ones it always starts the
first. A profile without a slug gets one from its name, in lower case and with dashes.

Bad:
    jupyterhub:
      servers:
        profiles:
          - {name: Stable, slug: coast, image: "quay.io/coast/notebook:2026.1", default: true}
          - {name: Newest, slug: coast, image: "quay.io/coast/notebook:2026.2"}
Good:
    jupyterhub:
      servers:
        profiles:
          - {name: Stable, slug: stable, image: "quay.io/coast/notebook:2026.1", default: true}
          - {name: Newest, slug: newest, image: "quay.io/coast/notebook:2026.2"}

See https://jupyterhub-kubespawner.readthedocs.io/en/latest/spawner.html
"""

from generator.credentials import shown
from generator.lint.rules.base import Findings, errors, hubs
from generator.names import profile_slug
from generator.site.model import Site
from generator.site.profiles import PROFILES, Profile

finding = errors("I603")


def check(site: Site) -> Findings:
    """A finding at each slug, or name, that repeats an earlier one."""
    for settings, hub, _ in hubs(site):
        first: dict[str, Profile] = {}
        for index, profile in enumerate(hub.profiles):
            slug = profile.slug or profile_slug(profile.name)
            owner = first.setdefault(slug, profile)
            if slug and owner is not profile:
                yield finding(
                    settings.origin.at(*PROFILES, index, "slug" if profile.slug else "name"),
                    f"profile '{shown(owner.name)}' has the slug '{shown(slug)}' too",
                    "give each profile a different slug: of two equal ones the first starts",
                )
