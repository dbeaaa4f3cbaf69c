"""`hubops init`: a new site in a few answers. All files or none; nothing is written over."""

import json
import os
import shlex
from collections.abc import Callable, Mapping
from pathlib import Path

from generator import HOME, __version__
from generator.adopt.new_site import layout
from generator.adopt.new_site.questions import QUESTIONS, Answers, Question, folder_name
from generator.build.tree import compare
from generator.cli.commands.site import FOUND, Terminal, built_on, judged
from generator.diagnostics import Diagnostic, GeneratorError, Severity, ToolError, UsageError
from generator.io import git, resources, worktree, writer
from generator.lint import load
from generator.records import record
from generator.site.model import Site

# Asks a person one question; the second argument is the answer that Enter gives.
Ask = Callable[[Question, str | None], str]

_BY_NAME = {question.name: question for question in QUESTIONS}
_HEADS = "refs/heads/"
# What the templates say of hubops itself.
_FACTS = {"home": HOME, "hubops-version": __version__}


@record
class _New:
    """A site that is free of errors, with its text and the answers it was made from."""

    site: Site
    content: bytes
    answers: Answers
    warnings: tuple[str, ...]


def run(
    root: Path,
    given: Mapping[str, str],
    ask: Ask | None,
    terminal: Terminal,
    source: Path | None = None,
) -> int:
    """0 when the site stands there, 1 when the text of `source` is no site.

    `given` are answers by their question; `ask` is None where nobody can be asked. `source` is a
    site.yaml to begin with: nothing is asked then. UsageError for missing or wrong answers,
    GeneratorError where a file is in the way: nothing is written then.
    """
    _refuse_existing(root, layout.PATHS)
    templates = resources.new_site_templates(layout.TEMPLATES)
    if source is None:
        new = _settled(root, given, ask, templates, terminal)
    else:
        taken = _taken(source, given, terminal)
        if taken is None:
            return FOUND
        new = taken
    files = _files(root, new, templates)
    _refuse_existing(root, files)
    _write(root, files)
    for warning in new.warnings:
        terminal.note(f"warning: {warning}\n")
    terminal.out("".join(f"created {path}\n" for path in sorted(files)))
    repository = _repository(root, new.answers, terminal)
    terminal.out(_next_steps(root, new, is_new_repository=repository))
    return 0


def _taken(source: Path, given: Mapping[str, str], terminal: Terminal) -> _New | None:
    """The site of a file as it is; None, and its errors are said, where it is none."""
    if given:
        flags = ", ".join(f"--{name}" for name in given)
        raise UsageError(
            f"of no use with --from: {flags}; nothing was written",
            f"write it into {source} instead",
        )
    content = worktree.read_site(source)
    result = load.load(
        content, terminal.place(source), resources.site_schema(), resources.known_versions()
    )
    site = judged(result, source, terminal)
    if site is None:
        return None
    first = site.environments[0]
    login = first.settings.login
    answers = {
        "name": site.name,
        "url": site.repository.url,
        "revision": site.repository.revision.removeprefix(_HEADS),
        "cluster": first.cluster,
        "environment": first.name,
        "host": first.host,
        "provider": login.provider if login is not None else "",
    }
    return _New(site=site, content=content, answers={**answers, **_FACTS}, warnings=())


def _settled(
    root: Path,
    given: Mapping[str, str],
    ask: Ask | None,
    templates: Mapping[str, str],
    terminal: Terminal,
) -> _New:
    """The site of good answers; a person is asked again for each that is wrong."""
    answers = _answers(root, given, ask)
    while True:
        new, problems = _judged(answers, templates[layout.SITE])
        if new is not None:
            return new
        if ask is None or not all(question for question, _ in problems):
            raise UsageError(
                "these answers make no site; nothing was written",
                "give each again; 'hubops init --help' explains them",
                tuple(_said(question, message) for question, message in problems),
            )
        for name in dict.fromkeys(question for question, _ in problems):
            messages = [message for question, message in problems if question == name]
            terminal.note("".join(f"  {message}\n" for message in messages))
            answers[name] = ask(_BY_NAME[name], None)


def _said(question: str, message: str) -> str:
    return f"--{question}: {message}" if question else message


def _answers(root: Path, given: Mapping[str, str], ask: Ask | None) -> dict[str, str]:
    """An answer to every question that applies. UsageError naming the flags that are missing."""
    answers: dict[str, str] = {}
    missing = []
    known = resources.known_versions()
    for question in QUESTIONS:
        # A later flag counts too: who may log in can be said in three ways.
        so_far = {**given, **answers}
        if not question.applies(so_far):
            continue
        default = question.default_for(so_far, known)
        if question.name == "name":
            default = folder_name(root.resolve().name)
        if question.name in given:
            answers[question.name] = given[question.name].strip()
        elif ask is not None and _is_asked(question, default):
            answers[question.name] = ask(question, default).strip()
        elif default is not None:
            answers[question.name] = default
        else:
            missing.append(question)
    if missing:
        raise UsageError(
            "init needs to know more; nothing was written",
            "give these options, or run it on a terminal to be asked",
            tuple(f"{question.flag}: {question.help}" for question in missing),
        )
    _refuse_useless(given, answers)
    return answers


def _is_asked(question: Question, default: str | None) -> bool:
    return bool(question.asked) and not (question.only_if_open and default)


def _refuse_useless(given: Mapping[str, str], answers: Answers) -> None:
    """An option that the other answers leave without a meaning."""
    useless = [f"--{name}" for name in given if name not in answers]
    if useless:
        dask = "with" if answers["dask"] == "yes" else "without"
        raise UsageError(
            f"of no use with --provider {answers['provider']} and {dask} Dask: "
            f"{', '.join(useless)}; nothing was written",
            "leave it out, or choose another login or Dask",
        )


def _judged(answers: Mapping[str, str], template: str) -> tuple[_New | None, list[tuple[str, str]]]:
    """The site, or what is wrong: for each mistake its question and what is said of it."""
    certificate = f"certificates/{answers['cluster']}.pem"
    facts = {**answers, "certificate": certificate, **_FACTS}
    wrong = [(name, "holds a character that site.yaml can't") for name in _unwritable(answers)]
    if wrong:
        return None, wrong
    text = layout.site(template, facts)
    loaded = load.load(
        text.content, layout.SITE, resources.site_schema(), resources.known_versions()
    )
    found = [
        (text.question(diagnostic.at.line), diagnostic)
        for diagnostic in loaded.report.diagnostics
        if diagnostic.severity is not Severity.INFO
    ]
    if loaded.site is None:
        errors = [(name, _words(one)) for name, one in found if one.severity is Severity.ERROR]
        return None, errors
    warnings = tuple(_said(name, _words(one)) for name, one in found)
    new = _New(site=loaded.site, content=text.content, answers=facts, warnings=warnings)
    return new, []


def _words(found: Diagnostic) -> str:
    help = f" ({found.help})" if found.help else ""
    return f"{found.message}{help}"


def _unwritable(answers: Answers) -> list[str]:
    return [name for name, answer in answers.items() if not answer.isprintable()]


def _files(root: Path, new: _New, templates: Mapping[str, str]) -> dict[str, bytes]:
    """Every file of the site, the generated ones among them."""
    copy = worktree.read_copy(root)
    result = built_on(new.site, copy)
    schema = json.dumps(resources.site_schema(), indent=2, ensure_ascii=False) + "\n"
    return {
        layout.SITE: new.content,
        layout.SCHEMA: schema.encode(),
        **layout.others(templates, new.answers),
        **result.tree,
        # Generated files of another site would be left over: they are in the way as well.
        **result.files,
    }


def _refuse_existing(root: Path, paths: Mapping[str, bytes] | tuple[str, ...]) -> None:
    """GeneratorError with the list of what stands where init writes."""
    if root.exists() and not root.is_dir():
        raise GeneratorError(f"{root}: a file; nothing was written", "name a folder")
    there = tuple(path for path in paths if os.path.lexists(root / path))
    if there:
        raise GeneratorError(
            f"{len(there)} {'file' if len(there) == 1 else 'files'} in {root} would be written "
            "over; nothing was written",
            "move them away, or name a new folder: hubops init DIR",
            there,
        )


def _write(root: Path, files: Mapping[str, bytes]) -> None:
    """All files, or none and no new folder either."""
    made = [folder for folder in (root, *root.parents) if not folder.exists()]
    try:
        try:
            root.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise GeneratorError.refused(root, error, "name a folder that you may make") from None
        with writer.lock(root):
            _refuse_existing(root, tuple(files))
            try:
                writer.apply(root, compare({}, files), sealed=())
            except BaseException:
                writer.withdraw(root, files)
                raise
    except BaseException:
        for folder in made:
            if folder.is_dir() and not any(folder.iterdir()):
                folder.rmdir()
        raise


def _repository(root: Path, answers: Answers, terminal: Terminal) -> bool:
    """Whether the folder is a new repository now; what is unusual is noted."""
    top = git.top(root)
    if top is not None:
        if top.resolve() != root.resolve():
            terminal.note(
                f"\nnote: {root} lies inside the repository {top}. Argo CD and GitHub's "
                "workflows expect a site's files at the top of its repository\n"
            )
        return False
    try:
        git.start(root, _branch(answers))
    except ToolError as error:
        terminal.note(f"\nnote: no repository was made: {error.message}; run 'git init' there\n")
        return False
    return True


def _branch(answers: Answers) -> str:
    revision = answers["revision"].removeprefix(_HEADS)
    return "main" if revision.startswith("refs/") else revision


def _next_steps(root: Path, new: _New, *, is_new_repository: bool) -> str:
    """What to do, in order, as commands to copy."""
    answers = new.answers
    cluster, environment = answers["cluster"], answers["environment"]
    steps = [
        *(["cd " + shlex.quote(str(root))] if root.resolve() != Path.cwd() else []),
        "make generate        # what is left to do, with this cluster's prerequisites",
        f"kubeseal --fetch-cert > certificates/{cluster}.pem",
        f"hubops certificate {cluster}    # is it good?",
        f"hubops seal {environment}    # asks for each secret value, or makes it",
        "make charts && make validate",
        "git add -A && git commit -m 'A new site'",
    ]
    if is_new_repository:
        steps.append(f"git remote add origin {shlex.quote(answers['url'])}")
    steps.append(f"git push -u origin {shlex.quote(_branch(answers))}")
    steps.append("once, as the cluster's administrator, the two kubectl commands of README.md")
    numbered = "".join(f"  {number}. {step}\n" for number, step in enumerate(steps, 1))
    return f"\nNext (README.md there says more):\n{numbered}"
