"""A chart changes its version.

With it JupyterHub may change, and then often its database, which moves forward only: the older
JupyterHub can't read it again ("Can't locate revision identified by"). Notebook images should carry
the hub's version.
"""

from collections.abc import Iterator

from generator.charts import CHARTS
from generator.effects.base import Effect, Weight
from generator.model import ChartPin
from generator.situation import Place, Step

CODE = "E009"


def check(step: Step) -> Iterator[Effect]:
    """One effect for each chart whose version differs."""
    if step.both is None:
        return
    before, after = step.both
    for app in CHARTS:
        old, new = before.pin(app), after.pin(app)
        if old is not None and new is not None and old.text != new.text:
            yield _jupyterhub(old, new, after) if app == "jupyterhub" else _other(old, new, after)


def _jupyterhub(old: ChartPin, new: ChartPin, place: Place) -> Effect:
    head = f"chart jupyterhub {old.text} -> {new.text}"
    if old.version is None or new.version is None:
        return Effect(code=CODE, weight=Weight.DATA, message=head)
    known = place.site.versions
    was, will = known.hub_release(old.version), known.hub_release(new.version)
    if was.jupyterhub == will.jupyterhub:
        message = f"{head}: JupyterHub stays {will.jupyterhub}"
        return Effect(code=CODE, weight=Weight.RESTART, message=message)
    needed = known.needed_kubernetes("jupyterhub", new.version)
    is_kept = known.keeps_database(old.version, new.version)
    database = "keeps its form" if is_kept else "is upgraded and can't go back"
    return Effect(
        code=CODE,
        weight=Weight.RESTART if is_kept else Weight.DATA,
        message=f"{head}: JupyterHub {was.jupyterhub} -> {will.jupyterhub}. Its database "
        f"{database}; notebook images should carry jupyterhub {will.jupyterhub}; Kubernetes "
        f"{needed} or newer is needed",
        act="" if is_kept else f"copy the hub's database first: {copy_command(place)}",
        before_merge=not is_kept,
    )


def copy_command(place: Place) -> str:
    """The command that copies an environment's hub database to the present folder."""
    namespace = place.environment.namespace
    pod = f"$(kubectl -n {namespace} get pod -l component=hub -o name | cut -d/ -f2)"
    copy = f"{place.environment.name}.sqlite"
    return f'kubectl -n {namespace} cp "{pod}:/srv/jupyterhub/jupyterhub.sqlite" {copy}'


def _other(old: ChartPin, new: ChartPin, place: Place) -> Effect:
    needs = ""
    if new.version is not None:
        needed = place.site.versions.needed_kubernetes(new.name, new.version)
        needs = f"; Kubernetes {needed} or newer is needed"
    return Effect(
        code=CODE,
        weight=Weight.CUT,
        message=f"chart {new.name} {old.text} -> {new.text}: end running Dask clusters before, and "
        f"give notebook images a client of about that version{needs}",
    )
