"""A chart value overrides one that hubops depends on.

Some values tie the two charts to each other and to the environment's Secret, keep every render the
same, or keep people's data and addresses safe. With another value the hub never stops restarting,
no one can log in, no Dask cluster starts, or a secret is read from a place that everyone can see. A
text or a list in place of a map drops everything that hubops writes in it. Remove the value. If it
is intentional, add a comment on its line with this code and a reason.

Bad:

    jupyterhub:
      values:
        hub: {existingSecret: our-own-secret}

Good:

    jupyterhub:
      values:
        hub: {labels: {team: coast}}
"""

import json
from collections.abc import Iterator, Mapping

from generator.charts.overrides import Override, Path, dotted, overrides, raw
from generator.charts.owned import LENGTHENED, PROTECTED
from generator.credentials import is_secret_key
from generator.diagnostics import Finding, Severity
from generator.lint.rules.base import error
from generator.merge import same
from generator.site.model import Site

CODE = "C320"
SEVERITY = Severity.ERROR


def check(site: Site) -> Iterator[Finding]:
    """A finding at each such value that differs from hubops' own."""
    for settings, environments in site.variants():
        for written in raw(settings):
            reasons = PROTECTED[written.chart]
            for found in overrides(site, written, settings, environments):
                said = _said(found, reasons)
                if said is not None:
                    message, help = said
                    yield error(
                        code=CODE,
                        at=settings.origin.at(*written.place, *found.path),
                        on_key=True,
                        message=message,
                        help=help,
                    )


def _said(found: Override, reasons: Mapping[Path, str]) -> tuple[str, str] | None:
    """The message and the help; None where the value does no harm, or is a credential (K701)."""
    name = dotted(found.path)
    if isinstance(found.after, str) and found.after and is_secret_key(found.path[-1]):
        return None
    if isinstance(found.before, Mapping):
        lost = ", ".join(f"'{key}'" for key in found.before)
        return f"'{name}' is no map here, and drops hubops' own {lost}", "write it as a map"
    why = _why(found.path, reasons)
    if why is None or same(found.before, found.after):
        return None
    if found.path in LENGTHENED and isinstance(found.after, list):
        missing = [entry for entry in found.before if entry not in found.after]
        help = f"add hubops' own to the list:  {_flow(missing)}"
        return (f"'{name}' replaces hubops' own list: {why}", help) if missing else None
    return f"'{name}' is hubops' own: {why}", "remove it"


def _why(path: Path, reasons: Mapping[Path, str]) -> str | None:
    """Why a value stays as it is, from the table's row for it or for a map that it is in."""
    depths = range(len(path), 0, -1)
    return next((reasons[path[:depth]] for depth in depths if path[:depth] in reasons), None)


def _flow(entries: list[object]) -> str:
    return ", ".join(json.dumps(entry) for entry in entries)
