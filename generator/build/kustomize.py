"""Kustomization documents: bases, overlays with inline patches, plain lists of files."""

from collections.abc import Iterable, Mapping
from typing import Any

from generator.build.tree import Resource
from generator.merge import patches
from generator.yaml.write import Inline

_KUSTOMIZATION = {"apiVersion": "kustomize.config.k8s.io/v1beta1", "kind": "Kustomization"}


def kustomization(resources: Iterable[str]) -> Resource:
    """A kustomization that only gathers files; nothing in it is renamed or moved."""
    return {**_KUSTOMIZATION, "resources": list(resources)}


def overlay(environment: str, resources: Iterable[str], inline: Iterable[Inline]) -> Resource:
    """An environment's Applications: the bases, patched, with the environment as suffix.

    The patches stand inside: repository scanners take a patch *file* for an Application.
    """
    document = kustomization(resources) | {"nameSuffix": f"-{environment}"}
    listed = [{"patch": patch} for patch in inline]
    return document | ({"patches": listed} if listed else {})


def inline_patches(base: Mapping[str, Any], target: Mapping[str, Any]) -> tuple[Inline, ...]:
    """The smallest strategic-merge patches from a base object to the effective one.

    Each carries the object's full identity: Kustomize fails loudly where it matches nothing.
    """
    identity = {"apiVersion": base["apiVersion"], "kind": base["kind"], "metadata": {}}
    named = {key: base["metadata"][key] for key in ("name", "namespace")}
    return tuple(
        Inline({**identity, **patch, "metadata": {**named, **patch.get("metadata", {})}})
        for patch in patches(base, target)
    )
