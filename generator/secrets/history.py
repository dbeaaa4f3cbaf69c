"""Where each secret value is: its line in the file, and the commit that brought it."""

from collections.abc import Iterable, Mapping
from pathlib import Path

from generator.io import git
from generator.records import replace
from generator.secrets.states import SecretValue

_SEALED_FILES = "overlays/*/namespace/sealed-*.yaml"
# No ciphertext is shorter: an RSA-2048 session key and an AES-GCM tag, as base64.
_SHORTEST = 340


def numbered(values: Iterable[SecretValue], files: Mapping[str, bytes]) -> tuple[SecretValue, ...]:
    """The values with their lines in the files of the working copy."""
    lines = {path: files[path].splitlines() for path in {value.path for value in values} & {*files}}
    return tuple(
        replace(value, line=_line(lines.get(value.path, []), value.key)) for value in values
    )


def _line(lines: list[bytes], key: str) -> int:
    starts = tuple(f"{quote}{key}{quote}:".encode() for quote in ("", '"', "'"))
    places = (number for number, line in enumerate(lines, 1) if line.strip().startswith(starts))
    return next(places, 1)


def dated(root: Path, values: Iterable[SecretValue]) -> tuple[SecretValue, ...]:
    """The values with the date of the commit that brought each ciphertext.

    Empty where it is not committed; None without Git, or where it does not know. One Git process
    serves all values.
    """
    values = tuple(values)
    sealed = {_compact(value.ciphertext) for value in values if value.is_sealed}
    if not sealed or not git.is_repository(root) or git.is_shallow(root):
        return values
    since: dict[str, str] = {}
    for date, line in git.additions(root, _SEALED_FILES):
        if len(line) >= _SHORTEST:
            for word in line.decode("utf-8", "replace").replace('"', " ").split():
                if word in sealed:
                    since.setdefault(word, date)
    return tuple(
        replace(value, since=since.get(_compact(value.ciphertext), ""))
        if value.is_sealed
        else value
        for value in values
    )


def _compact(ciphertext: str) -> str:
    return "".join(ciphertext.split())
