"""A chart version is not exact.

Argo CD resolves a range or `latest` anew at each refresh: one morning it upgrades the hub and its
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
from collections.abc import Iterator

from generator.credentials import shown
from generator.diagnostics import Finding, Severity
from generator.lint.rules.base import error, every_settings
from generator.site.model import Site

CODE = "C301"
SEVERITY = Severity.ERROR

_NUMBERS = r"(?a)(\d{1,9})\.(\d{1,9})\.(\d{1,9})"
_EXAMPLES = {"jupyterhub": "4.4.0", "dask-gateway": "2026.3.0"}


def check(site: Site) -> Iterator[Finding]:
    """A finding at each `version` that may stand for several."""
    for settings in every_settings(site):
        for name, pin in settings.charts.items():
            if pin.version is None:
                yield error(
                    code=CODE,
                    at=settings.origin.at("charts", name, "version"),
                    message=f"'{shown(pin.text)}' is not one exact version of chart '{name}'",
                    help=f"write three numbers, for example  {_suggested(name, pin.text)}",
                )


def _suggested(name: str, text: str) -> str:
    """The version that is in the text, or else a known one."""
    found = re.search(_NUMBERS, text)
    return ".".join(str(int(part)) for part in found.groups()) if found else _EXAMPLES[name]
