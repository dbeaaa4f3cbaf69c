"""A Dask cluster runs far longer than its idle timeout.

Dask Gateway stops a cluster that does nothing for `daskGateway.idleTimeout`. One without workers
that is much older is idle, and takes its scheduler's memory.
"""

from generator.doctor.checks.base import WARNING, Diagnoses, count
from generator.doctor.look import Look, component_of
from generator.doctor.reading import label, minutes, name, text
from generator.quantities import seconds

CODE = "D171"
_TIMES = 3  # the timeout


def check(look: Look) -> Diagnoses:
    """One for each environment."""
    for place in look.places:
        dask = place.environment.settings.dask
        if dask is None or not dask.idle_timeout:
            continue
        longest = _TIMES * seconds(dask.idle_timeout) / 60
        busy = {
            label(pod, "gateway.dask.org/cluster")
            for pod in place.all("Pod")
            if component_of(pod) == "dask-worker" and text(pod, "status.phase") == "Running"
        }
        idle = [
            name(one)
            for one in place.all("DaskCluster")
            if text(one, "status.phase") == "Running"
            and name(one) not in busy
            and minutes(text(one, "metadata.creationTimestamp"), look.now) > longest
        ]
        if idle:
            yield place.found(
                CODE,
                WARNING,
                f"{count(len(idle), 'Dask cluster')} without workers for longer than "
                f"{_TIMES} times {dask.idle_timeout}, such as '{idle[0]}'",
                "see whether the gateway's controller works; stop them in the gateway",
                about="dask clusters",
                follows=("gateway pods",),
                commands=(f"{place.kubectl} get daskclusters -n {place.environment.namespace}",),
                at=place.settings_at("daskGateway", "idleTimeout"),
            )
