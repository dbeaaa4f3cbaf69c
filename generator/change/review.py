"""What a change does, for its reviewers: by environment, the heaviest effect first. Pure.

Environments that change in the same way are one chapter.
"""

from collections.abc import Callable, Iterator, Mapping

from generator.change.difference import Sealing, ValueChange
from generator.change.effects import consequences
from generator.change.sides import Departure, EnvironmentSide, Side, Step, cluster_steps, steps
from generator.lint.consequences import Consequence, Weight, When
from generator.records import record, replace
from generator.site.model import Site

# Where in site.yaml a chart value comes from, as `site.yaml:41`; empty where that is not known.
Origins = Callable[[EnvironmentSide, str, ValueChange], str]


@record
class Section:
    """The lines of one app, or of one object; `is_rendered` where Helm made that object."""

    title: str
    lines: tuple[ValueChange, ...] = ()
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
        return not self.chapters

    @property
    def chapters(self) -> tuple[Chapter, ...]:
        """The environments, then the clusters."""
        return (*self.environments, *self.clusters)


def review(
    before: Side, after: Side, origins: Origins, rendered: RenderedSections | None = None
) -> Review:
    """The review of the change from one side to the other, with what differs after Helm."""
    chapters: dict[str, Chapter] = {}
    unchanged = []
    for step in steps(before, after):
        newest = step.before if isinstance(step, Departure) else step.after
        name = newest.environment.name
        chapter = Chapter(
            names=(name,), clusters=(newest.cluster.name,), consequences=consequences(step)
        )
        first_values: tuple[object, ...] = ()
        if isinstance(step, Step):
            objects = (rendered or {}).get(name, {})
            if step.is_empty and not any(objects.values()):
                unchanged.append(name)
                continue
            sealed = tuple(("/".join(at), how) for at, how in step.sealed.items())
            sections = tuple(_sections(step, origins, objects))
            chapter = replace(chapter, sections=sections, sealed=sealed)
            first_values = tuple(step.values.get(a) for a in step.after.apps if not step.has(a))
        said = [(one.code, one.sentence) for one in chapter.consequences]
        fold = repr((said, chapter.sections, chapter.sealed, first_values))
        chapters[fold] = _folded(chapters[fold], chapter) if fold in chapters else chapter
    return Review(
        environments=tuple(sorted(chapters.values(), key=lambda chapter: -chapter.heaviest)),
        clusters=tuple(_clusters(before, after)),
        unchanged=tuple(unchanged),
    )


def _sections(
    step: Step, origins: Origins, rendered: Mapping[str, tuple[Section, ...]]
) -> Iterator[Section]:
    before, after = step.sides
    for app in step.apps:
        changes = (*step.applications.get(app, ()), *step.values.get(app, ()))
        if changes and step.has(app):
            lines = (replace(change, origin=origins(after, app, change)) for change in changes)
            yield Section(title=app, lines=tuple(lines))
        elif changes and app in after.apps:
            yield Section(title=f"{app}: new")
        yield from rendered.get(app, ())
    for path, changes in step.objects.items():
        if path in before.objects and path in after.objects:
            yield Section(title=path, lines=changes)
        else:
            yield Section(title=f"{path}: {'new' if path in after.objects else 'deleted'}")


def _folded(one: Chapter, other: Chapter) -> Chapter:
    return replace(
        one,
        names=one.names + other.names,
        clusters=tuple(dict.fromkeys(one.clusters + other.clusters)),
        consequences=tuple(
            replace(mine, acts=tuple(dict.fromkeys(mine.acts + theirs.acts)))
            for mine, theirs in zip(one.consequences, other.consequences, strict=True)
        ),
    )


def _clusters(before: Side, after: Side) -> Iterator[Chapter]:
    for step in cluster_steps(before, after):
        effects = consequences(step)
        stays = step.before and step.after
        objects = step.objects.items() if stays else ()
        if effects or step.objects:
            yield Chapter(
                names=(step.name,),
                clusters=(step.name,),
                consequences=effects,
                sections=tuple(Section(title=path, lines=changes) for path, changes in objects),
                is_cluster=True,
            )
