"""What real Helm makes of an Application of today and of its entry: equal, and what it needs.

Only with the chart in the cache and a Helm at hand; else the entry says what was not asked. Helm
gets no credential: the report lists those as lost.
"""

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from generator.adopt.base import Facts, at
from generator.adopt.further_apps import FurtherApp, RenderedProof
from generator.adopt.sources import RunningReleases
from generator.build.cluster_kinds import spelled
from generator.credentials import masked
from generator.diagnostics import GeneratorError
from generator.packaged import store as chart_store
from generator.packaged.helm import Helm, path_of, with_version
from generator.packaged.lock import PinnedChart
from generator.records import replace
from generator.site.model import Json
from generator.versions import Version

_KUBERNETES = "1.34"
_PATIENCE = 60.0
_LATER = "with the chart there, hubops also renders both and names the cluster kinds"


def enriched(running: RunningReleases, root: Path, facts: Facts) -> RunningReleases:
    """The same with what Helm tells of each app."""
    if not running.apps:
        return running
    return replace(running, apps=tuple(_enriched(one, root, facts) for one in running.apps))


def _enriched(app: FurtherApp, root: Path, facts: Facts) -> FurtherApp:
    chart = app.entry["chart"]
    pin = PinnedChart(
        name=str(at(chart, "name")),
        repository=str(at(chart, "repository")),
        version=str(at(chart, "version")),
    )
    try:
        store = chart_store.opened(root)
        archive = store.find(pin) if store.cache.is_dir() else None
        if archive is None:
            why = f"{pin}: not in {store.cache}; {_LATER}"
            return replace(app, rendered=RenderedProof(why_not=why))
        helm = with_version(path_of(None, "helm3", "helm"))
    except (GeneratorError, OSError) as error:
        return replace(app, rendered=RenderedProof(why_not=str(error)))
    version = Version.parse(facts.kubernetes or _KUBERNETES)
    return _compared(app, archive, helm, version)


def _compared(app: FurtherApp, archive: Path, helm: Helm, kubernetes: Version) -> FurtherApp:
    from generator.proof import difference  # slow to load, and most imports have no other chart
    from generator.proof.helm import template
    from generator.proof.render import objects_of
    from generator.proof.rendering import RenderedChart
    from generator.yaml.stream import Unreadable

    documents: dict[str, Any] = {}
    namespace = str(app.entry["namespace"])
    sides = []
    for values in (app.shown, app.entry.get("values", {})):
        chart = RenderedChart(
            name=app.name,
            version=str(at(app.entry["chart"], "version")),
            release=app.name,
            namespace=namespace,
            values=values,
            kubernetes=kubernetes,
            skip_crds=app.entry.get("installCRDs") is False,
        )
        with TemporaryDirectory(prefix="hubops-") as scratch:
            made = replace(chart, archive=archive)
            outputs = [template(helm, made, Path(scratch), _PATIENCE) for _ in range(2)]
        failure = next((one.failure for one in outputs if one.failure is not None), None)
        if failure is not None:
            why = f"Helm fails: {masked(failure.text)}"
            return replace(app, rendered=RenderedProof(why_not=why))
        try:
            objects, again = (objects_of(one.text, documents) for one in outputs)
        except Unreadable as error:
            return replace(app, rendered=RenderedProof(why_not=f"unclear YAML: {error}"))
        sides.append((objects, difference.release(objects, again, {}, namespace)))
    (_, before), (objects, after) = sides
    random = {str(known): None for known, _ in sorted(after.random - before.random)}
    differing = (
        *(section.title for section in difference.sections(before, after)),
        *(f"{known} is random now" for known in random),
    )
    proof = RenderedProof(
        equal=len(after.objects) - len(differing), differing=differing, helm=str(helm.version)
    )
    return replace(app, entry={**app.entry, **_needs(objects, namespace)}, rendered=proof)


def _needs(objects: Any, namespace: str) -> dict[str, Json]:
    """The kinds without a namespace, and the other namespaces, that the objects are of."""
    from generator.proof.checks.platform import is_of_cluster

    defined = {
        (one["spec"]["group"], one["spec"]["names"]["kind"]): one
        for one in objects
        if one.get("kind") == "CustomResourceDefinition"
    }
    kinds: dict[str, None] = {}
    namespaces: dict[str, None] = {}
    for one in objects:
        group, kind = str(one.get("apiVersion")).rpartition("/")[0], str(one.get("kind"))
        if is_of_cluster(group, kind, defined):
            kinds[spelled(group, kind)] = None
        elif (space := str(at(one, "metadata", "namespace") or namespace)) != namespace:
            namespaces[space] = None
    found = {"clusterKinds": list(kinds), "otherNamespaces": list(namespaces)}
    return {key: listed for key, listed in found.items() if listed}
