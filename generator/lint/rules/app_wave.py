"""An app's wave is out of place.

Argo CD syncs the lowest wave first. In a cluster, 0 are the environments: an app that they need has
a wave below 0. In an environment, -5 is its namespace, 0 the hub and 5 Dask Gateway: an app with -5
or less would be synced into a namespace that is not there yet.

Bad:
    apps:
      ingress-nginx:
        scope: cluster
        chart:
          name: ingress-nginx
          repository: https://kubernetes.github.io/ingress-nginx
          version: 4.14.0
        namespace: ingress-nginx
        wave: 10
Good:
    apps:
      ingress-nginx:
        scope: cluster
        chart:
          name: ingress-nginx
          repository: https://kubernetes.github.io/ingress-nginx
          version: 4.14.0
        namespace: ingress-nginx
        wave: -10
"""

from generator.build.applications import WAVES
from generator.lint.rules.base import Findings, errors
from generator.site.model import Site

finding = errors("R232")


def check(site: Site) -> Findings:
    """A finding at each such `wave`."""
    for app in site.apps:
        at, first = ("apps", app.name, "wave"), WAVES["namespace"]
        if app.is_of_cluster and app.wave >= 0:
            text = f"wave {app.wave} is not before the environments, which are 0"
            yield finding(at, text, "write a number below 0, for example  wave: -20")
        elif not app.is_of_cluster and app.wave <= first:
            text = f"wave {app.wave} is not after the environment's namespace, which is {first}"
            yield finding(at, text, f"write a number above {first}, for example  wave: -1")
