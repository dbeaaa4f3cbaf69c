"""Quantities and durations as numbers, and the charts' own spellings of them."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from generator.quantities import (
    GIB,
    amount,
    bytes_of,
    gibibytes,
    number,
    seconds,
    spawner_memory,
)

AMOUNTS: dict[str | int | float, Fraction] = {
    "1": Fraction(1),
    "0.5": Fraction(1, 2),
    "500m": Fraction(1, 2),
    "1500m": Fraction(3, 2),
    "1k": Fraction(1000),
    "1Ki": Fraction(1024),
    "5Gi": Fraction(5 * 2**30),
    "5G": Fraction(5 * 10**9),
    "1.5Gi": Fraction(3 * 2**29),
    "1Ti": Fraction(2**40),
    "1T": Fraction(10**12),
    "2Pi": Fraction(2**51),
    "0.1": Fraction(1, 10),
    2: Fraction(2),
    0.25: Fraction(1, 4),
    1e-08: Fraction(1, 10**8),
    0.1234567890123: Fraction(1234567890123, 10**13),
}


@pytest.mark.parametrize(("quantity", "value"), AMOUNTS.items(), ids=map(repr, AMOUNTS))
def test_quantity_is_an_exact_number(quantity: str | int | float, value: Fraction) -> None:
    assert amount(quantity) == value


NO_QUANTITIES = (
    *("", "Gi", "5 Gi", "5gi", "5GB", "5GiB", "5Gi ", " 5Gi", "5Gi\n", "1e3", "-1", "+1", ".5"),
    *("1.", "1,5Gi", "0x10", "\u0661Gi", "5K", "5Kim", "1_000", "infinity", "nan", "5Ei", "9" * 16),
)


@pytest.mark.parametrize("text", NO_QUANTITIES)
def test_what_is_no_quantity_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="is not a Kubernetes quantity"):
        amount(text)


BYTES: dict[str | int, int] = {"1Ki": 1024, "1.5Ki": 1536, "0.1Ki": 103, "1m": 1, "16G": 16 * 10**9}


@pytest.mark.parametrize(("quantity", "value"), BYTES.items(), ids=BYTES)
def test_part_of_a_byte_is_rounded_up(quantity: str, value: int) -> None:
    assert bytes_of(quantity) == value


SECONDS = {"90s": 90.0, "20m": 1200.0, "1h": 3600.0, "1h30m": 5400.0, "1h1m1s": 3661.0, "0s": 0.0}


@pytest.mark.parametrize(("duration", "value"), SECONDS.items(), ids=SECONDS)
def test_duration_is_seconds(duration: str, value: float) -> None:
    assert repr(seconds(duration)) == repr(value)


@pytest.mark.parametrize(
    "text", ["", "20", "20 m", "m", "1m1h", "1.5h", "1d", "-1s", "20m\n", "1M"]
)
def test_what_is_no_duration_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="is not a duration"):
        seconds(text)


# KubeSpawner's K, M, G and T are powers of 1024; what they can't say is whole bytes.
SPAWNER: dict[str, str | int] = {
    "5Gi": "5G",
    "1536Mi": "1536M",
    "1.5Gi": "1536M",
    "2048Mi": "2G",
    "1024Ti": "1024T",
    "1Ki": "1K",
    "512k": "500K",
    "1G": 1_000_000_000,
    "1500M": 1_500_000_000,
    "0.1Gi": 107_374_183,
}


@pytest.mark.parametrize(("quantity", "spelled"), SPAWNER.items(), ids=SPAWNER)
def test_memory_in_the_spawners_spelling(quantity: str, spelled: str | int) -> None:
    assert spawner_memory(quantity) == spelled


GIBIBYTES = {"4Gi": 4, "512Mi": 0.5, "1.5Gi": 1.5, "1Ti": 1024, "1073741824": 1}


@pytest.mark.parametrize(("quantity", "value"), GIBIBYTES.items(), ids=GIBIBYTES)
def test_memory_in_gibibytes(quantity: str, value: int | float) -> None:
    assert repr(gibibytes(quantity)) == repr(value)


@pytest.mark.parametrize(
    ("value", "plain"), [(Fraction(2), "2"), (Fraction(1, 2), "0.5"), (Fraction(0), "0")]
)
def test_whole_number_stays_whole(value: Fraction, plain: str) -> None:
    assert repr(number(value)) == plain


UNITS = st.sampled_from(["", "k", "M", "G", "T", "P", "Ki", "Mi", "Gi", "Ti", "Pi"])
SPELLED = {"K": 2**10, "M": 2**20, "G": 2**30, "T": 2**40}


@given(st.integers(1, 10**12), UNITS)
def test_the_spawner_reads_back_the_same_bytes(value: int, unit: str) -> None:
    spelled = spawner_memory(f"{value}{unit}")
    read = spelled if isinstance(spelled, int) else int(spelled[:-1]) * SPELLED[spelled[-1]]
    assert read == bytes_of(f"{value}{unit}")


@given(st.integers(0, 999_999), st.integers(0, 999_999), st.integers(0, 999_999))
def test_parts_of_a_duration_add_up(hours: int, minutes: int, rest: int) -> None:
    assert seconds(f"{hours}h{minutes}m{rest}s") == hours * 3600 + minutes * 60 + rest


@given(st.integers(1, 4096))
def test_whole_gibibytes_stay_whole(value: int) -> None:
    assert gibibytes(f"{value * GIB}") == value
