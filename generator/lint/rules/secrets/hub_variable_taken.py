"""A variable of the hub is already in use.

The chart, JupyterHub and hubops set variables of the hub themselves: where to find its parts, its
keys, the client id and secret of the login. Of two values under one name one is lost, and with the
wrong one the hub does not start. Choose another name, or remove the variable.

Bad:
    jupyterhub:
      hub:
        environment: {OAUTH_CLIENT_ID: coast}
Good:
    jupyterhub:
      hub:
        environment: {TZ: Europe/Lisbon}
"""

from generator.credentials import shown
from generator.lint.rules.base import Findings, errors, hubs
from generator.lint.rules.secrets.secret_variable import is_variable
from generator.site.model import Site

finding = errors("R214")


def check(site: Site) -> Findings:
    """A finding at each such variable."""
    for settings, _, _ in hubs(site):
        for name in settings.at("jupyterhub.hub.environment") or ():
            if not is_variable("hub", name):
                yield finding(
                    settings.origin.at("jupyterhub", "hub", "environment", name),
                    f"variable '{shown(name)}' of the hub is reserved",
                    "choose another name, or remove it: hubops or the chart sets this one",
                    on_key=True,
                )
