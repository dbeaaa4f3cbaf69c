"""Files that SOPS encrypted, and objects that hold secrets: their keys are read, never a value."""

from collections.abc import Iterator, Mapping

from generator.adopt.base import Path, at, leaves, placed, texts
from generator.adopt.layers import Layer
from generator.adopt.withheld import shown_path
from generator.records import replace
from generator.site.model import Json

# SOPS' own section of a file, and how each value begins: getsops/sops, README.
_SECTION, _BEGINNING = "sops", "ENC["
_OBJECTS = ("Secret", "SealedSecret", "ExternalSecret")
GENERATOR = "ksops"


def is_encrypted(value: Json) -> bool:
    """Whether SOPS encrypted a value, or a text in it."""
    return any(text.startswith(_BEGINNING) for text in texts(value))


def halves(mixed: Layer) -> Iterator[Layer]:
    """The layer as it is; of one that SOPS wrote, the plain values and then the encrypted ones."""
    if not isinstance(mixed.values.get(_SECTION), Mapping):
        yield mixed
        return
    plain: dict[str, Json] = {}
    hidden: dict[str, Json] = {}
    for path, value in leaves(mixed.values):
        if path and path[0] != _SECTION:
            if is_encrypted(value):
                hidden = placed(hidden, path, value)
            else:
                plain = placed(plain, path, value)
    yield replace(mixed, values=plain, where=replace(mixed.where, at=_of(mixed, plain)))
    own = replace(mixed.where, at=_of(mixed, hidden), again=())
    yield replace(mixed, values=hidden, where=own, is_secret=True)


def _of(mixed: Layer, values: Mapping[str, Json]) -> dict[tuple[str | int, ...], int]:
    lines = mixed.where.at
    return {path: line for path, line in lines.items() if at(values, *path, default=...) is not ...}


def keys(document: Layer) -> Iterator[tuple[Path, str]]:
    """Each key of a Secret, or each file of a ksops generator, with what it is.

    Nothing for a file of values.
    """
    kind, values = document.values.get("kind"), document.values
    if "apiVersion" not in values:
        return
    if kind == GENERATOR:
        listed = at(values, "files")
        for name in listed if isinstance(listed, list) else ():
            yield shown_path((str(name),)), "a file that ksops decrypts: give it with --secrets"
    elif kind in _OBJECTS:
        name = str(at(values, "metadata", "name", default=""))
        for section in (("stringData",), ("data",), ("spec", "encryptedData")):
            found = at(values, *section)
            for key in found if isinstance(found, Mapping) else ():
                text = f"it is in the {kind} '{name}', which stays as it is"
                yield shown_path((str(key),)), text
