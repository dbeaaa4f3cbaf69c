"""`hubops validate`: render everything and check it, without a cluster and without a secret."""

from collections.abc import Iterator, Sequence
from pathlib import Path

from generator.build.tree import compare
from generator.cli.loading import FINDINGS
from generator.cli.options import Means, command, means_options, site_option, terminal_option
from generator.cli.rendering import Prepared, prepared
from generator.cli.terminal import Terminal
from generator.diagnostics import Diagnostic, Finding, Report, Severity
from generator.lint import load
from generator.proof.checks import CHECKS, DRIFT
from generator.proof.checks.base import failures, first_line, folder_failures
from generator.proof.drift import diverted
from generator.proof.render import rendering
from generator.proof.rendering import Rendering, Stage
from generator.records import replace
from generator.report import text
from generator.report.formats import FORMATS
from generator.yaml.read import read

TOOL_FAILED = 4


@site_option
@terminal_option(FORMATS)
def run(site_path: Path, terminal: Terminal, means: Means) -> int:
    """Render and check everything; needs no cluster and no secrets.

    \b
    Examples:
      hubops validate
      hubops validate --offline --format json
      hubops validate --helm .tools/helm4

    Checks schemas, removed APIs, fields that change at each rendering, credentials, objects
    that two Applications share, references and addresses that lead nowhere, calls that the
    network policies stop, and pods, those of users too, that the namespace refuses; where the
    tree on disk is not what site.yaml gives, in both. Exit 1 when it finds an error, 4 when Helm
    or Kustomize failed.
    """
    ready = prepared(site_path, terminal, means)
    renderings = [rendering(ready.site, ready.intended, ready.workshop)]
    if ready.built.files and ready.present != ready.intended:
        renderings.append(rendering(ready.site, ready.present, ready.workshop))
    name = terminal.place(site_path)
    document, root = read(ready.content, name), Path(name).parent
    findings = [one for each in renderings for check in CHECKS for one in check.check(each)]
    in_site = [one for one in findings if isinstance(one, Finding)]
    in_tree = [
        replace(one, at=first_line(root / one.at.file))
        for one in findings
        if isinstance(one, Diagnostic)
    ]
    located = load.located(in_site, document).diagnostics
    report = Report.of([*located, *in_tree, *_drift(ready, renderings, root, site_path.name)])
    lines = {name: document.lines}
    terminal.out(FORMATS[terminal.format](report, lines, color=terminal.color))
    releases = renderings[0].releases
    objects = sum(len(release.objects) for release in releases)
    clean = f"{len(releases)} applications with {objects} objects rendered, no errors"
    terminal.note(text.count(report, clean, "fix them and validate again") + "\n")
    # A program that failed by itself is not a finding about the site.
    if any(
        (*failures(one, Stage.PROGRAM), *folder_failures(one, Stage.PROGRAM)) for one in renderings
    ):
        return TOOL_FAILED
    return FINDINGS if report.has_errors else 0


COMMAND = command("validate", means_options(run))


def _drift(
    ready: Prepared, renderings: Sequence[Rendering], root: Path, name: str
) -> Iterator[Diagnostic]:
    """One finding, at the first of the files that are not what site.yaml gives.

    An error where an Application would come from or go to another place than site.yaml says.
    """
    changes = compare(ready.built.files, ready.built.tree).changes if ready.built.files else ()
    if changes:
        number = f"{len(changes)} file{'s' if len(changes) > 1 else ''}"
        moved = diverted(*renderings) if len(renderings) > 1 else ()
        what = f"; {', '.join(moved)} would not be what site.yaml says" if moved else ""
        yield Diagnostic(
            code=DRIFT,
            severity=Severity.ERROR if moved else Severity.WARNING,
            message=f"{number} on disk not what {name} gives: both trees were checked{what}",
            at=first_line(root / changes[0].path),
            help="run 'hubops generate'; 'hubops check' lists the files",
        )
