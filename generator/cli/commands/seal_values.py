"""The values for `hubops seal`: taken from where the command line says, asked for, or made.

Each is checked against what reads it before anything is sealed; what is said repeats none of it.
"""

from collections.abc import Callable, Iterator
from enum import Enum

from generator.cli.commands.site import Terminal
from generator.diagnostics import GeneratorError, UsageError
from generator.records import record
from generator.secrets import asking, sealing
from generator.secrets import keys as secret_keys
from generator.secrets.asking import STANDARD_INPUT, Sources
from generator.secrets.inventory import Entry
from generator.secrets.plaintext import Plaintext
from generator.site.model import Environment

# How often an unfit value is asked for again.
_TRIES = 3


class Mode(Enum):
    """Which values are sealed: those that are missing, one anew, or those that became void."""

    MISSING = "missing"
    ROTATE = "rotate"
    RESEAL = "reseal"


@record
class Request:
    """What the command line asks for; `key` is `SECRET/KEY`, or the key alone."""

    environment: str
    key: str | None = None
    mode: Mode = Mode.MISSING


@record
class Given:
    """A value for one entry, and whether hubops made it."""

    entry: Entry
    value: Plaintext
    is_generated: bool


def values(
    environment: Environment,
    targets: tuple[Entry, ...],
    request: Request,
    sources: Sources,
    terminal: Terminal,
) -> Iterator[Given]:
    """A fit value for each target; one that a person leaves out, or that is not random, is said."""
    if sources.generate:
        yield from _generated(environment, targets, request, terminal)
        return
    if request.key is not None and (given := _handed_over(sources)) is not None:
        yield _checked(environment, targets[0], given, terminal)
        return
    if sources.ask is None:
        raise UsageError(
            "there is no terminal to ask on; nothing was written",
            "give --from-file PATH ('-' is standard input) or --from-env NAME with the key, or "
            "--generate for what is random by nature",
            tuple(f"no value for {entry.name}" for entry in targets),
        )
    if request.mode is Mode.RESEAL:
        terminal.note(_what_is_needed(environment, targets))
    yield from _asked(environment, targets, sources, terminal, must=request.key is not None)


def _what_is_needed(environment: Environment, targets: tuple[Entry, ...]) -> str:
    """Which values nobody but their owner can give again, and which hubops can make anew."""
    lines = ["a ciphertext tells nobody its value, so these can't be encrypted again without it:"]
    for entry in targets:
        can = " (or a new one is made)" if _form(environment, entry).is_random else ""
        lines.append(f"  {entry.name}{can}")
    return "\n".join(lines) + "\n"


def _handed_over(sources: Sources) -> Plaintext | None:
    """The one value of a file, a variable, or standard input where that is no terminal."""
    if sources.variable is not None:
        return asking.from_variable(sources.variable)
    if sources.file is not None and sources.file != STANDARD_INPUT:
        return asking.from_file(sources.file)
    if sources.file is not None or sources.ask is None:
        value = sources.read_input()
        if sources.file is None and not value.reveal():
            raise UsageError(
                "there is no terminal to ask on, and standard input is empty; nothing was written",
                "pipe the value in, or give --from-file PATH, --from-env NAME or --generate",
            )
        return value
    return None


def _form(environment: Environment, entry: Entry) -> secret_keys.Form:
    return secret_keys.form(environment.settings, entry.secret, entry.key)


def _generated(
    environment: Environment, targets: tuple[Entry, ...], request: Request, terminal: Terminal
) -> Iterator[Given]:
    for entry in targets:
        if _form(environment, entry).is_random:
            yield Given(entry=entry, value=sealing.generated(), is_generated=True)
        elif request.key is not None:
            raise UsageError(
                f"{entry.name} is nothing that hubops can make up; nothing was written",
                "its value comes from elsewhere: type it, or give --from-file or --from-env",
            )
        else:
            terminal.note(f"left out, its value comes from elsewhere: {entry.name}\n")


def _asked(
    environment: Environment,
    targets: tuple[Entry, ...],
    sources: Sources,
    terminal: Terminal,
    *,
    must: bool,
) -> Iterator[Given]:
    assert sources.ask is not None
    for entry in targets:
        form = _form(environment, entry)
        offer = "makes a new one" if form.is_random else "leaves it out"
        hint = "" if must and not form.is_random else f" (Enter {offer})"
        prompt = f"{entry.environment}: {entry.name}{hint}: "
        value = _typed(form, sources.ask, prompt, terminal)
        if value.reveal() or (must and not form.is_random):
            yield _checked(environment, entry, value, terminal)
        elif form.is_random:
            yield Given(entry=entry, value=sealing.generated(), is_generated=True)


def _typed(
    form: secret_keys.Form, ask: Callable[[str], Plaintext], prompt: str, terminal: Terminal
) -> Plaintext:
    """What a person types; an unfit value is asked for again, but not for ever."""
    value = ask(prompt)
    for _ in range(_TRIES - 1):
        complaint = secret_keys.complaint(form, value.reveal()) if value.reveal() else ""
        if not complaint:
            break
        terminal.note(f"this value {complaint}; try again\n")
        value = ask(prompt)
    return value


def _checked(environment: Environment, entry: Entry, value: Plaintext, terminal: Terminal) -> Given:
    """The value as it is sealed. GeneratorError, which repeats none of it, for an unfit one."""
    form = _form(environment, entry)
    fit = Plaintext(secret_keys.without_line_end(form, value.reveal()))
    complaint = secret_keys.complaint(form, fit.reveal())
    if complaint:
        raise GeneratorError(
            f"the value for {entry.environment}: {entry.name} {complaint}; nothing was written",
            "what reads it takes it as it is, every character of it",
        )
    if len(fit.reveal()) < len(value.reveal()):
        terminal.note(f"{entry.name}: the line end after the value is left out\n")
    return Given(entry=entry, value=fit, is_generated=False)
