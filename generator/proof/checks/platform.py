"""What the AppProject of the further charts does not allow, and what to write to allow it."""

from collections.abc import Iterator, Mapping
from typing import Any

from generator.build.cluster_kinds import GROUPS, spelled
from generator.build.projects import platform_project
from generator.build.tree import Resource
from generator.diagnostics import Finding
from generator.lint.extra import REFUSED
from generator.proof.checks.base import anchored
from generator.proof.rendering import Rendered, Rendering, part
from generator.site.app import FurtherChart

# The custom kinds that a cluster's charts define, by group and kind.
Definitions = Mapping[tuple[str, str], Mapping[str, Any]]


def further(release: Rendered) -> FurtherChart | None:
    """The further chart that an Application is of, or whose namespace it brings."""
    place = release.environment
    apps = (app for app in place.apps if place.is_platform or app.name == release.app)
    return next(apps, None)


def project(rendering: Rendering, release: Rendered) -> Resource:
    """The AppProject of a further chart."""
    found = platform_project(rendering.site, release.cluster)
    assert found is not None  # its cluster runs this chart
    return found


def missing(
    release: Rendered, app: FurtherChart, project: Resource, known: Definitions
) -> Iterator[Finding]:
    """One finding for the kinds, and one for the namespaces, that site.yaml does not name."""
    allowed = {one.get("namespace") for one in project["spec"]["destinations"]}
    kinds: dict[str, str] = {}
    all_kinds: dict[str, None] = {}
    namespaces: dict[str, str] = {}
    for resource in release.objects:
        metadata, kind = part(resource, "metadata"), str(resource.get("kind"))
        group, name = str(resource.get("apiVersion")).rpartition("/")[0], str(metadata.get("name"))
        namespace = str(metadata.get("namespace") or release.namespace)
        if is_of_cluster(group, kind, known):
            all_kinds[spelled(group, kind)] = None
            if not _allows(project, group, kind, name):
                kinds.setdefault(spelled(group, kind), name)
        elif namespace not in allowed:
            namespaces.setdefault(namespace, f"{kind} {name}")
    for key, written, found in (
        # Those that only another app names too: without that app they would be missing here.
        ("clusterKinds", (*app.kinds, *all_kinds), kinds),
        ("otherNamespaces", (*app.other_namespaces, *namespaces), namespaces),
    ):
        if found:
            listed = ", ".join(f"{one} ({what})" for one, what in found.items())
            text = f"{app.name}: AppProject '{project['metadata']['name']}' does not allow {listed}"
            line = f"{key}: [{', '.join(dict.fromkeys(written))}]"
            help = f"if the chart may have it, write  {line}  under the app"
            yield anchored(REFUSED, release.environment, app.at(key), text, help)


def is_of_cluster(group: str, kind: str, known: Definitions) -> bool:
    """Whether a kind has no namespace, as far as Kubernetes or a rendered definition tells."""
    if GROUPS.get(kind) == group:
        return True
    return part(known.get((group, kind), {}), "spec").get("scope") == "Cluster"


def _allows(project: Resource, group: str, kind: str, name: str) -> bool:
    """Whether an AppProject has a kind without a namespace, or this one object of it."""
    return any(
        (one["group"], one["kind"]) == (group, kind) and one.get("name", name) == name
        for one in project["spec"].get("clusterResourceWhitelist", ())
    )
