"""Answers to the questions -> a site that is free of errors, or what is wrong with each answer."""

import re
from collections.abc import Callable, Mapping
from typing import Any

from generator import HOME, __version__
from generator.adopt.new_site import files
from generator.adopt.new_site.questions import QUESTIONS, YES, Answers, SetupQuestion
from generator.diagnostics import Severity, UsageError
from generator.lint import load
from generator.records import record
from generator.site.model import Site
from generator.site.releases import Versions

# Asks a person one question; the second argument is the answer that Enter gives.
Ask = Callable[[SetupQuestion, str | None], str]
# What the templates say of hubops itself.
FACTS = {"home": HOME, "hubops-version": __version__}
_NAME = re.compile(r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?")
_BY_NAME = {question.name: question for question in QUESTIONS}


@record
class NewSite:
    """A site that is free of errors, with its text and the answers that it follows from."""

    site: Site
    content: bytes
    answers: Answers
    warnings: tuple[str, ...] = ()


@record
class WrongAnswer:
    """What is wrong with the answer to a question; "" for `question` where it is none alone."""

    question: str
    message: str

    @property
    def said(self) -> str:
        """The message with its option."""
        return f"--{self.question}: {self.message}" if self.question else self.message


def collected(folder: str, given: Answers, ask: Ask | None, known: Versions) -> dict[str, str]:
    """An answer to every question that applies, `given` or asked. UsageError for missing ones."""
    answers: dict[str, str] = {}
    missing = []
    for question in QUESTIONS:
        # A later option counts too: who may log in can be said in three ways.
        so_far = {**given, **answers}
        if not question.applies(so_far):
            continue
        default = question.default_for(so_far, known)
        if question.name == "name":
            default = folder if _NAME.fullmatch(folder) else None
        if question.name in given:
            answers[question.name] = given[question.name].strip()
        elif ask is not None and question.asked and not (question.only_if_open and default):
            answers[question.name] = ask(question, default).strip()
        elif default is not None:
            answers[question.name] = default
        else:
            missing.append(question)
    if missing:
        raise UsageError(
            "init needs more answers; nothing was written",
            "give these options, or run it on a terminal to be asked",
            tuple(f"{question.flag}: {question.help}" for question in missing),
        )
    if useless := [f"--{name}" for name in given if name not in answers]:
        has_dask = "with" if answers["dask"] == YES else "without"
        raise UsageError(
            f"not used with --provider {answers['provider']} and {has_dask} Dask: "
            f"{', '.join(useless)}; nothing was written",
            "leave it out, or choose another login or Dask",
        )
    return answers


def site_of(
    answers: dict[str, str],
    template: str,
    schema: Mapping[str, Any],
    known: Versions,
    ask: Ask | None,
    note: Callable[[str], None],
) -> NewSite:
    """The site of good answers; a person is asked again for each wrong one. UsageError else."""
    while True:
        site = judged(answers, template, schema, known)
        if isinstance(site, NewSite):
            return site
        if ask is None or not all(mistake.question for mistake in site):
            raise UsageError(
                "these answers do not make a valid site; nothing was written",
                "correct each of them; 'hubops init --help' explains them",
                tuple(mistake.said for mistake in site),
            )
        for name in dict.fromkeys(mistake.question for mistake in site):
            note("".join(f"  {one.message}\n" for one in site if one.question == name))
            answers[name] = ask(_BY_NAME[name], None)


def judged(
    answers: Answers, template: str, schema: Mapping[str, Any], known: Versions
) -> NewSite | tuple[WrongAnswer, ...]:
    """The site, or every mistake in the answers."""
    if unwritable := [name for name, answer in answers.items() if not answer.isprintable()]:
        message = "contains a character that site.yaml can't hold"
        return tuple(WrongAnswer(question=name, message=message) for name in unwritable)
    facts = {**answers, "certificate": f"certificates/{answers['cluster']}.pem", **FACTS}
    text = files.site(template, facts)
    loaded = load.load(text.content, files.SITE, schema, known)
    wanted = Severity.ERROR if loaded.site is None else Severity.WARNING
    wrong = tuple(
        WrongAnswer(
            question=text.question(found.at.line),
            message=f"{found.message} ({found.help})" if found.help else found.message,
        )
        for found in loaded.report.diagnostics
        if found.severity is wanted
    )
    if loaded.site is None:
        return wrong
    warnings = tuple(warning.said for warning in wrong)
    return NewSite(site=loaded.site, content=text.content, answers=facts, warnings=warnings)


def of_site(site: Site, content: bytes) -> NewSite:
    """A site that exists, with the answers that the templates beside it need."""
    first = site.environments[0]
    login = first.settings.login
    answers = {
        "name": site.name,
        "url": site.repository.url,
        "revision": site.repository.revision.removeprefix("refs/heads/"),
        "cluster": first.cluster,
        "environment": first.name,
        "host": first.host,
        "provider": login.provider if login is not None else "",
        **FACTS,
    }
    return NewSite(site=site, content=content, answers=answers)
