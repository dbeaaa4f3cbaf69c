"""`hubops init`: a new site from a few answers. All files or none; no file is overwritten."""

import json
import os
import shlex
from collections.abc import Iterable, Mapping
from pathlib import Path

import click

from generator.adopt.new_site import answers
from generator.adopt.new_site import files as site_files
from generator.adopt.new_site.answers import Ask, NewSite
from generator.adopt.new_site.questions import NO, QUESTIONS, YES, SetupQuestion
from generator.build.tree import compare
from generator.cli.building import built_on
from generator.cli.loading import judged
from generator.cli.options import FilePath
from generator.cli.terminal import Terminal, terminal
from generator.credentials import printable
from generator.diagnostics import GeneratorError, UsageError
from generator.io import git, resources, worktree, writer
from generator.lint import load
from generator.lint.rules.base import Surroundings
from generator.packaged import store as chart_store
from generator.secrets import asking


def _option(question: SetupQuestion) -> click.Option:
    if question.choices == (YES, NO):
        flags = f"{question.flag}/--no-{question.name}"
        return click.Option([flags], default=None, help=question.help)
    kind = click.Choice(question.choices) if question.choices else click.STRING
    return click.Option([question.flag], type=kind, help=question.help)


_OPTIONS: list[click.Parameter] = [
    click.Argument(["folder"], type=FilePath(), default=".", metavar="[DIR]"),
    click.Option(["--yes"], is_flag=True, help="Ask nothing; use the defaults."),
    click.Option(
        ["--from", "source"],
        type=FilePath(),
        metavar="FILE",
        help="Start from this site.yaml, and ask nothing.",
    ),
    *map(_option, QUESTIONS),
]


@click.command(name="init", params=_OPTIONS)
def init(folder: Path, yes: bool, source: Path | None, **given: str | bool | None) -> int:
    """Start a new site in its own folder.

    \b
    Examples:
      hubops init gitops    # asks what it needs to know
      hubops init gitops --from imported.yaml
      hubops init gitops --url https://github.com/coast/gitops.git \\
          --host hub.example.org --storage-class standard \\
          --provider github --organizations coast-lab --no-dask

    On a terminal it asks for what the options leave open. Elsewhere, or with --yes, it uses the
    defaults; options without a default are required. It writes site.yaml, the generated tree,
    a Makefile, a workflow and a README. It overwrites nothing: it writes all files or none.

    Exit 1 when the site.yaml of --from has an error, 2 for a missing answer, 3 when a file is
    in the way.
    """
    words = {True: YES, False: NO}
    texts = {
        name.replace("_", "-"): words[answer] if isinstance(answer, bool) else answer
        for name, answer in given.items()
        if answer is not None
    }
    can_ask = asking.has_terminal() and not yes
    return run(folder, texts, _ask if can_ask else None, terminal(), source)


COMMAND = init


def _ask(question: SetupQuestion, default: str | None) -> str:
    """What a person answers; Enter gives the default, where there is one."""
    try:
        answer: str = click.prompt(
            question.asked or question.name,
            default=default,
            show_default=bool(default),
            type=click.Choice(question.choices) if question.choices else str,
            err=True,
        )
    except UnicodeDecodeError:
        raise GeneratorError(
            "what was typed is not text in the terminal's encoding; nothing was written",
            f"give the answer with {question.flag}",
        ) from None
    return answer


def run(
    root: Path,
    given: Mapping[str, str],
    ask: Ask | None,
    terminal: Terminal,
    source: Path | None = None,
) -> int:
    """0 when the site is written, 1 when `source`, a site.yaml to start from, has errors.

    UsageError for missing or wrong answers, GeneratorError where a file is in the way.
    """
    _refuse_existing(root, site_files.PATHS)
    templates = resources.new_site_templates(site_files.TEMPLATES)
    schema, known = resources.site_schema(), resources.known_versions()
    if source is not None:
        if given:
            flags = ", ".join(f"--{name}" for name in given)
            help = f"write it in {source} instead"
            raise UsageError(f"not used with --from: {flags}; nothing was written", help)
        content = worktree.read_site(source)
        loaded = load.load(
            content,
            terminal.place(source),
            schema,
            known,
            lambda site: Surroundings(charts=chart_store.at_hand(source.parent, site)),
        )
        site = judged(loaded, source, terminal)
        new = answers.of_site(site, content)
    else:
        collected = answers.collected(root.resolve().name, given, ask, known)
        template = templates[site_files.SITE]
        new = answers.site_of(collected, template, schema, known, ask, terminal.note)
    files = _files(root, new, templates)
    _refuse_existing(root, files)
    _write(root, files)
    for warning in new.warnings:
        terminal.note(f"warning: {warning}\n")
    terminal.out("".join(f"created {printable(path)}\n" for path in sorted(files)))
    terminal.out(_next_steps(root, new, _new_repository(root, new, terminal)))
    return 0


def _files(root: Path, new: NewSite, templates: Mapping[str, str]) -> dict[str, bytes]:
    """Every file of the site, the generated ones among them."""
    result = built_on(new.site, worktree.read_copy(root))
    schema = json.dumps(resources.site_schema(), indent=2, ensure_ascii=False) + "\n"
    return {
        site_files.SITE: new.content,
        site_files.SCHEMA: schema.encode(),
        **site_files.others(templates, new.answers),
        **result.tree,
        # Generated files of another site would stay: they are in the way as well.
        **result.files,
    }


def _refuse_existing(root: Path, paths: Iterable[str]) -> None:
    """GeneratorError with the list of files that init would overwrite."""
    writer.refuse_git_folder(root)
    if root.exists() and not root.is_dir():
        raise GeneratorError(f"{root}: a file; nothing was written", "name a folder")
    existing = tuple(path for path in paths if os.path.lexists(root / path))
    if existing:
        raise GeneratorError(
            f"init would overwrite {len(existing)} {'file' if len(existing) == 1 else 'files'} in "
            f"{root}; nothing was written",
            "move them away, or name a new folder: hubops init DIR",
            existing,
        )


def _write(root: Path, files: Mapping[str, bytes]) -> None:
    """All files, or none and no new folder either."""
    made = [folder for folder in (root, *root.parents) if not folder.exists()]
    try:
        try:
            root.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise GeneratorError.refused(root, error, "name a folder that you can create") from None
        with writer.lock(root):
            _refuse_existing(root, files)
            try:
                writer.apply(root, compare({}, files), sealed=())
            except BaseException:
                writer.withdraw(root, files)
                raise
    finally:
        for folder in made:
            if folder.is_dir() and not any(folder.iterdir()):
                folder.rmdir()


def _new_repository(root: Path, new: NewSite, terminal: Terminal) -> bool:
    """Whether the folder is a new repository now; notes on the terminal say why not."""
    try:
        top = git.top(root)
        if top is None:
            git.start(root, _branch(new))
            return True
    except GeneratorError as error:
        why = "; ".join((error.message, *error.details, "run 'git init' there"))
        terminal.note(f"\nnote: no Git repository created: {printable(why)}\n")
        return False
    if top.resolve() != root.resolve():
        terminal.note(
            f"\nnote: {root} is inside the repository {printable(str(top))}. Argo CD and GitHub's "
            "workflows expect a site's files at the top of its repository\n"
        )
    return False


def _branch(new: NewSite) -> str:
    revision = new.answers["revision"].removeprefix("refs/heads/")
    return "main" if revision.startswith("refs/") else revision


def _next_steps(root: Path, new: NewSite, is_new_repository: bool) -> str:
    """What to do, in order, as commands to copy."""
    cluster, environment = new.answers["cluster"], new.answers["environment"]
    remote = f"git remote add origin {shlex.quote(new.answers['url'])}"
    steps = [
        *([f"cd {shlex.quote(str(root))}"] if root.resolve() != Path.cwd() else []),
        "make generate        # lists what is left to do and what the cluster needs",
        f"kubeseal --fetch-cert > certificates/{cluster}.pem",
        f"hubops certificate {cluster}    # checks the certificate",
        f"hubops seal {environment}    # asks for each secret value, or generates it",
        "make charts && make validate",
        "git add -A && git commit -m 'A new site'",
        *([remote] if is_new_repository else []),
        f"git push -u origin {shlex.quote(_branch(new))}",
        "once, as the cluster's administrator: the two kubectl commands in README.md",
    ]
    numbered = "".join(f"  {number}. {step}\n" for number, step in enumerate(steps, 1))
    return f"\nNext (README.md has the details):\n{numbered}"
