"""`hubops bump`: moves chart pins in site.yaml, with all that follows; and lists what is known."""

from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path

from generator.change import upgrade, upgrade_text
from generator.change.promotion import Edit
from generator.charts import CHARTS
from generator.cli.commands import changing
from generator.cli.commands.changing import Plan, Request
from generator.cli.commands.site import Terminal, environment_of
from generator.diagnostics import Pointer, UsageError
from generator.io import resources, worktree
from generator.lint import load
from generator.packaged.pull import Download
from generator.site import parse
from generator.site.model import Environment, Site
from generator.site.releases import GATEWAY
from generator.suggest import did_you_mean


def run(
    site_path: Path,
    words: tuple[str, ...],
    terminal: Terminal,
    *,
    environment: str | None = None,
    dry_run: bool = False,
    download: Download | None = None,
) -> int:
    """0 when the pins are moved, 1 when that is refused and nothing was written.

    `words` are charts and versions in turn. UsageError for others.
    """
    request = Request(
        site_path=site_path,
        download=download,
        dry_run=dry_run,
        plan=partial(_plan, _pins(words), environment),
    )
    return changing.run(request, terminal)


def _pins(words: tuple[str, ...]) -> dict[str, str]:
    """The charts to move, each with its version."""
    example = "for example: hubops bump jupyterhub 4.4.0 dask-gateway 2026.3.0"
    if not words:
        raise UsageError("no chart is named", f"{example}; hubops bump --list shows what is known")
    pins: dict[str, str] = {}
    for chart, version in zip(words[::2], (*words[1::2], ""), strict=False):
        if chart not in CHARTS:
            raise UsageError(f"there is no chart '{chart}'", did_you_mean(chart, CHARTS))
        if chart in pins:
            raise UsageError(f"chart '{chart}' is named twice", "give each chart one version")
        if not version:
            raise UsageError(f"chart '{chart}' has no version beside it", example)
        if not parse.is_exact(version):
            raise UsageError(
                f"'{version}' is not one exact version",
                f"hubops bump --list shows the versions of {chart}",
            )
        pins[chart] = version
    return pins


def _plan(
    pins: Mapping[str, str],
    environment: str | None,
    site: Site,
    line: Callable[[Pointer], int],
) -> Plan:
    if environment is not None:
        environment_of(site, environment)
    edits: list[Edit] = []
    notes: list[str] = []
    for chart, version in pins.items():
        if environment is None:
            edits += _shared(site, chart, version)
            notes += _unmoved(site, chart, version)
        else:
            one = next(one for one in site.environments if one.name == environment)
            edits += _own(one, chart, version)
    said = " and ".join(f"{chart} is {version}" for chart, version in pins.items())
    return Plan(
        edits=tuple(edits), notes=tuple(notes), nothing=f"nothing to change: {said} already\n"
    )


def _shared(site: Site, chart: str, version: str) -> list[Edit]:
    pin = site.shared.charts.get(chart)
    if pin is not None and pin.text == version:
        return []
    old = pin.text if pin is not None else None
    return [Edit(at=("charts", chart, "version"), old=old, new=version)]


def _own(environment: Environment, chart: str, version: str) -> list[Edit]:
    """The override of an environment; the shared pin stays what it is for the others."""
    settings = environment.settings
    if chart == GATEWAY and settings.dask is None:
        raise UsageError(
            f"environment '{environment.name}' runs no {chart}", "name an environment that does"
        )
    pin = settings.charts.get(chart)
    if pin is not None and pin.text == version:
        return []
    at = settings.origin.at("charts", chart, "version")
    own = (*environment.at, "charts", chart, "version")
    return [Edit(at=own, old=pin.text if pin and at == own else None, new=version)]


def _unmoved(site: Site, chart: str, version: str) -> list[str]:
    """The environments with a pin of their own, which a shared one does not move."""
    notes = []
    for one in site.environments:
        at = one.settings.origin.at("charts", chart, "version")
        pin = one.settings.charts.get(chart)
        if at[:1] == ("environments",) and pin is not None and pin.text != version:
            notes.append(
                f"{one.name} keeps its own {chart} {pin.text}: "
                f"hubops bump {chart} {version} --environment {one.name}"
            )
    return notes


def table(site_path: Path, terminal: Terminal) -> int:
    """0; prints the known releases and pairs, and what each environment of the site runs."""
    known = resources.known_versions()
    site = None
    if site_path.exists():
        site = load.as_far_as_read(worktree.read_site(site_path), resources.site_schema(), known)
    if site is None:
        terminal.note(f"{site_path.name} can't be read: what hubops itself knows\n")
    running = upgrade.running(site) if site is not None else {}
    terminal.out(upgrade_text.releases(site.versions if site is not None else known, running))
    return 0
