"""Argo CD would refuse an object, because its AppProject does not allow it there.

The project of a cluster's namespaces, `<site>-<cluster>-namespaces`, allows what belongs into an
environment's own namespace: no ClusterRole, no ClusterRoleBinding, no webhook configuration, no
other Namespace, nothing for another namespace. A sync that holds such an object fails as a whole.
`generate`, `check`, `diff` and `validate` judge what is in an `extra/` folder, at its file and
line; `validate` also judges what Kustomize and Helm make.

hubops reads in `extra/` what its kustomization.yaml names inside the folder. It refuses what it
can't judge: remote resources, paths that lead out of the folder, `helmCharts`, `generators`,
`transformers`, `replacements`, and patches that change what an object is. Write the objects
themselves into files. A file `.argocd-source.yaml`, with which Argo CD would change an Application,
is refused too. If the cluster needs a cluster-wide object, its administrator applies it by hand.
"""

from collections.abc import Iterator

from generator.build.extra import spelled
from generator.build.projects import namespaces_project, refusal, workload_project
from generator.charts import CHARTS
from generator.charts.origins import pin
from generator.diagnostics import Diagnostic, Finding
from generator.lint.extra import REFUSED
from generator.proof.checks.base import anchored, in_folder
from generator.proof.rendering import Rendering

finding = REFUSED

_HELP = "leave it out; if it is needed, an administrator of the cluster applies it by hand"


def check(rendering: Rendering) -> Iterator[Finding | Diagnostic]:
    """A finding for each object that the project of its Application does not allow."""
    for release in rendering.releases:
        is_chart, environment = release.app in CHARTS, release.environment
        project_of = workload_project if is_chart else namespaces_project
        project = project_of(rendering.site, release.cluster)
        for resource in release.objects:
            refused = refusal(project, resource, environment.namespace)
            if refused is None:
                continue
            message = f"{spelled(resource)} {refused.reason}"
            if release.folder is not None:
                place = release.folder.path
                yield in_folder(finding, place, f"{environment.name}: {message}", _HELP)
            else:
                at = pin(environment, release.app)
                yield anchored(finding, environment, at, f"{release.app}: {message}", _HELP)
