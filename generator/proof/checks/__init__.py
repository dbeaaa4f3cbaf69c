"""The checks of what a site renders to: one file and one line each, in alphabetical order."""

from collections.abc import Mapping
from importlib import import_module
from typing import cast

from generator.proof.checks.base import Check

_NAMES = (
    "address_missing",
    "api_removed",
    "chart_not_locked",
    "chart_unavailable",
    "ciphertext_copied",
    "credential_rendered",
    "extra_refused",
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

# Of the tree on disk as a whole; `validate` finds it, not a check of what is rendered.
DRIFT = "M909"
_DRIFT_PAGE = """
The tree on disk is not what site.yaml gives.

Argo CD applies what is committed, so both are checked: what site.yaml gives, and what is on
disk. Run `hubops generate` and commit what it writes; put intended changes in site.yaml.
"""
# Every code with its page, as it is written.
PAGES: Mapping[str, str] = {check.finding.code: check.__doc__ or "" for check in CHECKS} | {
    DRIFT: _DRIFT_PAGE
}
