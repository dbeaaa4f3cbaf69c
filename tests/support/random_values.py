"""Random JSON values, with strings and keys that YAML readers disagree about."""

import re
from functools import cache
from operator import or_
from typing import Any, TypeVar

from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st

T = TypeVar("T")

# What some YAML reader takes for a number, a boolean, a null, a date, or a part of YAML itself.
NASTY = (
    *("1e3", "12e4", "1E5", "0o17", "08", "y", "n", "Y", "N", "+.5", "2001-1-1", "2022-06-01"),
    *("1.0", "1_000", "1:20", "0x1f", "0b11", ".inf", ".NaN", "null", "~", "true", "No", "on"),
    *("<<", "=", "-", "--- a", "...", "? a", ": a", "a: b", "a #b", "#", "&a", "*a", "!a", "|"),
    *("'", '"', "\\", "%a", "@a", "`", "{}", "[]", "{{a}}", "$(a)", " a", "a ", "\ta", "a\tb"),
    *("a\nb", "a\nb\n", "a\n\n", "\na", " a\nb\n", "a\n  b\n", "a \nb\n", "a\r\nb\r\n", "\n"),
    *("# a\nb\n", "---\na\n", "\x00", "\x1b", "\xa0", "\u2028", "\u2029a", "\ufeff", "é", "ß\nö\n"),
    *("\U0001f600", "a\n\U0001f600\n", "日本語", "\u202e", "e\u0301"),
)
# What the schema refuses in names, descriptions and the like.
_UNSEEN = "[\x00-\x1f\x7f-\x9f\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff]"
_UNWRITABLE = "".join(map(chr, range(0x7F, 0xA0))) + "\ufffe\uffff"


@cache
def texts() -> st.SearchStrategy[str]:
    """Strings that are hard on YAML, and any others that a file can hold."""
    characters = st.characters(codec="utf-8", exclude_characters=_UNWRITABLE)
    return st.one_of(st.sampled_from(NASTY), st.text(characters, max_size=12))


@cache
def lines() -> st.SearchStrategy[str]:
    """The same as words for people: on one line, and nothing in them that is not seen."""
    return texts().map(lambda text: re.sub(_UNSEEN, "", text)).filter(str.strip)


@cache
def keys() -> st.SearchStrategy[str]:
    """Keys of raw values: few, so that overrides meet what they override, and odd ones."""
    odd = texts().filter(lambda key: key not in ("", "<<") and not key.startswith("$"))
    return st.one_of(st.sampled_from(("a", "b", "y", "1e3", "a.b/c")), odd)


@cache
def values(*, removing: bool = False) -> st.SearchStrategy[Any]:
    """Any JSON value; with `removing`, maps that are not inside a list may hold nulls."""
    numbers = st.integers(-(10**12), 10**12) | st.sampled_from((0.5, -1.25, 100.125, 0.1, 12345.75))
    leaves: st.SearchStrategy[Any] = st.booleans() | numbers | texts()
    flat = leaves | st.lists(leaves, max_size=2) | st.dictionaries(keys(), leaves, max_size=2)
    deep = flat | st.lists(flat, max_size=2) | st.dictionaries(keys(), flat, max_size=3)
    if not removing:
        return deep
    pruned = st.dictionaries(keys(), st.none() | deep, max_size=3)
    return st.none() | deep | pruned | st.dictionaries(keys(), st.none() | pruned, max_size=3)


@cache
def maps(*, removing: bool = False) -> st.SearchStrategy[dict[str, Any]]:
    """Maps of such values; any two are likely to share keys."""
    shared = st.fixed_dictionaries(
        {}, optional={key: values(removing=removing) for key in ("a", "b", "1e3")}
    )
    odd = st.dictionaries(keys(), values(removing=removing), max_size=3)
    return st.builds(or_, odd, shared)


def examples(strategy: st.SearchStrategy[T], count: int, number: int = 0) -> list[T]:
    """Some values of a strategy, to be tried out all at once; by number, the same in every run."""
    found: list[T] = []

    @seed(number)
    @settings(
        max_examples=count,
        database=None,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(strategy)
    def collect(value: T) -> None:
        found.append(value)

    collect()
    return found
