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
from fractions import Fraction

from generator.charts import spawner
from generator.charts.numbers import NUMBERS, TRAITS, is_quoted
from generator.charts.overrides import Place, Raw, matching, raw
from generator.diagnostics import Finding, Severity
from generator.lint.rules.base import error, every_settings
from generator.quantities import number
from generator.site.model import Site

CODE = "C318"
SEVERITY = Severity.ERROR


def check(site: Site) -> Iterator[Finding]:
    """A finding at each such text."""
    for settings in every_settings(site):
        for written in raw(settings):
            for path, text in _quoted(written):
                plain = _plain(text)
                quotes = "" if text.endswith("m") else " in quotes"
                yield error(
                    code=CODE,
                    at=settings.origin.at(*written.place, *path),
                    message=f"'{path[-1]}' is '{text}'{quotes}, and a plain number is wanted",
                    help=f"write  {path[-1]}: {plain}",
                )


def _quoted(written: Raw) -> Iterator[tuple[Place, str]]:
    for path in NUMBERS[written.chart]:
        found = matching(written.values, path)
        yield from ((at, value) for at, value in found if is_quoted(value))
    profiles = spawner.settings(written.values) if written.chart == "jupyterhub" else ()
    for place, traits in profiles:
        yield from (
            ((*place, name), traits[name]) for name in TRAITS if is_quoted(traits.get(name))
        )


def _plain(text: str) -> int | float:
    if text.endswith("m"):
        return number(Fraction(text[:-1]) / 1000)
    return number(Fraction(text))
