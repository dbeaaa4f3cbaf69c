"""A container requests more than its limit.

The API server refuses such a pod: a workload stays without pods, a user's server does not start.
Users' servers and Dask pods are judged as KubeSpawner and Dask Gateway make them of the values, for
every profile and choice: a profile that changes one of the two keeps the other one.
"""

from collections.abc import Iterator

from generator.lint.rules.base import Findings, errors
from generator.proof.checks.base import anchored, place_of_pod
from generator.proof.checks.quotas import measured, shown
from generator.proof.checks.user_pods import each_once
from generator.proof.checks.workloads import Pod, containers
from generator.proof.rendering import Rendering, part

finding = errors("M934")

_HELP = "lower the guarantee (the request) or raise the limit; a profile may have its own of each"


def check(rendering: Rendering) -> Findings:
    """One finding for each resource of a container."""
    for release in rendering.releases:
        for owner, (what, text) in each_once(release, _crossed):
            message = f"{release.app}: {owner}: {what}"
            at = place_of_pod(release, text)
            yield anchored(finding, release.environment, at, message, _HELP)


def _crossed(pod: Pod) -> Iterator[tuple[str, str]]:
    for container in containers(pod.spec):
        limits = part(container, "resources", "limits")
        for resource, asked in part(container, "resources", "requests").items():
            request, limit = measured(asked), measured(limits.get(resource))
            if request is not None and limit is not None and request > limit:
                name = container.get("name")
                what = (
                    f"container '{name}' requests {shown(request)} of {resource}, above its limit "
                )
                yield f"{what}{shown(limit)}", str(asked)
