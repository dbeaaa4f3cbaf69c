"""The command line of `import`."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import click

from generator.cli.options import FilePath
from generator.cli.terminal import terminal

if TYPE_CHECKING:
    from pathlib import Path


_FACTS: tuple[tuple[str, str, str], ...] = (
    ("--site", "NAME", "The site's name. Default: the Application's, or the host's first part."),
    ("--repository", "URL", "The Git repository that Argo CD is to follow."),
    ("--cluster", "NAME", "What site.yaml calls the cluster. Default: main."),
    ("--server", "URL", "The cluster's API server. Default: the one that Argo CD runs in."),
    ("--kubernetes", "VERSION", "The version of the cluster's Kubernetes."),
    ("--namespace", "NAME", "The namespace that the releases are in."),
    ("--environment", "NAME", "What site.yaml calls the environment. Default: production."),
    ("--host", "NAME", "The host that people open."),
    ("--jupyterhub-version", "VERSION", "The version of the chart jupyterhub that runs."),
    ("--dask-gateway-version", "VERSION", "The version of the chart dask-gateway that runs."),
    ("--storage-class", "NAME", "The storage class of the volumes."),
    ("--ingress-class", "NAME", "The ingress class."),
)


def _files(name: str, help: str) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    return click.option(name, type=FilePath(), multiple=True, metavar="FILE", help=help)


def _facts(command: Callable[..., Any]) -> Callable[..., Any]:
    for name, metavar, help in reversed(_FACTS):
        command = click.option(name, metavar=metavar, help=help)(command)
    return command


@click.command(name="import")
@_files("--jupyterhub", "Values of the release jupyterhub; several in Helm's order.")
@_files("--dask-gateway", "Values of the release dask-gateway; several in Helm's order.")
@_files("--secrets", "Values that were kept apart; those of both charts may be mixed in it.")
@_files("--meta", "Values of the umbrella chart daskhub.")
@_files("--application", "Argo CD Applications with the values in them.")
@_facts
@click.option(
    "--output",
    type=FilePath(),
    default="site.yaml",
    show_default=True,
    metavar="FILE",
    help="The site.yaml to write; '-' prints it, and the report goes to standard error.",
)
@click.option("--force", is_flag=True, help="Replace a site.yaml that is there.")
@click.option("--seal", is_flag=True, help="Seal the secrets straight from the files.")
@click.option(
    "--certificate",
    type=FilePath(),
    metavar="FILE",
    help="The cluster's public sealing certificate, for --seal.",
)
def import_(
    jupyterhub: tuple[Path, ...],
    dask_gateway: tuple[Path, ...],
    secrets: tuple[Path, ...],
    meta: tuple[Path, ...],
    application: tuple[Path, ...],
    **asked: Any,
) -> int:
    """Propose a site.yaml from the values of releases that run.

    \b
    Examples:
      hubops import --jupyterhub jhub.yaml --dask-gateway dask.yaml --secrets secrets.yaml
      hubops import --meta daskhub.yaml --namespace hub --output -
      hubops import --application app.yaml --seal --certificate fedcloud.pem

    Every value is expressed in site.yaml's words, carried under `values`, or listed with the
    reason; the proof builds the site and compares. What is in doubt is marked ASK, and no
    secret is copied. Exit 1 when lint refuses what would be written, a difference is not
    explained, or a value is not sealed.
    """
    files = {
        "jupyterhub": jupyterhub,
        "dask_gateway": dask_gateway,
        "secrets": secrets,
        "meta": meta,
        "applications": application,
    }
    return _run(files, asked)


def _run(files: dict[str, tuple[Path, ...]], asked: dict[str, Any]) -> int:
    from datetime import UTC, datetime

    from generator.adopt.base import Facts
    from generator.cli.commands.take_over import Files, Wanted, run

    versions = {
        chart: version
        for chart in ("jupyterhub", "dask-gateway")
        if (version := asked[f"{chart.replace('-', '_')}_version"]) is not None
    }
    same = ("site", "repository", "cluster", "server", "kubernetes", "namespace", "environment")
    facts = Facts(
        **{name: asked[name] for name in (*same, "host", "storage_class", "ingress_class")},
        versions=versions,
    )
    wanted = Wanted(
        output=asked["output"],
        force=asked["force"],
        seals=asked["seal"],
        certificate=asked["certificate"],
        facts=facts,
    )
    return run(Files(**files), wanted, terminal(), now=datetime.now(UTC))


COMMANDS: tuple[click.Command, ...] = (import_,)
