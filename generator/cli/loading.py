"""What every command begins with: loading site.yaml, and reporting what is wrong in it."""

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any, TypeVar

import click

from generator.build.repository import extra_folder
from generator.build.tree import SOURCE_OVERRIDE
from generator.cli.terminal import Terminal
from generator.credentials import printable
from generator.diagnostics import Diagnostic, GeneratorError, Report, Severity, UsageError
from generator.io import git, resources, worktree
from generator.io.worktree import WorkingCopy
from generator.lint import load
from generator.lint.rules.base import PackagedChart, Surroundings
from generator.packaged import cache_folder
from generator.records import replace
from generator.report import text
from generator.site.model import Environment, Site
from generator.site.releases import Versions
from generator.suggest import did_you_mean

# The exit code of a run that reports findings, drift or differences.
FINDINGS = 1
# The text of the site at a base that has none.
_NO_SITE = b""
_EARLIER = "compare with an earlier revision that can be read: hubops lint --base REVISION"

Part = TypeVar("Part")


def loaded(
    content: bytes,
    path: Path,
    terminal: Terminal,
    base: str | None = None,
    *,
    requires_base: bool = False,
    today: str = "",
) -> load.Loaded:
    """The site of a text with its report, held against the Git base and the charts at hand.

    `base` is a revision; else it is where the present branch left the followed one, if there is
    one. Where Git can't tell, a note says why, and in CI that is an error. GeneratorError too when
    a revision was named and is not there, or has no such file, and when `requires_base` and there
    is nothing to compare with. With `today`, also against what is supported on that day.
    """

    def around(site: Site) -> Surroundings:
        before = _base(site, path, terminal, base, requires_base=requires_base)
        charts = _charts_at_hand(path.parent, site)
        if before is None or before == content:
            return Surroundings(charts=charts, day=today)
        if before == _NO_SITE:
            return Surroundings(is_first=True, charts=charts, day=today)
        older = load.in_part(before, path.name, *_facts())
        if older.site is None:
            unread = GeneratorError(f"{path.name} of the base can't be read", _EARLIER)
            if requires_base:
                raise unread
            terminal.note(_uncompared(path, unread))
        elif older.unread:
            terminal.note(_compared_in_part(path, older.unread))
        return Surroundings(base=older.site, charts=charts, day=today)

    name = terminal.place(path)
    return load.load(content, name, *_facts(), around)


def _charts_at_hand(root: Path, site: Site) -> Mapping[tuple[str, str], PackagedChart]:
    if not os.path.isdir(cache_folder(root)):  # noqa: PTH112, Path raises what it may not see
        return {}
    from generator.packaged import store  # most runs have no charts to look at

    return store.at_hand(root, site)


def _base(
    site: Site, path: Path, terminal: Terminal, named: str | None, *, requires_base: bool
) -> bytes | None:
    """The text of the site as the base has it, empty where it has none; None without a base."""
    root, followed = path.parent, site.repository.revision
    if named is not None or requires_base:
        revision = default_base(root, followed) if named is None else git.commit(root, named)
        before = git.content(root, revision, path.name)
        if before is None and named is not None:
            raise GeneratorError(
                f"revision '{named}' has no {path.name} in this folder",
                "name a revision that has one, or leave --base out",
            )
        return _NO_SITE if before is None else before
    try:
        left = git.main_base(root, followed)
        if left is not None:
            return git.content(root, left, path.name) or _NO_SITE
        is_cut_off = not git.is_outside(root) and git.is_shallow(root)
    except GeneratorError as error:
        if _is_ci():
            raise
        terminal.note(_uncompared(path, error))
        return None
    if is_cut_off:
        terminal.note(_uncompared(path, _shallow(followed)))
    return None


def default_base(root: Path, followed: str) -> str:
    """Where the present branch left the one that Argo CD follows; GeneratorError where unknown."""
    git.require_repository(root)
    base = git.main_base(root, followed)
    if base is not None:
        return base
    if git.is_shallow(root):
        raise _shallow(followed)
    raise GeneratorError(
        f"no branch '{_branch(followed)}' is known here to compare with",
        "fetch it with 'git fetch origin', or name a revision with --base",
    )


def _branch(followed: str) -> str:
    return followed.removeprefix("refs/heads/")


def _shallow(followed: str) -> GeneratorError:
    return GeneratorError(
        f"this clone is shallow: it does not hold where this branch left '{_branch(followed)}'",
        "fetch the history first, 'git fetch --unshallow', or name a revision with --base",
    )


def _is_ci() -> bool:
    """Whether this runs in continuous integration, where no one reads a note."""
    return os.environ.get("CI", "").lower() not in ("", "0", "false")


def _uncompared(path: Path, error: GeneratorError) -> str:
    lines = (f"{path.name} is not compared with its Git base: {error.message}", *error.details)
    return "\n  ".join(map(printable, (*lines, f"help: {error.help}"))) + "\n"


def _compared_in_part(path: Path, unread: tuple[Diagnostic, ...]) -> str:
    found = (f"{one.at.file}:{one.at.line}: {one.code}: {one.message}" for one in unread[:3])
    more = (f"and {len(unread) - 3} more",) if len(unread) > 3 else ()
    head = f"{path.name} of the Git base has errors: a change of these places is not judged"
    return "\n  ".join(map(printable, (head, *found, *more))) + "\n"


def as_far_as_read(content: bytes) -> Site | None:
    """The site of a text that may have mistakes; None where they leave nothing of it."""
    return load.as_far_as_read(content, *_facts())


def _facts() -> tuple[Mapping[str, Any], Versions]:
    return resources.site_schema(), resources.known_versions()


def site_of(path: Path, terminal: Terminal, content: bytes | None = None) -> Site:
    """The site of site.yaml, or of a text; where it has an error, see `judged`."""
    content = worktree.read_site(path) if content is None else content
    return judged(loaded(content, path, terminal), path, terminal)


def judged(result: load.Loaded, path: Path, terminal: Terminal) -> Site:
    """The site of what was loaded. Where it has an error, prints all and ends the command with 1.

    Infos alone are left to lint: this is run at every change.
    """
    report = result.report
    if result.site is not None and not report.has_errors:
        if report.count(Severity.WARNING):
            terminal.note(text.count(report, "hubops lint shows what", "") + "\n")
        return result.site
    raise _refused(report, result.lines, path.name, terminal)


def judge_extra(site: Site, copy: WorkingCopy, path: Path, terminal: Terminal) -> None:
    """Prints what Argo CD would refuse of users' own files, and ends the command with 1."""
    extras, overrides = copy.extras, [path for path in copy.files if SOURCE_OVERRIDE in path]
    if not (any(extras.values()) or overrides):
        return
    from generator.lint import extra  # few sites have such files

    root = Path(terminal.place(path)).parent
    found = [
        replace(one, at=replace(one.at, file=str(root / one.at.file)))
        for one in extra.findings(site, extras, overrides)
    ]
    if found:
        lines = {
            str(root / extra_folder(name) / file): content.decode(errors="replace").split("\n")
            for name, files in extras.items()
            for file, content in files.items()
        }
        raise _refused(Report.of(found), lines, "what is in extra/", terminal)


def _refused(
    report: Report, lines: text.FileLines, what: str, terminal: Terminal
) -> click.exceptions.Exit:
    """What ends a command after the findings are printed."""
    from generator.report.formats import FORMATS  # only to say what is wrong

    terminal.out(FORMATS[terminal.format](report, lines, color=terminal.color))
    again = f"nothing written; fix {what} and run again"
    terminal.note(text.count(report, "", again) + "\n")
    return click.exceptions.Exit(FINDINGS)


def environment_of(site: Site, name: str) -> Environment:
    """An environment by its name; UsageError, with the nearest, when there is none."""
    known = {environment.name: environment for environment in site.environments}
    if name not in known:
        raise UsageError(f"there is no environment '{name}'", did_you_mean(name, known))
    return known[name]


def place_of(site: Site, name: str) -> Environment:
    """An environment, or an app of a cluster by `<cluster>/<app>`; UsageError as above."""
    known = {place.name: place for place in site.places}
    if name not in known:
        apps = [place.name for place in site.platform if place.apps[0].name == name]
        kind = "app of a cluster" if "/" in name else "environment"
        text = f"there is no {kind} '{name}'"
        help = f"write  {' or '.join(apps)}" if apps else did_you_mean(name, known)
        raise UsageError(text, help)
    return known[name]


def named(kind: str, name: str, known: Mapping[str, Part]) -> Part:
    """A part of the site. UsageError, without what may be a value in the name's place."""
    if name not in known:
        raise UsageError(f"site.yaml has no {kind} of that name", did_you_mean(name, known))
    return known[name]
