"""Both sides of a change, rendered and compared by object; a failure is a note, not an error."""

from collections.abc import Iterable, Iterator, Mapping

from generator.change.review import RenderedSections, Section
from generator.credentials import masked, printable
from generator.packaged import store as chart_store
from generator.packaged.store import Store
from generator.proof.difference import NO_RELEASE, ReleaseObjects, release, sections
from generator.proof.render import Workshop, rendering
from generator.proof.rendering import Failure, Rendered, Rendering
from generator.records import field, record, replace
from generator.site.model import Environment, Site

# The slashes in the path of a file in a cluster's or an environment's own folder.
_IN_PLACE = 2


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
    """The comparison of what is on both sides and Helm may render in another way."""
    known = {one.name: _inputs(older, one) for one in older.site.places}
    names = tuple(
        one.name
        for one in newer.site.places
        if one.name in known and known[one.name] != _inputs(newer, one)
    )
    before, after = (
        rendering(
            _chosen(half.site, names),
            _needed(half.tree, [one for one in half.site.places if one.name in names]),
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
    environments, platform = (
        tuple(one for one in places if one.name in names)
        for places in (site.environments, site.platform)
    )
    return replace(site, environments=environments, platform=platform)


def _inputs(half: Half, environment: Environment) -> tuple[object, ...]:
    """All that rendering a place's releases depends on."""
    cluster = half.site.clusters[environment.cluster]
    locked = [half.store.lock.get(pin) for pin in chart_store.pins_of(environment)]
    tree = _needed(half.tree, (environment,))
    if environment.is_platform:  # of its cluster's Applications only its own
        own = f"clusters/{environment.cluster}/app-{environment.apps[0].name}.yaml"
        tree = {path: content for path, content in tree.items() if path == own}
    return tree, locked, cluster.kubernetes, cluster.argocd


def _needed(tree: Mapping[str, bytes], places: Iterable[Environment]) -> dict[str, bytes]:
    """The Applications of some places, without what their namespaces hold."""
    folders = {"apps": None} | {_folder(one): None for one in places}
    wanted = tuple(f"{folder}/" for folder in folders)
    return {
        path: content
        for path, content in tree.items()
        if path.startswith(wanted) and (path.startswith("apps/") or path.count("/") == _IN_PLACE)
    }


def _folder(place: Environment) -> str:
    """Where the Application of a place is."""
    return f"clusters/{place.cluster}" if place.is_platform else f"overlays/{place.name}"


def _charts(side: Rendering, environment: str) -> dict[str, Rendered]:
    """The releases of a place's charts, by app."""
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
    for environment in side.site.places:
        for app, rendered in _charts(side, environment.name).items():
            if rendered.failure is not None:
                yield app, environment.name, rendered.failure
        for folder in side.folders:
            if folder.path == _folder(environment) and folder.failure is not None:
                yield "", environment.name, folder.failure
