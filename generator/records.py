"""Frozen records, like `@dataclass(frozen=True, kw_only=True)`, that load faster.

The standard library writes the text of each class's methods and compiles it, at every start of the
program: 0.7 ms for each of the 65 or so classes that a run loads. Here the methods are closures
over the names of the fields. A test compares both.

Promises: arguments by keyword only, equality and hash by class and fields, a repr without hidden
fields, no change after creation. `field(factory=...)` makes a new default for each record.
"""

from collections.abc import Callable, Collection, Mapping
from functools import partial
from operator import attrgetter, eq, ge, gt, le, lt
from typing import Any, TypeVar, dataclass_transform, overload

T = TypeVar("T")

_MISSING: Any = object()


class FrozenError(AttributeError):
    """Code tried to change a record."""


class _Field:
    """What a class body says of one field."""

    __slots__ = ("default", "factory", "hidden")

    def __init__(self, default: Any, factory: Callable[[], Any] | None, hidden: bool) -> None:
        self.default, self.factory, self.hidden = default, factory, hidden


def field(
    *, default: Any = _MISSING, factory: Callable[[], Any] | None = None, hidden: bool = False
) -> Any:
    """A field with a new default for each record, or one that no repr shows."""
    return _Field(default, factory, hidden)


@overload
def record(kind: type[T]) -> type[T]: ...
@overload
def record(*, order: bool = ...) -> Callable[[type[T]], type[T]]: ...
@dataclass_transform(frozen_default=True, kw_only_default=True, field_specifiers=(field,))
def record(kind: Any = None, *, order: bool = False) -> Any:
    """The class as a frozen record; with `order`, compared by its fields in their order."""
    if kind is None:
        return partial(record, order=order)
    written = vars(kind)
    given = {name: written.get(name, _MISSING) for name in kind.__annotations__}
    values = attrgetter(*given)
    methods = {
        "__init__": _init(kind.__name__, given),
        "__repr__": _repr(given),
        "__eq__": _comparison(values, eq),
        "__hash__": lambda self: hash(values(self)),
        "__setattr__": _refuse,
        "__delattr__": _refuse,
        "__reduce__": _reduced,
    }
    if order:
        methods |= {f"__{way.__name__}__": _comparison(values, way) for way in (lt, le, gt, ge)}
    body = {**methods, **written, "__qualname__": kind.__qualname__}
    for name in (*given, "__dict__", "__weakref__"):
        body.pop(name, None)
    # Made again with its methods: a class looks through all it inherits at each one that it gets.
    return type(kind)(kind.__name__, kind.__bases__, body)


def fields(kind: type) -> tuple[str, ...]:
    """The names of a record's fields, in their order."""
    return tuple(kind.__annotations__)


def replace(instance: T, **changes: Any) -> T:
    """The same record with some fields changed."""
    kind = type(instance)
    return kind(**{name: getattr(instance, name) for name in kind.__annotations__} | changes)


def _init(kind: str, given: Mapping[str, Any]) -> Callable[..., None]:
    makers = {
        name: value.factory
        for name, value in given.items()
        if isinstance(value, _Field) and value.factory is not None
    }
    plain = {
        name: value.default if isinstance(value, _Field) else value for name, value in given.items()
    }
    needed = {name for name, value in plain.items() if value is _MISSING} - makers.keys()
    count, making = len(given), tuple(makers.items())

    def __init__(self: Any, /, **values: Any) -> None:
        held = self.__dict__
        held |= plain
        held |= values
        if len(held) != count or needed.difference(values):
            raise TypeError(_complaint(kind, given, needed, values))
        for name, make in making:
            if name not in values:
                held[name] = make()

    return __init__


def _complaint(
    kind: str, given: Mapping[str, Any], needed: Collection[str], values: Mapping[str, Any]
) -> str:
    missing = ", ".join(name for name in given if name in needed and name not in values)
    unknown = ", ".join(name for name in values if name not in given)
    parts = (f"needs {missing}" if missing else "", f"has no field {unknown}" if unknown else "")
    return f"{kind} " + " and ".join(filter(None, parts))


def _repr(given: Mapping[str, Any]) -> Callable[[Any], str]:
    shown = [
        name for name, value in given.items() if not (isinstance(value, _Field) and value.hidden)
    ]

    def __repr__(self: Any) -> str:
        listed = ", ".join(f"{name}={getattr(self, name)!r}" for name in shown)
        return f"{type(self).__qualname__}({listed})"

    return __repr__


def _comparison(
    values: Callable[[Any], Any], way: Callable[[Any, Any], bool]
) -> Callable[[Any, Any], Any]:
    def compared(self: Any, other: Any) -> Any:
        if other.__class__ is not self.__class__:
            return NotImplemented
        return way(values(self), values(other))

    return compared


def _reduced(self: Any) -> tuple[Callable[..., Any], tuple[Any, ...]]:
    """What a copy is made of."""
    return _made, (type(self), {name: getattr(self, name) for name in fields(type(self))})


def _made(kind: type, values: Mapping[str, Any]) -> Any:
    return kind(**values)


def _refuse(self: Any, name: str, *_: Any) -> None:
    raise FrozenError(f"{name} of {type(self).__name__} can't be changed")
