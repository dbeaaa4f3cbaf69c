"""Kubernetes quantities and durations as numbers, and each chart's own spelling of them.

site.yaml writes Kubernetes' spelling everywhere; KubeSpawner and Dask Gateway each have their own.
"""

import re
from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:  # most sizes are whole, and it takes 3 ms to load
    from fractions import Fraction

# Compiled when first used: most sizes are whole.
_QUANTITY = r"(?a)(\d{1,15}(?:\.\d{1,9})?)([a-zA-Z]{1,2})?"
_MOST_DIGITS = 15
_DURATION = r"(?a)(?:(\d{1,6})h)?(?:(\d{1,6})m)?(?:(\d{1,9})s)?"

# https://kubernetes.io/docs/reference/kubernetes-api/common-definitions/quantity/
_MILLI = "m"
_FACTORS: dict[str | None, int] = {
    None: 1,
    **{unit: 1000**power for power, unit in enumerate("kMGTP", 1)},
    **{f"{unit}i": 1024**power for power, unit in enumerate("KMGTP", 1)},
}

# kubespawner/traitlets.py, ByteSpecification: its K, M, G, T are powers of 1024.
_SPAWNER_UNITS = (("T", 2**40), ("G", 2**30), ("M", 2**20), ("K", 2**10))

GIB = 2**30


@lru_cache(maxsize=4096, typed=True)
def amount(quantity: str | int | float) -> "int | Fraction":
    """The exact number of a Kubernetes quantity (cores, or bytes); ValueError otherwise."""
    text = str(quantity)
    size = text.rstrip("kKMGTPi")  # the letters of whole units
    unit, is_whole = text[len(size) :] or None, size.isascii() and size.isdigit()
    if is_whole and len(size) <= _MOST_DIGITS and unit in _FACTORS:
        return int(size) * _FACTORS[unit]
    from fractions import Fraction

    match = re.fullmatch(_QUANTITY, text)
    if isinstance(quantity, float) and quantity >= 0:
        return Fraction(str(quantity))  # Python spells a small one with an exponent
    if match is None or match[2] not in (*_FACTORS, _MILLI):
        raise ValueError(f"'{quantity}' is not a Kubernetes quantity")
    number = Fraction(match[1])
    return number / 1000 if match[2] == _MILLI else number * _FACTORS[match[2]]


def bytes_of(quantity: str | int) -> int:
    """Whole bytes, a part of a byte rounded up; ValueError when it is not a quantity."""
    return -(-amount(quantity) // 1)


@lru_cache(maxsize=256)
def seconds(duration: str) -> float:
    """The seconds in `90s`, `20m` or `1h30m`; ValueError otherwise."""
    match = re.fullmatch(_DURATION, duration)
    if match is None or not duration:
        raise ValueError(f"'{duration}' is not a duration")
    hours, minutes, rest = (int(part or 0) for part in match.groups())
    return float(hours * 3600 + minutes * 60 + rest)


def number(value: "int | Fraction") -> int | float:
    """A plain number for charts that want one: whole where it is whole."""
    return int(value) if value.denominator == 1 else float(value)


def spawner_memory(quantity: str) -> str | int:
    """KubeSpawner's spelling of a memory quantity, for `singleuser.memory`.

    `5Gi` becomes `5G` (binary there) and `1536Mi` `1536M`; a size that no binary unit divides
    becomes whole bytes. Kubernetes' own `5Gi` passes the chart's schema and stops every spawn.
    """
    size = bytes_of(quantity)
    for unit, factor in _SPAWNER_UNITS:
        if size and size % factor == 0:
            return f"{size // factor}{unit}"
    return size


def gibibytes(quantity: str) -> int | float:
    """A memory quantity in GiB, for Dask Gateway's worker options."""
    size = bytes_of(quantity)
    return size / GIB if size % GIB else size // GIB
