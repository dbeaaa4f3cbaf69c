"""A user's server has no image.

Every profile needs one: its own `image`, one from each choice of an option, or `servers.image`,
which all profiles share that name none. Without profiles `servers.image` is the one for everybody.

Bad:
    jupyterhub:
      servers:
        profiles: [{name: Small}]
Good:
    jupyterhub:
      servers:
        image: quay.io/coast/notebook:2026.1
        profiles: [{name: Small}]
"""

from generator.charts.overrides import reached
from generator.lint.rules.base import Findings, errors, hubs, relying
from generator.site.model import Site
from generator.site.profiles import PROFILES

finding = errors("I608")

_SERVERS = PROFILES[:-1]
_HELP = "add an image, for example  image: quay.io/jupyter/scipy-notebook:2026-01-05"


def check(site: Site) -> Findings:
    """A finding at each profile without one, or at servers without profiles."""
    for settings, hub, environments in hubs(site):
        if not hub.profiles and not hub.servers.get("image"):
            removed, _ = reached(settings.origin.overrides, PROFILES)
            at = settings.origin.at(*(PROFILES if removed == len(PROFILES) else _SERVERS))
            found = finding(at, "'servers' has neither 'image' nor 'profiles'", _HELP, on_key=True)
            yield from relying(found, environments, _SERVERS)
        for index, profile in enumerate(hub.profiles):
            if not hub.image_of(profile):
                place = (*PROFILES, index)
                message = f"entry {index + 1} of 'profiles' has no image, and 'servers' has none"
                at = settings.origin.at(*place)
                found = finding(at, message, _HELP)
                paths = (*place, "image"), (*place, "options"), (*_SERVERS, "image")
                yield from relying(found, environments, place, *paths)
