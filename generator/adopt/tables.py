"""How the report of an import lays out rows and reasons."""

import textwrap
from collections.abc import Iterable

from generator.adopt.base import Row, dotted
from generator.adopt.secrets import Secret
from generator.adopt.site_text import sentence
from generator.credentials import printable

_WIDTH = 100


def wrapped(said: str, indent: str, first: str | None = None) -> str:
    """Lines of a text; the `first` has an indent of its own."""
    wrapper = textwrap.TextWrapper(_WIDTH, first or indent, indent, break_on_hyphens=False)
    return "".join(f"{line}\n" for line in wrapper.wrap(printable(said)))


def named(row: Row | Secret) -> str:
    """What a row is about: the chart, the path, and where that is written."""
    path, place = printable(dotted(row.path)), printable(row.place)
    return f"{row.chart} {path}".lstrip() + (f"  [{place}]" if place else "")


def by_reason(title: str, rows: Iterable[Row]) -> str:
    """Rows by their reasons, each reason once; nothing without rows."""
    grouped: dict[str, list[str]] = {}
    for row in rows:
        grouped.setdefault(row.text, []).append(f"      {named(row)}\n")
    groups = (wrapped(sentence(why), "  ") + "".join(rows) for why, rows in grouped.items())
    return "".join([title, *groups]) if grouped else ""
