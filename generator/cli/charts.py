"""The command line of `charts`, `render`, `validate` and `values`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from generator.cli.options import FilePath, format_option, site_option
from generator.cli.terminal import terminal

if TYPE_CHECKING:
    from pathlib import Path

    from generator.cli.commands.rendered import Means
    from generator.packaged.registries.http import Courtesy

offline_option = click.option("--offline", is_flag=True, help="Use only charts in the cache.")
helm_option = click.option("--helm", metavar="PATH", help="The Helm to render with.")
limit_option = click.option(
    "--limit",
    type=click.FloatRange(min=1.0),
    default=60.0,
    show_default=True,
    metavar="SECONDS",
    help="Stop a Helm that takes longer.",
)


def courtesy_of(*, offline: bool) -> Courtesy | None:
    """What the option --offline gives: no courtesy, no network."""
    from generator.packaged.registries.http import Courtesy

    return None if offline else Courtesy()


def means_of(helm: str | None, limit: float, *, offline: bool) -> Means:
    """What the options --helm, --limit and --offline give."""
    from generator.cli.commands.rendered import Means

    return Means(helm=helm, patience=limit, courtesy=courtesy_of(offline=offline))


@click.group(name="charts")
def charts() -> None:
    """Fetch the charts that site.yaml pins, and lock their digests.

    \b
    Examples:
      hubops charts fetch
      hubops charts add jupyterhub-4.4.0.tgz

    The charts come into .cache/charts, or into the folder that HUBOPS_CACHE names; their
    digests stand in charts.lock. Exit 1 when site.yaml has an error, 3 when a chart can't be
    had or has another digest than the locked one.
    """


@charts.command()
@site_option
@offline_option
def fetch(site_path: Path, offline: bool) -> int:
    """Fetch every pinned chart that the cache lacks, and lock what is new.

    \b
    Examples:
      hubops charts fetch
      hubops charts fetch --offline    # are all of them in the cache?

    Exit 1 when site.yaml has an error, 3 when a chart can't be had or is not the locked one.
    """
    from generator.cli.commands.charts import fetch

    return fetch(site_path, terminal(), courtesy_of(offline=offline))


@charts.command()
@site_option
@click.argument("file", type=FilePath())
def add(site_path: Path, file: Path) -> int:
    """Take a packaged chart that was carried in by hand.

    \b
    Examples:
      hubops charts add jupyterhub-4.4.0.tgz

    Exit 1 when site.yaml has an error, 3 when the file is no chart or not the locked one.
    """
    from generator.cli.commands.charts import add

    return add(site_path, file, terminal())


@click.command(name="render")
@click.argument("environment", required=False)
@click.option("--app", metavar="APP", help="Only this one: namespace, jupyterhub, dask-gateway.")
@click.option(
    "--output",
    type=FilePath(),
    metavar="DIR",
    help="Write ENVIRONMENT/APP.yaml into this folder instead of printing.",
)
@site_option
@helm_option
@limit_option
@offline_option
def render(
    environment: str | None,
    app: str | None,
    output: Path | None,
    site_path: Path,
    helm: str | None,
    limit: float,
    offline: bool,
) -> int:
    """Show what Argo CD will apply, by real Helm and Kustomize.

    \b
    Examples:
      hubops render production --app jupyterhub
      hubops render --output rendered/
      hubops render staging --helm /usr/local/bin/helm

    Exit 1 when site.yaml has an error, 3 when a part can't be rendered, 4 when Helm or
    Kustomize is missing or crashed.
    """
    from generator.cli.commands.render import run
    from generator.proof.render import Choice

    choice = Choice(environment=environment, app=app, twice=False)
    return run(site_path, terminal(), means_of(helm, limit, offline=offline), choice, output)


@click.command(name="validate")
@site_option
@format_option
@helm_option
@limit_option
@offline_option
def validate(
    site_path: Path, format: str | None, helm: str | None, limit: float, offline: bool
) -> int:
    """Render everything and judge it, without cluster or secret.

    \b
    Examples:
      hubops validate
      hubops validate --offline --format json
      hubops validate --helm .tools/helm4

    Schemas, removed APIs, fields that are random at each rendering, credentials, objects that
    two Applications share, references and addresses that lead nowhere, and calls that the
    network policies stop. Exit 1 when an error was found, 4 when Helm or Kustomize failed.
    """
    from generator.cli.commands.validate import run

    return run(site_path, terminal(format), means_of(helm, limit, offline=offline))


@click.command(name="values")
@click.argument("environment")
@click.argument("app")
@click.option("--origins", is_flag=True, help="One line for each value, with where it is set.")
@site_option
def values(environment: str, app: str, origins: bool, site_path: Path) -> int:
    """Print the values that a chart gets in an environment.

    \b
    Examples:
      hubops values production jupyterhub
      hubops values production dask-gateway --origins

    As the overlays give them to Argo CD, the site's raw `values` merged in. Exit 1 when
    site.yaml has an error.
    """
    from generator.cli.commands.values import run

    return run(site_path, terminal(), environment, app, origins=origins)


COMMANDS: tuple[click.Command, ...] = (charts, render, validate, values)
