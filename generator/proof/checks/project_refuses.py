"""Argo CD would refuse an object, because its AppProject does not allow it there.

The project of a cluster's charts, `<site>-<cluster>`, allows the charts' own repositories, the
kinds that they need, and the environments' own namespaces; a value can ask for more, such as a
PriorityClass or a role in another namespace.

The project of the further charts, `<site>-<cluster>-platform`, allows what site.yaml names under
`apps`: their repositories and namespaces, `otherNamespaces`, and the kinds under `clusterKinds`.
The finding says what to add, if you want the chart to have it.

The project of a cluster's namespaces, `<site>-<cluster>-namespaces`, allows what may be in an
environment's own namespace: no ClusterRole, no ClusterRoleBinding, no webhook configuration, no
other Namespace, nothing for another namespace. A sync that holds such an object fails as a whole.
`generate`, `check`, `diff` and `validate` judge what is in an `extra/` folder, at its file and
line; `validate` also judges what Helm and Kustomize make.

hubops reads in `extra/` what its kustomization.yaml names inside the folder. It refuses what it
can't judge: remote resources, paths that lead out of the folder, `helmCharts`, `generators`,
`transformers`, `replacements`, and patches that change what an object is. Write the objects
themselves into files. A file `.argocd-source.yaml`, with which Argo CD would change an Application,
is refused too. If the cluster needs a cluster-wide object, its administrator applies it by hand.
"""

from collections.abc import Iterator

from generator.build.extra import spelled
from generator.build.projects import namespaces_project, refusal, workload_project
from generator.build.tree import Resource
from generator.charts.origins import pin
from generator.diagnostics import Diagnostic, Finding
from generator.lint.extra import REFUSED
from generator.proof.checks import platform
from generator.proof.checks.base import anchored, in_folder, place_of_text
from generator.proof.checks.kinds import definitions_in
from generator.proof.rendering import Rendered, Rendering, entries, part

finding = REFUSED

_IN_FOLDER = "run 'hubops generate', and look at the files in the 'extra' folder"
_OF_CHART = "leave it out of the values; what the cluster needs, its administrator applies by hand"
_OF_TREE = "run 'hubops generate': an Application is what site.yaml says of it"


def check(rendering: Rendering) -> Iterator[Diagnostic | Finding]:
    """A finding for each object and source that the project of its Application does not allow."""
    known = definitions_in(rendering) if rendering.site.apps else {}
    for release in rendering.releases:
        further = platform.further(release)
        if further is None:
            make = workload_project if release.folder is None else namespaces_project
            project = make(rendering.site, release.cluster)
            yield from _objects(release, project)
        else:
            project = platform.project(rendering, release)
        elsewhere = [*_elsewhere(release, project)]
        # One that is not what site.yaml says is no reason to allow it more.
        if further is not None and not elsewhere:
            yield from platform.missing(release, further, project, known[release.environment.name])
        for reason in elsewhere:
            folder = _folder(release)
            message = f"{release.environment.name}: Application '{release.name}' {reason}"
            yield in_folder(finding, folder, message, _OF_TREE)


def _folder(release: Rendered) -> str:
    """Where its Application is."""
    place = release.environment
    return f"clusters/{place.cluster}" if place.is_platform else f"overlays/{place.name}"


def _objects(release: Rendered, project: Resource) -> Iterator[Diagnostic | Finding]:
    environment = release.environment
    for resource in release.objects:
        refused = refusal(project, resource, environment.namespace)
        if refused is None:
            continue
        reason = f"{spelled(resource)} {refused.reason}"
        if release.folder is not None:
            message = f"{environment.name}: {reason}"
            yield in_folder(finding, release.folder.path, message, _IN_FOLDER)
        else:
            *above, key = refused.at
            value = str(part(resource, *above).get(key))
            at = place_of_text(release, value) or pin(environment, release.app)
            yield anchored(finding, environment, at, f"{release.app}: {reason}", _OF_CHART)


def _elsewhere(release: Rendered, project: Resource) -> Iterator[str]:
    """What the project does not allow of where an Application comes from and goes to."""
    spec = part(release.application, "spec")
    name, wanted = spec.get("project"), project["metadata"]["name"]
    if name != wanted:
        yield f"is in AppProject '{name}', not in '{wanted}'"
    for source in (part(spec, "source"), *entries(spec, "sources")):
        url = source.get("repoURL")
        if url is not None and url not in project["spec"]["sourceRepos"]:
            yield f"is from '{url}', which AppProject '{wanted}' does not allow"
    own = release.cluster.destination | {"namespace": release.environment.namespace}
    if dict(part(spec, "destination")) != own:
        yield f"does not go to namespace '{own['namespace']}' of its own cluster"
