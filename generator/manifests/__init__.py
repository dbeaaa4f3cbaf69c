"""The checks of what a site renders to: one file and one line each, in alphabetical order."""

from importlib import import_module
from typing import cast

from generator.manifests.base import Check

_NAMES = (
    "address_missing",
    "api_removed",
    "chart_not_locked",
    "chart_unavailable",
    "credential_rendered",
    "helm_differs",
    "helm_warns",
    "hop_blocked",
    "kind_unknown",
    "kustomize_failed",
    "object_refused",
    "object_twice",
    "placeholder_left",
    "program_failed",
    "random_field",
    "reference_missing",
    "template_failed",
    "values_refused",
)

CHECKS: tuple[Check, ...] = tuple(
    cast(Check, import_module(f"{__name__}.{name}")) for name in _NAMES
)
