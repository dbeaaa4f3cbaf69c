"""What one environment must change to run the charts and images that another one runs. Pure.

Only scalars of site.yaml are changed. Where that is not enough, the
plan says why, with the lines, and nothing is edited.
"""

from collections.abc import Callable
from dataclasses import dataclass, field

from generator.change.sides import EnvironmentSide, Side
from generator.charts import CHARTS
from generator.diagnostics import Pointer
from generator.records import record
from generator.site.model import Environment, Site
from generator.site.profiles import PROFILES

_WORKER = ("daskGateway", "worker", "image")


@record
class Edit:
    """One scalar of site.yaml: what it is now (None where it is added), and what it becomes."""

    at: Pointer
    old: str | None
    new: str


@dataclass(slots=True, kw_only=True)
class EditPlan:
    """The edits, or why nothing is done; `nothing` is what to say where nothing must change."""

    edits: list[Edit] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)
    nothing: str


@record
class _Pair:
    """Who gives and who gets; `line` tells the line of a Pointer."""

    source: EnvironmentSide
    target: EnvironmentSide
    line: Callable[[Pointer], int]

    @property
    def names(self) -> tuple[str, str]:
        """Of both."""
        return self.source.environment.name, self.target.environment.name

    def sharing(self, at: Pointer) -> str:
        """The others that use what is in the shared part; empty for the target's own."""
        return ", ".join(
            other.name
            for other in self.target.site.environments
            if at[:1] != ("environments",)
            and other.name != self.target.environment.name
            and other.settings.origin.at(*at) == at
        )

    def edit(self, path: Pointer, old: str | None, new: str) -> Edit:
        """The edit at its own place; a shared value that others use is overridden instead."""
        at = self.target.settings.origin.at(*path)
        if self.sharing(at):
            return Edit(at=(*self.target.environment.at, *path), old=None, new=new)
        return Edit(at=at, old=old, new=new)


def promotion(
    site: Site, source: Environment, target: Environment, line: Callable[[Pointer], int]
) -> EditPlan:
    """What must change in the target; nothing where both run the same."""
    sides = Side(site=site).environments
    pair = _Pair(source=sides[source.name], target=sides[target.name], line=line)
    plan = EditPlan(
        nothing=f"nothing to promote: {target.name} runs the charts and images of {source.name}\n"
    )
    for chart in CHARTS:
        _pin(pair, chart, plan)
    _images(pair, plan)
    theirs, mine = source.settings, target.settings
    if theirs.dask is not None and mine.dask is not None:
        default = theirs.hub.default_profile if theirs.hub is not None else None
        old, new = mine.dask.worker_image, theirs.dask.worker_image
        image = new or (default.image if default is not None else None)
        if image is not None and old not in (new, image):
            plan.edits.append(pair.edit(_WORKER, old, image))
    return plan


def _pin(pair: _Pair, chart: str, plan: EditPlan) -> None:
    new, old = pair.source.pin(chart), pair.target.pin(chart)
    if new is None or old is None:
        return
    if new.repository != old.repository:
        where = pair.source.settings.origin.at("charts", chart, "repository")
        at = pair.target.settings.origin.at("charts", chart, "version")
        plan.refused.append(
            f"{pair.names[0]} has {chart} from another repository than {pair.names[1]}: "
            f"compare line {pair.line(where)} with line {pair.line(at)}, and edit by hand"
        )
    elif new.text != old.text:
        plan.edits.append(pair.edit(("charts", chart, "version"), old.text, new.text))


def _images(pair: _Pair, plan: EditPlan) -> None:
    mine = {name: at for at, name in enumerate(pair.target.profiles)}
    for index, (name, new) in enumerate(pair.source.profiles.items()):
        if name not in mine:
            place = pair.source.settings.origin.at(*PROFILES, index)
            plan.notes.append(
                f"only {pair.names[0]} has profile {name} (line {pair.line(place)}): it is not "
                "promoted"
            )
            continue
        old = pair.target.profiles[name]
        place = pair.target.settings.origin.at(*PROFILES, mine[name], "image")[:-1]
        if (old.image, old.jupyterhub) == (new.image, new.jupyterhub):
            continue
        if others := pair.sharing(place):
            plan.refused.append(
                f"line {pair.line((*place, 'image'))}: {pair.names[1]} shares this list of "
                f"profiles with {others}. Write image: {new.image} there for all of them, or under "
                f"{pair.names[1]}: jupyterhub: {{servers: {{profiles: {{{old.id}: {{image: "
                f'"{new.image}"}}}}}}}}'
            )
        elif new.jupyterhub is None and old.jupyterhub is not None:
            plan.refused.append(
                f"line {pair.line((*place, 'jupyterhub'))}: jupyterhub: {old.jupyterhub} describes "
                f"the older image, and {pair.names[0]} does not say what the newer one carries: "
                "remove that key, or write it in both"
            )
        else:
            plan.edits += (
                Edit(at=(*place, key), old=getattr(old, key), new=getattr(new, key))
                for key in ("image", "jupyterhub")
                if getattr(old, key) != getattr(new, key)
            )
