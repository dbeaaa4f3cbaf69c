"""What `hubops seal` seals: which values, and a new plaintext for each.

A plaintext is read from a source, typed by a person, or generated, and checked against what reads
it before anything is sealed. Messages repeat neither a value nor a key that was given: someone may
have put a value in its place.
"""

from collections.abc import Callable, Iterator, Sequence
from enum import Enum
from functools import partial

from generator.build.sealed_secrets import State
from generator.diagnostics import GeneratorError, UsageError
from generator.records import record
from generator.secrets import asking, sealing
from generator.secrets import keys as secret_keys
from generator.secrets.asking import STANDARD_INPUT, Sources
from generator.secrets.plaintext import Plaintext
from generator.secrets.states import COPIED, MALFORMED, VOID_CERTIFICATE, SecretValue
from generator.site.model import Environment
from generator.suggest import did_you_mean

# What `--reseal` seals again.
_TO_RESEAL = (VOID_CERTIFICATE, MALFORMED, COPIED)
# How often a person is asked for one value.
_TRIES = 3

Note = Callable[[str], None]


class SealMode(Enum):
    """Which values are sealed: the missing ones, one again, or those that became void."""

    MISSING = "missing"
    ROTATE = "rotate"
    RESEAL = "reseal"


@record
class SealRequest:
    """What the command line asks for; `key` is `SECRET/KEY`, or the key alone."""

    environment: str
    key: str | None = None
    mode: SealMode = SealMode.MISSING


def requested(
    environment: str, key: str | None, more: Sequence[str], *, rotate: str | None, reseal: bool
) -> SealRequest:
    """The request of a command line. UsageError where it contradicts itself."""
    if more:
        raise UsageError(
            "too many arguments; a value is never an argument: every user of this machine can "
            "read those",
            "if you gave a value here, change it; then type it, or use --from-file or --from-env",
        )
    if rotate is None:
        mode = SealMode.RESEAL if reseal else SealMode.MISSING
        return SealRequest(environment=environment, key=key, mode=mode)
    if key is not None or reseal:
        raise UsageError("--rotate already names the key", "leave out the rest")
    return SealRequest(environment=environment, key=rotate, mode=SealMode.ROTATE)


def targets(values: Sequence[SecretValue], request: SealRequest) -> tuple[SecretValue, ...]:
    """The values to seal. UsageError for a key that is not there, or is sealed already."""
    if request.key is not None:
        value = _named(values, request.key)
        if request.mode is SealMode.MISSING and value.is_sealed:
            raise UsageError(
                f"{value.environment}: {value.name} is already sealed; nothing was written",
                f"for a new value: hubops seal {value.environment} --rotate {value.name}",
            )
        return (value,)
    if request.mode is SealMode.RESEAL:
        return tuple(value for value in values if value.code in _TO_RESEAL)
    return tuple(value for value in values if value.state is State.PLACEHOLDER)


def of_unknown_certificate(values: Sequence[SecretValue]) -> list[str]:
    """The names of sealed values that do not record their certificate; another tool sealed them."""
    return [value.name for value in values if value.state is State.SEALED and not value.certificate]


def _named(values: Sequence[SecretValue], key: str) -> SecretValue:
    """The value of `SECRET/KEY`, or of a key that only one Secret has."""
    matches = [value for value in values if key in (value.name, value.key)]
    if len(matches) == 1:
        return matches[0]
    what, help = "no secret has this key", did_you_mean(key, [value.name for value in values])
    if matches:
        what = "more than one secret has this key"
        help = f"one of {', '.join(value.name for value in matches)}"
    raise UsageError(f"{values[0].environment}: {what}; nothing was written", help)


@record
class NewValue:
    """A new plaintext for one value, and whether hubops generated it."""

    target: SecretValue
    plaintext: Plaintext
    is_generated: bool = False


def refuse_contradictions(request: SealRequest, sources: Sources) -> None:
    """UsageError for two sources, or for the source of one value without its key."""
    named = [source is not None for source in (sources.file, sources.variable)]
    if sum(named) + sources.generate > 1:
        raise UsageError("--from-file, --from-env and --generate exclude each other", "give one")
    if any(named) and request.key is None:
        raise UsageError(
            "one value was given, but no key for it",
            "name the key: hubops seal ENVIRONMENT SECRET/KEY",
        )


def new_values(
    environment: Environment,
    targets: Sequence[SecretValue],
    request: SealRequest,
    sources: Sources,
    note: Note,
) -> Iterator[NewValue]:
    """A fit value for each target; without those that a person, or --generate, leaves out.

    UsageError where there is no source for a value, GeneratorError for an unfit one.
    """
    if sources.generate:
        yield from _generated(environment, targets, request, note)
        return
    if request.key is not None and (plaintext := _handed_over(sources)) is not None:
        yield _checked(environment, targets[0], plaintext, note)
        return
    if sources.ask is None:
        raise UsageError(
            "there is no terminal to ask on; nothing was written",
            "give --from-file PATH ('-' is standard input) or --from-env NAME with the key, or "
            "--generate for random keys",
            tuple(f"no value for {target.name}" for target in targets),
        )
    if request.mode is SealMode.RESEAL:
        note("hubops can't decrypt sealed values, so it asks for each one:\n")
        for target in targets:
            can = " (or generates a new one)" if _form(environment, target).is_random else ""
            note(f"  {target.name}{can}\n")
    for target in targets:
        if (value := _asked(environment, target, request, sources.ask, note)) is not None:
            yield value


def _handed_over(sources: Sources) -> Plaintext | None:
    """The one value of a file, a variable, or standard input where that is not a terminal."""
    if sources.variable is not None:
        return asking.from_variable(sources.variable)
    if sources.file is not None:
        is_input = sources.file == STANDARD_INPUT
        return sources.read_input() if is_input else asking.from_file(sources.file)
    if sources.ask is not None:
        return None
    plaintext = sources.read_input()
    if not plaintext.reveal():
        raise UsageError(
            "there is no terminal to ask on, and standard input is empty; nothing was written",
            "pipe the value in, or give --from-file PATH, --from-env NAME or --generate",
        )
    return plaintext


def _form(environment: Environment, target: SecretValue) -> secret_keys.ValueForm:
    return secret_keys.form(environment.settings, target.secret, target.key)


def _generated(
    environment: Environment, targets: Sequence[SecretValue], request: SealRequest, note: Note
) -> Iterator[NewValue]:
    for target in targets:
        if _form(environment, target).is_random:
            yield NewValue(target=target, plaintext=sealing.generated(), is_generated=True)
        elif request.key is not None:
            raise UsageError(
                f"hubops can't generate {target.name}; nothing was written",
                "its value comes from elsewhere: type it, or give --from-file or --from-env",
            )
        else:
            note(f"left out, its value comes from elsewhere: {target.name}\n")


def _asked(
    environment: Environment,
    target: SecretValue,
    request: SealRequest,
    ask: Callable[[str], Plaintext],
    note: Note,
) -> NewValue | None:
    """What a person types; None where the person leaves it out. An unfit value is asked again."""
    form = _form(environment, target)
    is_required = request.key is not None and not form.is_random
    hint = f" (Enter {'generates a new one' if form.is_random else 'leaves it out'})"
    prompt = f"{target.environment}: {target.name}{'' if is_required else hint}: "
    if form.server:
        ask = partial(_account, ask, form.server)
    plaintext = ask(prompt)
    for _ in range(_TRIES - 1):
        typed = secret_keys.completed(form, plaintext.reveal())
        if not typed or not (complaint := secret_keys.complaint(form, typed)):
            break
        note(f"this value {complaint}; try again\n")
        plaintext = ask(prompt)
    if plaintext.reveal() or is_required:
        return _checked(environment, target, plaintext, note)
    made = NewValue(target=target, plaintext=sealing.generated(), is_generated=True)
    return made if form.is_random else None


def _account(ask: Callable[[str], Plaintext], server: str, prompt: str) -> Plaintext:
    """`USER:PASSWORD` of a registry, asked for one after the other; nothing without a user."""
    user = ask(f"{prompt.removesuffix(': ')}, user name at {server}: ")
    if not user.reveal():
        return user
    password = ask(f"password or token of this user at {server}: ")
    return Plaintext(user.reveal() + b":" + password.reveal())


def _checked(
    environment: Environment, target: SecretValue, plaintext: Plaintext, note: Note
) -> NewValue:
    """The value as it is sealed. GeneratorError, which repeats none of it, for an unfit one."""
    form = _form(environment, target)
    typed = Plaintext(secret_keys.without_line_end(form, plaintext.reveal()))
    fit = Plaintext(secret_keys.completed(form, typed.reveal()))
    complaint = secret_keys.complaint(form, fit.reveal())
    if complaint:
        raise GeneratorError(
            f"the value for {target.environment}: {target.name} {complaint}; nothing was written",
            "every character is sealed as it is: give the value and nothing else",
        )
    if len(typed.reveal()) < len(plaintext.reveal()):
        note(f"{target.name}: the line end after the value is left out\n")
    return NewValue(target=target, plaintext=fit)
