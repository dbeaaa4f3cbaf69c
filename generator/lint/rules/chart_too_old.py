"""A chart is older than the oldest one that hubops makes values for.

Before z2jh 3.0.3 login settings have other names, and a login with no allow rule lets everyone in;
older values of either chart are not tested. Upgrade the running site to a supported version first,
with the tool that installed it, and then bring it under Argo CD. The hub's database is upgraded on
the way and can't go back: keep a copy of it.

Bad:

    charts:
      jupyterhub: {version: 2.0.0}
      dask-gateway: {version: 2022.6.1}

Good:

    charts:
      jupyterhub: {version: 3.3.8}
      dask-gateway: {version: 2022.6.1}

See https://z2jh.jupyter.org/en/stable/administrator/upgrading/index.html
"""

from collections.abc import Iterator

from generator.charts import CHARTS
from generator.diagnostics import Finding, Severity
from generator.lint.rules.base import error
from generator.site.model import Settings, Site

CODE = "C302"
SEVERITY = Severity.ERROR


def check(site: Site) -> Iterator[Finding]:
    """A finding at each pin below the supported versions, of the charts that are used."""
    for settings, _ in site.variants():
        yield from _of(settings)


def _of(settings: Settings) -> Iterator[Finding]:
    for name, pin in settings.charts.items():
        chart = CHARTS[name]
        if pin.version is None or not chart.is_used(settings) or chart.supports(pin.version):
            continue
        oldest = chart.supported.removeprefix(">=")
        yield error(
            code=CODE,
            at=settings.origin.at("charts", name, "version"),
            message=f"chart '{name}' {pin.text} is older than {oldest}, the oldest supported one",
            help=(
                f"upgrade what runs to {oldest} or later first, in the steps of the chart's own "
                "upgrade notes and with today's tool; then pin that version here"
            ),
        )
