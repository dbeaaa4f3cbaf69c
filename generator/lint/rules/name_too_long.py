"""A composed name is longer than Kubernetes takes.

Argo CD writes the name of an Application into labels, and a label holds 63 characters. The Dask
Gateway chart cuts its own names at 63 characters in silence, so that a long release name ends in
two objects of one name. hubops shortens nothing, for the names are live state: shorten the name of
the site, cluster, environment or release.

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

from collections.abc import Iterator

from generator import names
from generator.charts import apps_of
from generator.diagnostics import Finding, Pointer, Severity
from generator.lint.rules.base import error
from generator.site.model import Environment, Site

CODE = "R206"
SEVERITY = Severity.ERROR


def check(site: Site) -> Iterator[Finding]:
    """A finding at each cluster, environment and release name that makes a name too long."""
    for cluster in site.clusters.values() if site.name else ():
        longest = names.bootstrap_project(site.name, cluster.name)
        yield from _too_long("AppProject", longest, cluster.at, "cluster")
    for environment in site.environments:
        if site.name:
            longest = max(_applications(site, environment), key=len)
            yield from _too_long("Application", longest, environment.at, "environment")
        yield from _release(environment)


def _applications(site: Site, environment: Environment) -> Iterator[str]:
    yield names.environment_root(site.name, environment.name)
    for app in apps_of(environment.settings):
        yield names.application(site.name, app, environment.name)


def _too_long(kind: str, name: str, at: Pointer, part: str) -> Iterator[Finding]:
    surplus = len(name) - names.LABEL_LENGTH
    if surplus > 0:
        yield error(
            code=CODE,
            at=at,
            on_key=True,
            message=f"{kind} '{name}' has {len(name)} characters of at most {names.LABEL_LENGTH}",
            help=f"shorten the name of the {part} or of the site by {_counted(surplus)}",
        )


def _release(environment: Environment) -> Iterator[Finding]:
    dask = environment.settings.dask
    if dask is None:
        return
    name = names.dask_name(dask.release_name)
    surplus = len(name) - names.DASK_NAME_LENGTH
    if surplus > 0:
        object = f"clusters-prefix-{name}"
        yield error(
            code=CODE,
            at=environment.settings.origin.at("daskGateway", "releaseName"),
            message=(
                f"Middleware '{object}' has {len(object)} characters of at most "
                f"{names.LABEL_LENGTH}"
            ),
            help=f"shorten the release name by {_counted(surplus)}",
        )


def _counted(surplus: int) -> str:
    return f"{surplus} character{'s' if surplus > 1 else ''}"
