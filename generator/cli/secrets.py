"""`hubops secrets`: every secret value, its state, and what is wrong with it."""

from datetime import UTC, datetime
from pathlib import Path

from generator.cli.loading import FINDINGS, site_of
from generator.cli.options import command, site_option, terminal_option
from generator.cli.terminal import Terminal
from generator.diagnostics import Report
from generator.io import worktree
from generator.secrets import certificates, findings, sealed_values, states
from generator.secrets.report import FORMATS, SecretsReport, last_lines


@terminal_option(FORMATS)
@site_option
def run(site_path: Path, terminal: Terminal, *, now: datetime | None = None) -> int:
    """Show the state of each secret value.

    \b
    Examples:
      hubops secrets
      hubops secrets --format json

    Sealed, placeholder, malformed or void; since when in Git and for which certificate. Exit 1
    where an environment with requireSealed lacks a value. Writes nothing.
    """
    site = site_of(site_path, terminal)
    root = site_path.parent
    copy = worktree.read_copy(root)
    files = certificates.of_clusters(site, root)
    values = states.of_site(site, sealed_values.read(site, copy.files, copy.extras), files)
    values = states.dated(root, states.numbered(values, copy.files))
    problems = findings.diagnostics(site, values, files, now or datetime.now(UTC))
    report = SecretsReport(
        values=values,
        findings=Report.of(problems),
        files={name: file for name, file in files.items() if site.is_used(name)},
    )
    terminal.out(FORMATS[terminal.format](report, color=terminal.color))
    terminal.note(last_lines(report))
    return FINDINGS if report.findings.has_errors else 0


COMMAND = command("secrets", run)
