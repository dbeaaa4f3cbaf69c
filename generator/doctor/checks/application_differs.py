"""A live Application is another one than the site gives.

Its project, destination, chart, version, path or branch is not what site.yaml says. Either the
change is not merged or not synced yet, or somebody edited the Application by hand.
"""

from collections.abc import Iterator

from generator.doctor.checks.base import INFO, WARNING, Diagnoses
from generator.doctor.look import CLUSTER_ROOT, ROOT, App, Look
from generator.doctor.reading import part, text

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


_SAID = ("targetRevision", "chart", "path", "repoURL", "helm.releaseName")


def _differences(app: App) -> Iterator[str]:
    destination = part(app.wanted, "spec.destination")
    paths = (
        *(f"spec.source.{key}" for key in _SAID),
        "spec.project",
        *(f"spec.destination.{key}" for key in destination),
    )
    for path in paths:
        wanted, live = text(app.wanted, path), text(app.live, path)
        if wanted and live.rstrip("/") != wanted.rstrip("/"):
            yield f"{path.rpartition('.')[2]} '{live}', not '{wanted}'"
