"""What a change does, for its reviewers: by environment, the heaviest effect first. Pure.

Environments that change in the same way are told as one.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping

from generator.change.architecture import Architecture
from generator.change.difference import Sealing, ValueChange
from generator.change.effects import CLUSTER_EFFECTS, EFFECTS
from generator.change.effects.base import Effect, Weight
from generator.change.sides import Place, Side, Step, cluster_steps, steps
from generator.records import record, replace

# Where in site.yaml a chart value comes from, as `site.yaml:41`; empty where nobody can say.
Origins = Callable[[Place, str, ValueChange], str]


@record
class Line:
    """One value that differs, and where it comes from."""

    change: ValueChange
    origin: str = ""


@record
class Section:
    """The lines of one app, or of one object; `is_rendered` where Helm made that object."""

    title: str
    lines: tuple[Line, ...]
    is_rendered: bool = False


# What differs after Helm: environment -> app -> a section for each object.
RenderedSections = Mapping[str, Mapping[str, tuple[Section, ...]]]


@record
class Consequence:
    """An effect; `acts` are what must be done for it, once for each place where it differs."""

    effect: Effect
    acts: tuple[str, ...]


@record
class Chapter:
    """What happens to some environments, or to one cluster: all of them change in the same way.

    `is_cluster` says that it is of a cluster's own objects, whose name an environment may have too.
    """

    names: tuple[str, ...]
    clusters: tuple[str, ...]
    consequences: tuple[Consequence, ...]
    sections: tuple[Section, ...]
    sealed: tuple[tuple[str, Sealing], ...] = ()
    is_cluster: bool = False

    @property
    def heaviest(self) -> Weight:
        """The heaviest of its effects."""
        return max((found.effect.weight for found in self.consequences), default=Weight.NOTE)

    @property
    def must_act(self) -> str:
        """Whether a person must act, and when; empty where nobody must."""
        acting = [found.effect for found in self.consequences if found.acts]
        if any(effect.before_merge for effect in acting):
            return "act before the merge"
        return "act after the merge" if acting else ""

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
    that both sides' site.yaml mean the same and are not written alike. `architecture` is the newer
    side's picture. `notes` say what could not be compared, and why.
    """

    environments: tuple[Chapter, ...]
    clusters: tuple[Chapter, ...]
    unchanged: tuple[str, ...]
    drift: tuple[str, ...] = ()
    is_rewritten: bool = False
    architecture: Architecture | None = None
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
        objects = (rendered or {}).get(step.name, {})
        if step.is_empty and not any(objects.values()):
            unchanged.append(step.name)
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


def _chapter(step: Step, origins: Origins, rendered: Mapping[str, tuple[Section, ...]]) -> Chapter:
    effects = [effect for rule in EFFECTS for effect in rule.check(step)]
    return Chapter(
        names=(step.name,),
        clusters=(step.place.cluster.name,),
        consequences=_consequences(effects),
        sections=tuple(_sections(step, origins, rendered)) if step.both is not None else (),
        sealed=tuple((f"{secret}/{key}", how) for (secret, key), how in step.sealed.items())
        if step.both is not None
        else (),
    )


def _consequences(effects: Iterable[Effect]) -> tuple[Consequence, ...]:
    ordered = sorted(effects, key=lambda effect: (-effect.weight, effect.code, effect.message))
    return tuple(Consequence(effect=effect, acts=effect.acts) for effect in ordered)


def _sections(
    step: Step, origins: Origins, rendered: Mapping[str, tuple[Section, ...]]
) -> Iterator[Section]:
    for app in step.apps:
        changes = (*step.applications[app], *step.values.get(app, ()))
        lines = [Line(change=change, origin=origins(step.place, app, change)) for change in changes]
        if lines and all(app in side.apps for side in step.both or ()):
            yield Section(title=app, lines=tuple(lines))
        elif lines and step.both is not None and app in step.both[1].apps:
            yield Section(title=f"{app}: new", lines=())
        yield from rendered.get(app, ())
    before, after = step.both or (step.place, step.place)
    for path, changes in step.objects.items():
        if path in before.objects and path in after.objects:
            yield Section(title=path, lines=tuple(Line(change=change) for change in changes))
        else:
            what = "new" if path in after.objects else "deleted"
            yield Section(title=f"{path}: {what}", lines=())


def _values_of_new_apps(step: Step) -> tuple[object, ...]:
    """What an app begins with that the environment did not run before."""
    if step.both is None:
        return ()
    before, after = step.both
    return tuple(step.values.get(app, ()) for app in after.apps if app not in before.apps)


def _without_acts(chapter: Chapter) -> tuple[tuple[str, str], ...]:
    return tuple((found.effect.code, found.effect.message) for found in chapter.consequences)


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
        effects = [effect for rule in CLUSTER_EFFECTS for effect in rule.check_cluster(step)]
        stays = step.before and step.after
        sections = (
            Section(title=path, lines=tuple(Line(change=change) for change in changes))
            for path, changes in step.objects.items()
            if stays
        )
        if effects or step.objects:
            yield Chapter(
                names=(step.name,),
                clusters=(step.name,),
                consequences=_consequences(effects),
                sections=tuple(sections),
                is_cluster=True,
            )
