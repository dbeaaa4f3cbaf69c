"""Braces hold a name that KubeSpawner does not know, or are not in pairs.

KubeSpawner reads variables of servers and profiles, and also their volumes, labels, containers and
the path of a shared home, as templates in Python's format: `{username}` becomes the user's name.
Any other name raises a KeyError, and then no server starts. Double literal braces, in JSON or for a
shell. KubeSpawner 7, which comes with chart 4, no longer knows the name `{legacy_escape_username}`.

Bad:
    jupyterhub:
      values:
        singleuser: {extraEnv: {IMAGE: "{JUPYTER_IMAGE_SPEC}"}}
Good:
    jupyterhub:
      values:
        singleuser: {extraEnv: {IMAGE: "{{JUPYTER_IMAGE_SPEC}}"}}

See https://github.com/jupyterhub/kubespawner/issues/763
"""

import re
from collections.abc import Iterable, Iterator

from generator.charts.spawner import KubeSpawner, Place, templates
from generator.credentials import shown
from generator.lint.rules.base import (
    Findings,
    errors,
    every_settings,
    hub_version,
    hubs,
    server_texts,
    written_values,
)
from generator.site.model import Settings, Site
from generator.suggest import nearest

finding = errors("C316")

_DOUBLE = "double each brace that is meant literally: {{ and }}"


def check(site: Site) -> Findings:
    """A finding at each such text."""
    for settings, written in written_values(site):
        if written.chart.name == "jupyterhub":
            places = templates(written.values)
            found = (((*written.place, *path), text) for path, text in places)
            yield from _faults(site, settings, found)
    for settings in every_settings(site):
        texts = server_texts(settings, ("environment", "volumes"))
        found = ((path, text) for path, text in texts if isinstance(text, str))
        yield from _faults(site, settings, found)
    for settings, _, _ in hubs(site):
        home = settings.at("jupyterhub.home.shared.path")
        if home is not None:
            yield from _faults(site, settings, [(("jupyterhub", "home", "shared", "path"), home)])


def _faults(site: Site, settings: Settings, found: Iterable[tuple[Place, str]]) -> Findings:
    version = hub_version(settings)
    spawner = KubeSpawner.of(version, site.versions) if version is not None else None
    for path, text in found if spawner is not None else ():
        fault = _fault(text, spawner) if spawner and ("{" in text or "}" in text) else None
        if fault is not None:
            yield finding(settings.origin.at(*path), *fault)


def _fault(text: str, spawner: KubeSpawner) -> tuple[str, str] | None:
    """What is wrong with the first braces that can't be expanded, and what to do."""
    try:
        names = list(_names(text))
    except ValueError:
        return "a brace here is not closed or not opened, so no server starts", _DOUBLE
    name = next((name for name in names if name not in spawner.names), None)
    if name is None:
        return None
    unknown = f"which KubeSpawner {spawner.version} does not know, so no server starts"
    if not re.fullmatch(r"\w+", name, re.ASCII):
        held = f"'{shown(name)}'" if name else "no name"
        return f"braces hold {held} here, {unknown}", _DOUBLE
    near = nearest(name, spawner.names)
    literal = f"write  {{{{{shown(name)}}}}}  for the braces themselves"
    return (
        f"braces hold the name '{shown(name)}', {unknown}",
        f"did you mean '{{{near}}}'? Else {literal}" if near else literal,
    )


def _names(text: str) -> Iterator[str]:
    """The names in a template, also in format specs; ValueError where it is not a template."""
    from string import Formatter  # most sites have no such text

    for _, field, spelling, conversion in Formatter().parse(text):
        if field is None:
            continue
        if conversion not in (None, "r", "s", "a"):
            raise ValueError(f"no conversion '{conversion}'")
        yield _base(field)
        inner = (name for _, name, _, _ in Formatter().parse(spelling or ""))
        yield from (_base(name) for name in inner if name is not None)


def _base(field: str) -> str:
    """The name in `{user_server[0]}` or `{username.x}`."""
    return re.split(r"[.\[]", field, maxsplit=1)[0]
