"""Traefik and Dask Gateway would take Traefik's definitions from each other.

Both charts have CustomResourceDefinitions of `traefik.io` in their crds folder, of different
versions (dask-gateway from 2023.9.0 on). Argo CD applies such definitions without tracking them, so
nothing stops it: each Application puts its own back over those of the other, at every look, without
end. Hubs need only Ingresses of an ingress controller. Let Dask Gateway, whose own Traefik needs
them, bring the definitions, and let the ingress controller not read them: otherwise it would also
serve the routes that are for Dask Gateway's Traefik.

Bad:
    apps:
      traefik:
        scope: cluster
        chart: {name: traefik, repository: "https://traefik.github.io/charts", version: 41.3.0}
        namespace: traefik
        clusterKinds: [CustomResourceDefinition, ClusterRole, ClusterRoleBinding, IngressClass]
Good:
    apps:
      traefik:
        scope: cluster
        chart: {name: traefik, repository: "https://traefik.github.io/charts", version: 41.3.0}
        namespace: traefik
        values: {providers: {kubernetesCRD: {enabled: false}}}
        clusterKinds: [ClusterRole, ClusterRoleBinding, IngressClass]
        installCRDs: false
"""

from generator.charts import CHARTS
from generator.diagnostics import Pointer
from generator.lint.rules.base import Findings, errors, neighbours
from generator.site.model import Environment, Site
from generator.versions import Version

finding = errors("R244")

_SINCE = Version.parse("2023.9.0")
_HELP = (
    "write  installCRDs: false  in the app, and in its values  "
    "providers: {kubernetesCRD: {enabled: false}}"
)


def check(site: Site) -> Findings:
    """A finding at each such app."""
    found: dict[Pointer, str] = {}
    for group in neighbours(site, site.places) if any(place.apps for place in site.places) else ():
        apps = [app for place in group for app in place.apps if app.pin.name == "traefik"]
        gateway = next((place.name for place in group if apps and _brings_them(place)), None)
        for app in apps:
            if gateway is not None and app.installs_crds:
                found.setdefault(app.at(), gateway)
    for at, gateway in found.items():
        text = f"Dask Gateway of '{gateway}' and this app would take Traefik's definitions from"
        yield finding(at, f"{text} each other without end", _HELP, on_key=True)


def _brings_them(place: Environment) -> bool:
    """Whether its Dask Gateway has the definitions of `traefik.io`."""
    dask = place.settings.dask
    if place.is_platform or dask is None or not dask.install_crds:
        return False
    version = CHARTS["dask-gateway"].version(place.settings)
    return version is None or version >= _SINCE
