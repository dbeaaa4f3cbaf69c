"""A tree of files -> everything it renders to, side by side on the cores there are.

Whatever fails is a part of the result: one broken release hides no other.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from generator import names
from generator.diagnostics import GeneratorError
from generator.io.tools import at_once
from generator.packaged import lock as chart_lock
from generator.packaged import store as chart_store
from generator.packaged.lock import PinnedChart
from generator.packaged.pull import Download
from generator.packaged.store import Store
from generator.proof import helm, programs
from generator.proof.helm import Output
from generator.proof.programs import Programs
from generator.proof.rendering import (
    Failure,
    Folder,
    Rendered,
    RenderedChart,
    Rendering,
    Resource,
    Stage,
    entries,
    part,
)
from generator.records import field, record, replace
from generator.site.model import Environment, Site
from generator.yaml.stream import Unreadable, read, split

# The folders of a cluster.
_CLUSTER = ("", "/bootstrap", f"/{names.ISSUERS}")
# The Helm's path, what it is asked, and which rendering of it.
_Key = tuple[str, str, int]


@record
class Choice:
    """What of a site is rendered; None is all of it. `twice` finds what is random."""

    environment: str | None = None
    app: str | None = None
    twice: bool = True


@record
class Workshop:
    """What rendering works with; without a download only charts in the cache are used."""

    programs: Programs
    store: Store
    download: Download | None
    patience: float
    progress: Callable[[str], None] = lambda text: None
    documents: dict[str, Any] = field(factory=dict)
    outputs: dict[_Key, Output] = field(factory=dict)
    archives: dict[PinnedChart, Path | Failure] = field(factory=dict)


def rendering(
    site: Site, tree: Mapping[str, bytes], workshop: Workshop, choice: Choice | None = None
) -> Rendering:
    """Everything that the chosen part of a tree renders to."""
    choice = choice or Choice()
    with TemporaryDirectory(prefix="hubops-") as scratch:
        root = Path(scratch).resolve()
        written = _written(root / "tree", tree)
        build = partial(programs.build, workshop.programs.kustomize, root / "tree")
        chosen = {
            f"overlays/{one.name}": [one]
            for one in site.environments
            if choice.environment in (None, one.name)
        }
        platform = [one for one in site.platform if choice.environment in (None, one.name)]
        roots = {f"clusters/{one.cluster}" for one in platform}
        first = [path for path in (*sorted(roots), *chosen) if path in written]
        folders = at_once([partial(build, path) for path in first])
        releases = [
            release
            for folder in folders
            for release in _releases(
                site, chosen.get(folder.path) or platform, folder, workshop, choice
            )
        ]
        # What Argo CD builds: the folders of Applications and, for a whole site, the clusters'.
        others = {str(part(one.application, "spec", "source").get("path")) for one in releases}
        if choice.environment is None and choice.app is None:
            others |= {f"clusters/{name}{rest}" for name in site.clusters for rest in _CLUSTER}
            others |= {f"{overlay}/namespace" for overlay in chosen}
        builds = [partial(build, path) for path in sorted(others & written - {*first})]
        jobs = [_jobs(release, workshop, choice, root) for release in releases]
        wanted = {key: job for one in jobs for key, job in one.items()}
        wanted = {key: job for key, job in wanted.items() if key not in workshop.outputs}
        results = _counted([*builds, *wanted.values()], workshop.progress)
    folders += results[: len(builds)]
    workshop.outputs.update(zip(wanted, results[len(builds) :], strict=True))
    built = {folder.path: folder for folder in sorted(folders, key=lambda folder: folder.path)}
    return Rendering(
        site=site,
        folders=tuple(built.values()),
        releases=tuple(
            _finished(release, built, [workshop.outputs[key] for key in asked], workshop.documents)
            for release, asked in zip(releases, jobs, strict=True)
        ),
        helms={argocd: one.version for argocd, one in workshop.programs.helms.items()},
    )


def _written(root: Path, tree: Mapping[str, bytes]) -> set[str]:
    """Writes a tree into a folder; the folders of it that Kustomize can build."""
    for path, content in tree.items():
        place = root / path
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(content)
    split = (path.rpartition("/") for path in tree)
    return {folder for folder, _, name in split if name == "kustomization.yaml"}


def _releases(
    site: Site,
    places: Sequence[Environment],
    overlay: Folder,
    workshop: Workshop,
    choice: Choice,
) -> Iterator[Rendered]:
    """The chosen Applications of an environment's overlay or a cluster's folder, not rendered."""
    known = {name: found for one in places for name, found in _further(site, one)}
    for resource in overlay.objects:
        chart = part(resource, "spec", "source").get("chart")
        app, place = str(chart) if chart else "namespace", places[0]
        name = str(part(resource, "metadata").get("name"))
        if name in known:
            app, place = known[name]
        elif place.is_platform:  # the roots of environments, and projects
            continue
        if resource.get("kind") == "Application" and choice.app in (None, app):
            release = Rendered(
                environment=place,
                cluster=site.clusters[place.cluster],
                app=app,
                application=resource,
            )
            yield replace(release, chart=_chart(release, workshop)) if chart else release


def _further(site: Site, place: Environment) -> Iterator[tuple[str, tuple[str, Environment]]]:
    """The names of the Applications of further charts, each with its app and its place."""
    own = place.cluster if place.is_platform else place.name
    for app in place.apps:
        yield names.application(site.name, app.name, own), (app.name, place)
        if place.is_platform:
            folder = names.app_namespace(app.name)
            yield names.application(site.name, folder, own), ("namespace", place)


def _chart(release: Rendered, workshop: Workshop) -> RenderedChart:
    """What Helm is asked for, or the failure that keeps it from being asked."""
    source = part(release.application, "spec", "source")
    settings = part(source, "helm")
    pin = _pin(workshop.store, release.environment, source)
    if pin not in workshop.archives:
        workshop.archives[pin] = _archive(workshop, pin)
    archive = workshop.archives[pin]
    return RenderedChart(
        name=str(source.get("chart")),
        version=str(source.get("targetRevision")),
        release=str(settings.get("releaseName") or release.name),
        namespace=release.namespace,
        values=part(settings, "valuesObject"),
        kubernetes=release.cluster.kubernetes,
        skip_crds=settings.get("skipCrds") is True,
        archive=archive if isinstance(archive, Path) else None,
        is_locked=pin in workshop.store.lock,
        failure=archive if isinstance(archive, Failure) else None,
    )


def _pin(store: Store, environment: Environment, source: Mapping[str, Any]) -> PinnedChart:
    """The chart of an Application's source; Argo CD writes an OCI address without scheme."""
    address = str(source.get("repoURL", ""))
    name, version = str(source.get("chart")), str(source.get("targetRevision"))
    for pin in (*chart_store.pins_of(environment), *store.lock):
        plain = pin.repository.removeprefix("oci://")
        if (pin.name, pin.version, plain) == (name, version, address):
            return pin
    return PinnedChart(name=name, repository=address, version=version)


def _archive(workshop: Workshop, pin: PinnedChart) -> Path | Failure:
    """The chart of a pin, or why there is none; one that is not locked only from the cache."""
    is_locked = pin in workshop.store.lock
    download = workshop.download if is_locked else None
    try:
        return chart_store.obtain(workshop.store, pin, download, workshop.progress).path
    except GeneratorError as error:
        failure = Failure.of(Stage.CHART, error)
        help = f"it is not in {chart_lock.NAME} yet: run 'hubops charts fetch'"
        return failure if is_locked else replace(failure, help=help)


def _jobs(
    release: Rendered, workshop: Workshop, choice: Choice, scratch: Path
) -> dict[_Key, Callable[[], Output]]:
    """The renderings that a release needs; none without a chart."""
    chart = release.chart
    if chart is None or chart.archive is None:
        return {}
    program, inputs = workshop.programs.helms[release.cluster.argocd], helm.inputs(chart)
    job = partial(helm.template, program, chart, scratch, workshop.patience)
    return {(program.path, inputs, number): job for number in range(1 + choice.twice)}


def _counted(tasks: list[Callable[[], Any]], progress: Callable[[str], None]) -> list[Any]:
    """What the tasks return, with the number of those that are done shown all along."""
    done = count(1)

    def counted(task: Callable[[], Any]) -> Any:
        result = task()
        progress(f"rendering: {next(done)} of {len(tasks)}")
        return result

    results = at_once([partial(counted, task) for task in tasks])
    progress("")
    return results


def _finished(
    release: Rendered,
    built: Mapping[str, Folder],
    outputs: list[Output],
    documents: dict[str, Any],
) -> Rendered:
    """The release with its objects; equal documents are read once and shared."""
    if release.chart is None:
        path = str(part(release.application, "spec", "source").get("path"))
        missing = Failure(stage=Stage.KUSTOMIZE, message=f"{path}: no kustomization there")
        return replace(release, folder=built.get(path) or Folder(path=path, failure=missing))
    failure = next((output.failure for output in outputs if output.failure is not None), None)
    if failure is not None:
        return replace(release, chart=replace(release.chart, failure=failure))
    if not outputs:
        return release
    first, last = outputs[0], outputs[-1]
    try:
        objects = objects_of(first.text, documents)
        again = objects_of(last.text, documents) if last.text != first.text else None
    except Unreadable as error:
        message = f"the chart's templates don't print clear YAML: {error}"
        failure = Failure(stage=Stage.TEMPLATE, message=message)
        return replace(release, chart=replace(release.chart, failure=failure))
    chart = replace(
        release.chart, objects=objects, again=again, text=first.text, warnings=first.warnings
    )
    return replace(release, chart=chart)


def objects_of(text: str, documents: dict[str, Any]) -> tuple[Resource, ...]:
    """The objects that Helm printed; equal documents are read once. Unreadable for others."""
    objects: list[Resource] = []
    for document in split(text):
        if document not in documents:
            documents[document] = read(document)
        resource = documents[document]
        if resource is None:
            continue
        if not isinstance(resource, dict) or not isinstance(resource.get("kind"), str):
            raise Unreadable("a document that is not a Kubernetes object")
        is_list = resource["kind"] == "List" and isinstance(resource.get("items"), list)
        objects += entries(resource, "items") if is_list else [resource]
    return tuple(objects)
