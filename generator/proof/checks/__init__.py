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
    "controller_writes",
    "credential_rendered",
    "definition_late",
    "dns_blocked",
    "helm_differs",
    "helm_warns",
    "hook_each_sync",
    "hop_blocked",
    "host_taken",
    "hub_image_foreign",
    "ignored_difference",
    "kind_unknown",
    "kind_unused",
    "kustomize_failed",
    "limit_range",
    "object_invalid",
    "object_refused",
    "object_too_big",
    "object_twice",
    "placeholder_left",
    "program_failed",
    "project_refuses",
    "quota_exceeded",
    "random_field",
    "reference_missing",
    "request_above_limit",
    "security_refused",
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
disk. Run `hubops generate` and commit what it writes; put intended changes in site.yaml. It is a
warning, for a change not yet generated does no harm; and an error where an Application on disk is
another one: from another repository or branch, into another cluster or namespace, of another
release name or project; or where a project on disk allows something else.
"""
# Every code with its page, as it is written.
PAGES: Mapping[str, str] = {check.finding.code: check.__doc__ or "" for check in CHECKS} | {
    DRIFT: _DRIFT_PAGE
}
