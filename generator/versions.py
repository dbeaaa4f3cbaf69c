"""Versions of charts, Argo CD and Kubernetes: compared as numbers, never as text."""

import re
from collections.abc import Sequence
from functools import cache, cached_property, lru_cache, total_ordering
from typing import TypeVar

from generator.records import record

_VERSION = re.compile(
    r"v?(\d{1,9})\.(\d{1,9})(?:\.(\d{1,9}))?(?:-([0-9A-Za-z.-]+))?(?:\+[\w.-]+)?", re.ASCII
)

T = TypeVar("T")


@total_ordering
@record
class Version:
    """Two or three numbers and an optional pre-release; `text` keeps the user's spelling."""

    text: str
    numbers: tuple[int, int, int]
    prerelease: tuple[tuple[bool, int, str], ...] = ()

    @classmethod
    @lru_cache(maxsize=4096)
    def parse(cls, text: str) -> "Version":
        """The version a text spells; ValueError when it spells none (`1.x`, `latest`, `^4`)."""
        match = _VERSION.fullmatch(text)
        if match is None:
            raise ValueError(f"'{text}' is not a version")
        major, minor, patch, prerelease = match.groups()
        # Semver's order: numeric parts below alphanumeric ones.
        parts = (
            (False, int(part), "") if part.isdigit() else (True, 0, part)
            for part in (prerelease.split(".") if prerelease else ())
        )
        numbers = (int(major), int(minor), int(patch or 0))
        return cls(text=text, numbers=numbers, prerelease=tuple(parts))

    @cached_property
    def order(self) -> tuple[tuple[int, int, int], bool, tuple[tuple[bool, int, str], ...]]:
        """Sort key: a pre-release comes before its release (semver.org, item 11)."""
        return (self.numbers, not self.prerelease, self.prerelease)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Version) and self.order == other.order

    def __hash__(self) -> int:
        return hash(self.numbers)

    def __lt__(self, other: "Version") -> bool:
        return self.order < other.order

    def __str__(self) -> str:
        return self.text


@record
class VersionRange:
    """From a version on (inclusive), up to another (exclusive); an open end is None."""

    since: Version | None = None
    until: Version | None = None

    @classmethod
    @cache
    def parse(cls, text: str) -> "VersionRange":
        """The range that `>=A`, `<B` or `>=A <B` spells; an empty text is every version."""
        since = until = None
        for part in text.split():
            if part.startswith(">="):
                since = Version.parse(part[2:])
            elif part.startswith("<"):
                until = Version.parse(part[1:])
            else:
                raise ValueError(f"'{part}' is not a bound: write >=A or <B")
        return cls(since=since, until=until)

    def __contains__(self, version: Version) -> bool:
        order = version.order
        return (self.since is None or self.since.order <= order) and (
            self.until is None or order < self.until.order
        )


def pick(table: "Sequence[tuple[str, T]]", version: Version) -> T:
    """The first row whose range holds the version; LookupError when no row does."""
    for bounds, row in table:
        if version in VersionRange.parse(bounds):
            return row
    raise LookupError(f"no row for version {version}")
