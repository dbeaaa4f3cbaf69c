"""Maps as site.yaml has them, and the records that are made of them."""

from collections.abc import Hashable, Mapping
from functools import cache
from typing import Any, TypeVar, cast

from generator.records import fields

Written = Mapping[str, Any]
T = TypeVar("T")


def part(raw: Written, key: str) -> Written:
    """A map inside a map, empty where there is none."""
    below = raw.get(key)
    return below if isinstance(below, dict) else {}


@cache
def _names(kind: Hashable) -> Mapping[str, str]:
    """The keys of site.yaml that a record's fields are named after, each with its field."""
    words = {name: name.split("_") for name in fields(cast(type, kind))}
    return {first + "".join(map(str.title, more)): name for name, (first, *more) in words.items()}


def made(kind: type[T], raw: Written, **given: Any) -> T:
    """A record of what the data say under the names of its fields; `given` wins over them."""
    names = _names(cast(Hashable, kind))
    return kind(**{names[key]: value for key, value in raw.items() if key in names} | given)
