"""`hubops lint`: every mistake of site.yaml at once."""

from pathlib import Path

from generator.commands.site import FOUND, Terminal, loaded
from generator.report import text


def run(site_path: Path, terminal: Terminal) -> int:
    """1 when an error was found, else 0; warnings and infos are said and let pass."""
    result = loaded(site_path)
    terminal.out(text.findings(result.report, result.lines, color=terminal.color))
    clean = f"{site_path.name} has no errors; next: hubops generate"
    again = "mend them and run 'hubops lint' again"
    terminal.note(text.count(result.report, clean, again) + "\n")
    return FOUND if result.report.has_errors else 0
