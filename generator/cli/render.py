"""`hubops render`: what Argo CD will apply, rendered by real Helm and real Kustomize."""

import re
from collections.abc import Iterator
from pathlib import Path

import click

from generator.charts import APPS
from generator.cli.loading import place_of
from generator.cli.options import FilePath, Means, command, means_options, site_option
from generator.cli.rendering import prepared
from generator.cli.terminal import Terminal
from generator.credentials import is_obeyed, masked, printable
from generator.diagnostics import GeneratorError, ToolError, UsageError
from generator.io import writer
from generator.proof.checks import helm_differs
from generator.proof.render import Choice, rendering
from generator.proof.rendering import Rendering, Resource, Stage
from generator.report import json_
from generator.suggest import did_you_mean

_UNSAFE = re.compile(r"[^\w.-]", re.ASCII)


@click.argument("environment", required=False)
@click.option("--app", metavar="APP", help="Only this app, for example namespace or jupyterhub.")
@click.option(
    "--output",
    type=FilePath(),
    metavar="DIR",
    help="Write ENVIRONMENT/APP.yaml into this folder instead of printing.",
)
@site_option
def run(
    site_path: Path,
    terminal: Terminal,
    means: Means,
    *,
    environment: str | None = None,
    app: str | None = None,
    output: Path | None = None,
) -> int:
    """Show what Argo CD will apply, rendered by real Helm and Kustomize.

    \b
    Examples:
      hubops render production --app jupyterhub
      hubops render --output rendered/
      hubops render staging --helm /usr/local/bin/helm

    Exit 1 when site.yaml has an error, 3 when a chart is missing or refuses the values, 4 when
    Helm or Kustomize is missing or crashed.
    """
    ready = prepared(site_path, terminal, means)
    if environment is not None:
        place_of(ready.site, environment)
    choice = Choice(environment=environment, app=app, twice=False)
    done = rendering(ready.site, ready.intended, ready.workshop, choice)
    if app is not None and not done.releases:
        known = (*APPS, *(one.name for one in ready.site.apps))
        raise UsageError(f"there is no app '{app}'", did_you_mean(app, known))
    for path, text in _texts(done):
        if output is None:
            terminal.out(f"---\n# {path}\n{text}")
        else:
            writer.put(output, path, text.encode(), writer.MANIFESTS)
            terminal.out(f"{printable(str(output / path))}\n")
    for message in dict.fromkeys(finding.message for finding in helm_differs.check(done)):
        terminal.note(f"{printable(message)}\n")
    _raise_for(done)
    return 0


COMMAND = command("render", means_options(run))


def _texts(done: Rendering) -> Iterator[tuple[str, str]]:
    """Each rendered unit's path and manifests: `ENVIRONMENT/APP.yaml`, and the tree's folders."""
    for release in done.releases:
        if release.failure is None:
            text = release.chart.text if release.chart is not None else ""
            if not text or is_obeyed(text):  # in JSON such signs are escapes
                text = _documents(release.objects)
            path = f"{_safe(release.environment.name)}/{_safe(release.app)}.yaml"
            yield path, text if text.endswith("\n") else f"{text}\n"
    synced = {release.folder.path for release in done.releases if release.folder is not None}
    for folder in done.folders:
        if folder.failure is None and folder.path not in synced:
            name = folder.path.removeprefix("overlays/").replace("/", "-")
            yield f"argocd/{_safe(name)}.yaml", _documents(folder.objects)


def _safe(name: str) -> str:
    return _UNSAFE.sub("_", name).lstrip(".") or "_"


def _documents(objects: tuple[Resource, ...]) -> str:
    """Objects as YAML documents; JSON is YAML, and no reader reads it in two ways."""
    return "---\n".join(json_.written(one) for one in objects)


def _raise_for(done: Rendering) -> None:
    """GeneratorError for what was not rendered; a ToolError where a program is to blame."""
    units = [*((one.name, one.failure) for one in done.releases)]
    units += [(one.path, one.failure) for one in done.folders]
    failed = [(name, failure) for name, failure in units if failure is not None]
    if not failed:
        return
    details = tuple(
        masked(line)
        for name, failure in failed
        for line in (f"{name}: {failure.message}", *(f"  {detail}" for detail in failure.lines))
    )
    is_tool = any(failure.stage is Stage.PROGRAM for _, failure in failed)
    help = next((failure.help for _, failure in failed if failure.help), "")
    raise (ToolError if is_tool else GeneratorError)(
        f"{len(failed)} of {len(units)} not rendered",
        help or "'hubops validate' says where in site.yaml",
        details,
    )
