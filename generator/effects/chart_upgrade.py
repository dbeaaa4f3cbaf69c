"""A chart changes its version.

With it JupyterHub changes, and its database moves forward only: an older JupyterHub can't read it
again ("Can't locate revision identified by"), and to go back takes a copy from before the upgrade.
Notebook images should carry the hub's version.
"""

from collections.abc import Iterator

from generator.charts import CHARTS, known
from generator.effects.base import Effect, Weight
from generator.model import ChartPin
from generator.situation import Place, Step
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
            yield _jupyterhub(old, new, before) if app == "jupyterhub" else _other(app, old, new)


def _jupyterhub(old: ChartPin, new: ChartPin, was: Place) -> Effect:
    head = f"chart jupyterhub {old.text} -> {new.text}"
    before, after = _carried(old), _carried(new)
    if before is not None and before == after:
        message = f"{head}: JupyterHub stays {after}, and its database as it is"
        return Effect(code=CODE, weight=Weight.RESTART, message=message)
    release = f"JupyterHub {before or 'an unknown version'} -> {after or 'an unknown version'}"
    if _goes_back(old, new):
        return _downgrade(f"{head}, back to an older one: {release}", was)
    carries = f"jupyterhub {after}" if after else "the same version of jupyterhub"
    return Effect(
        code=CODE,
        weight=Weight.DATA,
        message=f"{head}: {release}. Its database {'is' if before and after else 'may be'} "
        f"upgraded and can't go back; notebook images should carry {carries}{_kubernetes(new)}",
        acts=(_backup(was),),
        before_merge=True,
    )


def _carried(pin: ChartPin) -> str | None:
    """The JupyterHub of a chart; None where the chart is not known here."""
    if pin.version is None or not known.is_known("jupyterhub", pin.version):
        return None
    return known.hub_release(pin.version).jupyterhub


def _goes_back(old: ChartPin, new: ChartPin) -> bool:
    """Whether JupyterHub gets older, or the chart where it is not known of both."""
    was, will = _carried(old), _carried(new)
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


def _backup(was: Place) -> str:
    name, namespace = was.environment.name, was.environment.namespace
    pod = f"$(kubectl -n {namespace} get pod -l component=hub -o name | cut -d/ -f2)"
    return (
        f"copy the hub's database: kubectl -n {namespace} cp "
        f'"{pod}:/srv/jupyterhub/jupyterhub.sqlite" {name}.sqlite'
    )


def _other(app: str, old: ChartPin, new: ChartPin) -> Effect:
    return Effect(
        code=CODE,
        weight=Weight.CUT,
        message=f"chart {app} {old.text} -> {new.text}: end running Dask clusters before, and "
        f"give notebook images a client of about that version{_kubernetes(new, app)}",
    )


def _kubernetes(pin: ChartPin, app: str = "jupyterhub") -> str:
    if pin.version is None:
        return ""
    needed = CHARTS[app].CHART.needed_kubernetes(pin.version)
    return f"; Kubernetes {needed} or newer is needed"
