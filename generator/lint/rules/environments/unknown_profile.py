"""An environment changes a profile that the site does not have.

Under an environment `profiles` may be a map that changes the site's list: by slug, each profile is
changed, added, or removed with `null`. A slug that the list lacks adds a profile, which needs a
`name`; without one it is likely misspelt. A profile without a slug gets one from its name, in lower
case and with dashes.

Bad:
    environments:
      production:
        jupyterhub: {servers: {profiles: {lagre: {memory: {limit: 4Gi}}}}}
    jupyterhub:
      servers:
        profiles: [{name: Large, image: "quay.io/coast/notebook:2026.1"}]
Good:
    environments:
      production:
        jupyterhub: {servers: {profiles: {large: {memory: {limit: 4Gi}}}}}
    jupyterhub:
      servers:
        profiles: [{name: Large, image: "quay.io/coast/notebook:2026.1"}]
"""

from collections.abc import Mapping

from generator.charts.overrides import reached
from generator.credentials import shown
from generator.lint.rules.base import Findings, errors
from generator.site.model import Site
from generator.site.profiles import PROFILES
from generator.suggest import all_known, nearest

finding = errors("R230")


def check(site: Site) -> Findings:
    """A finding at each such slug."""
    hub = site.shared.hub
    slugs = [profile.id for profile in hub.profiles] if hub is not None else []
    for environment in site.environments:
        depth, changes = reached(environment.settings.origin.overrides, PROFILES)
        if depth < len(PROFILES) or not isinstance(changes, Mapping):
            continue
        for slug, change in changes.items():
            is_added = isinstance(change, Mapping) and "name" in change
            if slug in slugs or is_added:
                continue
            near = nearest(slug, slugs)
            yield finding(
                (*environment.at, *PROFILES, slug),
                f"no profile of the site has the slug '{shown(slug)}'",
                f"did you mean '{near}'? Else give the new profile a  name"
                if near
                else f"{all_known(slugs)}; a new profile needs a  name",
                on_key=True,
                relies_on=(PROFILES,),
            )
