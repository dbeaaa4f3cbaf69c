"""A secret value tells nothing of itself, however it is looked at."""

import copy
import io
import logging
import pickle
import traceback
from collections.abc import Callable

import pytest

from generator.secrets.plaintext import HIDDEN, Plaintext

MARKER = "hunter2-in-plain-sight"
SECRET = Plaintext(MARKER.encode())


def logged(value: Plaintext) -> str:
    stream = io.StringIO()
    logger = logging.Logger("test")
    logger.addHandler(logging.StreamHandler(stream))
    logger.error("%s %r", value, {"value": value})
    return stream.getvalue()


def raised(value: Plaintext) -> str:
    try:
        raise ValueError(value, [value])
    except ValueError:
        return traceback.format_exc()


def with_locals(value: Plaintext) -> str:
    try:
        raise ValueError(value)
    except ValueError as error:
        lines = traceback.TracebackException.from_exception(error, capture_locals=True).format()
        return "".join(lines)


def attributes(value: Plaintext) -> str:
    found = (getattr(value, name, "") for name in dir(value))
    return repr([one for one in found if not hasattr(one, "__self__")])


LOOKS: dict[str, Callable[[Plaintext], str]] = {
    "str": str,
    "repr": repr,
    "format": lambda value: f"{value} {value!r} {value:>40} {value!s:.3}",
    "percent": lambda value: "%s %r" % (value, value),  # noqa: UP031
    "in a list": lambda value: repr([value, {"a": value}]),
    "log": logged,
    "exception": raised,
    "traceback with locals": with_locals,
    "attributes": attributes,
}


@pytest.mark.parametrize("look", LOOKS)
def test_it_is_never_shown(look: str) -> None:
    assert MARKER not in LOOKS[look](SECRET)
    assert "hunter2" not in LOOKS[look](SECRET)


def test_it_tells_not_even_its_length() -> None:
    texts = {f"{Plaintext(b'x' * length)} {Plaintext(b'x' * length)!r}" for length in (0, 1, 999)}
    assert texts == {f"{HIDDEN} {HIDDEN}"}
    with pytest.raises(TypeError):
        len(SECRET)  # type: ignore[arg-type]


@pytest.mark.parametrize("way", [pickle.dumps, copy.copy, copy.deepcopy])
def test_it_is_neither_copied_nor_pickled(way: Callable[[Plaintext], object]) -> None:
    with pytest.raises(TypeError, match="neither copied nor pickled") as error:
        way(SECRET)
    assert MARKER not in str(error.value)


def test_it_has_no_dictionary_and_equals_only_itself() -> None:
    with pytest.raises(TypeError):
        vars(SECRET)
    assert Plaintext(MARKER.encode()) != SECRET
    assert SECRET == SECRET


def test_only_reveal_gives_the_value() -> None:
    assert SECRET.reveal() == MARKER.encode()
