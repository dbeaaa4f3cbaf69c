"""Argo CD would refuse an object, because its AppProject does not allow it there.

The project of a cluster's namespaces, `<site>-<cluster>-namespaces`, allows what belongs into an
environment's own namespace: no ClusterRole, no ClusterRoleBinding, no webhook configuration, no
other Namespace, nothing for another namespace. A sync that holds such an object fails as a whole.
`generate`, `check`, `diff` and `validate` judge what is in an `extra/` folder, at its file and
line; `validate` also judges what Kustomize makes.

hubops reads in `extra/` what its kustomization.yaml names inside the folder. It refuses what it
can't judge: remote resources, paths that lead out of the folder, `helmCharts`, `generators`,
`transformers`, `replacements`, and patches that change what an object is. Write the objects
themselves into files. A file `.argocd-source.yaml`, with which Argo CD would change an Application,
is refused too. If the cluster needs a cluster-wide object, its administrator applies it by hand.
"""

from collections.abc import Iterator

from generator.build.extra import spelled
from generator.build.projects import namespaces_project, refusal
from generator.diagnostics import Diagnostic
from generator.lint.extra import REFUSED
from generator.proof.checks.base import in_folder
from generator.proof.rendering import Rendering

finding = REFUSED

_HELP = "run 'hubops generate', and look at the files in the 'extra' folder"


def check(rendering: Rendering) -> Iterator[Diagnostic]:
    """A finding for each object of a namespace that its project does not allow."""
    for release in rendering.releases:
        if release.folder is None:
            continue
        environment = release.environment
        project = namespaces_project(rendering.site, release.cluster)
        for resource in release.objects:
            refused = refusal(project, resource, environment.namespace)
            if refused is not None:
                message = f"{environment.name}: {spelled(resource)} {refused.reason}"
                yield in_folder(finding, release.folder.path, message, _HELP)
