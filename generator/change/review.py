"""What a change does, for its reviewers: by environment, the heaviest effect first. Pure.

Environments that change in the same way are one chapter.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping

from generator.change.difference import Sealing, ValueChange
from generator.change.effects import consequences
from generator.change.sides import (
    Arrival,
    Departure,
    EnvironmentSide,
    Side,
    Step,
    cluster_steps,
    steps,
)
from generator.lint.consequences import Consequence, Weight, When
from generator.records import record, replace
from generator.site.model import Site

# Where in site.yaml a chart value comes from, as `site.yaml:41`; empty where that is not known.
Origins = Callable[[EnvironmentSide, str, ValueChange], str]


@record
class ChangedValue:
    """One value that differs, and where site.yaml sets it."""

    change: ValueChange
    origin: str = ""


@record
class Section:
    """The lines of one app, or of one object; `is_rendered` where Helm made that object."""

    title: str
    lines: tuple[ChangedValue, ...]
    is_rendered: bool = False


# What differs after Helm: environment -> app -> a section for each object.
RenderedSections = Mapping[str, Mapping[str, tuple[Section, ...]]]


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
    def must_act(self) -> str:
        """When a person must act, in words; empty where no one must."""
        times = {act.when for one in self.consequences for act in one.acts}
        first = next((when for when in When if when in times), None)
        return f"act {first}" if first is not None else ""

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
class Review:
    """All that a change does.

    `drift` are files of the newer side that are not what its site.yaml gives; `is_rewritten` says
    that both sides' site.yaml mean the same but are written differently. `site` is the newer
    one. `notes` say what could not be compared, and why.
    """

    environments: tuple[Chapter, ...]
    clusters: tuple[Chapter, ...]
    unchanged: tuple[str, ...]
    drift: tuple[str, ...] = ()
    is_rewritten: bool = False
    site: Site | None = None
    notes: tuple[str, ...] = ()

    @property
    def is_empty(self) -> bool:
        """Whether nothing takes effect."""
        return not self.environments and not self.clusters


def review(
    before: Side, after: Side, origins: Origins, rendered: RenderedSections | None = None
) -> Review:
    """The review of the change from one side to the other, with what differs after Helm."""
    chapters: dict[str, Chapter] = {}
    unchanged = []
    for step in steps(before, after):
        name = step.newest.environment.name
        objects = (rendered or {}).get(name, {})
        if isinstance(step, Step) and step.is_empty and not any(objects.values()):
            unchanged.append(name)
            continue
        chapter = _chapter(step, origins, objects)
        fold = repr(
            (_without_acts(chapter), chapter.sections, chapter.sealed, _values_of_new_apps(step))
        )
        known = chapters.get(fold)
        chapters[fold] = _folded(known, chapter) if known is not None else chapter
    return Review(
        environments=tuple(sorted(chapters.values(), key=lambda chapter: -chapter.heaviest)),
        clusters=tuple(_clusters(before, after)),
        unchanged=tuple(unchanged),
    )


def _chapter(
    step: Step | Arrival | Departure,
    origins: Origins,
    rendered: Mapping[str, tuple[Section, ...]],
) -> Chapter:
    chapter = Chapter(
        names=(step.newest.environment.name,),
        clusters=(step.newest.cluster.name,),
        consequences=consequences(step),
    )
    if not isinstance(step, Step):
        return chapter
    return replace(
        chapter,
        sections=tuple(_sections(step, origins, rendered)),
        sealed=tuple((f"{secret}/{key}", how) for (secret, key), how in step.sealed.items()),
    )


def _sections(
    step: Step, origins: Origins, rendered: Mapping[str, tuple[Section, ...]]
) -> Iterator[Section]:
    before, after = step.sides
    for app in step.apps:
        changes = (*step.applications[app], *step.values.get(app, ()))
        values = tuple(
            ChangedValue(change=change, origin=origins(after, app, change)) for change in changes
        )
        if values and step.has(app):
            yield Section(title=app, lines=values)
        elif values and app in after.apps:
            yield Section(title=f"{app}: new", lines=())
        yield from rendered.get(app, ())
    for path, changes in step.objects.items():
        if path in before.objects and path in after.objects:
            yield _section(path, changes)
        else:
            what = "new" if path in after.objects else "deleted"
            yield Section(title=f"{path}: {what}", lines=())


def _section(path: str, changes: Iterable[ValueChange]) -> Section:
    return Section(title=path, lines=tuple(ChangedValue(change=change) for change in changes))


def _values_of_new_apps(step: Step | Arrival | Departure) -> tuple[object, ...]:
    """The first values of an app that the environment did not run before."""
    if not isinstance(step, Step):
        return ()
    return tuple(step.values.get(app, ()) for app in step.after.apps if not step.has(app))


def _without_acts(chapter: Chapter) -> tuple[tuple[str, str], ...]:
    return tuple((one.code, one.sentence) for one in chapter.consequences)


def _folded(one: Chapter, other: Chapter) -> Chapter:
    """Two environments that change in the same way, as one chapter."""
    together = zip(one.consequences, other.consequences, strict=True)
    return replace(
        one,
        names=one.names + other.names,
        clusters=tuple(dict.fromkeys(one.clusters + other.clusters)),
        consequences=tuple(
            replace(mine, acts=tuple(dict.fromkeys(mine.acts + theirs.acts)))
            for mine, theirs in together
        ),
    )


def _clusters(before: Side, after: Side) -> Iterator[Chapter]:
    for step in cluster_steps(before, after):
        effects = consequences(step)
        stays = step.before and step.after
        if effects or step.objects:
            yield Chapter(
                names=(step.name,),
                clusters=(step.name,),
                consequences=effects,
                sections=tuple(_section(*one) for one in step.objects.items()) if stays else (),
                is_cluster=True,
            )
