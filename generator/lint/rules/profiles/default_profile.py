"""None or several of the profiles, or several choices of an option, are the default.

KubeSpawner takes the first of several defaults, and the first profile where there is none: what
users get who choose nothing then depends on the order of a list. Mark one profile with `default:
true`.

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

from generator.credentials import shown
from generator.lint.rules.base import Findings, errors, options, relying, sharing
from generator.site.model import Site
from generator.site.profiles import PROFILES

finding = errors("I602")


def check(site: Site) -> Findings:
    """A finding at each further default, or at the list that has none."""
    for settings, environments in sharing(site, lambda one: one.hub and one.hub.profiles):
        hub = settings.hub
        if hub is None:
            continue
        marked = [index for index, profile in enumerate(hub.profiles) if profile.default]
        if len(hub.profiles) > 1 and not marked:
            none = finding(
                settings.origin.at(*PROFILES),
                f"none of {len(hub.profiles)} profiles is the default",
                "write  default: true  on the one for users who choose nothing",
                on_key=True,
            )
            defaults = ((*PROFILES, index, "default") for index in range(len(hub.profiles)))
            yield from relying(none, environments, *defaults)
        for index in marked[1:]:
            yield finding(
                settings.origin.at(*PROFILES, index, "default"),
                f"profile '{shown(hub.profiles[marked[0]].name)}' is the default already",
                "keep 'default: true' on one profile",
            )
        for path, option in options(hub):
            chosen = [index for index, choice in enumerate(option.choices) if choice.default]
            for index in chosen[1:]:
                yield finding(
                    settings.origin.at(*path, "choices", index, "default"),
                    f"choice '{shown(option.choices[chosen[0]].name)}' is the default already",
                    "keep 'default: true' on one choice",
                )
