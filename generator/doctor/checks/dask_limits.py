"""A Dask cluster has as many workers as its limit allows, or its workers wait.

Users then see fewer workers than they asked for. The limit is `daskGateway.limits.workers`; workers
that wait found no node.
"""

from collections import Counter

from generator.doctor.checks.base import INFO, Diagnoses, count
from generator.doctor.look import Look, component_of
from generator.doctor.reading import label

CODE = "D172"


def check(look: Look) -> Diagnoses:
    """One for each environment."""
    for place in look.places:
        dask = place.environment.settings.dask
        if dask is None or dask.limits is None:
            continue
        workers = Counter(
            label(pod, "gateway.dask.org/cluster")
            for pod in place.all("Pod")
            if component_of(pod) == "dask-worker"
        )
        full = [one for one, number in workers.items() if number >= dask.limits.workers]
        if full:
            yield place.found(
                CODE,
                INFO,
                f"{count(len(full), 'Dask cluster')} at the limit of "
                f"{count(dask.limits.workers, 'worker')}",
                "raise daskGateway.limits if users need more, and the nodes have it",
                about="dask limit",
                at=place.settings_at("daskGateway", "limits", "workers"),
                commands=(
                    f"{place.kubectl} get pods -n {place.environment.namespace} "
                    "-l app.kubernetes.io/component=dask-worker",
                ),
            )
