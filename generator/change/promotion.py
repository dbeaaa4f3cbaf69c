"""What one environment must change to run the charts and images that another one runs. Pure.

Only scalars of site.yaml are changed. Where that is not enough, the
plan says why, with the lines, and nothing is edited.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from generator.charts import CHARTS
from generator.diagnostics import Pointer
from generator.records import record
from generator.site.model import Environment, Profile, Settings, Site

_PROFILES = ("jupyterhub", "servers", "profiles")
_WORKER = ("daskGateway", "worker", "image")


@record
class Edit:
    """One scalar of site.yaml: what it is now (None where it is added), and what it becomes."""

    at: Pointer
    old: str | None
    new: str


@dataclass(slots=True, kw_only=True)
class EditPlan:
    """The edits, notes about the rest, and why it can't be done; nothing is done then.

    `nothing` is what to say where nothing is to be edited.
    """

    edits: list[Edit] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)
    nothing: str


@record
class _Pair:
    """Who gives and who gets; `line` tells the line of a Pointer."""

    site: Site
    source: Environment
    target: Environment
    line: Callable[[Pointer], int]

    def is_alone(self, at: Pointer) -> bool:
        """Whether only the target uses what is in the shared part."""
        others = (one for one in self.site.environments if one.name != self.target.name)
        return all(one.settings.origin.at(*at) != at for one in others)

    def own(self, *path: str) -> Pointer:
        """The place of an override of the target."""
        return (*self.target.at, *path)


def promotion(
    site: Site, source: Environment, target: Environment, line: Callable[[Pointer], int]
) -> EditPlan:
    """What must change in the target; nothing where both run the same."""
    pair = _Pair(site=site, source=source, target=target, line=line)
    found = EditPlan(
        nothing=f"nothing to promote: {target.name} runs the charts and images of {source.name}\n"
    )
    for chart in CHARTS:
        _pin(pair, chart, found)
    _images(pair, found)
    _workers(pair, found)
    return found


def _pin(pair: _Pair, chart: str, found: EditPlan) -> None:
    theirs, mine = pair.source.settings, pair.target.settings
    if not (CHARTS[chart].is_used(theirs) and CHARTS[chart].is_used(mine)):
        return
    new, old = theirs.charts.get(chart), mine.charts.get(chart)
    if new is None or old is None:
        return
    at = mine.origin.at("charts", chart, "version")
    if new.repository != old.repository:
        where = theirs.origin.at("charts", chart, "repository")
        found.refused.append(
            f"{pair.source.name} has {chart} from another repository than {pair.target.name}: "
            f"compare line {pair.line(where)} with line {pair.line(at)}, and edit by hand"
        )
    elif new.text != old.text:
        found.edits.append(_put(pair, at, old.text, new.text))


def _put(pair: _Pair, at: Pointer, old: str | None, new: str) -> Edit:
    """The edit at its own place; a shared value that others use is overridden instead."""
    if at[:1] == ("environments",) or pair.is_alone(at):
        return Edit(at=at, old=old, new=new)
    return Edit(at=pair.own(*map(str, at)), old=None, new=new)


def _images(pair: _Pair, found: EditPlan) -> None:
    theirs, mine = _profiles(pair.source.settings), _profiles(pair.target.settings)
    for name, (index, profile) in theirs.items():
        if name not in mine:
            place = pair.source.settings.origin.at(*_PROFILES, index)
            found.notes.append(
                f"only {pair.source.name} has profile {name} (line {pair.line(place)}): it is not "
                "promoted"
            )
            continue
        at, old = mine[name]
        if (old.image, old.jupyterhub) != (profile.image, profile.jupyterhub):
            _image(pair, pair.target.settings.origin.at(*_PROFILES, at), old, profile, found)


def _image(pair: _Pair, place: Pointer, old: Profile, new: Profile, found: EditPlan) -> None:
    is_shared = place[:1] != ("environments",)
    if is_shared and not pair.is_alone(place):
        others = ", ".join(
            one.name
            for one in pair.site.environments
            if one.name != pair.target.name and one.settings.origin.at(*place) == place
        )
        found.refused.append(
            f"line {pair.line((*place, 'image'))}: {pair.target.name} shares this list of "
            f"profiles with {others}, and a list can't be overridden in part. Write image: "
            f"{new.image} there for all of them, or give {pair.target.name} its own list"
        )
        return
    if old.image != new.image:
        found.edits.append(Edit(at=(*place, "image"), old=old.image, new=new.image))
    if new.jupyterhub is not None and new.jupyterhub != old.jupyterhub:
        at = (*place, "jupyterhub")
        found.edits.append(Edit(at=at, old=old.jupyterhub, new=new.jupyterhub))
    elif new.jupyterhub is None and old.jupyterhub is not None:
        found.refused.append(
            f"line {pair.line((*place, 'jupyterhub'))}: jupyterhub: {old.jupyterhub} describes the "
            f"older image, and {pair.source.name} does not say what the newer one carries: "
            "remove that key, or write it in both"
        )


def _profiles(settings: Settings) -> dict[str, tuple[int, Profile]]:
    """The profiles by slug, or by name where they have none, each with its place in the list."""
    profiles = settings.hub.profiles if settings.hub is not None else ()
    return {profile.slug or profile.name: (at, profile) for at, profile in enumerate(profiles)}


def _workers(pair: _Pair, found: EditPlan) -> None:
    theirs, mine = pair.source.settings, pair.target.settings
    if theirs.dask is None or mine.dask is None:
        return
    old, new = mine.dask.worker_image, theirs.dask.worker_image
    if old == new:
        return
    image = new or next(_default_image(theirs), None)
    if image is not None and image != old:
        at = mine.origin.at(*_WORKER)
        found.edits.append(_put(pair, at, old, image))


def _default_image(settings: Settings) -> Iterator[str]:
    profile = settings.hub.default_profile if settings.hub is not None else None
    if profile is not None:
        yield profile.image
