"""Records are what the standard library's frozen dataclasses are; only starting is faster."""

import copy
import dataclasses
import pickle
from collections.abc import Iterator, Mapping
from functools import cached_property
from importlib import import_module
from pkgutil import walk_packages
from typing import Any

import pytest

import generator
from generator.records import FrozenError, field, fields, record, replace


@record(order=True)
class Harbour:
    """A record in each of its uses."""

    name: str
    depth: int = 3
    ships: Mapping[str, int] = field(factory=dict)
    code: str = field(default="x", hidden=True)

    @property
    def shout(self) -> str:
        """Its name, loud."""
        return self.name.upper()


@dataclasses.dataclass(frozen=True, kw_only=True, order=True)
class Plain:
    """The same by the standard library."""

    name: str
    depth: int = 3
    ships: Mapping[str, int] = dataclasses.field(default_factory=dict)
    code: str = dataclasses.field(default="x", repr=False)


@record
class Counting:
    """A record that works something out once."""

    name: str

    @cached_property
    def length(self) -> list[int]:
        """Another object at each working out."""
        return [len(self.name)]


GIVEN: tuple[dict[str, Any], ...] = (
    {"name": "Brest"},
    {"name": "Brest", "depth": 4},
    {"name": "Kiel", "ships": {"Aurora": 1}},
    {"depth": 3, "name": "Brest", "code": "y"},
    {"name": "Brest", "depth": 3, "ships": {}, "code": "x"},
)


@pytest.mark.parametrize("given", GIVEN, ids=str)
def test_a_record_holds_what_a_dataclass_holds(given: dict[str, Any]) -> None:
    made, plain = Harbour(**given), Plain(**given)
    assert {name: getattr(made, name) for name in fields(Harbour)} == dataclasses.asdict(plain)
    assert repr(made) == repr(plain).replace("Plain", "Harbour")


@pytest.mark.parametrize("one", GIVEN, ids=str)
@pytest.mark.parametrize("other", GIVEN, ids=str)
def test_records_compare_as_dataclasses_do(one: dict[str, Any], other: dict[str, Any]) -> None:
    assert (Harbour(**one) == Harbour(**other)) == (Plain(**one) == Plain(**other))
    if one.get("ships") == other.get("ships"):
        assert (Harbour(**one) < Harbour(**other)) == (Plain(**one) < Plain(**other))
        assert (Harbour(**one) >= Harbour(**other)) == (Plain(**one) >= Plain(**other))


def test_records_of_other_classes_differ_and_have_no_order() -> None:
    plain: Any = Plain(name="Brest")
    assert Harbour(name="Brest") != plain
    with pytest.raises(TypeError):
        assert Harbour(name="Brest") < plain


def test_equal_records_hash_alike() -> None:
    pair = [Harbour(name="Brest", ships=()), Harbour(name="Brest", ships=())]  # type: ignore[arg-type]
    assert len(set(pair)) == 1
    with pytest.raises(TypeError, match="unhashable"):
        hash(Harbour(name="Brest"))


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({}, "Harbour needs name"),
        ({"depth": 1}, "Harbour needs name"),
        ({"name": "Brest", "colour": "red"}, "Harbour has no field colour"),
        ({"nam": "Brest"}, "Harbour needs name and has no field nam"),
        (
            {"nam": "Brest", "depth": 1, "ships": {}, "code": ""},
            "Harbour needs name and has no field nam",
        ),
    ],
    ids=str,
)
def test_wrong_arguments_are_named(given: dict[str, Any], said: str) -> None:
    with pytest.raises(TypeError) as raised:
        Harbour(**given)
    assert str(raised.value) == said
    with pytest.raises(TypeError):
        Plain(**given)


def test_arguments_go_by_keyword_alone() -> None:
    with pytest.raises(TypeError):
        Harbour("Brest")  # type: ignore[call-arg]


def test_nothing_is_set_after_the_start() -> None:
    made = Harbour(name="Brest")
    for name in ("name", "else"):
        with pytest.raises(FrozenError):
            setattr(made, name, "Kiel")
    with pytest.raises(FrozenError):
        del made.name
    assert made == Harbour(name="Brest")


def test_each_record_has_a_default_of_its_own() -> None:
    assert Harbour(name="a").ships is not Harbour(name="a").ships


def test_replace_changes_only_what_is_named() -> None:
    made = Harbour(name="Brest", depth=9, code="z")
    assert replace(made, name="Kiel") == Harbour(name="Kiel", depth=9, code="z")
    with pytest.raises(TypeError, match="no field colour"):
        replace(made, colour="red")


def test_copies_are_equal_and_share_nothing() -> None:
    made = Harbour(name="Brest", ships={"Aurora": 1})
    again = copy.deepcopy(made)
    assert again == made
    assert again.ships is not made.ships
    assert pickle.loads(pickle.dumps(made)) == copy.copy(made) == made


def test_a_cached_property_is_worked_out_once() -> None:
    made = Counting(name="Brest")
    assert made.length is made.length
    assert made.length == [5]
    with pytest.raises(FrozenError):
        made.name = "Kiel"  # type: ignore[misc]


def _records() -> Iterator[type]:
    for module in walk_packages(generator.__path__, "generator."):
        if not module.name.endswith("__main__"):
            for kind in vars(import_module(module.name)).values():
                if getattr(kind, "__module__", "") == module.name and _is_record(kind):
                    yield kind


def _is_record(kind: Any) -> bool:
    return isinstance(kind, type) and (
        vars(kind).get("__setattr__") is vars(Harbour)["__setattr__"]
    )


RECORDS = tuple(_records())


def test_the_package_is_made_of_records() -> None:
    assert len(RECORDS) > 100


@pytest.mark.parametrize("kind", RECORDS, ids=lambda kind: f"{kind.__module__}.{kind.__name__}")
def test_every_record_takes_its_fields_and_no_other(kind: type) -> None:
    given = {name: f"the {name}" for name in fields(kind)}
    made = kind(**given)
    assert {name: getattr(made, name) for name in given} == given
    assert made == kind(**given)
    assert made == replace(made)
    assert kind.__doc__ or kind.__name__.startswith("_")
    for name in given:
        with pytest.raises(FrozenError):
            setattr(made, name, None)
    with pytest.raises(TypeError, match="has no field"):
        kind(**given, another=1)
