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
from collections.abc import Mapping

from generator.charts.chart import Chart
from generator.charts.overrides import Override, dotted, overrides, raw
from generator.credentials import is_secret_key
from generator.lint.rules.base import Findings, errors
from generator.merge import same
from generator.site.model import Site

finding = errors("C320")


def check(site: Site) -> Findings:
    """A finding at each such value that differs from hubops' own."""
    for settings, environments in site.variants:
        for written in raw(settings):
            for override in overrides(site, written, settings, environments):
                fault = _fault(override, written.chart)
                if fault is not None:
                    at = settings.origin.at(*written.place, *override.path)
                    yield finding(at, *fault, on_key=True)


def _fault(override: Override, chart: Chart) -> tuple[str, str] | None:
    """The message and the help; None where the value does no harm, or is a credential (K701)."""
    name = dotted(override.path)
    # Under `extraConfig` a key names a piece of Python, and no credential.
    is_named = is_secret_key(override.path[-1]) and "extraConfig" not in override.path
    if isinstance(override.after, str) and override.after and is_named:
        return None
    if isinstance(override.before, Mapping):
        lost = ", ".join(f"'{key}'" for key in override.before)
        return f"'{name}' must be a map; this drops hubops' own {lost}", "write it as a map"
    why = chart.why_protected(override.path)
    if why is None or same(override.before, override.after):
        return None
    if chart.is_extendable(override.path) and isinstance(override.after, list):
        missing = [entry for entry in override.before if entry not in override.after]
        help = f"add hubops' own to the list:  {', '.join(map(json.dumps, missing))}"
        return (f"'{name}' replaces hubops' own list: {why}", help) if missing else None
    return f"'{name}' is hubops' own: {why}", "remove it"
