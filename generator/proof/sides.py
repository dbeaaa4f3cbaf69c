"""Both sides of a change, rendered and compared by object; what fails is said, not raised."""

from collections.abc import Iterator, Mapping

from generator.change.review import RenderedSections, Section
from generator.credentials import masked, printable
from generator.packaged import store as chart_store
from generator.packaged.store import Store
from generator.proof.difference import NO_RELEASE, Release, release, sections
from generator.proof.render import Workshop, rendering
from generator.proof.rendering import Failure, Rendered, Rendering
from generator.records import field, record, replace
from generator.site.model import Environment, Site


@record
class Half:
    """One side: a site, the tree that it gives, and the charts that its lock means."""

    site: Site
    tree: Mapping[str, bytes]
    store: Store


@record
class Comparison:
    """What differs after Helm, and what could not be compared."""

    sections: RenderedSections = field(factory=dict)
    notes: tuple[str, ...] = ()


def compared(older: Half, newer: Half, workshop: Workshop) -> Comparison:
    """The comparison of the environments of both sides that Helm may render in another way."""
    names = tuple(_differing(older, newer))
    before, after = (
        rendering(
            _chosen(half.site, names),
            _needed(half.tree, names),
            # Helm's answers are shared: a release that stays the same is rendered once.
            replace(workshop, store=half.store, charts={}),
        )
        for half in (older, newer)
    )
    return Comparison(
        sections={
            name: dict(_sections(_charts(before, name), _charts(after, name))) for name in names
        },
        notes=tuple(_notes(before, after)),
    )


def _differing(older: Half, newer: Half) -> Iterator[str]:
    known = {environment.name: environment for environment in older.site.environments}
    for environment in newer.site.environments:
        before = known.get(environment.name)
        if before is not None and _inputs(older, before) != _inputs(newer, environment):
            yield environment.name


def _inputs(half: Half, environment: Environment) -> tuple[object, ...]:
    """All that rendering an environment's releases depends on."""
    cluster = half.site.clusters[environment.cluster]
    locked = [half.store.lock.get(pin) for pin in chart_store.pins_of(environment)]
    tree = _needed(half.tree, (environment.name,))
    return tree, locked, cluster.kubernetes, cluster.argocd


def _chosen(site: Site, names: tuple[str, ...]) -> Site:
    return replace(site, environments=tuple(one for one in site.environments if one.name in names))


def _needed(tree: Mapping[str, bytes], names: tuple[str, ...]) -> dict[str, bytes]:
    """The Applications of some environments, without what their namespaces hold."""
    wanted = ("apps/", *(f"overlays/{name}/" for name in names))
    left = tuple(f"overlays/{name}/namespace/" for name in names)
    return {
        path: content
        for path, content in tree.items()
        if path.startswith(wanted) and not path.startswith(left)
    }


def _charts(done: Rendering, environment: str) -> dict[str, Rendered]:
    """The releases of an environment's charts, by app."""
    return {
        one.app: one
        for one in done.releases
        if one.environment.name == environment and one.chart is not None
    }


def _sections(
    before: Mapping[str, Rendered], after: Mapping[str, Rendered]
) -> Iterator[tuple[str, tuple[Section, ...]]]:
    for app in {**after, **before}:
        sides = before.get(app), after.get(app)
        if all(side is None or side.failure is None for side in sides):
            yield app, sections(*map(_release, sides))


def _release(rendered: Rendered | None) -> Release:
    if rendered is None or rendered.chart is None:
        return NO_RELEASE
    chart = rendered.chart
    return release(chart.objects, chart.again, rendered.application, rendered.namespace)


def _notes(before: Rendering, after: Rendering) -> Iterator[str]:
    """What failed: each reason once for all environments that it is the same for."""
    sides: dict[tuple[str, str, str], list[str]] = {}
    for side, done in (("before", before), ("after", after)):
        for app, environment, failure in _failures(done):
            sides.setdefault((app, environment, _told(failure)), []).append(side)
    environments: dict[tuple[str, str, str], list[str]] = {}
    for (app, environment, told), failed in sides.items():
        environments.setdefault((app, " and ".join(failed), told), []).append(environment)
    for (app, when, told), names in environments.items():
        what = f"{app} of {', '.join(names)}" if app else ", ".join(names)
        yield f"{what}: not compared after Helm; {when} the change: {told}"


def _failures(done: Rendering) -> Iterator[tuple[str, str, Failure]]:
    for environment in done.site.environments:
        for app, rendered in _charts(done, environment.name).items():
            if rendered.failure is not None:
                yield app, environment.name, rendered.failure
        for folder in done.folders:
            if folder.path == f"overlays/{environment.name}" and folder.failure is not None:
                yield "", environment.name, folder.failure


def _told(failure: Failure) -> str:
    parts = (failure.message, *failure.lines[:3], failure.help)
    return "; ".join(printable(masked(part.strip())) for part in parts if part.strip())
