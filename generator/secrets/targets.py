"""Which values of an environment `hubops seal` is about. Pure.

An error message never repeats what was given: someone may have put a value in a key's place.
"""

from collections.abc import Sequence
from enum import Enum

from generator.build.sealed_secrets import State
from generator.diagnostics import UsageError
from generator.records import record
from generator.secrets.states import MALFORMED, VOID_CERTIFICATE, SecretValue
from generator.suggest import did_you_mean


class SealMode(Enum):
    """Which values are sealed: those that are missing, one again, or those that became void."""

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
        return tuple(value for value in values if value.code in (VOID_CERTIFICATE, MALFORMED))
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
