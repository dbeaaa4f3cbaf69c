"""`hubops promote`: an environment comes to run the charts and images of another one."""

from collections.abc import Callable
from functools import partial
from pathlib import Path

from generator.change.promotion import promotion
from generator.cli.commands import changing
from generator.cli.commands.changing import Plan, Request
from generator.cli.commands.site import Terminal, environment_of
from generator.diagnostics import Pointer, UsageError
from generator.packaged.pull import Download
from generator.site.model import Site


def run(
    site_path: Path,
    source: str,
    target: str,
    terminal: Terminal,
    *,
    dry_run: bool = False,
    download: Download | None = None,
) -> int:
    """0 when the target runs what the source runs, 1 when that is refused: nothing is written."""
    if source == target:
        raise UsageError(f"'{source}' is named twice", "name where from, then where to")
    request = Request(
        site_path=site_path,
        download=download,
        dry_run=dry_run,
        plan=partial(_plan, source, target),
    )
    return changing.run(request, terminal)


def _plan(source: str, target: str, site: Site, line: Callable[[Pointer], int]) -> Plan:
    found = promotion(site, environment_of(site, source), environment_of(site, target), line)
    return Plan(
        edits=tuple(found.edits),
        notes=tuple(found.notes),
        refused=tuple(found.refused),
        nothing=f"nothing to promote: {target} runs the charts and images of {source}\n",
    )
