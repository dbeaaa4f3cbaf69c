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

from collections.abc import Mapping

from generator.charts import login_values
from generator.charts.overrides import dotted, overrides, raw
from generator.lint.rules.base import Findings, warnings
from generator.site.model import Site

finding = warnings("C313")


def check(site: Site) -> Findings:
    """A warning at each such value."""
    for settings, environments in site.variants:
        for written in raw(settings):
            for override in overrides(site, written, settings, environments):
                named = login_values.owner(settings, override.path)
                instead = dotted(named) if named else written.chart.owner(override.path)
                if instead is not None and not isinstance(override.before, Mapping):
                    yield finding(
                        settings.origin.at(*written.place, *override.path),
                        f"'{dotted(override.path)}' follows from '{instead}', and this value wins",
                        f"remove it and write '{instead}', or say why it stays: "
                        "# hubops: ignore[C313] reason",
                        on_key=True,
                    )
