"""`hubops values`: what a chart will get in an environment, and where each value comes from."""

import json
import re
from pathlib import Path

import click

from generator.build.repository import apps_in, hub_ciphertexts, release_values
from generator.charts import CHARTS
from generator.charts.chart import Values
from generator.charts.origins import origin
from generator.cli.building import sealed_in
from generator.cli.loading import place_of, site_of
from generator.cli.options import command, site_option
from generator.cli.terminal import Terminal
from generator.credentials import printable, shown
from generator.diagnostics import Pointer, UsageError
from generator.io import worktree
from generator.proof.checks.base import leaves
from generator.site.model import Environment, Release, Site
from generator.suggest import did_you_mean
from generator.yaml.read import Document, read
from generator.yaml.write import emit

_WORD = re.compile(r"[\w/][\w/@-]*")


@click.argument("environment")
@click.argument("app")
@click.option("--origins", is_flag=True, help="One line for each value, with where it is set.")
@site_option
def run(site_path: Path, terminal: Terminal, environment: str, app: str, *, origins: bool) -> int:
    """Print the values that a chart gets in an environment.

    \b
    Examples:
      hubops values production jupyterhub
      hubops values production dask-gateway --origins
      hubops values fedcloud/cert-manager cert-manager    # an app of cluster fedcloud

    As the overlays give them to Argo CD, with the site's raw `values` merged in. Exit 1 when
    site.yaml has an error.
    """
    content = worktree.read_site(site_path)
    site = site_of(site_path, terminal, content)
    chosen = place_of(site, environment)
    further = {one.name: one.values for one in chosen.apps}
    apps = [*(one for one in apps_in(chosen) if one in CHARTS), *further]
    if app not in apps:
        help = next(
            (f"it is in {one.name}" for one in site.platform if one.apps[0].name == app), ""
        )
        raise UsageError(
            f"there is no chart '{app}' in {environment}", help or did_you_mean(app, apps)
        )
    values = further[app] if app in further else _of_release(site, chosen, app, site_path.parent)
    if not origins:
        terminal.out(emit(values))
        return 0
    document = read(content, str(site_path))
    for path, value in leaves(values):
        line = f"{_dotted(path)}: {_shown(value)}  # {_source(chosen, app, path, document)}"
        terminal.out(f"{printable(line)}\n")
    return 0


COMMAND = command("values", run)


def _of_release(site: Site, environment: Environment, app: str, root: Path) -> Values:
    cluster = site.clusters[environment.cluster]
    release = Release(site=site, app=app, environment=environment, cluster=cluster)
    sealed = sealed_in(site, worktree.read_copy(root))
    return release_values(release, hub_ciphertexts(environment, sealed))


def _dotted(path: Pointer) -> str:
    """A path in one word; a key that is not a plain word is quoted."""
    steps = (
        f"[{step}]"
        if isinstance(step, int)
        else f".{step if _WORD.fullmatch(step) else json.dumps(step, ensure_ascii=False)}"
        for step in path
    )
    return "".join(steps).removeprefix(".")


def _shown(value: object) -> str:
    if isinstance(value, str) and ("\n" in value or len(value) > 60):
        value = shown(value)
    return json.dumps(value, ensure_ascii=False)


def _source(environment: Environment, app: str, path: Pointer, document: Document) -> str:
    """The line and the setting; 'default' where site.yaml leaves it out, else hubops itself."""
    at = origin(environment, app, path)
    if at is None:
        return "set by hubops"
    setting = ".".join(map(str, at))
    if at not in document.places.values:
        setting += " (default)"
        while at and at not in document.places.values:  # the nearest parent that the file holds
            at = at[:-1]
    span = document.places.span(at)
    return f"{span.file}:{span.line}:{span.column} {setting}"
