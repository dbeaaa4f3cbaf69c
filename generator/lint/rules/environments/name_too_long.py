"""A composed name is too long for Kubernetes.

Argo CD writes the name of an Application into labels, and a label holds 63 characters. The Dask
Gateway chart cuts its own names at 63 characters without a message, so a long release name ends in
two objects with the same name. hubops never shortens a name, because names are live state: shorten
the name of the site, cluster, environment or release.

Bad:
    environments:
      production-of-the-coastal-observatory-of-the-north:
        cluster: fedcloud
        namespace: hub-north
        host: north.example.org
        daskGateway: {releaseName: dask-gateway-north, installCRDs: false}
Good:
    environments:
      north:
        cluster: fedcloud
        namespace: hub-north
        host: north.example.org
        daskGateway: {releaseName: dask-gateway-north, installCRDs: false}

See https://github.com/argoproj/argo-cd/issues/4045
"""

from generator import names
from generator.charts import apps_of
from generator.diagnostics import Pointer
from generator.lint.rules.base import Findings, errors
from generator.site.model import Environment, Site

finding = errors("R206")


def check(site: Site) -> Findings:
    """A finding at each cluster, environment and release name that makes a name too long."""
    for cluster in site.clusters.values() if site.name else ():
        longest = names.namespaces_project(site.name, cluster.name)
        yield from _too_long("AppProject", longest, cluster.at, "cluster")
    for place in site.platform if site.name else ():
        for app in place.apps:
            part = names.app_namespace(app.name) if app.owns_namespace else app.name
            longest = names.application(site.name, part, place.cluster)
            yield from _too_long("Application", longest, ("apps", app.name), "app")
    for environment in site.environments:
        if site.name:
            apps = (*apps_of(environment.settings), *(app.name for app in environment.apps))
            longest = names.application(site.name, max(apps, key=len), environment.name)
            yield from _too_long("Application", longest, environment.at, "environment")
        yield from _release(environment)


def _too_long(kind: str, name: str, at: Pointer, part: str) -> Findings:
    surplus = len(name) - names.LABEL_LENGTH
    if surplus > 0:
        yield finding(
            at,
            _length(kind, name),
            f"shorten the name of the {part} or of the site by {_counted(surplus)}",
            on_key=True,
        )


def _release(environment: Environment) -> Findings:
    dask = environment.settings.dask
    name = names.dask_name(dask.release_name) if dask is not None else ""
    surplus = len(name) - names.DASK_NAME_LENGTH
    if surplus > 0:
        yield finding(
            environment.settings.origin.at("daskGateway", "releaseName"),
            _length("Middleware", f"clusters-prefix-{name}"),
            f"shorten the release name by {_counted(surplus)}",
        )


def _length(kind: str, name: str) -> str:
    return f"{kind} '{name}' has {len(name)} characters; the limit is {names.LABEL_LENGTH}"


def _counted(surplus: int) -> str:
    return f"{surplus} character{'s' if surplus > 1 else ''}"
