"""Two profiles have the same slug, or two options or choices of one.

KubeSpawner sends and remembers a user's choice by its slug: of two equal ones it always starts the
first. What has no slug gets one from its name, in lower case and with dashes. An option can't have
the slug `profile`, under which KubeSpawner sends the profile; `image` is that of a profile's own
`ownImage`.

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

from collections.abc import Iterator, Mapping, Sequence

from generator.charts.profile_values import OWN_IMAGE
from generator.credentials import shown
from generator.diagnostics import Pointer
from generator.lint.rules.base import Findings, errors, sharing
from generator.site.model import Site
from generator.site.profiles import PROFILES, Profile

finding = errors("I603")

_PROFILE = "profile"
Named = tuple[str, str]  # the name and the slug


def check(site: Site) -> Findings:
    """A finding at each slug, or name, that repeats an earlier one."""
    for settings, _ in sharing(site, lambda settings: settings.hub and settings.hub.profiles):
        hub = settings.hub
        if hub is None:
            continue
        profiles = [(profile.name, profile.id) for profile in hub.profiles]
        found = list(_repeated(_PROFILE, profiles, PROFILES, {}))
        for index, profile in enumerate(hub.profiles):
            found += _below(profile, (*PROFILES, index))
        for place, message, what in found:
            at = settings.origin.at(*place, "slug")
            is_written = _has_slug(hub.profiles, place)
            yield finding(
                at if is_written else settings.origin.at(*place, "name"),
                message,
                f"give each {what} a different slug: of two equal ones the first starts",
            )


def _below(profile: Profile, at: Pointer) -> Iterator[tuple[Pointer, str, str]]:
    """The repeated slugs of a profile's options and of their choices."""
    taken = {_PROFILE: "KubeSpawner's own choice of a profile"}
    taken |= {OWN_IMAGE: "the profile's 'ownImage'"} if profile.own_image is not None else {}
    options = [(option.name, option.slug) for option in profile.options]
    yield from _repeated("option", options, (*at, "options"), taken)
    for number, option in enumerate(profile.options):
        choices = [(choice.name, choice.slug) for choice in option.choices]
        yield from _repeated("choice", choices, (*at, "options", number, "choices"), {})


def _repeated(
    what: str, named: Sequence[Named], at: Pointer, taken: Mapping[str, str]
) -> Iterator[tuple[Pointer, str, str]]:
    first: dict[str, str] = {}
    for index, (name, slug) in enumerate(named):
        if slug and (slug in first or slug in taken):
            owner = taken.get(slug) or f"{what} '{shown(first[slug])}'"
            yield (*at, index), f"{owner} has the slug '{shown(slug)}' too", what
        first.setdefault(slug, name)


def _has_slug(profiles: Sequence[Profile], place: Pointer) -> bool:
    """Whether an entry has a slug of its own, which is not that of its name."""
    index, *below = place[len(PROFILES) :]
    profile = profiles[int(index)]
    if not below:
        return profile.slug is not None
    option = profile.options[int(below[1])]
    entry = option if len(below) == 2 else option.choices[int(below[3])]
    return entry.has_slug
