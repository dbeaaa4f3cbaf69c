"""An app's wave is out of place.

Argo CD syncs the lowest wave first. In a cluster, 0 are the environments: an app that they need has
a wave below 0. In an environment, -5 is its namespace, 0 the hub and 5 Dask Gateway: an app with -5
or less would be synced into a namespace that is not there yet.

Argo CD waits for each wave before it begins the next. So an app that needs what a later wave brings
is never synced, and nor is any wave after it: a namespace that another app creates, or the
sealed-secrets controller for the app's `secrets`. hubops syncs the namespace and the secrets of an
app one wave before the app.

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

from collections.abc import Iterator, Sequence

from generator.build.applications import WAVES
from generator.charts import known
from generator.lint.rules.base import Findings, errors
from generator.site.app import FurtherChart
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
    for cluster in site.clusters:
        yield from _too_early([app for place in site.platform_of(cluster) for app in place.apps])


def _too_early(apps: Sequence[FurtherChart]) -> Findings:
    """What the apps of one cluster need of a later wave."""
    for app in apps:
        for what, maker, made, needed in _needs(app, apps):
            if made > needed:
                yield finding(
                    ("apps", app.name, "wave"),
                    f"{app.name}: wave {needed} needs {what}, which app '{maker.name}' brings in "
                    f"wave {made}: Argo CD waits for {app.name} first, so neither ever comes",
                    f"write  wave: {app.wave + made - needed}  or more in '{app.name}', or a lower "
                    f"one in '{maker.name}'",
                    relies_on=(("apps", maker.name, "wave"),),
                )


def _needs(
    app: FurtherChart, apps: Sequence[FurtherChart]
) -> Iterator[tuple[str, FurtherChart, int, int]]:
    """What an app needs of others: who brings it, in which wave, and when it is needed."""
    first = app.wave - 1 if app.secrets else app.wave
    for other in apps:
        if other.owns_namespace and other is not app:
            if other.namespace == app.namespace:
                yield f"namespace '{other.namespace}'", other, other.wave - 1, first
            elif other.namespace in app.other_namespaces:
                yield f"namespace '{other.namespace}'", other, other.wave - 1, app.wave
    controllers = [one for one in apps if known.brings(one.pin.name) == known.SEALED_SECRETS]
    if app.secrets and controllers:
        soonest = min(controllers, key=lambda one: one.wave)
        yield "the sealed-secrets controller for its secrets", soonest, soonest.wave, first
