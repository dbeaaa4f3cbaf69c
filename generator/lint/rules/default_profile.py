"""Several profiles, and not exactly one is the default.

KubeSpawner takes the first of several defaults, and the first profile where there is none: what a
user gets who chooses nothing then depends on the order of a list. Mark one with `default: true`.

Bad:

    jupyterhub:
      servers:
        profiles:
          - {name: Stable, image: "quay.io/coast/notebook:2026.1"}
          - {name: Newest, image: "quay.io/coast/notebook:2026.2"}

Good:

    jupyterhub:
      servers:
        profiles:
          - {name: Stable, image: "quay.io/coast/notebook:2026.1", default: true}
          - {name: Newest, image: "quay.io/coast/notebook:2026.2"}

See https://jupyterhub-kubespawner.readthedocs.io/en/latest/spawner.html
"""

from collections.abc import Iterator

from generator.credentials import shown
from generator.diagnostics import Finding, Severity
from generator.lint.rules.base import error, relying
from generator.site.model import Site

CODE = "I602"
SEVERITY = Severity.ERROR

_PROFILES = ("jupyterhub", "servers", "profiles")


def check(site: Site) -> Iterator[Finding]:
    """A finding at each further default, or at the list that has none."""
    for settings, environments in site.variants():
        profiles = settings.hub.profiles if settings.hub is not None else ()
        at = settings.origin.at(*_PROFILES)
        marked = [index for index, profile in enumerate(profiles) if profile.default]
        if len(profiles) > 1 and not marked:
            found = error(
                code=CODE,
                at=at,
                on_key=True,
                message=f"none of {len(profiles)} profiles is the default",
                help="write  default: true  on the one for users who choose nothing",
            )
            defaults = ((*_PROFILES, index, "default") for index in range(len(profiles)))
            yield from relying(found, environments, *defaults)
        for index in marked[1:]:
            yield error(
                code=CODE,
                at=(*at, index, "default"),
                message=f"profile '{shown(profiles[marked[0]].name)}' is the default already",
                help="keep 'default: true' on one profile",
            )
