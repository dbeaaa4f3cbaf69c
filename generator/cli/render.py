"""`hubops render`: what Argo CD will apply, rendered by real Helm and real Kustomize."""

import json
import re
from collections.abc import Iterator
from pathlib import Path

import click

from generator.charts import APPS
from generator.cli.loading import FINDINGS, environment_of
from generator.cli.options import (
    FilePath,
    helm_option,
    limit_option,
    offline_option,
    site_option,
)
from generator.cli.rendering import Means, intended, prepared
from generator.cli.terminal import Terminal, terminal
from generator.credentials import masked
from generator.diagnostics import GeneratorError, ToolError, UsageError
from generator.io import writer
from generator.proof.programs import bundled_helm
from generator.proof.render import Choice, rendering
from generator.proof.rendering import Rendered, Rendering, Resource, Stage
from generator.suggest import did_you_mean

_UNSAFE = re.compile(r"[^\w.-]", re.ASCII)


@click.command()
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
    """Show what Argo CD will apply, rendered by real Helm and Kustomize.

    \b
    Examples:
      hubops render production --app jupyterhub
      hubops render --output rendered/
      hubops render staging --helm /usr/local/bin/helm

    Exit 1 when site.yaml has an error, 3 when a part can't be rendered, 4 when Helm or
    Kustomize is missing or crashed.
    """
    choice = Choice(environment=environment, app=app, twice=False)
    return run(site_path, terminal(), Means.of(helm, limit, offline=offline), choice, output)


COMMAND = render


def run(
    site_path: Path, terminal: Terminal, means: Means, choice: Choice, output: Path | None = None
) -> int:
    """0 when everything chosen was rendered: to standard output, or into files of a folder.

    GeneratorError, after all that could be rendered, when something could not.
    """
    ready = prepared(site_path, terminal, means)
    if ready is None:
        return FINDINGS
    if choice.environment is not None:
        environment_of(ready.site, choice.environment)
    done = rendering(ready.site, intended(ready), ready.workshop, choice)
    if choice.app is not None and not done.releases:
        raise UsageError(f"there is no app '{choice.app}'", did_you_mean(choice.app, APPS))
    for path, text in _texts(done):
        if output is None:
            terminal.out(f"---\n# {path}\n{text}")
        else:
            writer.put(output, path, text.encode(), writer.MANIFESTS)
            terminal.out(f"{output / path}\n")
    for told in _differing(done):
        terminal.note(told)
    _raise_for(done)
    return 0


def _texts(done: Rendering) -> Iterator[tuple[str, str]]:
    """Each rendered unit's path and manifests: `ENVIRONMENT/APP.yaml`, and the tree's folders."""
    for release in done.releases:
        if release.failure is None:
            path = f"{_safe(release.environment.name)}/{_safe(release.app)}.yaml"
            yield path, _release_text(release)
    synced = {release.folder.path for release in done.releases if release.folder is not None}
    for folder in done.folders:
        if folder.failure is None and folder.path not in synced:
            name = folder.path.removeprefix("overlays/").replace("/", "-")
            yield f"argocd/{_safe(name)}.yaml", _documents(folder.objects)


def _safe(name: str) -> str:
    return _UNSAFE.sub("_", name).lstrip(".") or "_"


def _release_text(release: Rendered) -> str:
    if release.chart is not None:
        return (
            release.chart.text if release.chart.text.endswith("\n") else f"{release.chart.text}\n"
        )
    return _documents(release.objects)


def _documents(objects: tuple[Resource, ...]) -> str:
    """Objects as YAML documents; JSON is YAML, and no reader reads it in two ways."""
    return "---\n".join(json.dumps(one, indent=2, ensure_ascii=False) + "\n" for one in objects)


def _differing(done: Rendering) -> Iterator[str]:
    for argocd, used in sorted(done.helms.items()):
        own = bundled_helm(argocd)
        if used.numbers[:2] != own.numbers[:2]:
            yield f"rendered with Helm {used}; Argo CD {argocd} carries Helm {own}\n"


def _raise_for(done: Rendering) -> None:
    """GeneratorError for what was not rendered; a ToolError where a program is to blame."""
    failed = [
        (release.name, release.failure) for release in done.releases if release.failure is not None
    ]
    failed += [(one.path, one.failure) for one in done.folders if one.failure is not None]
    if not failed:
        return
    details = tuple(
        masked(line)
        for name, failure in failed
        for line in (f"{name}: {failure.message}", *(f"  {told}" for told in failure.lines))
    )
    is_tool = any(
        failure.stage in (Stage.PROGRAM, Stage.TEMPLATE, Stage.VALUES, Stage.KUSTOMIZE)
        for _, failure in failed
    )
    kind = ToolError if is_tool else GeneratorError
    help = next((failure.help for _, failure in failed if failure.help), "")
    raise kind(
        f"{len(failed)} of {len(done.releases) + len(done.folders)} not rendered",
        help or "'hubops validate' says where in site.yaml",
        details,
    )
