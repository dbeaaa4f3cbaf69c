"""Both sides of a change, rendered and compared by object; a failure is a note, not an error."""

from collections.abc import Iterator, Mapping

from generator.change.review import RenderedSections, Section
from generator.credentials import masked, printable
from generator.packaged import store as chart_store
from generator.packaged.store import Store
from generator.proof.difference import NO_RELEASE, ReleaseObjects, release, sections
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
class RenderedComparison:
    """What differs after Helm, and what could not be compared."""

    sections: RenderedSections = field(factory=dict)
    notes: tuple[str, ...] = ()


def compared(older: Half, newer: Half, workshop: Workshop) -> RenderedComparison:
    """The comparison of the environments of both sides that Helm may render in another way."""
    known = {one.name: _inputs(older, one) for one in older.site.environments}
    names = tuple(
        one.name
        for one in newer.site.environments
        if one.name in known and known[one.name] != _inputs(newer, one)
    )
    before, after = (
        rendering(
            _chosen(half.site, names),
            _needed(half.tree, names),
            # Helm's answers are shared: a release that stays the same is rendered once.
            replace(workshop, store=half.store, archives={}),
        )
        for half in (older, newer)
    )
    return RenderedComparison(
        sections={name: _sections(_charts(before, name), _charts(after, name)) for name in names},
        notes=tuple(_notes(before, after)),
    )


def _sections(
    before: Mapping[str, Rendered], after: Mapping[str, Rendered]
) -> dict[str, tuple[Section, ...]]:
    return {
        app: tuple(sections(_objects(before.get(app)), _objects(after.get(app))))
        for app in {**after, **before}
        if not any(app in side and side[app].failure for side in (before, after))
    }


def _chosen(site: Site, names: tuple[str, ...]) -> Site:
    return replace(site, environments=tuple(one for one in site.environments if one.name in names))


def _inputs(half: Half, environment: Environment) -> tuple[object, ...]:
    """All that rendering an environment's releases depends on."""
    cluster = half.site.clusters[environment.cluster]
    locked = [half.store.lock.get(pin) for pin in chart_store.pins_of(environment)]
    tree = _needed(half.tree, (environment.name,))
    return tree, locked, cluster.kubernetes, cluster.argocd


def _needed(tree: Mapping[str, bytes], names: tuple[str, ...]) -> dict[str, bytes]:
    """The Applications of some environments, without what their namespaces hold."""
    wanted = ("apps/", *(f"overlays/{name}/" for name in names))
    left = tuple(f"overlays/{name}/namespace/" for name in names)
    return {
        path: content
        for path, content in tree.items()
        if path.startswith(wanted) and not path.startswith(left)
    }


def _charts(side: Rendering, environment: str) -> dict[str, Rendered]:
    """The releases of an environment's charts, by app."""
    return {
        one.app: one
        for one in side.releases
        if one.environment.name == environment and one.chart is not None
    }


def _objects(rendered: Rendered | None) -> ReleaseObjects:
    if rendered is None or rendered.chart is None:
        return NO_RELEASE
    chart = rendered.chart
    return release(chart.objects, chart.again, rendered.application, rendered.namespace)


def _notes(before: Rendering, after: Rendering) -> Iterator[str]:
    """What failed: each reason once for all environments that it is the same for."""
    sides: dict[tuple[str, str, str], list[str]] = {}
    for side, rendered in (("before", before), ("after", after)):
        for app, environment, failure in _failures(rendered):
            parts = (failure.message, *failure.lines[:3], failure.help)
            why = "; ".join(printable(masked(part.strip())) for part in parts if part.strip())
            sides.setdefault((app, environment, why), []).append(side)
    environments: dict[tuple[str, str, str], list[str]] = {}
    for (app, environment, why), failed in sides.items():
        environments.setdefault((app, " and ".join(failed), why), []).append(environment)
    for (app, when, why), names in environments.items():
        what = f"{app} of {', '.join(names)}" if app else ", ".join(names)
        yield f"{what}: not compared after Helm; {when} the change: {why}"


def _failures(side: Rendering) -> Iterator[tuple[str, str, Failure]]:
    for environment in side.site.environments:
        for app, rendered in _charts(side, environment.name).items():
            if rendered.failure is not None:
                yield app, environment.name, rendered.failure
        for folder in side.folders:
            if folder.path == f"overlays/{environment.name}" and folder.failure is not None:
                yield "", environment.name, folder.failure
