"""`hubops secrets`: every secret value, its state, and what is wrong with it."""

from datetime import UTC, datetime
from pathlib import Path

import click

from generator.cli.loading import FINDINGS, site_or_said
from generator.cli.options import site_option
from generator.cli.terminal import Terminal, terminal
from generator.diagnostics import Report
from generator.io import worktree
from generator.secrets import certificates, findings, sealed_values, states
from generator.secrets.report import FORMATS, SecretsReport, last_lines


@click.command()
@click.option(
    "--format",
    type=click.Choice(tuple(FORMATS)),
    help="Output format. Default: text; in a GitHub workflow, github.",
)
@site_option
def secrets(site_path: Path, format: str | None) -> int:
    """Show the state of each secret value.

    \b
    Examples:
      hubops secrets
      hubops secrets --format json

    Sealed, placeholder, malformed or void; since when in Git and for which certificate. Exit 1
    where an environment with requireSealed lacks a value. Writes nothing.
    """
    own = terminal(format)
    return run(site_path, own, format=own.format, now=datetime.now(UTC))


COMMAND = secrets


def run(site_path: Path, terminal: Terminal, *, format: str, now: datetime) -> int:
    """1 where an environment that requires sealed values lacks some, else 0. Writes nothing."""
    site = site_or_said(worktree.read_site(site_path), site_path, terminal)
    if site is None:
        return FINDINGS
    root = site_path.parent
    working = worktree.read_copy(root).files
    files = certificates.of_clusters(site, root)
    values = states.of_site(site, sealed_values.read(site, working), files)
    values = states.dated(root, states.numbered(values, working))
    report = SecretsReport(
        values=values,
        findings=Report.of(findings.diagnostics(site, values, files, now)),
        files={name: file for name, file in files.items() if site.environments_of(name)},
    )
    terminal.out(FORMATS[format](report, color=terminal.color))
    terminal.note(last_lines(report))
    return FINDINGS if report.findings.has_errors else 0
