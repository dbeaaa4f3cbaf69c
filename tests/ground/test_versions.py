"""Versions are compared as numbers, and ranges hold what their text says."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from generator.versions import Version, VersionRange, pick

# https://semver.org, item 11, and what charts and Argo CD are really called.
ASCENDING = (
    *("0.0.1", "0.9", "0.10", "1.0.0-alpha", "1.0.0-alpha.1", "1.0.0-alpha.beta", "1.0.0-beta"),
    *("1.0.0-beta.2", "1.0.0-beta.11", "1.0.0-rc.1", "1.0.0", "1.3", "1.9.10", "1.30", "2.14"),
    *("3.0.0-0.dev.git.5891.ha5b1f0b", "3.0.0-alpha.1", "3.0.3", "3.3.8", "4.10.0", "2022.6.1"),
    *("2022.10.0", "2026.3.0"),
)


def test_versions_are_in_order() -> None:
    versions = [Version.parse(text) for text in ASCENDING]
    assert all(lower < higher for lower, higher in pairwise(versions))
    assert len(set(versions)) == len(versions)


EQUAL = [("1.30", "1.30.0"), ("v3.1.2", "3.1.2"), ("1.0.0+build.5", "1.0.0")]


@pytest.mark.parametrize(("one", "other"), EQUAL)
def test_other_spelling_is_the_same_version(one: str, other: str) -> None:
    first, second = Version.parse(one), Version.parse(other)
    assert first == second
    assert hash(first) == hash(second)
    assert [str(first), str(second)] == [one, other]
    assert first in {second}


def test_a_version_is_no_text() -> None:
    assert Version.parse("1.3") != "1.3"


NO_VERSIONS = (
    *("", "1", "v1", "1.x", "latest", "^4", ">=1.2", "1.2.3.4", "1.2-", "1.2 ", " 1.2", "1.2\n"),
    *("1..2", "-1.2", "1.-2", "V1.2", "1,2", "1.2.3 - 2", "1234567890.1", "1.2.3-!"),
    "\u0661.\u0662",
)


@pytest.mark.parametrize("text", NO_VERSIONS)
def test_what_is_no_version_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="is not a version"):
        Version.parse(text)


RANGES = {
    "from": (">=2.14", ["2.14", "2.14.1", "3.0"], ["2.13.9", "2.14.0-rc.1"]),
    "before": ("<3.0", ["2.99", "3.0.0-rc.1"], ["3.0", "3.0.1"]),
    "between": (">=1.2 <1.10", ["1.2", "1.9.9"], ["1.1", "1.10", "2.0"]),
    "any": ("", ["0.0.1", "9999.0"], []),
}


@pytest.mark.parametrize(("text", "inside", "outside"), RANGES.values(), ids=RANGES)
def test_range_holds_what_it_says(text: str, inside: list[str], outside: list[str]) -> None:
    bounds = VersionRange.parse(text)
    assert [one for one in inside if Version.parse(one) not in bounds] == []
    assert [one for one in outside if Version.parse(one) in bounds] == []


@pytest.mark.parametrize("text", ["1.2", "<=1.2", ">1.2", "^1.2", "~1.2", "=1.2", ">= 1.2", "<3"])
def test_other_bounds_are_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"is not a (bound|version)"):
        VersionRange.parse(text)


def test_first_row_that_holds_the_version_is_picked() -> None:
    table = ((">=4.0", "new"), (">=3.0", "old"), ("<2.0", "ancient"))
    picked = [pick(table, Version.parse(text)) for text in ("4.0.1", "3.9", "1.0")]
    assert picked == ["new", "old", "ancient"]
    with pytest.raises(LookupError, match=r"no row for version 2\.5"):
        pick(table, Version.parse("2.5"))


NUMBERS = st.tuples(*[st.integers(0, 10**6)] * 3)


@given(NUMBERS, NUMBERS)
def test_order_is_that_of_the_numbers(one: tuple[int, ...], other: tuple[int, ...]) -> None:
    first, second = (Version.parse(".".join(map(str, numbers))) for numbers in (one, other))
    assert (first < second, first == second) == (one < other, one == other)


@given(st.text(max_size=30))
def test_any_text_is_a_version_or_refused(text: str) -> None:
    try:
        version = Version.parse(text)
    except ValueError:
        return
    assert Version.parse(str(version)) == version
