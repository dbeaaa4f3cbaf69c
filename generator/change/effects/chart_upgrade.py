"""A chart changes its version.

A newer JupyterHub may upgrade the hub's database, which only moves forward: an older JupyterHub
can't read it afterwards ("Can't locate revision identified by"), and to go back takes a copy from
before the upgrade. Notebook images should carry the hub's version.
"""

from collections.abc import Iterator

from generator.change.sides import Step
from generator.lint import history
from generator.lint.consequences import Consequence, Weight, before, consequence
from generator.site.model import ChartPin
from generator.site.releases import GATEWAY, HUB, Versions

CODE = "E009"


def check(step: Step) -> Iterator[Consequence]:
    """One effect for each chart whose version differs."""
    known = step.after.site.versions
    yield from _jupyterhub(step, known)
    old, new = (side.pin(GATEWAY) for side in step.sides)
    if old is not None and new is not None and old.text != new.text:
        yield consequence(
            Weight.CUT,
            f"chart {new.name} {old.text} -> {new.text}: running Dask clusters are cut off, and "
            f"notebook images need a client of about that version{_kubernetes(known, new)}",
            DASK_END,
        )


DASK_END = before("let users end their running Dask clusters")


def _jupyterhub(step: Step, known: Versions) -> Iterator[Consequence]:
    old, new = (side.pin(HUB) for side in step.sides)
    move = history.hub_move(known, old, new)
    if move is None:
        return
    was, now = (side.environment for side in step.sides)
    keeps_place = history.keeps_its_place(step.before.site, was, step.after.site, now)
    lost = history.hub_went_back(known, was, now) if keeps_place else None
    if lost is not None:
        yield lost
        return
    head = f"chart {HUB} {move.old.text} -> {move.new.text}"
    if move.was is not None and move.was == move.will:
        yield consequence(Weight.RESTART, f"{head}: JupyterHub stays {move.will}; {move.database}")
        return
    release = (
        f"JupyterHub {move.was or 'an unknown version'} -> {move.will or 'an unknown version'}"
    )
    carried = f"jupyterhub {move.will}" if move.will else "the same version of jupyterhub"
    wanted = f"notebook images should carry {carried}{_kubernetes(known, move.new)}"
    if move.keeps_database or not keeps_place:
        kept = f"{move.database}; " if keeps_place else ""
        yield consequence(Weight.RESTART, f"{head}: {release}; {kept}{wanted}")
        return
    yield consequence(
        Weight.DATA,
        f"{head}: {release}; {move.database}; {wanted}",
        history.copy_of_database(was),
    )


def _kubernetes(known: Versions, pin: ChartPin) -> str:
    if pin.version is None:
        return ""
    return f"; Kubernetes {known.needed_kubernetes(pin.name, pin.version)} or newer is needed"
