"""A chart version is not exact.

Argo CD resolves a range or `latest` again at each refresh: one day it upgrades the hub and its
database without a commit, and the database can't go back. Write the version as the chart's index
spells it: three numbers, no `v`.

Bad:
    charts:
      jupyterhub: {version: 4.*}
Good:
    charts:
      jupyterhub: {version: 4.4.0}

See https://argo-cd.readthedocs.io/en/stable/user-guide/tracking_strategies/
"""

import re

from generator.credentials import shown
from generator.diagnostics import Finding, Pointer
from generator.lint.rules.base import Findings, errors, every_settings
from generator.lint.written import every_app
from generator.site.app import ChartPin
from generator.site.model import Site

finding = errors("C301")

_NUMBERS = r"(?a)(\d{1,9})\.(\d{1,9})\.(\d{1,9})"
_EXAMPLES = {"jupyterhub": "4.4.0", "dask-gateway": "2026.3.0"}


def check(site: Site) -> Findings:
    """A finding at each `version` that may mean several."""
    for settings in every_settings(site):
        for name, pin in settings.charts.items():
            if pin.version is None:
                yield _inexact(settings.origin.at("charts", name, "version"), pin)
    for app in every_app(site):
        if app.pin.version is None:
            yield _inexact(app.at("chart", "version"), app.pin)


def _inexact(at: Pointer, pin: ChartPin) -> Finding:
    return finding(
        at,
        f"'{shown(pin.text)}' is not one exact version of chart '{pin.name}'",
        f"write three numbers, for example  {_suggested(pin.name, pin.text)}",
    )


def _suggested(name: str, text: str) -> str:
    """The version that is in the text, or else a known one."""
    match = re.search(_NUMBERS, text)
    numbers = ".".join(str(int(part)) for part in match.groups()) if match else ""
    return numbers or _EXAMPLES.get(name, "1.2.3")
