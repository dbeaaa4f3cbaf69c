"""`hubops bump`: upgrades chart versions in site.yaml; and lists the known releases."""

from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path

import click

from generator.change import upgrade_text
from generator.change.promotion import Edit, EditPlan
from generator.change.upgrade import releases_in_use
from generator.charts import CHARTS
from generator.cli import editing
from generator.cli.editing import dry_run_option
from generator.cli.loading import environment_of
from generator.cli.options import offline_option, site_option
from generator.cli.terminal import Terminal, terminal
from generator.diagnostics import Pointer, UsageError
from generator.io import resources, worktree
from generator.lint import load
from generator.packaged.pull import Download
from generator.site import parse
from generator.site.model import Environment, Site
from generator.suggest import did_you_mean

_EXAMPLE = "for example: hubops bump jupyterhub 4.4.0 dask-gateway 2026.3.0"


@click.command()
@click.argument("pins", nargs=-1, metavar="[CHART VERSION]...")
@click.option(
    "--environment", metavar="NAME", help="Change only this environment, not the shared version."
)
@click.option("--list", "is_list", is_flag=True, help="Print the known releases and who runs them.")
@dry_run_option
@offline_option
@site_option
def bump(
    site_path: Path,
    pins: tuple[str, ...],
    environment: str | None,
    is_list: bool,
    dry_run: bool,
    offline: bool,
) -> int:
    """Upgrade chart versions in site.yaml and report the impact.

    \b
    Examples:
      hubops bump --list
      hubops bump jupyterhub 4.4.0 dask-gateway 2026.3.0 --environment staging
      hubops bump jupyterhub 4.4.0 --dry-run

    Edits only the versions, updates charts.lock, and generates the tree. Exit 1, and nothing
    written, for a version that lint finds an error in, or that can't read a hub's database.
    """
    if is_list:
        return print_releases(site_path, terminal())
    download = None if offline else Download()
    return run(
        site_path, pins, terminal(), environment=environment, dry_run=dry_run, download=download
    )


COMMAND = bump


def run(
    site_path: Path,
    words: tuple[str, ...],
    terminal: Terminal,
    *,
    environment: str | None = None,
    dry_run: bool = False,
    download: Download | None = None,
) -> int:
    """0 when the versions are changed, 1 when that is refused and nothing was written.

    `words` are charts and versions in turn. UsageError for others.
    """
    plan = partial(_plan, _pins(words), environment)
    return editing.run(site_path, plan, terminal, download=download, dry_run=dry_run)


def _pins(words: tuple[str, ...]) -> dict[str, str]:
    """The charts to upgrade, each with its version."""
    if not words:
        raise UsageError(
            "no chart is named", f"{_EXAMPLE}; hubops bump --list shows the known releases"
        )
    pins: dict[str, str] = {}
    for chart, version in zip(words[::2], (*words[1::2], ""), strict=False):
        if chart not in CHARTS:
            raise UsageError(f"there is no chart '{chart}'", did_you_mean(chart, CHARTS))
        if chart in pins:
            raise UsageError(f"chart '{chart}' is named twice", "give each chart one version")
        if not version:
            raise UsageError(f"chart '{chart}' has no version beside it", _EXAMPLE)
        if not parse.is_exact(version):
            raise UsageError(
                f"'{version}' is not one exact version",
                f"hubops bump --list shows the versions of {chart}",
            )
        pins[chart] = version
    return pins


def _plan(
    pins: Mapping[str, str], environment: str | None, site: Site, _: Callable[[Pointer], int]
) -> EditPlan:
    only = environment_of(site, environment) if environment is not None else None
    said = " and ".join(f"{chart} is {version}" for chart, version in pins.items())
    plan = EditPlan(nothing=f"nothing to change: {said} already\n")
    for chart, version in pins.items():
        if only is not None:
            plan.edits += _own(only, chart, version)
            continue
        pin = site.shared.charts.get(chart)
        old = pin.text if pin is not None else None
        if old != version:
            plan.edits.append(Edit(at=("charts", chart, "version"), old=old, new=version))
        plan.notes += _unchanged(site, chart, version)
    return plan


def _own(environment: Environment, chart: str, version: str) -> list[Edit]:
    """The override of an environment; the shared version stays for the others."""
    settings = environment.settings
    if not CHARTS[chart].is_used(settings):
        raise UsageError(
            f"environment '{environment.name}' runs no {chart}", "name an environment that does"
        )
    pin = settings.charts.get(chart)
    if pin is not None and pin.text == version:
        return []
    at = settings.origin.at("charts", chart, "version")
    own = (*environment.at, "charts", chart, "version")
    return [Edit(at=own, old=pin.text if pin and at == own else None, new=version)]


def _unchanged(site: Site, chart: str, version: str) -> list[str]:
    """The environments that override the shared version with another one."""
    notes = []
    for environment in site.environments:
        at = environment.settings.origin.at("charts", chart, "version")
        pin = environment.settings.charts.get(chart)
        if at[:1] == ("environments",) and pin is not None and pin.text != version:
            notes.append(
                f"{environment.name} keeps its own {chart} {pin.text}: "
                f"hubops bump {chart} {version} --environment {environment.name}"
            )
    return notes


def print_releases(site_path: Path, terminal: Terminal) -> int:
    """0; prints the known releases and pairs, and what each environment of the site runs."""
    known = resources.known_versions()
    site = None
    if site_path.exists():
        site = load.as_far_as_read(worktree.read_site(site_path), resources.site_schema(), known)
    if site is None:
        terminal.note(f"can't read {site_path.name}: these are the releases that hubops knows\n")
    in_use = releases_in_use(site) if site is not None else {}
    terminal.out(upgrade_text.releases(site.versions if site is not None else known, in_use))
    return 0
