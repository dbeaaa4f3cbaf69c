"""A Secret of the site's own has a name that something else uses.

hubops writes `hub-secrets` itself, the charts own Secrets such as `hub`, and cert-manager keeps the
host's certificate in one. The controller refuses to write over what it does not own, or two owners
would undo each other's work for ever. Give it a name that says what it opens, such as
`ocean-bucket`; keys for the hub's own use belong to `hub-secrets`, which hubops makes by itself.

Bad:

    secrets:
      hub:
        keys: [AWS_SECRET_ACCESS_KEY]
        usedBy: {servers: environment}

Good:

    secrets:
      ocean-bucket:
        keys: [AWS_SECRET_ACCESS_KEY]
        usedBy: {servers: environment}

See https://github.com/bitnami-labs/sealed-secrets#managing-existing-secrets
"""

from collections.abc import Iterator

from generator import names
from generator.charts.hub_values import TLS_SECRET
from generator.diagnostics import Finding, Severity
from generator.lint.rules.base import error, every_settings
from generator.site.model import Site

CODE = "K702"
SEVERITY = Severity.ERROR

# templates/**/secret.yaml of the JupyterHub chart, and what it names certificates.
_OF_CHARTS = {
    "hub": "the JupyterHub chart",
    "singleuser": "the JupyterHub chart",
    "image-pull-secret": "the JupyterHub chart",
    "proxy-public-manual-tls": "the JupyterHub chart",
    "proxy-public-tls-acme": "the JupyterHub chart",
    TLS_SECRET: "the ingress, for the host's certificate",
    names.HUB_SECRET: "hubops, for what hub and login need",
}


def check(site: Site) -> Iterator[Finding]:
    """A finding at each such name."""
    taken = dict(_OF_CHARTS)
    for settings in every_settings(site):
        if settings.dask is not None:
            full = names.dask_fullname(settings.dask.release_name)
            taken |= {f"{part}-{full}": "the Dask Gateway chart" for part in ("api", "controller")}
    for secret in site.shared.secrets:
        if secret.name in taken:
            yield error(
                code=CODE,
                at=("secrets", secret.name),
                on_key=True,
                message=f"secret '{secret.name}' is used by {taken[secret.name]}",
                help="give it another name, one that says what it opens",
            )
