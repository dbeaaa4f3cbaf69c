"""A tree of files -> everything it renders to, side by side on the cores there are.

Whatever fails is a part of the result: one broken release hides no other.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from generator.diagnostics import GeneratorError
from generator.io.tools import at_once
from generator.packaged import lock as chart_lock
from generator.packaged import store as chart_store
from generator.packaged.lock import Pin
from generator.packaged.pull import Download
from generator.packaged.store import Store
from generator.proof import helm, kustomize, object_schemas
from generator.proof.helm import Output, Request
from generator.proof.programs import Programs
from generator.proof.rendering import Chart, Failure, Folder, Rendered, Rendering, Stage, part
from generator.records import field, record, replace
from generator.site.model import Environment, Site
from generator.yaml.stream import Unreadable, read, split

KUSTOMIZATION = "kustomization.yaml"


@record
class Choice:
    """What of a site is rendered; None is all of it. `twice` finds what is random."""

    environment: str | None = None
    app: str | None = None
    twice: bool = True

    def has(self, environment: Environment) -> bool:
        """Whether an environment is chosen."""
        return self.environment in (None, environment.name)


@record
class Workshop:
    """What rendering works with; without a download only charts in the cache are used."""

    programs: Programs
    store: Store
    download: Download | None
    patience: float = helm.PATIENCE
    progress: Callable[[str], None] = lambda text: None
    documents: dict[str, Any] = field(factory=dict)
    outputs: dict[tuple[str, str, int], Output] = field(factory=dict)
    charts: dict[Pin, "Found"] = field(factory=dict)


@record
class Found:
    """A chart's archive, or why there is none."""

    path: Path | None = None
    is_locked: bool = True
    failure: Failure | None = None


def rendering(
    site: Site, tree: Mapping[str, bytes], workshop: Workshop, choice: Choice | None = None
) -> Rendering:
    """Everything that the chosen part of a tree renders to."""
    choice = choice or Choice()
    with TemporaryDirectory(prefix="hubops-") as scratch:
        root = Path(scratch).resolve()
        written = _written(root / "tree", tree)
        chosen = [environment for environment in site.environments if choice.has(environment)]
        overlays = [f"overlays/{environment.name}" for environment in chosen]
        built = _built(workshop, root / "tree", [path for path in overlays if path in written])
        releases = [
            release
            for environment, path in zip(chosen, overlays, strict=True)
            if path in built
            for release in _releases(site, environment, built[path])
            if choice.app in (None, release.app)
        ]
        jobs = _Jobs(workshop, root, choice.twice)
        folders = _folders(site, choice, chosen, releases) & written
        rest, outputs = jobs.run(releases, sorted(folders - set(overlays)))
        built |= rest
        return Rendering(
            site=site,
            folders=tuple(built[path] for path in sorted(built)),
            releases=tuple(jobs.finished(release, built, outputs) for release in releases),
            kubernetes={
                name: object_schemas.of(cluster.kubernetes)
                for name, cluster in site.clusters.items()
            },
            helms={argocd: one.version for argocd, one in workshop.programs.helms.items()},
        )


def _written(root: Path, tree: Mapping[str, bytes]) -> set[str]:
    """Writes a tree into a folder; the folders of it that Kustomize can build."""
    for path, content in tree.items():
        place = root / path
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(content)
    return {path.rpartition("/")[0] for path in tree if path.rpartition("/")[2] == KUSTOMIZATION}


def _folders(
    site: Site, choice: Choice, chosen: Iterable[Environment], releases: Iterable[Rendered]
) -> set[str]:
    """The folders that somebody builds: those of Applications and, for a whole site, clusters'."""
    paths = {str(part(release.application, "spec", "source").get("path")) for release in releases}
    if choice.environment is None and choice.app is None:
        for name in site.clusters:
            paths |= {f"clusters/{name}", f"clusters/{name}/bootstrap"}
        paths |= {f"overlays/{environment.name}/namespace" for environment in chosen}
    return paths


def _built(workshop: Workshop, root: Path, paths: Iterable[str]) -> dict[str, Folder]:
    command = workshop.programs.kustomize
    found = at_once([partial(kustomize.build, command, root, path) for path in paths])
    return {folder.path: folder for folder in found}


def _releases(site: Site, environment: Environment, overlay: Folder) -> Iterator[Rendered]:
    """The Applications of an overlay, not yet rendered."""
    for resource in overlay.objects:
        if resource.get("kind") != "Application":
            continue
        chart = part(resource, "spec", "source").get("chart")
        yield Rendered(
            environment=environment,
            cluster=site.clusters[environment.cluster],
            app=str(chart) if chart else "namespace",
            application=resource,
        )


class _Jobs:
    """All programs that are still to be run for the releases of one tree."""

    def __init__(self, workshop: Workshop, root: Path, twice: bool) -> None:
        self.workshop, self.root = workshop, root
        self.rounds = (0, 1) if twice else (0,)
        self.charts: dict[tuple[str, str], tuple[Chart, Request | None]] = {}
        self.done = 0

    def run(
        self, releases: Iterable[Rendered], folders: Iterable[str]
    ) -> tuple[dict[str, Folder], dict[tuple[str, str, int], Output]]:
        """What Kustomize makes of the folders, and Helm of the releases' charts."""
        command, tree = self.workshop.programs.kustomize, self.root / "tree"
        builds = [partial(kustomize.build, command, tree, path) for path in folders]
        wanted: dict[tuple[str, str, int], Callable[[], Output]] = {}
        for release in releases:
            if release.app == "namespace":
                continue
            chart, request = self._chart(release)
            self.charts[release.environment.name, release.name] = (chart, request)
            if request is None:
                continue
            program = self.workshop.programs.helms[release.cluster.argocd]
            for number in self.rounds:
                key = (program.path, request.inputs, number)
                if key not in self.workshop.outputs:
                    wanted[key] = partial(
                        helm.template, program, request, self.root, self.workshop.patience
                    )
        jobs: list[Callable[[], Any]] = [*builds, *wanted.values()]
        tasks = [self._counted(job, len(jobs)) for job in jobs]
        results: list[Any] = at_once(tasks)
        self.workshop.progress("")
        self.workshop.outputs.update(zip(wanted, results[len(builds) :], strict=True))
        return {folder.path: folder for folder in results[: len(builds)]}, self.workshop.outputs

    def _counted(self, job: Callable[[], Any], total: int) -> Callable[[], Any]:
        def counted() -> Any:
            result = job()
            self.done += 1
            self.workshop.progress(f"rendering: {self.done} of {total}")
            return result

        return counted

    def _chart(self, release: Rendered) -> tuple[Chart, Request | None]:
        """What Helm is asked for, or the chart with the failure that keeps it from being asked."""
        source = part(release.application, "spec", "source")
        settings = part(source, "helm")
        chart = Chart(
            name=str(source.get("chart")),
            version=str(source.get("targetRevision")),
            release=str(settings.get("releaseName") or release.name),
            namespace=release.namespace,
            values=part(settings, "valuesObject"),
        )
        pin = _pin(self.workshop.store, release.environment, source)
        found = self.workshop.charts.get(pin) or _obtained(self.workshop, pin)
        self.workshop.charts[pin] = found
        chart = replace(chart, is_locked=found.is_locked, failure=found.failure)
        if found.path is None:
            return chart, None
        request = Request(
            chart=found.path,
            release=chart.release,
            namespace=chart.namespace,
            values=chart.values,
            kubernetes=release.cluster.kubernetes,
            apis=object_schemas.of(release.cluster.kubernetes).apis,
            skip_crds=settings.get("skipCrds") is True,
        )
        return chart, request

    def finished(
        self,
        release: Rendered,
        built: Mapping[str, Folder],
        outputs: Mapping[tuple[str, str, int], Output],
    ) -> Rendered:
        """The release with its objects."""
        if release.app == "namespace":
            path = str(part(release.application, "spec", "source").get("path"))
            missing = Failure(stage=Stage.KUSTOMIZE, message=f"{path}: no kustomization there")
            return replace(release, folder=built.get(path) or Folder(path=path, failure=missing))
        chart, request = self.charts[release.environment.name, release.name]
        if request is None:
            return replace(release, chart=chart)
        program = self.workshop.programs.helms[release.cluster.argocd]
        found = [outputs[program.path, request.inputs, number] for number in self.rounds]
        return replace(release, chart=_read(chart, found, self.workshop.documents))


def _pin(store: Store, environment: Environment, source: Mapping[str, Any]) -> Pin:
    """The pin that an Application's source means; Argo CD writes an OCI address without scheme."""
    address = str(source.get("repoURL", ""))
    name, version = str(source.get("chart")), str(source.get("targetRevision"))
    for pin in (*chart_store.pins_of(environment), *store.lock):
        plain = pin.repository.removeprefix("oci://")
        if (pin.name, pin.version, plain) == (name, version, address):
            return pin
    return Pin(name=name, repository=address, version=version)


def _obtained(workshop: Workshop, pin: Pin) -> Found:
    """The chart of a pin; one that is not locked only from the cache."""
    download = workshop.download if pin in workshop.store.lock else None
    try:
        obtained = chart_store.obtain(workshop.store, pin, download, workshop.progress)
    except GeneratorError as error:
        help = error.help
        if pin not in workshop.store.lock:
            help = f"it is not in {chart_lock.NAME} yet: run 'hubops charts fetch'"
        return Found(
            failure=Failure(
                stage=Stage.CHART, message=error.message, lines=error.details, help=help
            )
        )
    return Found(path=obtained.path, is_locked=pin in workshop.store.lock)


def _read(chart: Chart, outputs: list[Output], documents: dict[str, Any]) -> Chart:
    """The chart with what Helm printed as objects; equal documents are read once and shared."""
    for output in outputs:
        if output.failure is not None:
            return replace(chart, failure=output.failure)
    try:
        first, *others = [_objects(output.text, documents) for output in outputs]
    except Unreadable as error:
        message = f"the chart's templates print no clear YAML: {error}"
        return replace(chart, failure=Failure(stage=Stage.TEMPLATE, message=message))
    again = next(iter(others), None) if outputs[0].text != outputs[-1].text else None
    return replace(
        chart,
        objects=first,
        again=again,
        text=outputs[0].text,
        warnings=outputs[0].warnings,
    )


def _objects(text: str, documents: dict[str, Any]) -> tuple[Any, ...]:
    found: list[Any] = []
    for document in split(text):
        if document not in documents:
            documents[document] = read(document)
        resource = documents[document]
        if resource is None:
            continue
        if not isinstance(resource, dict) or not isinstance(resource.get("kind"), str):
            raise Unreadable("a document that is no Kubernetes object")
        items = resource.get("items")
        if resource["kind"] == "List" and isinstance(items, list):
            found += [one for one in items if isinstance(one, dict)]
        else:
            found.append(resource)
    return tuple(found)
