"""A chart value overrides one that follows from site.yaml's own keys.

`values` come last and win. The key elsewhere in the file then has no effect: an edit there changes
nothing, and no other rule sees the value that really applies. Remove the value and write the key
that it follows from. If site.yaml has no such key, keep the value and add a comment on its line
with this code and a reason.

Bad:

    jupyterhub:
      home: {capacity: 20Gi}
      values:
        singleuser: {storage: {capacity: 50Gi}}

Good:

    jupyterhub:
      home: {capacity: 50Gi}
"""

from collections.abc import Iterator, Mapping

from generator.charts.overrides import dotted, overrides, raw
from generator.charts.owned import OWNED
from generator.diagnostics import Finding, Severity
from generator.lint.rules.base import warning
from generator.site.model import Site

CODE = "C313"
SEVERITY = Severity.WARNING


def check(site: Site) -> Iterator[Finding]:
    """A warning at each such value."""
    for settings, environments in site.variants():
        for written in raw(settings):
            for found in overrides(site, written, settings, environments):
                instead = OWNED[written.chart].get(found.path)
                if instead is not None and not isinstance(found.before, Mapping):
                    yield warning(
                        code=CODE,
                        at=settings.origin.at(*written.place, *found.path),
                        on_key=True,
                        message=(
                            f"'{dotted(found.path)}' follows from '{instead}', and this value wins"
                        ),
                        help=(
                            f"remove it and write '{instead}', or say why it stays: "
                            f"# hubops: ignore[{CODE}] reason"
                        ),
                    )
