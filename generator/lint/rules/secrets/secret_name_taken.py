"""The name of a Secret is already in use.

hubops writes `hub-secrets` itself, the charts own Secrets such as `hub`, and cert-manager keeps the
host's certificate in one. The sealed-secrets controller refuses to overwrite a Secret that it does
not own, or two owners would keep overwriting each other. Choose a name that says what the Secret
gives access to, such as `ocean-bucket`; keys for the hub's own use belong in `hub-secrets`, which
hubops writes itself.

Bad:
    secrets:
      hub: {keys: [AWS_SECRET_ACCESS_KEY], usedBy: {servers: environment}}
Good:
    secrets:
      ocean-bucket: {keys: [AWS_SECRET_ACCESS_KEY], usedBy: {servers: environment}}

See https://github.com/bitnami/sealed-secrets#managing-existing-secrets
"""

from collections.abc import Iterable

from generator import names
from generator.charts.ingress_values import TLS_SECRET
from generator.diagnostics import Finding, Pointer
from generator.lint.rules.base import Findings, errors, every_settings
from generator.site.app import FurtherChart
from generator.site.model import Site

finding = errors("K702")

_HELP = "choose another name, one that says what the Secret gives access to"

# templates/**/secret.yaml of the JupyterHub chart, and what it names certificates.
_OF_CHARTS = {
    "hub": "the JupyterHub chart",
    "singleuser": "the JupyterHub chart",
    "image-pull-secret": "the JupyterHub chart",
    "proxy-public-manual-tls": "the JupyterHub chart",
    "proxy-public-tls-acme": "the JupyterHub chart",
    TLS_SECRET: "the ingress, for the host's certificate",
    names.HUB_SECRET: "hubops, for the hub and its login",
}


def check(site: Site) -> Findings:
    """A finding at each such name."""
    certificates = (one.ingress.tls_secret for one in site.clusters.values() if one.ingress)
    taken = _OF_CHARTS | dict.fromkeys(filter(None, certificates), _OF_CHARTS[TLS_SECRET])
    for settings in every_settings(site):
        if settings.dask is not None:
            full = names.dask_fullname(settings.dask.release_name)
            taken |= {f"{part}-{full}": "the Dask Gateway chart" for part in ("api", "controller")}
    for secret in site.shared.secrets:
        if secret.name in taken:
            yield _taken(("secrets", secret.name), secret.name, taken[secret.name])
    taken |= {secret.name: "the environments' own secrets" for secret in site.shared.secrets}
    for environment in site.environments:
        if environment.apps:
            yield from _of_apps(dict(taken), environment.apps)
    # By namespace of a Kubernetes cluster.
    used: dict[tuple[str, ...], dict[str, str]] = {}
    for place in site.platform:
        key = (*site.clusters[place.cluster].identity, place.namespace)
        yield from _of_apps(used.setdefault(key, {}), place.apps)


def _of_apps(taken: dict[str, str], apps: Iterable[FurtherChart]) -> Findings:
    """The Secrets of apps in one namespace that another one has; they are added to `taken`."""
    for app in apps:
        for held in app.secrets:
            owner = taken.setdefault(held.name, f"app '{app.name}'")
            if owner != f"app '{app.name}'":
                both = "list it in one of them alone, where both read it, or "
                help = f"{both if owner.startswith('app ') else ''}{_HELP}"
                at = ("apps", app.name, "secrets", held.name)
                yield _taken(at, held.name, owner, help)


def _taken(at: Pointer, name: str, owner: str, help: str = _HELP) -> Finding:
    return finding(at, f"secret '{name}' is used by {owner}", help, on_key=True)
