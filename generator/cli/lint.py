"""`hubops lint`: every mistake in site.yaml at once; and the page of a code."""

from datetime import date
from pathlib import Path

import click

from generator.cli.loading import FINDINGS, loaded
from generator.cli.options import command, site_option, terminal_option
from generator.cli.terminal import Terminal
from generator.credentials import printable
from generator.diagnostics import UsageError
from generator.io import worktree
from generator.lint.pages import codes, page, pages
from generator.packaged import store as chart_store
from generator.report import text
from generator.report.formats import FORMATS
from generator.suggest import did_you_mean


@site_option
@terminal_option(FORMATS)
@click.option("--strict", is_flag=True, help="Treat warnings as errors.")
@click.option(
    "--base",
    metavar="REVISION",
    help="Revision to compare with, to find changes that can't be made: a volume that shrinks, a "
    "database of an older version. Default: where this branch left the one that Argo CD follows.",
)
@click.option(
    "--require-base",
    "requires_base",
    is_flag=True,
    help="Exit 3 if there is no base to compare with.",
)
@click.option(
    "--as-of",
    "as_of",
    metavar="DATE",
    callback=lambda context, option, day: _day(day),
    help="The day to judge support by, as 2026-03-24. Default: today.",
)
@click.option(
    "--explain",
    metavar="CODE",
    help="Print the page of a code and exit; 'all', 'checks' and 'effects' print every page.",
)
def run(
    site_path: Path,
    terminal: Terminal,
    *,
    strict: bool = False,
    base: str | None = None,
    requires_base: bool = False,
    as_of: str = "",
    explain: str | None = None,
) -> int:
    """Report every mistake in site.yaml at once.

    \b
    Examples:
      hubops lint
      hubops lint --strict --format sarif > lint.sarif
      hubops lint --require-base    # in CI: fail if there is nothing to compare with
      hubops lint --as-of 2026-01-01
      hubops lint --explain L401

    Exit 1 when there is an error; warnings and infos pass. What is no longer supported is an info:
    nothing fails because a day has passed. When Git refuses to read the checkout, it says why, and
    with --require-base or the variable CI exits with 3.
    """
    if explain is not None:
        terminal.out(_explained(explain))
        return 0
    content = worktree.read_site(site_path)
    result = loaded(content, site_path, terminal, base, requires_base=requires_base, today=as_of)
    report = result.report.strict() if strict else result.report
    terminal.out(FORMATS[terminal.format](report, result.lines, color=terminal.color))
    clean = f"{site_path.name} has no errors; next: hubops generate"
    again = "fix them and run 'hubops lint' again"
    terminal.note(text.count(report, clean, again) + "\n")
    if result.site is not None:
        for line in chart_store.strangers(site_path.parent, result.site):
            terminal.note(f"{printable(line)}\n")
    return FINDINGS if report.has_errors else 0


COMMAND = command("lint", run)


def _day(written: str | None) -> str:
    """A day as 2026-03-24, by default today."""
    try:
        return str(date.fromisoformat(written)) if written is not None else str(date.today())
    except ValueError:
        raise UsageError(f"'{written}' is not a day", "write it as 2026-03-24") from None


def _explained(code: str) -> str:
    """The page of a code, or a whole document."""
    from generator.change import effects  # slow to load, and no part of a lint
    from generator.doctor import checks as diagnoses
    from generator.proof import checks
    from generator.report import markdown

    wanted, prose = code.upper(), {**checks.PAGES, **effects.PAGES, **diagnoses.PAGES}
    if wanted == "ALL":
        return markdown.rules(pages())
    if wanted == "CHECKS":
        return markdown.notes(markdown.CHECKS_HEAD, checks.PAGES)
    if wanted == "EFFECTS":
        return markdown.notes(markdown.EFFECTS_HEAD, effects.PAGES)
    if wanted in codes():
        return markdown.rule(page(wanted))
    if wanted in prose:
        return markdown.note(wanted, prose[wanted])
    help = did_you_mean(wanted, [*codes(), *prose])
    raise UsageError(f"there is no code '{code}'", help)
