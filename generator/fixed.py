"""Parts of documents that are made once and shared by many: maps, and what is written of them."""

from collections.abc import Mapping
from typing import Any, NoReturn


class Fixed(dict[str, Any]):
    """A map that nothing can be set in any more, and what was written of it.

    `written` keeps its text by the form that it was written in: of one object, in one form, that is
    always the same. A map that is merged over is a copy, a plain `dict`, with no such memory.
    """

    __slots__ = ("written",)

    def __init__(self, entries: Mapping[str, Any]) -> None:
        super().__init__(entries)
        self.written: dict[object, str] = {}

    def __reduce__(self) -> tuple[type, tuple[dict[str, Any]]]:
        """A copy is a plain map, that may be changed."""
        return dict, (dict(self),)

    def _refuse(self, *_: object, **__: object) -> NoReturn:
        raise TypeError("a fixed map is shared: nothing in it can be changed")

    __setitem__ = __delitem__ = __ior__ = _refuse
    update = setdefault = pop = popitem = clear = _refuse


class Written(str):
    """A piece of the very text that is written, and so neither quoted nor looked into."""

    __slots__ = ()


def fixed(value: Any) -> Any:
    """The same data with every map in it fixed, but for what stands in lists."""
    if isinstance(value, Mapping) and type(value) is not Fixed:
        return Fixed({key: fixed(part) for key, part in value.items()})
    return value
