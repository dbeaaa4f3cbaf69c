"""An app of a cluster needs what another app brings only in a later wave.

Argo CD syncs the lowest wave first and waits for it. An object whose CustomResourceDefinition comes
with a later wave can't be applied, so its app fails, and the later wave never begins. It is the
same with the class of a volume, an Ingress or a pod: a claim without its StorageClass stays
pending, an Ingress without its controller gets no address, and Argo CD waits for both. Give the app
that brings the definition or the class the lower wave.
"""

from collections.abc import Iterator

from generator.lint.rules.base import Findings, errors, neighbours
from generator.proof.checks.base import anchored
from generator.proof.checks.kinds import defined_by
from generator.proof.checks.platform import further
from generator.proof.checks.workloads import pods
from generator.proof.rendering import Rendered, Rendering, entries, part

finding = errors("M947")

# What an app needs: the definition of a kind by its group, or an object by its kind.
_Needed = tuple[str, str]
_CLASSES = frozenset(("IngressClass", "PriorityClass", "RuntimeClass", "StorageClass"))


def check(rendering: Rendering) -> Findings:
    """One finding for each app and each later app that it needs something of."""
    for group in neighbours(rendering.site, rendering.site.places):
        names = {place.name for place in group if place.is_platform}
        releases = [
            one for one in rendering.releases if one.environment.name in names and one.chart
        ]
        makers = {needed: one for one in releases for needed, _ in _made(one)}
        for release in releases:
            late: dict[str, dict[str, None]] = {}
            own = {needed for needed, _ in _made(release)}
            for needed, said in _needs(release):
                maker = makers.get(needed)
                if maker and needed not in own and _wave(maker) > _wave(release):
                    late.setdefault(maker.app, {})[said] = None
            for app, needs in late.items():
                what = further(release)
                text = (
                    f"{release.app}: wave {_wave(release)} needs {', '.join(needs)}, "
                    f"which '{app}' brings in a later wave"
                )
                at = what.at("wave") if what is not None else None
                help = f"give '{app}' a wave below that of '{release.app}'"
                yield anchored(finding, release.environment, at, text, help)


def _made(release: Rendered) -> Iterator[tuple[_Needed, object]]:
    yield from defined_by(release)
    for resource in release.objects:
        if (kind := str(resource.get("kind"))) in _CLASSES:
            yield (kind, str(part(resource, "metadata").get("name"))), resource


def _needs(release: Rendered) -> Iterator[tuple[_Needed, str]]:
    """What its objects need, and how that is said."""
    for resource in release.objects:
        group, kind = str(resource.get("apiVersion")).rpartition("/")[0], str(resource.get("kind"))
        yield (group, kind), kind
    for kind, name in _classes(release):
        yield (kind, str(name)), f"{kind} '{name}'"


def _classes(release: Rendered) -> Iterator[tuple[str, object]]:
    for resource in release.objects:
        kind, spec = resource.get("kind"), part(resource, "spec")
        if kind == "Ingress":
            yield "IngressClass", spec.get("ingressClassName")
        elif kind == "PersistentVolumeClaim":
            yield "StorageClass", spec.get("storageClassName")
        for claim in entries(spec, "volumeClaimTemplates"):
            yield "StorageClass", part(claim, "spec").get("storageClassName")
    for pod in pods(release):
        yield "PriorityClass", pod.spec.get("priorityClassName")
        yield "RuntimeClass", pod.spec.get("runtimeClassName")


def _wave(release: Rendered) -> int:
    annotations = part(release.application, "metadata", "annotations")
    text = str(annotations.get("argocd.argoproj.io/sync-wave", ""))
    return int(text) if text.lstrip("-").isdecimal() else 0
