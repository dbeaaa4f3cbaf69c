"""`hubops apps`: the further charts that hubops knows, and a block of site.yaml for one."""

from collections.abc import Iterator, Mapping
from functools import partial
from pathlib import Path

import click

from generator import names
from generator.charts import known
from generator.charts.known import block as known_block
from generator.charts.known.chart import KnownChart
from generator.cli.loading import FINDINGS, judged, loaded
from generator.cli.options import command, site_option
from generator.cli.terminal import Terminal
from generator.credentials import printable
from generator.diagnostics import GeneratorError, Severity, UsageError
from generator.io import worktree, writer
from generator.records import replace
from generator.report import text
from generator.report.formats import FORMATS
from generator.site.model import Cluster, Site
from generator.suggest import did_you_mean
from generator.yaml import edit

_KNOWN = {name: name for name in known.NAMES}


def listing(terminal: Terminal) -> int:
    """List the charts that hubops knows: newest known version, its day, what for.

    \b
    Examples:
      hubops apps list
      hubops apps show cert-manager

    Other charts are apps all the same; of these hubops knows the facts.
    """
    charts = [_facts(name) for name in known.NAMES]
    width = max(len(chart.name) for chart in charts)
    for chart in charts:
        about = chart.purpose.partition(".")[0]
        terminal.out(f"{chart.name:<{width}}  {chart.version:<8}  {chart.released}  {about}\n")
    return 0


@click.argument("name")
def show(name: str, terminal: Terminal) -> int:
    """Show what is known of a chart: its definitions, what is random, what survives.

    \b
    Example:
      hubops apps show cert-manager
    """
    chart = _facts(name)
    terminal.out(f"{chart.name} {chart.version} ({chart.released}): {chart.purpose}\n")
    rows = dict(_rows(chart))
    width = max(map(len, rows))
    terminal.out("".join(f"  {what:<{width}}  {fact}\n" for what, fact in rows.items()))
    return 0


def _rows(chart: KnownChart) -> Iterator[tuple[str, str]]:
    yield "repository", chart.repository
    yield "facts from", chart.source
    if chart.by_minor:
        newest = (f"1.{minor}: {version}" for minor, version in chart.by_minor.items())
        yield "by Kubernetes", ", ".join(newest)
    yield "definitions", chart.definitions
    yield "random", chart.random
    yield "written back", chart.writes_back
    yield "health", chart.health
    yield "a restart", chart.restart
    yield "survives", chart.survives
    yield "for site.yaml", f"hubops apps add {chart.name}"


@click.argument("name")
@click.option("--as", "app", metavar="APP", help="The name of the app; by default the usual one.")
@click.option("--cluster", metavar="NAME", help="Only in this cluster; in all of them by default.")
@site_option
def add(
    name: str, app: str | None, cluster: str | None, site_path: Path, terminal: Terminal
) -> int:
    """Write the block of a known chart into site.yaml, with comments.

    \b
    Examples:
      hubops apps add cert-manager
      hubops apps add openstack-cinder-csi --cluster fedcloud
      hubops apps add jupyterhub-home-nfs --as homes-of-staging

    Writes site.yaml only: look at the block, then fetch its chart and generate. Exit 1, and nothing
    written, where lint finds an error in what comes of it, 3 where site.yaml can't be edited.
    """
    chart = _facts(name)
    if app is not None and not names.is_label(app):
        raise UsageError(
            f"'{printable(app)}' is not a name of an app", "lower-case letters, digits, '-'"
        )
    chart = replace(chart, app=app or chart.app)
    waiting = partial(terminal.note, "waiting for another hubops to end\n")
    with writer.lock(site_path.parent, waiting=waiting):
        return _add(chart, cluster, site_path, terminal)


def _add(chart: KnownChart, cluster: str | None, path: Path, terminal: Terminal) -> int:
    content = worktree.read_site(path)
    site = judged(loaded(content, path, terminal), path, terminal)
    if chart.app in {app.name for app in site.apps}:
        help = "choose another name with --as, or change what is there: hubops bump"
        raise UsageError(
            f"{printable(path.name)} has an app '{printable(chart.app)}' already", help
        )
    block = known_block.block(chart, _version(chart, _clusters(site, cluster)), cluster or "")
    return put(path, content, {chart.app: block}, terminal)


def put(path: Path, content: bytes, blocks: Mapping[str, str], terminal: Terminal) -> int:
    """0 when site.yaml has these blocks of apps; 1, and nothing written, where lint refuses that.

    The caller holds the writer's lock. GeneratorError where the text can't be edited.
    """
    text_of_site = content.decode()
    for block in blocks.values():
        text_of_site = _with_block(text_of_site, block, terminal)
    edited = text_of_site.encode()
    found = loaded(edited, path, replace(terminal, note=lambda text: None))
    if found.site is None or found.report.count(Severity.ERROR):
        terminal.out(FORMATS[terminal.format](found.report, found.lines, color=terminal.color))
        terminal.note(text.count(found.report, "", f"nothing was written to {path.name}") + "\n")
        return FINDINGS
    writer.put(path.parent, path.name, edited, writer.SITE)
    line_of = edit.lines_of(edited.decode())
    for app, block in blocks.items():
        terminal.out(f"{printable(path.name)}:{line_of(('apps', app))}: apps.{app}\n\n{block}")
    said = text.count(found.report, "hubops lint shows what", "")
    terminal.note(f"\n{said}\n" if found.report.count(Severity.WARNING) else "")
    terminal.note("\nnext: hubops charts fetch, then hubops generate\n")
    return 0


def _with_block(content: str, block: str, terminal: Terminal) -> str:
    """The text with the block; where that can't be, the block is printed for a person to add."""
    try:
        return edit.insert(content, "apps", block)
    except edit.NotEditable as refused:
        terminal.out(block)
        raise GeneratorError(refused.message, "add the block by hand, below 'apps'") from None


def _clusters(site: Site, named: str | None) -> list[Cluster]:
    if named is None:
        return list(site.clusters.values())
    if named not in site.clusters:
        help = did_you_mean(named, site.clusters)
        raise UsageError(f"cluster '{printable(named)}' is not defined", help)
    return [site.clusters[named]]


def _version(chart: KnownChart, clusters: list[Cluster]) -> str:
    """The newest that fits the oldest Kubernetes; lint tells which cluster needs its own."""
    oldest = min((cluster.kubernetes for cluster in clusters), default=None)
    return chart.newest_for(oldest) if oldest is not None else chart.version


def _facts(name: str) -> KnownChart:
    found = known.of(name)
    if found is None:
        raise UsageError(
            f"hubops does not know chart '{printable(name)}'",
            did_you_mean(name, _KNOWN) or f"one of {', '.join(known.NAMES)}",
        )
    return found


@click.group(
    commands=[command("list", listing), command("show", show), command("add", add)],
    invoke_without_command=True,
)
@click.pass_context
def apps(context: click.Context) -> int:
    """List further charts, and write one into site.yaml.

    \b
    Examples:
      hubops apps
      hubops apps show cert-manager
      hubops apps add cert-manager

    Exit 1 when site.yaml has an error, 2 for a chart that is not known, 3 where site.yaml can't be
    edited.
    """
    from generator.cli.terminal import terminal

    return listing(terminal()) if context.invoked_subcommand is None else 0


COMMAND = apps
