"""`hubops secrets`: every secret value, how it stands, and what is wrong with it."""

from datetime import datetime
from pathlib import Path

from generator.cli.commands import standing
from generator.cli.commands.site import FOUND, Terminal, built, site_or_said
from generator.diagnostics import Report
from generator.io import worktree
from generator.report import text
from generator.secrets import report
from generator.secrets.inventory import VOID_CERTIFICATE, Entry, Standing, diagnostics


def _text(inventory: report.Inventory, *, color: bool) -> str:
    findings = text.findings(report.beside_table(inventory), (), color=color)
    table = report.table(inventory)
    return f"{table}\n{findings}" if findings else table


def _json(inventory: report.Inventory, *, color: bool) -> str:
    return report.as_json(inventory)


def _github(inventory: report.Inventory, *, color: bool) -> str:
    return report.as_github(inventory)


FORMATS = {"text": _text, "json": _json, "github": _github}


def run(site_path: Path, terminal: Terminal, *, format: str, now: datetime) -> int:
    """1 where an environment that requires sealed values lacks some, else 0. Writes nothing."""
    site = site_or_said(worktree.read_site(site_path), site_path, terminal)
    if site is None:
        return FOUND
    root = site_path.parent
    result = built(site, root)
    entries = standing.dated(root, standing.all_entries(site, root, result))
    files = standing.found(site, root, result).files
    findings = Report.of(diagnostics(site, entries, files, now))
    used = {name: file for name, file in files.items() if site.environments_of(name)}
    inventory = report.Inventory(entries=entries, report=findings, files=used)
    terminal.out(FORMATS[format](inventory, color=terminal.color))
    terminal.note(_last_line(entries, findings))
    return FOUND if findings.has_errors else 0


def _last_line(entries: tuple[Entry, ...], report: Report) -> str:
    """How many values stand how, and the next command."""
    sums = [
        f"{number} {state}"
        for state in Standing
        if (number := sum(entry.standing is state for entry in entries))
    ]
    found = text.count(report, "", "").rstrip("; ")
    steps = dict.fromkeys(_step(entry) for entry in entries if entry.standing != Standing.SEALED)
    said = "; ".join(part for part in (", ".join(sums), found) if part)
    return f"{said}\n" + "".join(f"next: {step}\n" for step in steps)


def _step(entry: Entry) -> str:
    seal = f"hubops seal {entry.environment}"
    if entry.standing is Standing.PLACEHOLDER:
        return seal
    if entry.code == VOID_CERTIFICATE or entry.standing is Standing.MALFORMED:
        return f"{seal} --reseal"
    return "hubops generate says what would be lost"
