"""A chart changes its version.

With it JupyterHub may change, and then often its database, which moves forward only: an older
JupyterHub can't read it again ("Can't locate revision identified by"), and to go back takes a copy
from before the upgrade. Notebook images should carry the hub's version.
"""

from collections.abc import Iterator

from generator.change.effects.base import Effect, Weight
from generator.change.sides import Place, Step
from generator.charts import CHARTS
from generator.site.model import ChartPin
from generator.versions import Version

CODE = "E009"


def check(step: Step) -> Iterator[Effect]:
    """One effect for each chart whose version differs."""
    if step.both is None:
        return
    before, after = step.both
    for app in CHARTS:
        old, new = before.pin(app), after.pin(app)
        if old is not None and new is not None and old.text != new.text:
            told = _jupyterhub if app == "jupyterhub" else _other
            yield told(old, new, before, after)


def _jupyterhub(old: ChartPin, new: ChartPin, was: Place, place: Place) -> Effect:
    head = f"chart jupyterhub {old.text} -> {new.text}"
    before, after = _carried(old, was), _carried(new, place)
    if before is not None and before == after:
        message = f"{head}: JupyterHub stays {after}, and its database as it is"
        return Effect(code=CODE, weight=Weight.RESTART, message=message)
    release = f"JupyterHub {before or 'an unknown version'} -> {after or 'an unknown version'}"
    carries = f"jupyterhub {after}" if after else "the same version of jupyterhub"
    wanted = f"notebook images should carry {carries}{_kubernetes(new, place)}"
    is_kept = _keeps_database(old, new, place)
    goes_back = _goes_back(old, new, was, place)
    if is_kept:
        back = ", back to an older one" if goes_back else ""
        message = f"{head}{back}: {release}. Its database keeps its form; {wanted}"
        return Effect(code=CODE, weight=Weight.RESTART, message=message)
    if goes_back:
        return _downgrade(f"{head}, back to an older one: {release}", was)
    return Effect(
        code=CODE,
        weight=Weight.DATA,
        message=f"{head}: {release}. Its database {'is' if before and after else 'may be'} "
        f"upgraded and can't go back; {wanted}",
        acts=(f"copy the hub's database: {copy_command(was)}",),
        before_merge=True,
    )


def _carried(pin: ChartPin, place: Place) -> str | None:
    """The JupyterHub of a chart; None where the chart is not known here."""
    known = place.site.versions
    if pin.version is None or not known.is_known("jupyterhub", pin.version):
        return None
    return known.hub_release(pin.version).jupyterhub


def _keeps_database(old: ChartPin, new: ChartPin, place: Place) -> bool:
    if old.version is None or new.version is None:
        return False
    return place.site.versions.keeps_database(old.version, new.version)


def _goes_back(old: ChartPin, new: ChartPin, before: Place, after: Place) -> bool:
    """Whether JupyterHub gets older, or the chart where it is not known of both."""
    was, will = _carried(old, before), _carried(new, after)
    if was is not None and will is not None:
        return Version.parse(will) < Version.parse(was)
    return old.version is not None and new.version is not None and new.version < old.version


def _downgrade(head: str, was: Place) -> Effect:
    namespace = was.environment.namespace
    return Effect(
        code=CODE,
        weight=Weight.DATA,
        message=f"{head}. Once the newer JupyterHub has upgraded the hub's database, the older one "
        "can't read it: it stops with \"Can't locate revision identified by\", and nobody can log "
        "in. 'hubops lint' refuses this where the base is in Git (C308)",
        acts=(
            "keep the newer chart, or have at hand a copy of the database from before the "
            "upgrade; the hub left its own beside it: "
            f"kubectl -n {namespace} exec deployment/hub -- "
            "sh -c 'ls -l /srv/jupyterhub/jupyterhub.sqlite*'",
            "put that copy in the place of jupyterhub.sqlite right before the older hub starts; "
            "users and tokens made since are lost",
        ),
        before_merge=True,
    )


def copy_command(place: Place) -> str:
    """The command that copies an environment's hub database to the present folder."""
    name, namespace = place.environment.name, place.environment.namespace
    pod = f"$(kubectl -n {namespace} get pod -l component=hub -o name | cut -d/ -f2)"
    return f'kubectl -n {namespace} cp "{pod}:/srv/jupyterhub/jupyterhub.sqlite" {name}.sqlite'


def _other(old: ChartPin, new: ChartPin, was: Place, place: Place) -> Effect:
    return Effect(
        code=CODE,
        weight=Weight.CUT,
        message=f"chart {new.name} {old.text} -> {new.text}: end running Dask clusters before, and "
        f"give notebook images a client of about that version{_kubernetes(new, place)}",
    )


def _kubernetes(pin: ChartPin, place: Place) -> str:
    if pin.version is None:
        return ""
    needed = place.site.versions.needed_kubernetes(pin.name, pin.version)
    return f"; Kubernetes {needed} or newer is needed"
