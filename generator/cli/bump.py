"""`hubops bump`: upgrades chart versions in site.yaml; and lists the known releases."""

from collections.abc import Callable, Iterator, Mapping
from functools import partial
from pathlib import Path

import click

from generator.change import upgrade_text
from generator.change.promotion import Edit, EditPlan
from generator.change.upgrade import releases_in_use
from generator.charts import CHARTS
from generator.cli import editing
from generator.cli.editing import download_option, dry_run_option
from generator.cli.loading import as_far_as_read, place_of
from generator.cli.options import command, site_option
from generator.cli.terminal import Terminal
from generator.diagnostics import Pointer, UsageError
from generator.io import resources, worktree
from generator.packaged.pull import Download
from generator.site import apps, parse_settings
from generator.site.app import FurtherChart
from generator.site.model import Environment, Site
from generator.suggest import did_you_mean

_EXAMPLE = "for example: hubops bump jupyterhub 4.4.0 dask-gateway 2026.3.0"


@click.argument("words", nargs=-1, metavar="[CHART VERSION]...")
@click.option(
    "--environment",
    metavar="NAME",
    help="Change only this environment, or <cluster>/<app>, not the shared version.",
)
@click.option(
    "--list",
    "is_list",
    is_flag=True,
    help="Print the known releases, what gets fixes until when, and who runs it.",
)
@dry_run_option
@download_option
@site_option
def run(
    site_path: Path,
    words: tuple[str, ...],
    terminal: Terminal,
    *,
    environment: str | None = None,
    is_list: bool = False,
    dry_run: bool = False,
    download: Download | None = None,
) -> int:
    """Upgrade chart versions in site.yaml and report the impact.

    \b
    Examples:
      hubops bump --list
      hubops bump jupyterhub 4.4.0 dask-gateway 2026.3.0 --environment staging
      hubops bump jupyterhub 4.4.0 --dry-run
      hubops bump cert-manager v1.19.2 --environment fedcloud/cert-manager

    Edits only the versions, updates charts.lock, and generates the tree. Exit 1, and nothing
    written, for a version that lint finds an error in, or that can't read a hub's database.
    """
    if is_list:
        return print_releases(site_path, terminal)
    plan = partial(_plan, _pins(words), environment)
    return editing.run(site_path, plan, terminal, download=download, dry_run=dry_run)


COMMAND = command("bump", run)


def _pins(words: tuple[str, ...]) -> dict[str, str]:
    """The charts to upgrade, each with its version."""
    if not words:
        raise UsageError(
            "no chart is named", f"{_EXAMPLE}; hubops bump --list shows the known releases"
        )
    pins: dict[str, str] = {}
    for chart, version in zip(words[::2], (*words[1::2], ""), strict=False):
        if chart in pins:
            raise UsageError(f"chart '{chart}' is named twice", "give each chart one version")
        if not version:
            raise UsageError(f"chart '{chart}' has no version beside it", _EXAMPLE)
        if not (parse_settings.is_exact if chart in CHARTS else apps.is_exact)(version):
            help = f"hubops bump --list shows the versions of {chart}"
            raise UsageError(
                f"'{version}' is not one exact version", help if chart in CHARTS else ""
            )
        pins[chart] = version
    return pins


def _plan(
    pins: Mapping[str, str], environment: str | None, site: Site, _: Callable[[Pointer], int]
) -> EditPlan:
    only = place_of(site, environment) if environment is not None else None
    said = " and ".join(f"{chart} is {version}" for chart, version in pins.items())
    plan = EditPlan(nothing=f"nothing to change: {said} already\n")
    further = {app.name: app for app in site.apps}
    for chart, version in pins.items():
        if chart in further:
            plan.edits += _of_app(further[chart], version, only)
            plan.notes += _other_versions(site, chart, version) if only is None else ()
            continue
        if chart not in CHARTS:
            raise UsageError(
                f"there is no chart '{chart}'", did_you_mean(chart, (*CHARTS, *further))
            )
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
    if environment.is_platform or not CHARTS[chart].is_used(settings):
        raise UsageError(
            f"environment '{environment.name}' runs no {chart}", "name an environment that does"
        )
    pin, own = settings.charts.get(chart), (*environment.at, "charts", chart, "version")
    old = pin.text if pin and settings.origin.at("charts", chart, "version") == own else None
    return [] if pin and pin.text == version else [Edit(at=own, old=old, new=version)]


def _of_app(app: FurtherChart, version: str, only: Environment | None) -> list[Edit]:
    """The version that all clusters and environments share, or a cluster's own."""
    place = ("chart", "version")
    if only is None:
        pin = Edit(at=app.at(*place), old=app.pin.text, new=version)
        return [] if pin.old == pin.new else [pin]
    held = next((one for one in only.apps if only.is_platform and one.name == app.name), None)
    if held is None:
        what = f"'{app.name}' has one version for all environments"
        help = f"leave --environment out, or name a cluster's: <cluster>/{app.name}"
        raise UsageError(what, help if app.is_of_cluster else "leave --environment out")
    own = ("clusters", held.cluster, "apps", app.name, *place)
    old = held.pin.text if held.at(*place) == own else None
    return [] if held.pin.text == version else [Edit(at=own, old=old, new=version)]


def _other_versions(site: Site, chart: str, version: str) -> Iterator[str]:
    """The clusters that run an app in another version of their own."""
    held = {app.cluster: app for place in site.places for app in place.apps if app.name == chart}
    for app in held.values():
        at = app.at("chart", "version")
        if at[:1] == ("clusters",) and app.pin.text != version:
            place = f"{app.cluster}/{app.name}" if app.is_of_cluster else ""
            again = f": hubops bump {chart} {version} --environment {place}" if place else ""
            yield f"cluster {app.cluster} keeps its own {chart} {app.pin.text}{again}"


def _unchanged(site: Site, chart: str, version: str) -> Iterator[str]:
    """The environments that override the shared version with another one."""
    for environment in site.environments:
        at = environment.settings.origin.at("charts", chart, "version")
        pin = environment.settings.charts.get(chart)
        if at[:1] == ("environments",) and pin is not None and pin.text != version:
            yield (
                f"{environment.name} keeps its own {chart} {pin.text}: "
                f"hubops bump {chart} {version} --environment {environment.name}"
            )


def print_releases(site_path: Path, terminal: Terminal) -> int:
    """0; prints the known releases and pairs, and what each environment of the site runs."""
    site = as_far_as_read(worktree.read_site(site_path)) if site_path.exists() else None
    if site is None:
        terminal.note(f"can't read {site_path.name}: these are the releases that hubops knows\n")
        terminal.out(upgrade_text.releases(resources.known_versions(), {}))
    else:
        terminal.out(
            upgrade_text.releases(site.versions, releases_in_use(site), site.clusters.values())
        )
    return 0
