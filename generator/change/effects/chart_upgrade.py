"""A chart changes its version.

A newer JupyterHub may upgrade the hub's database, which only moves forward: an older JupyterHub
can't read it afterwards ("Can't locate revision identified by"), and to go back takes a copy from
before the upgrade. Notebook images should carry the hub's version.

From JupyterHub's chart 3 to 4 KubeSpawner names claims in another way. It finds the old claim at a
server's first start, but forgets it for a server that runs through the upgrade: stop all servers
before the merge, or keep the old names with `hub.config.KubeSpawner.slug_scheme: escape`.
"""

from generator.change import upgrade
from generator.change.sides import Step
from generator.charts import CHARTS
from generator.lint import history
from generator.lint.consequences import Consequences, Weight, before
from generator.site.app import ChartPin
from generator.site.releases import GATEWAY, HUB, Versions

DASK_END = before("let users end their running Dask clusters")


def check(step: Step) -> Consequences:
    """One effect for each chart whose version differs."""
    known = step.after.site.versions
    yield from _jupyterhub(step, known)
    was, now = (side.environment for side in step.sides)
    stays = history.keeps_its_place(step.before.site, was, step.after.site, now)
    for made in filter(None, (upgrade.of_step(step, chart) for chart in CHARTS)):
        yield from upgrade.consequences(made, keeps_homes=stays)
    old, new = (side.pin(GATEWAY) for side in step.sides)
    if old is not None and new is not None and old.text != new.text:
        yield Weight.CUT.of(
            f"chart {new.name} {old.text} -> {new.text}: running Dask clusters are cut off, and "
            f"notebook images need a client of about that version{_kubernetes(known, new)}",
            DASK_END,
        )


def _jupyterhub(step: Step, known: Versions) -> Consequences:
    old, new = (side.pin(HUB) for side in step.sides)
    move = history.hub_move(known, old, new)
    if move is None:
        return
    was, now = (side.environment for side in step.sides)
    lost = history.hub_went_back(known, was, now) if not step.is_moved else None
    head = f"chart {HUB} {move.old.text} -> {move.new.text}: JupyterHub "
    head += f"{move.was or 'an unknown version'} -> {move.will or 'an unknown version'}; "
    carried = f"jupyterhub {move.will}" if move.will else "the same version of jupyterhub"
    wanted = f"notebook images should carry {carried}{_kubernetes(known, move.new)}"
    if lost is not None:
        yield lost
    elif move.was is not None and move.was == move.will:
        stays = f"chart {HUB} {move.old.text} -> {move.new.text}: JupyterHub stays {move.will}"
        yield Weight.RESTART.of(f"{stays}; {move.database}")
    elif step.is_moved:
        yield Weight.RESTART.of(f"{head}{wanted}")
    elif move.keeps_database:
        yield Weight.RESTART.of(f"{head}{move.database}; {wanted}")
    else:
        copy = history.copy_of_database(was)
        yield Weight.DATA.of(f"{head}{move.database}; {wanted}", copy)


def _kubernetes(known: Versions, pin: ChartPin) -> str:
    if pin.version is None:
        return ""
    return f"; Kubernetes {known.needed_kubernetes(pin.name, pin.version)} or newer is needed"
