"""`hubops validate`: render everything and check it, without a cluster and without a secret."""

from collections.abc import Iterable, Iterator
from pathlib import Path

import click

from generator.build.tree import compare
from generator.cli.loading import FINDINGS
from generator.cli.options import (
    format_option,
    helm_option,
    limit_option,
    offline_option,
    site_option,
)
from generator.cli.rendering import Means, Prepared, intended, prepared, present
from generator.cli.terminal import Terminal, terminal
from generator.diagnostics import Diagnostic, Finding, Report, Severity, Span
from generator.lint import load
from generator.proof.checks import CHECKS, DRIFT
from generator.proof.checks.base import FileFinding
from generator.proof.render import rendering
from generator.proof.rendering import Rendering, Stage
from generator.report import text
from generator.report.formats import FORMATS
from generator.yaml.read import read

TOOL_FAILED = 4


@click.command()
@site_option
@format_option
@helm_option
@limit_option
@offline_option
def validate(
    site_path: Path, format: str | None, helm: str | None, limit: float, offline: bool
) -> int:
    """Render and check everything; needs no cluster and no secrets.

    \b
    Examples:
      hubops validate
      hubops validate --offline --format json
      hubops validate --helm .tools/helm4

    Checks schemas, removed APIs, fields that change at each rendering, credentials, objects
    that two Applications share, references and addresses that lead nowhere, and calls that the
    network policies stop. Exit 1 when it finds an error, 4 when Helm or Kustomize failed.
    """
    return run(site_path, terminal(format), Means.of(helm, limit, offline=offline))


COMMAND = validate


def run(site_path: Path, terminal: Terminal, means: Means) -> int:
    """0 when no error was found, 1 when one was, 4 when a program failed by itself.

    Where the tree on disk is not what site.yaml gives, both are judged.
    """
    ready = prepared(site_path, terminal, means)
    if ready is None:
        return FINDINGS
    renderings = list(_renderings(ready))
    name = terminal.place(site_path)
    document = read(ready.content, name)
    found = [one for rendered in renderings for check in CHECKS for one in check.check(rendered)]
    in_site = [one for one in found if isinstance(one, Finding)]
    root = Path(name).parent
    in_tree = [_diagnostic(one, root) for one in found if isinstance(one, FileFinding)]
    located = load.located(in_site, document).diagnostics
    report = Report.of([*located, *in_tree, *_drift(ready, Path(name))])
    lines = {name: document.lines}
    terminal.out(FORMATS[terminal.format](report, lines, color=terminal.color))
    terminal.note(text.count(report, _clean(renderings), "mend them and validate again") + "\n")
    if any(_failed(rendered) for rendered in renderings):
        return TOOL_FAILED
    return FINDINGS if report.has_errors else 0


def _renderings(ready: Prepared) -> Iterator[Rendering]:
    """What site.yaml gives and, where it differs and is there, what stands on disk."""
    wanted, there = intended(ready), present(ready)
    yield rendering(ready.site, wanted, ready.workshop)
    if ready.built.files and there != wanted:
        yield rendering(ready.site, there, ready.workshop)


def _drift(ready: Prepared, site_path: Path) -> Iterable[Diagnostic]:
    """One warning, at the first of the files that are not what site.yaml gives."""
    changes = compare(ready.built.files, ready.built.tree).changes if ready.built.files else ()
    if changes:
        number = f"{len(changes)} file{'s' if len(changes) > 1 else ''}"
        yield Diagnostic(
            code=DRIFT,
            severity=Severity.WARNING,
            message=f"{number} on disk not what {site_path.name} gives: both trees were judged",
            at=_first_line(site_path.parent / changes[0].path),
            help="run 'hubops generate'; 'hubops check' lists the files",
        )


def _diagnostic(found: FileFinding, root: Path) -> Diagnostic:
    return Diagnostic(
        code=found.code,
        severity=found.severity,
        message=found.message,
        at=_first_line(root / found.file),
        help=found.help,
    )


def _first_line(path: Path) -> Span:
    return Span(file=str(path), line=1, column=1, end_line=1, end_column=1)


def _failed(rendered: Rendering) -> bool:
    """Whether a program failed by itself, which is no finding about the site."""
    failures = [*(one.failure for one in rendered.releases), *(f.failure for f in rendered.folders)]
    return any(one is not None and one.stage is Stage.PROGRAM for one in failures)


def _clean(renderings: list[Rendering]) -> str:
    first = renderings[0]
    objects = sum(len(release.objects) for release in first.releases)
    told = f"{len(first.releases)} applications with {objects} objects"
    return f"{told} rendered, no errors"
