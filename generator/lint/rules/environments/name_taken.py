"""Two objects in Argo CD would have the same name.

hubops composes names: `<site>-cluster-<cluster>` for a cluster's root, `<site>-<environment>` for
an environment's, `<site>-<app>-<environment>` for an application. An environment `cluster-x` beside
a cluster `x` gives two Applications with the same name, and so does an environment `jupyterhub-x`
beside an environment `x`. A cluster and an environment may have the same name. Rename one of the
two, if possible the one that is not deployed yet: a new name creates new objects.

Bad:
    environments:
      cluster-fedcloud:
        cluster: fedcloud
        namespace: hub-2
        host: hub-2.example.org
        daskGateway: {releaseName: dask-gateway-2, installCRDs: false}
Good:
    environments:
      fedcloud:
        cluster: fedcloud
        namespace: hub-2
        host: hub-2.example.org
        daskGateway: {releaseName: dask-gateway-2, installCRDs: false}
"""

from collections.abc import Iterator

from generator import names
from generator.build.cluster_folders import folders
from generator.charts import apps_of
from generator.diagnostics import Pointer
from generator.lint.rules.base import Findings, errors
from generator.site.model import Environment, Site

finding = errors("R207")


# The kind and name of an object; what it is, and of what; and where the name can be changed.
_Composed = tuple[str, str, str, str, Pointer]


def check(site: Site) -> Findings:
    """A finding at each cluster or environment that repeats a name, one for each."""
    taken: dict[tuple[str, str], tuple[str, str]] = {}
    reported: set[Pointer] = set()
    for kind, name, part, of, at in _composed(site) if site.name else ():
        meaning = part, of
        first = taken.setdefault((kind, name), meaning)
        if first is not meaning and at not in reported:
            reported.add(at)
            yield finding(
                at,
                f"{kind} '{name}' would be {' of '.join(first)} and {part} of {of}",
                "rename one of the two, if possible the one that is not deployed yet",
                on_key=True,
            )


def _composed(site: Site) -> Iterator[_Composed]:
    for cluster in site.clusters.values():
        of = f"cluster '{cluster.name}'"
        platform = site.apps or any(folders(site, cluster))
        for kind, name, part in (
            ("Application", names.cluster_root, "root"),
            ("AppProject", names.workload_project, "workload project"),
            ("AppProject", names.namespaces_project, "project of the namespaces"),
            ("AppProject", names.bootstrap_project, "bootstrap project"),
            *([("AppProject", names.platform_project, "project of the apps")] * bool(platform)),
        ):
            yield kind, name(site.name, cluster.name), f"the {part}", of, cluster.at
    for environment in site.environments:
        yield from _applications(site, environment)
    yield from _of_clusters(site)


def _applications(site: Site, environment: Environment) -> Iterator[_Composed]:
    of = f"environment '{environment.name}'"
    root = names.environment_root(site.name, environment.name)
    yield "Application", root, "the root", of, environment.at
    for app in apps_of(environment.settings):
        name = names.application(site.name, app, environment.name)
        yield "Application", name, f"application '{app}'", of, environment.at
    for further in environment.apps:
        name = names.application(site.name, further.name, environment.name)
        yield "Application", name, f"app '{further.name}'", of, ("apps", further.name)


def _of_clusters(site: Site) -> Iterator[_Composed]:
    apps = {app.name for app in site.apps}
    for place in site.platform:
        for app in place.apps:
            of, what = f"cluster '{place.cluster}'", f"app '{app.name}'"
            for part, it in (
                (app.name, what),
                (names.app_namespace(app.name), f"namespace of {what}"),
            ):
                name = names.application(site.name, part, place.cluster)
                yield "Application", name, it, of, ("apps", app.name)
    for cluster in site.clusters.values():
        others = (one for one in folders(site, cluster) if one.name not in apps)  # else R234
        for folder in others:
            name = names.application(site.name, folder.name, cluster.name)
            yield "Application", name, folder.name, f"cluster '{cluster.name}'", folder.at
