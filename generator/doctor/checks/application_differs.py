"""A live Application is another one than the site gives.

Its project, destination, chart, version, path or branch is not what site.yaml says. Either the
change is not merged or not synced yet, or somebody edited the Application by hand.
"""

from collections.abc import Iterator

from generator import names
from generator.charts import CHARTS
from generator.doctor.checks.base import INFO, WARNING, Diagnoses
from generator.doctor.look import CLUSTER_ROOT, ROOT, App, Look
from generator.doctor.reading import text

CODE = "D118"


def check(look: Look) -> Diagnoses:
    """One for each Application."""
    for app in look.apps:
        if app.live is None:
            continue
        differences = tuple(_differences(app))
        if differences:
            is_merged = look.snapshot.is_merged
            yield app.found(
                CODE,
                WARNING if is_merged else INFO,
                f"'{app.name}' is not what site.yaml says: {'; '.join(differences)}",
                "see who changed it, and sync what is above it"
                if is_merged
                else "site.yaml here is not the merged one: merge it, or judge by the merged one",
                about=f"spec of {app.role}",
                follows=(ROOT, CLUSTER_ROOT)
                if app.environment and app.role != ROOT
                else (CLUSTER_ROOT,)
                if app.role == ROOT
                else (),
                commands=(f"argocd app get {app.name}",),
            )


def _differences(app: App) -> Iterator[str]:
    for path, wanted in _wanted(app):
        live = text(app.live, path)
        if live.rstrip("/") != wanted.rstrip("/"):
            yield f"{path.rpartition('.')[2]} '{live}', not '{wanted}'"


def _wanted(app: App) -> Iterator[tuple[str, str]]:
    site, cluster, environment = app.look.site, app.cluster.name, app.environment
    yield "spec.source.targetRevision", app.revision
    if app.chart and environment is not None:
        chart, settings = CHARTS[app.chart], environment.settings
        yield "spec.source.chart", app.chart
        yield "spec.source.repoURL", chart.repository_of(settings.charts[app.chart])
        yield "spec.source.helm.releaseName", chart.release_name(settings)
    else:
        yield "spec.source.path", app.path
        yield "spec.source.repoURL", site.repository.url
    if app.role in (ROOT, CLUSTER_ROOT) or environment is None:
        yield "spec.project", names.bootstrap_project(site.name, cluster)
        yield "spec.destination.namespace", site.argocd_namespace
        return
    project = names.workload_project if app.chart else names.namespaces_project
    yield "spec.project", project(site.name, cluster)
    yield "spec.destination.namespace", environment.namespace
    for key, wanted in app.cluster.destination.items():
        yield f"spec.destination.{key}", wanted
