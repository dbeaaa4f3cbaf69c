"""An AppProject is missing, or does not allow what its Applications need.

Argo CD does nothing with an Application whose project is missing, or whose repository or
destination the project does not allow. The cluster's root syncs the workload projects; an
administrator applies the bootstrap project.
"""

from collections.abc import Iterator
from typing import Any

from generator import names
from generator.build import projects
from generator.build.repository import cluster_projects
from generator.change.prerequisites import bootstrap_commands
from generator.doctor.checks.base import ERROR, WARNING, Diagnoses, listed
from generator.doctor.look import CLUSTER_ROOT, Look
from generator.doctor.reading import entries, items
from generator.site.model import Cluster

CODE = "D106"


def check(look: Look) -> Diagnoses:
    """One for each project."""
    live = look.argocd.get("AppProject", {})
    if look.snapshot.argocd is None or any(
        one.kind.startswith("appprojects") for one in look.snapshot.argocd.unasked
    ):
        return
    for cluster, wanted, is_bootstrap in _wanted(look):
        name = wanted["metadata"]["name"]
        command = (
            bootstrap_commands(look.site.argocd_namespace, cluster.name)[1]
            if is_bootstrap
            else f"argocd app sync {names.cluster_root(look.site.name, cluster.name)}"
        )
        help = "apply the bootstrap again" if is_bootstrap else "sync the cluster's root"
        shared: dict[str, Any] = {
            "where": f"cluster {cluster.name}",
            "scope": cluster.name,
            "cluster": cluster.name,
            "commands": (command.replace("kubectl", look.means.argocd, 1),),
            "at": cluster.at,
            "subject": name,
        }
        if name not in live:
            follows = () if is_bootstrap else (CLUSTER_ROOT,)
            yield look.found(
                CODE,
                ERROR,
                f"AppProject '{name}' is missing",
                help,
                about="project",
                follows=follows,
                **shared,
            )
            continue
        lacking = tuple(_lacking(wanted, live[name]))
        if lacking:
            text = f"AppProject '{name}' does not allow {listed(lacking)}"
            is_merged = look.snapshot.is_merged
            yield look.found(
                CODE, ERROR if is_merged else WARNING, text, help, about="project", **shared
            )


def _wanted(look: Look) -> Iterator[tuple[Cluster, Any, bool]]:
    for cluster in look.clusters:
        yield cluster, projects.bootstrap_project(look.site, cluster), True
        for _, project in cluster_projects(look.site, cluster):
            yield cluster, project, False


def _lacking(wanted: Any, live: Any) -> Iterator[str]:
    allowed = items(live, "spec.sourceRepos")
    for repository in wanted["spec"].get("sourceRepos", ()):
        if repository not in allowed and "*" not in allowed:
            yield repository
    places = [dict(one) for one in entries(live, "spec.destinations")]
    for destination in wanted["spec"].get("destinations", ()):
        if not any(_covers(place, destination) for place in places):
            yield str(destination.get("namespace"))


def _covers(place: Any, wanted: Any) -> bool:
    return all(place.get(key) in (value, "*") for key, value in wanted.items())
