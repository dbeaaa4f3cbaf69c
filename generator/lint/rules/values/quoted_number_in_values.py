"""A number is in quotes where the chart needs a plain number.

The closed schemas of both charts refuse text there, and Argo CD then renders nothing of the
release. A profile's `cpu_limit` in quotes passes the schema and stops every server that chooses the
profile. Remove the quotes; half a core is `0.5` there, not `500m`.

Bad:
    jupyterhub:
      values:
        cull: {timeout: "7200"}
Good:
    jupyterhub:
      values:
        cull: {timeout: 7200}

See https://github.com/jupyterhub/zero-to-jupyterhub-k8s/issues/3250
"""

from collections.abc import Iterator

from generator.charts import spawner
from generator.charts.numbers import TRAITS, is_quoted
from generator.charts.overrides import Place, Raw, matching
from generator.lint.rules.base import Findings, errors, written_values
from generator.quantities import amount, number
from generator.site.model import Site

finding = errors("C318")


def check(site: Site) -> Findings:
    """A finding at each such text."""
    for settings, written in written_values(site):
        for path, text in _quoted(written):
            quotes = "" if text.endswith("m") else " in quotes"
            size = amount(text.removeprefix("-"))
            plain = number(-size if text.startswith("-") else size)
            yield finding(
                settings.origin.at(*written.place, *path),
                f"'{path[-1]}' is '{text}'{quotes}, and a plain number is wanted",
                f"write  {path[-1]}: {plain}",
            )


def _quoted(written: Raw) -> Iterator[tuple[Place, str]]:
    for path in written.chart.numbers:
        values = matching(written.values, path)
        yield from ((at, value) for at, value in values if is_quoted(value))
    profiles = spawner.settings(written.values) if written.chart.name == "jupyterhub" else ()
    for place, traits in profiles:
        for name in (name for name in TRAITS if is_quoted(traits.get(name))):
            yield (*place, name), traits[name]
