"""What is supported until when: Kubernetes, Argo CD, ingress controllers, JupyterHub. Pure.

The packaged table stands in generator/charts/versions.json, under `support`, with its date and its
sources; a site's own rows (`versions.support`) extend it and take the place of equal ones.
"""

from collections.abc import Mapping
from typing import Any

from generator.records import field, record
from generator.versions import Version

Raw = Mapping[str, Any]

KUBERNETES, ARGOCD, INGRESS, JUPYTERHUB = "kubernetes", "argocd", "ingress", "jupyterhub"
_KINDS = (KUBERNETES, ARGOCD, INGRESS, JUPYTERHUB)


@record
class Supported:
    """One version, or one program: its first and last day (as 2026-03-24), "" where not known.

    `security` are the vulnerabilities that it fixes first; `dropped` is the Kubernetes from which a
    distribution no longer runs it alone.
    """

    name: str
    released: str = ""
    until: str = ""
    dropped: str = ""
    security: tuple[str, ...] = ()

    @property
    def number(self) -> tuple[int, ...]:
        """The first two numbers of a version's row."""
        return Version.parse(self.name).numbers[:2]

    def has_ended(self, today: str) -> bool:
        """Whether its last day is over."""
        return bool(self.until) and self.until < today

    def is_out(self, today: str) -> bool:
        """Whether it was released by a day; what has no date counts as released."""
        return self.released <= today


@record
class Support:
    """The rows by kind and name; `of` is the day of the packaged ones."""

    of: str = ""
    rows: Mapping[str, Mapping[str, Supported]] = field(factory=dict)

    @classmethod
    def read(cls, raw: Raw) -> "Support":
        """The table that a data file or a site describes."""
        rows = {kind: _rows(raw.get(kind)) for kind in _KINDS if raw.get(kind)}
        return cls(of=str(raw.get("of", "")), rows=rows)

    def extended(self, raw: Raw) -> "Support":
        """The table with a site's own rows."""
        own = Support.read(raw).rows
        if not own:
            return self
        kinds = {**self.rows, **own}
        rows = {kind: {**self.rows.get(kind, {}), **own.get(kind, {})} for kind in kinds}
        return Support(of=self.of, rows=rows)

    def find(self, kind: str, version: Version) -> Supported | None:
        """The row of a version's first two numbers."""
        major, minor, _ = version.numbers
        return self.rows.get(kind, {}).get(f"{major}.{minor}")

    def first_after(self, kind: str, version: Version) -> Supported | None:
        """The oldest row, where the version is older than all of them."""
        rows = self.rows.get(kind, {}).values()
        first = min(rows, key=lambda row: row.number, default=None)
        return first if first is not None and version.numbers[:2] < first.number else None

    def newer(self, kind: str, version: Version, today: str) -> list[Supported]:
        """Those after a version that are out and get fixes on a day, in the order of the table."""
        rows = self.rows.get(kind, {}).values()
        later = (one for one in rows if one.number > version.numbers[:2])
        return [one for one in later if one.is_out(today) and not one.has_ended(today)]


def _rows(raw: Any) -> dict[str, Supported]:
    rows = raw.items() if isinstance(raw, Mapping) else ()
    return {
        name: Supported(
            name=name,
            security=_words(row.get("security")),
            **{key: str(row.get(key, "")) for key in ("released", "until", "dropped")},
        )
        for name, row in rows
        if isinstance(row, Mapping)
    }


def _words(raw: Any) -> tuple[str, ...]:
    return tuple(map(str, raw)) if isinstance(raw, list) else ()
