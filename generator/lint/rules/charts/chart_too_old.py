"""A chart is older than the oldest version that hubops supports.

Before z2jh 3.0.3, login settings have other names, and a login with no allow rule lets everyone in;
older values of either chart are not tested. Upgrade the running release to a supported version
first, with the tool that installed it, and then bring it under Argo CD. This upgrades the hub's
database, which can't go back: keep a copy of it.

Bad:
    charts: {jupyterhub: {version: 2.0.0}, dask-gateway: {version: 2022.6.1}}
Good:
    charts: {jupyterhub: {version: 3.3.8}, dask-gateway: {version: 2022.6.1}}

See https://z2jh.jupyter.org/en/stable/administrator/upgrading/index.html
"""

from generator.charts import CHARTS
from generator.lint.rules.base import Findings, errors, installing, used_pins
from generator.site.model import Site

finding = errors("C302")


def check(site: Site) -> Findings:
    """A finding at each version below the supported ones, of the charts that are used."""
    for settings in installing(settings for settings, _ in site.variants):
        for pin, version in used_pins(settings):
            chart = CHARTS[pin.name]
            if chart.supports(version):
                continue
            oldest = chart.supported.removeprefix(">=")
            yield finding(
                settings.origin.at("charts", pin.name, "version"),
                f"chart '{pin.name}' {pin.text} is older than {oldest}, the oldest supported one",
                f"upgrade the running release to {oldest} or later first, in the steps of the "
                "chart's own upgrade notes and with the tool that installed it; then pin that "
                "version here",
            )
