"""Two profiles have one slug.

The slug is what a user's choice is sent and remembered as: of two equal ones KubeSpawner always
starts the first. A profile without a slug gets one from its name, in lower case and with dashes.

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

from collections.abc import Iterator

from generator.credentials import shown
from generator.diagnostics import Finding, Severity
from generator.lint.rules.base import error
from generator.names import profile_slug
from generator.site.model import Profile, Site

CODE = "I603"
SEVERITY = Severity.ERROR


def check(site: Site) -> Iterator[Finding]:
    """A finding at each slug, or name, that repeats an earlier one."""
    for settings, _ in site.variants():
        first: dict[str, Profile] = {}
        for index, profile in enumerate(settings.hub.profiles if settings.hub is not None else ()):
            slug = profile.slug or profile_slug(profile.name)
            owner = first.setdefault(slug, profile)
            if slug and owner is not profile:
                key = "slug" if profile.slug else "name"
                yield error(
                    code=CODE,
                    at=settings.origin.at("jupyterhub", "servers", "profiles", index, key),
                    message=f"slug '{shown(slug)}' is that of profile '{shown(owner.name)}' too",
                    help="give each profile a slug of its own: of two equal ones the first starts",
                )
