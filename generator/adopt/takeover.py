"""What a take-over deletes: objects of the running releases that the new ones can't change."""

from collections.abc import Iterator, Mapping
from typing import Any

from generator import names
from generator.adopt.base import DASK_GATEWAY, at
from generator.charts import CHARTS
from generator.records import record
from generator.site.model import Environment, Json

# By what turns it on in the hub's chart, and whether it is on where no value says so: the objects
# whose selector has the label `release`. Kubernetes refuses another selector. Of a
# PodDisruptionBudget it takes one, but Argo CD applies the live one again and never is in sync.
_SELECTING: tuple[tuple[tuple[str, ...], bool, tuple[str, ...]], ...] = (
    ((), True, ("deployment/hub", "deployment/proxy")),
    (("prePuller", "continuous", "enabled"), True, ("daemonset/continuous-image-puller",)),
    (
        ("scheduling", "userPlaceholder", "enabled"),
        True,
        ("statefulset/user-placeholder", "pdb/user-placeholder"),
    ),
    (("hub", "pdb", "enabled"), False, ("pdb/hub",)),
    (("proxy", "chp", "pdb", "enabled"), False, ("pdb/proxy",)),
)
# Without data, and made again: what Helm wrote and the new values lack does not stay on them.
_OF_THE_GATEWAY = ("api", "controller")


@record
class Deletion:
    """What to delete right before the first sync of a release.

    `running` is the name of the running release, None where nothing tells it; `release` the one
    that the site gives it.
    """

    chart: str
    release: str
    running: str | None
    command: str


def deletions(
    environment: Environment,
    values: Mapping[str, Mapping[str, Json]],
    running: Mapping[str, str | None],
    defaults: Mapping[str, Mapping[str, Any]],
) -> Iterator[Deletion]:
    """For each chart, from the values that hubops writes and the names of the running releases."""
    for chart, written in values.items():
        release = CHARTS[chart].release_name(environment.settings)
        objects = _objects(chart, release, written, defaults.get(chart, {}))
        yield Deletion(
            chart=chart,
            release=release,
            running=running.get(chart),
            command=f"kubectl delete {' '.join(objects)} -n {environment.namespace} "
            "--ignore-not-found",
        )


def _objects(
    chart: str, release: str, values: Mapping[str, Json], defaults: Mapping[str, Json]
) -> Iterator[str]:
    if chart == DASK_GATEWAY:
        full = names.dask_fullname(release)
        yield from (f"deployment/{part}-{full}" for part in _OF_THE_GATEWAY)
        return
    for path, usual, objects in _SELECTING:
        if not path or at(values, *path, default=at(defaults, *path, default=usual)):
            yield from objects
