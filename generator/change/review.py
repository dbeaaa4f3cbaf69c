"""What a change does, for its reviewers: by environment, the heaviest effect first. Pure.

Environments that change in the same way are one chapter.
"""

import re
from collections.abc import Callable, Container, Iterable, Iterator, Mapping
from typing import Any

from generator.change.certainty import CERTAIN, Certainty
from generator.change.difference import Sealing, ValueChange
from generator.change.effects import Who, consequences, felt_by, is_brought_by, upgraded
from generator.change.effects.apps_change import losses
from generator.change.plan import Owner, PlanStep, anywhere, plan
from generator.change.sides import (
    Arrival,
    Departure,
    EnvironmentSide,
    Side,
    Step,
    cluster_steps,
    steps,
)
from generator.lint.consequences import Act, Consequence, Weight, When
from generator.records import record, replace
from generator.site.model import Site

_HEAD = re.compile(r"^chart \S+ \S+ -> [^\s:]+:? ")
_CHECK = "check that this is"
# Where in site.yaml a chart value comes from, as `site.yaml:41`; empty where that is not known.
Origins = Callable[[EnvironmentSide, str, ValueChange], str]


@record
class Section:
    """The lines of one app, or of one object; `is_rendered` where Helm made that object.

    `loses` names an object that goes, and more with it.
    """

    title: str
    lines: tuple[ValueChange, ...] = ()
    is_rendered: bool = False
    loses: str = ""


# What differs after Helm: place -> app -> a section for each object.
RenderedSections = Mapping[str, Mapping[str, tuple[Section, ...]]]


@record
class Effect:
    """A consequence with those that it brings: the steps of a chart's upgrade."""

    main: Consequence
    steps: tuple[Consequence, ...] = ()

    @property
    def weight(self) -> Weight:
        """The heaviest of all."""
        return max(one.weight for one in (self.main, *self.steps))


@record
class Chapter:
    """What happens to some environments, or to one cluster: all of them change in the same way.

    `is_cluster`: it is about a cluster's own objects; an environment may have the same name.
    """

    names: tuple[str, ...]
    clusters: tuple[str, ...]
    consequences: tuple[Consequence, ...]
    sections: tuple[Section, ...] = ()
    sealed: tuple[tuple[str, Sealing], ...] = ()
    is_cluster: bool = False

    @property
    def heaviest(self) -> Weight:
        """The heaviest of its effects."""
        return max((one.weight for one in self.consequences), default=Weight.NOTE)

    @property
    def effects(self) -> Mapping[Who, tuple[Effect, ...]]:
        """Its effects by who feels them, each group with the heaviest first."""
        upgrades: dict[str, Consequence] = {}
        for one in self.consequences:
            if chart := upgraded(one):
                upgrades.setdefault(chart, one)
        steps: dict[Consequence, list[Consequence]] = {}
        for one in self.consequences:
            cause = next((up for up in upgrades.values() if is_brought_by(one, up)), one)
            steps.setdefault(cause, []).extend([_below(one)] if one is not cause else [])
        every = [Effect(main=main, steps=tuple(own)) for main, own in steps.items()]
        every.sort(key=lambda effect: -effect.weight)
        groups = {who: tuple(one for one in every if felt_by(one.main) is who) for who in Who}
        return {who: group for who, group in groups.items() if group}

    @property
    def must_act(self) -> str:
        """When a person must act, in words; empty where no one must."""
        times = {act.when for one in self.consequences for act in one.acts}
        return next((f"act {when}" for when in When if when in times), "")

    @property
    def count(self) -> int:
        """How many values, sealed values and whole objects differ, but for what Helm makes."""
        written = (section for section in self.sections if not section.is_rendered)
        return sum(len(section.lines) or 1 for section in written) + len(self.sealed)

    @property
    def rendered_count(self) -> int:
        """How many objects differ after Helm."""
        return sum(section.is_rendered for section in self.sections)


@record
class Revisions:
    """What is compared, in words: both sides, and when the newer one was committed."""

    base: str
    head: str
    time: str


@record
class Review:
    """All that a change does, and what a person must do for it.

    `drift` are files of the newer side that are not what its site.yaml gives; `is_rewritten` says
    that both sides' site.yaml mean the same but are written differently. `site` is the newer
    one. `notes` say what could not be compared, and why; `uncertain` are the folders that could be
    compared only in part.
    """

    environments: tuple[Chapter, ...]
    clusters: tuple[Chapter, ...]
    unchanged: tuple[str, ...]
    drift: tuple[str, ...] = ()
    is_rewritten: bool = False
    site: Site | None = None
    notes: tuple[str, ...] = ()
    uncertain: tuple[str, ...] = ()
    plan: tuple[PlanStep, ...] = ()
    compared: Revisions | None = None

    @property
    def is_empty(self) -> bool:
        """Whether nothing takes effect, for certain."""
        return not self.chapters and not self.uncertain

    @property
    def chapters(self) -> tuple[Chapter, ...]:
        """The environments, then the clusters."""
        return (*self.environments, *self.clusters)


def review(
    before: Side,
    after: Side,
    origins: Origins,
    rendered: RenderedSections | None = None,
    certainty: Certainty = CERTAIN,
) -> Review:
    """The review of the change from one side to the other, with what differs after Helm."""
    chapters: dict[str, Chapter] = {}
    each: list[Chapter] = []
    hosts: dict[str, str] = {}
    unchanged = []
    for step in steps(before, after):
        newest = step.before if isinstance(step, Departure) else step.after
        name = newest.environment.name
        folder = f"overlays/{name}"
        if folder in certainty.kept:
            # One that only the earlier site.yaml has was never generated.
            unchanged += [] if isinstance(step, Departure) else [name]
            continue
        if isinstance(step, Arrival) and folder in certainty.doubtful:
            continue  # it was there, and could not be read
        chapter = Chapter(
            names=(name,), clusters=(newest.cluster.name,), consequences=consequences(step)
        )
        first_values: tuple[object, ...] = ()
        if isinstance(step, Step):
            objects = (rendered or {}).get(name, {})
            if step.is_empty and not any(objects.values()):
                unchanged += [] if folder in certainty.doubtful else [name]
                continue
            sealed = tuple(("/".join(at), how) for at, how in step.sealed.items())
            sections = tuple(_sections(step, origins, objects))
            own = {app: found for app, found in objects.items() if app in step.after.further}
            effects = _with_lost(chapter.consequences, own)
            chapter = replace(chapter, sections=sections, sealed=sealed, consequences=effects)
            first_values = tuple(step.values.get(a) for a in step.after.apps if not step.has(a))
        each.append(chapter)
        hosts[name] = newest.environment.host
        said = [(one.code, one.sentence) for one in chapter.consequences]
        alike = tuple(_anywhere(section, _kept_host(step)) for section in chapter.sections)
        fold = repr((said, [_without_origins(one) for one in alike], chapter.sealed, first_values))
        if fold in chapters:
            chapter = _folded(chapters[fold], replace(chapter, sections=alike))
        chapters[fold] = chapter
    clusters = tuple(_clusters(before, after, rendered or {}, certainty))
    each.sort(key=lambda chapter: -chapter.heaviest)
    return Review(
        environments=tuple(sorted(chapters.values(), key=lambda chapter: -chapter.heaviest)),
        clusters=clusters,
        unchanged=tuple(unchanged),
        uncertain=tuple(sorted(certainty.doubtful)),
        plan=plan(
            (_owner(chapter, hosts) for chapter in _in_turn(before, after, (*each, *clusters))),
            {**before.site.clusters, **after.site.clusters},
        ),
    )


def _in_turn(before: Side, after: Side, chapters: Iterable[Chapter]) -> list[Chapter]:
    """In the order to act: a new cluster is bootstrapped before an environment moves there.

    Where a cluster only has another name, its environments lose the old root's mark before that.
    """

    def turn(chapter: Chapter) -> int:
        name = chapter.names[0]
        if chapter.is_cluster:
            return 1 if name not in before.site.clusters else 3
        was, now = before.environments.get(name), after.environments.get(name)
        is_renamed = was and now and was.cluster.identity == now.cluster.identity
        return 0 if is_renamed else 2

    return sorted(chapters, key=turn)


def _owner(chapter: Chapter, hosts: Mapping[str, str]) -> Owner:
    kind = "cluster " if chapter.is_cluster else ""
    return Owner(
        host="" if chapter.is_cluster else hosts[chapter.names[0]],
        name=f"{kind}{chapter.names[0]}",
        cluster=chapter.clusters[0],
        acts=tuple(_act(act, one) for one in chapter.consequences for act in one.acts),
    )


def _sections(
    step: Step, origins: Origins, rendered: Mapping[str, tuple[Section, ...]]
) -> Iterator[Section]:
    before, after = step.sides
    for app in step.apps:
        changes = (*step.applications.get(app, ()), *step.values.get(app, ()))
        if changes and step.has(app):
            places = (origins(after, app, change) for change in changes)
            lines = (
                replace(change, origins=(place,) if place else ())
                for change, place in zip(changes, places, strict=True)
            )
            yield Section(title=app, lines=tuple(lines))
        elif changes and app in after.apps:
            yield Section(title=f"{app}: new")
        yield from rendered.get(app, ())
    for path, changes in step.objects.items():
        yield _of_file(path, changes, before.objects, after.objects)


def _of_file(
    path: str, changes: tuple[ValueChange, ...], before: Container[str], after: Container[str]
) -> Section:
    """What differs in a file; of one that comes or goes, no more than that."""
    if path in before and path in after:
        return Section(title=path, lines=changes)
    return Section(title=f"{path}: {'new' if path in after else 'deleted'}")


def _kept_host(step: Step | Arrival | Departure) -> str:
    """The host of an environment that has the same one on both sides; else empty."""
    hosts = {side.environment.host for side in step.sides} if isinstance(step, Step) else ()
    return next(iter(hosts)) if len(hosts) == 1 else ""


def _anywhere(section: Section, host: str) -> Section:
    """A section with a word for the environment's own host, as all of a chapter have it."""

    def put(value: Any) -> Any:
        if isinstance(value, str):
            return anywhere(value, host)
        if isinstance(value, list):
            return [put(each) for each in value]
        return {key: put(each) for key, each in value.items()} if type(value) is dict else value

    if not host:
        return section
    lines = (replace(one, before=put(one.before), after=put(one.after)) for one in section.lines)
    return replace(section, lines=tuple(lines))


def _below(step: Consequence) -> Consequence:
    """A step of an upgrade without what the upgrade's sentence says before."""
    return replace(step, sentence=_HEAD.sub("", step.sentence)) if upgraded(step) else step


def _act(act: Act, of: Consequence) -> Act:
    """An act as it stands alone: what to check is told with it."""
    purpose = f"{act.purpose} ({of.sentence})"
    return replace(act, purpose=purpose) if act.purpose.startswith(_CHECK) else act


def _without_origins(section: Section) -> Section:
    return replace(section, lines=tuple(replace(line, origins=()) for line in section.lines))


def _together(one: Section, other: Section) -> Section:
    """A section with the places in site.yaml of both; where they differ, as the other has it."""
    lines = (
        replace(theirs, origins=tuple(dict.fromkeys(mine.origins + theirs.origins)))
        for mine, theirs in zip(one.lines, other.lines, strict=True)
    )
    return replace(one, lines=tuple(lines))


def _folded(one: Chapter, other: Chapter) -> Chapter:
    return replace(
        one,
        sections=tuple(map(_together, one.sections, other.sections)),
        names=one.names + other.names,
        clusters=tuple(dict.fromkeys(one.clusters + other.clusters)),
        consequences=tuple(
            replace(mine, acts=tuple(dict.fromkeys(mine.acts + theirs.acts)))
            for mine, theirs in zip(one.consequences, other.consequences, strict=True)
        ),
    )


def _with_lost(
    effects: tuple[Consequence, ...], rendered: Mapping[str, tuple[Section, ...]]
) -> tuple[Consequence, ...]:
    """The effects with those of further charts that only Helm tells, the heaviest first."""
    lost = (
        replace(consequence, code="E040")
        for app, sections in rendered.items()
        for consequence in losses(app, [one.loses for one in sections if one.loses])
    )
    return tuple(sorted((*effects, *lost), key=lambda one: -one.weight))


def _clusters(
    before: Side, after: Side, rendered: RenderedSections, certainty: Certainty
) -> Iterator[Chapter]:
    for step in cluster_steps(before, after):
        folder = f"clusters/{step.name}"
        is_unread = folder in certainty.doubtful and not step.before
        if folder in certainty.kept or is_unread:
            continue
        own_rendered = {
            app: sections
            for place in after.site.platform_of(step.name)
            for app, sections in rendered.get(place.name, {}).items()
        }
        effects = _with_lost(consequences(step), own_rendered)
        stays = step.before and step.after
        objects = step.objects.items() if stays else ()
        made = tuple(
            replace(section, title=f"{app}: {section.title}")
            for app, sections in own_rendered.items()
            for section in sections
        )
        if effects or step.objects or made:
            own = (_of_file(path, changes, step.before, step.after) for path, changes in objects)
            yield Chapter(
                names=(step.name,),
                clusters=(step.name,),
                consequences=effects,
                sections=(*own, *made),
                is_cluster=True,
            )
