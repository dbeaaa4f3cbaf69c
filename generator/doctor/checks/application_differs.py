"""A live Application is another one than the site gives.

Its project, destination, chart, version, path or branch is not what site.yaml says. Either the
change is not merged or not synced yet, or somebody edited the Application by hand.
"""

from collections.abc import Callable, Iterator

from generator import names
from generator.charts import CHARTS
from generator.doctor.checks.base import INFO, WARNING, Diagnoses
from generator.doctor.look import CLUSTER_ROOT, ROOT, App, Look
from generator.doctor.reading import text
from generator.site.model import Settings

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
                follows=_above(app),
                commands=(f"argocd app get {app.name}",),
            )


def _above(app: App) -> tuple[str, ...]:
    if app.role == CLUSTER_ROOT:
        return ()
    return (ROOT, CLUSTER_ROOT) if app.environment and app.role != ROOT else (CLUSTER_ROOT,)


def _differences(app: App) -> Iterator[str]:
    for path, wanted in _wanted(app):
        live = text(app.live, path)
        if live.rstrip("/") != wanted.rstrip("/"):
            yield f"{path.rpartition('.')[2]} '{live}', not '{wanted}'"


def _wanted(app: App) -> Iterator[tuple[str, str]]:
    site, cluster, place = app.look.site, app.cluster.name, app.place
    yield "spec.source.targetRevision", app.revision
    if place is not None and app.chart:
        yield "spec.source.chart", app.chart
        repository, release = _source(app, place.settings)
        yield "spec.source.repoURL", repository
        yield "spec.source.helm.releaseName", release
    else:
        yield "spec.source.path", app.path
        yield "spec.source.repoURL", site.repository.url
    if place is None or app.role == ROOT:
        yield "spec.project", names.bootstrap_project(site.name, cluster)
        yield "spec.destination.namespace", site.argocd_namespace
        return
    yield "spec.project", _project(app)(site.name, cluster)
    yield "spec.destination.namespace", place.namespace
    for key, wanted in app.cluster.destination.items():
        yield f"spec.destination.{key}", wanted


def _source(app: App, settings: Settings) -> tuple[str, str]:
    """The repository of its chart, and the name of its release."""
    if app.further is not None:
        return (app.further.pin.repository or "").removeprefix("oci://"), app.further.name
    chart = CHARTS[app.chart]
    return chart.repository_of(settings.charts[app.chart]), chart.release_name(settings)


def _project(app: App) -> Callable[[str, str], str]:
    if app.further is not None:
        return names.platform_project
    return names.workload_project if app.chart else names.namespaces_project
