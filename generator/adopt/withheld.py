"""What only a file of secrets has: parted from the other values before anything reads those."""

import re
from collections.abc import Iterable, Iterator, Mapping

from generator.adopt.base import Path, alike, at, leaves
from generator.adopt.layers import Layer
from generator.adopt.spelling import AUTHENTICATORS
from generator.credentials import MASK, is_credential, is_secret_key
from generator.records import field, record
from generator.site.model import Json

# What tells no one anything, wherever it is: a switch, a small number, a word that everybody uses.
_COMMON = re.compile(
    r"[\d.]{0,3}|true|false|yes|no|on|off|none|null|default|admin|root|user|localhost"
    r"|postgres|mysql|sqlite-pvc|sqlite-memory",
    re.IGNORECASE,
)
# A key that may be shown is a name.
_NAME = re.compile(r"[\w.$/-]{1,63}", re.ASCII)
# A shorter text is in every report by chance.
_SHORTEST = 8


@record
class WithheldText:
    """One line of a value that only a file of secrets has, without its spaces."""

    place: str
    text: str = field(hidden=True)


def parted(
    values: Mapping[str, Json], ordinary: Json, above: Path = ()
) -> tuple[dict[str, Json], dict[str, Json]]:
    """All values in two halves: those that may be shown, and those that are not `ordinary` ones."""
    if values is ordinary:
        return dict(values), {}
    open_, hidden = dict[str, Json](), dict[str, Json]()
    for key, value in values.items():
        there, path = at(ordinary, key, default=...), (*above, key)
        if isinstance(value, Mapping) and value:
            for half, part in zip((open_, hidden), parted(value, there, path), strict=True):
                if part:
                    half[key] = part
        else:
            half = open_ if alike(there, value) or _tells_nothing(value, path) else hidden
            half[key] = value
    return open_, hidden


def _tells_nothing(value: Json, path: Path) -> bool:
    if shown_path(path) != path:
        return False
    if isinstance(value, list | Mapping):
        inner = value.items() if isinstance(value, Mapping) else ((path[-1], one) for one in value)
        return all(_tells_nothing(one, (*path, key)) for key, one in inner)
    if value is None or value == "" or isinstance(value, bool):
        return True
    is_common = _COMMON.fullmatch(str(value)) is not None or value in AUTHENTICATORS
    return is_common and not any(map(is_secret_key, path))


def shown_path(path: Path) -> Path:
    """A path as far as it is made of names; what is below a credential's name may be one itself."""
    for depth, step in enumerate(path):
        if not _NAME.fullmatch(step) or is_credential(step):
            return (*path[:depth], MASK)
        if is_secret_key(step):
            return path[: depth + 1]
    return path


def lines(values: Layer) -> Iterator[WithheldText]:
    """The lines of all values of a file, but those that are anywhere by chance."""
    for path, value in leaves(values.values):
        texts = () if _tells_nothing(value, path) else _scalars(value)
        for line in (line for text in texts for line in text.splitlines()):
            if len(squeezed := _squeezed(line)) >= _SHORTEST:
                yield WithheldText(place=values.place(path), text=squeezed)


def _scalars(value: Json) -> Iterator[str]:
    if isinstance(value, Mapping):
        value = [*value, *value.values()]
    if isinstance(value, list):
        for one in value:
            yield from _scalars(one)
    else:
        yield str(value)


def _squeezed(text: str) -> str:
    """The text as it is however it is quoted and wrapped."""
    return re.sub(r"""[\s\\"'#]+""", "", text)


def copied(
    withheld: Iterable[WithheldText], leaving: Iterable[str], ordinary: Iterable[str]
) -> tuple[str, ...]:
    """The places of the withheld lines that a text to write or print holds, and no ordinary one."""
    out, known = (_squeezed("\n".join(texts)) for texts in (leaving, ordinary))
    starts: dict[str, list[WithheldText]] = {}
    for line in withheld:
        starts.setdefault(line.text[:_SHORTEST], []).append(line)
    hits = dict.fromkeys(
        line
        for at in range(len(out))
        for line in starts.get(out[at : at + _SHORTEST], ())
        if out.startswith(line.text, at)
    )
    return tuple(dict.fromkeys(line.place for line in hits if line.text not in known))
