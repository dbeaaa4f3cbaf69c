"""A chart value overrides one that a promise of hubops rests on.

Some values tie the two charts to each other and to the environment's Secret, keep every render the
same, or keep people's data and addresses safe. With another value the hub restarts without end,
nobody logs in, no Dask cluster starts, or a secret is read from where everyone sees it. A text or a
list in place of a map drops all that hubops writes in it. Remove the value. Where it is really
meant, say so on its line with a comment that names this code and gives a reason.

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

from generator.charts.chart import Chart
from generator.charts.overrides import Override, dotted, overrides, raw
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
            for found in overrides(site, written, settings, environments):
                said = _said(found, written.chart)
                if said is not None:
                    message, help = said
                    yield error(
                        code=CODE,
                        at=settings.origin.at(*written.place, *found.path),
                        on_key=True,
                        message=message,
                        help=help,
                    )


def _said(found: Override, chart: Chart) -> tuple[str, str] | None:
    """The message and the help; None where the value does no harm, or is a credential (K701)."""
    name = dotted(found.path)
    if isinstance(found.after, str) and found.after and is_secret_key(found.path[-1]):
        return None
    if isinstance(found.before, Mapping):
        lost = ", ".join(f"'{key}'" for key in found.before)
        return f"'{name}' is no map here, and drops hubops' own {lost}", "write it as a map"
    why = chart.why_protected(found.path)
    if why is None or same(found.before, found.after):
        return None
    if chart.is_extendable(found.path) and isinstance(found.after, list):
        missing = [entry for entry in found.before if entry not in found.after]
        help = f"add hubops' own to the list:  {_flow(missing)}"
        return (f"'{name}' replaces hubops' own list: {why}", help) if missing else None
    return f"'{name}' is hubops' own: {why}", "remove it"


def _flow(entries: list[object]) -> str:
    return ", ".join(json.dumps(entry) for entry in entries)
