"""The name of an app is taken.

hubops itself calls parts of the tree `namespace`, `jupyterhub`, `dask-gateway`, `bootstrap`,
`issuers`, and `dashboards` where a cluster has any.
Choose another name; the chart may have any. The name is the Helm release's too.

Bad:
    apps:
      jupyterhub:
        scope: environment
        chart:
          name: jupyterhub-home-nfs
          repository: oci://ghcr.io/2i2c-org/jupyterhub-home-nfs
          version: 1.2.0
Good:
    apps:
      home-nfs:
        scope: environment
        chart:
          name: jupyterhub-home-nfs
          repository: oci://ghcr.io/2i2c-org/jupyterhub-home-nfs
          version: 1.2.0
"""

from generator import names
from generator.charts import APPS
from generator.lint.rules.base import Findings, errors
from generator.site.model import Site

finding = errors("R234")

# Folders beside those of apps, in `apps/` and in `clusters/<cluster>/`.
_TAKEN = (*APPS, "bootstrap", names.ISSUERS)


def check(site: Site) -> Findings:
    """A finding at each such name."""
    has_dashboards = any(cluster.dashboards for cluster in site.clusters.values())
    taken = (*_TAKEN, *((names.DASHBOARDS,) if has_dashboards else ()))
    for app in site.apps:
        if app.name in taken:
            text = f"hubops has '{app.name}' itself"
            help = "choose another name, one that says what the app is for"
            yield finding(("apps", app.name), text, help, on_key=True)
