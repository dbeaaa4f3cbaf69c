"""A further chart renders a field that a controller writes, and the Application does not ignore it.

The controller writes its value, Argo CD sees a difference and writes the chart's back, and so on.
A HorizontalPodAutoscaler sets the number of replicas, a certificate's controller fills in a
`caBundle` that the chart leaves empty, and Kubernetes collects the rules of a ClusterRole with an
`aggregationRule`. Hiding such a field is safe: its value is the controller's. Where the values can
leave the field out, that is better still.

See https://argo-cd.readthedocs.io/en/stable/user-guide/diffing/
"""

import re
from base64 import b64decode
from collections.abc import Iterator, Mapping
from typing import Any

from generator.diagnostics import Pointer
from generator.lint.rules.base import Findings, warnings
from generator.proof.checks import hiding
from generator.proof.checks.base import anchored, json_pointer, leaves
from generator.proof.checks.platform import further
from generator.proof.rendering import Identity, Rendered, Rendering, identity, part

finding = warnings("M946")

_SCALED = frozenset(("Deployment", "ReplicaSet", "StatefulSet"))
# Kinds with a `caBundle`, and below which key.
_WITH_BUNDLE: Mapping[str, Pointer] = {
    "APIService": ("spec",),
    "CustomResourceDefinition": ("spec", "conversion"),
    "MutatingWebhookConfiguration": ("webhooks",),
    "ValidatingWebhookConfiguration": ("webhooks",),
}
# What stands for a bundle to come: nothing, or base64 of white space.
_EMPTY = r"\s*|null"


def check(rendering: Rendering) -> Findings:
    """One finding for each object with such fields."""
    for release in rendering.releases:
        app = further(release)
        found: dict[tuple[Identity, str], list[Pointer]] = {}
        for known, path, writer in _written(release) if app is not None and release.chart else ():
            if not hiding.is_ignored(release.application, known, path):
                found.setdefault((known, writer), []).append(path)
        for (known, writer), paths in found.items():
            assert app is not None
            what = ", ".join(map(json_pointer, paths))
            text = f"{release.app}: {known}: {what} is written by {writer} too"
            entry = hiding.written(known, paths, f"{writer} writes it")
            help = (
                "leave it out by the values, or write under  ignoreDifferences  of the app  "
                f"- {entry}  # hidden: safe, for the value is not the chart's"
            )
            yield anchored(finding, release.environment, app.at("chart"), text, help)


def _written(release: Rendered) -> Iterator[tuple[Identity, Pointer, str]]:
    scaled = {
        (str(target.get("kind")), str(target.get("name")))
        for one in release.objects
        if one.get("kind") == "HorizontalPodAutoscaler"
        for target in [part(one, "spec", "scaleTargetRef")]
    }
    for resource in release.objects:
        known = identity(resource, release.namespace)
        is_scaled = known.kind in _SCALED and (known.kind, known.name) in scaled
        if is_scaled and "replicas" in part(resource, "spec"):
            yield known, ("spec", "replicas"), "the autoscaler"
        if known.kind == "ClusterRole" and "aggregationRule" in resource and "rules" in resource:
            yield known, ("rules",), "Kubernetes"
        if (root := _WITH_BUNDLE.get(known.kind)) is not None:
            for path, value in leaves(_below(resource, root), root):
                if path[-1] == "caBundle" and _is_empty(value):
                    yield known, path, "the controller of its certificate"


def _below(node: Any, path: Pointer) -> Any:
    for step in path:
        node = node.get(step) if isinstance(node, Mapping) else None
    return node


def _is_empty(value: object) -> bool:
    if value is None:
        return True
    try:
        return re.fullmatch(_EMPTY, b64decode(str(value)).decode()) is not None
    except ValueError:
        return False
