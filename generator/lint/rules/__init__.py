"""The rules on site.yaml beyond its schema: one file and one line each, in alphabetical order."""

from collections.abc import Iterator, Mapping
from importlib import import_module
from typing import cast

from generator.diagnostics import Finding, Severity
from generator.lint.rules.base import Comparison, Rule, Surroundings
from generator.site.model import Site

_NAMES = (
    "application_too_big",
    "argocd_cannot_ask",
    "argocd_namespace",
    "argocd_too_old",
    "chart_pair_unknown",
    "chart_pin_missing",
    "chart_too_old",
    "chart_version_not_exact",
    "chart_version_unknown",
    "cluster_address",
    "cluster_wide_kind",
    "credential_in_site",
    "dask_crd_owner",
    "dask_release_collision",
    "database_shrank",
    "default_profile",
    "dollar_key_in_values",
    "dummy_login",
    "everyone_wins",
    "extra_config_syntax",
    "floating_revision",
    "groups_unread",
    "guarantee_above_limit",
    "home_shrank",
    "idle_timeout_short",
    "idle_timeout_zero",
    "image_without_tag",
    "jupyterhub_downgrade",
    "kubernetes_too_old",
    "limits_below_scheduler",
    "memory_unit_in_values",
    "mutable_tag",
    "name_taken",
    "name_too_long",
    "no_admins",
    "nobody_allowed",
    "notebook_version_mismatch",
    "null_in_values",
    "oauth_hosts_differ",
    "oauth_url_not_https",
    "owned_value",
    "profile_slug_taken",
    "protected_value",
    "quoted_number_in_values",
    "repository_url",
    "reserved_namespace",
    "scopes_without_openid",
    "secret_mount",
    "secret_name_taken",
    "secret_not_wired",
    "secret_variable",
    "shared_host",
    "shared_namespace",
    "subject_as_username",
    "umbrella_values",
    "unencrypted_address",
    "unknown_brace",
    "unknown_cluster",
    "unused_cluster",
    "values_break_chart_schema",
    "worker_cores_rounded",
    "worker_default_outside",
    "worker_image_foreign",
    "worker_size_unreachable",
    "workers_unreachable",
)
_MODULES = [import_module(f"{__name__}.{name}") for name in _NAMES]

RULES = tuple(cast(Rule, module) for module in _MODULES if not hasattr(module, "can_judge"))
COMPARISONS = tuple(cast(Comparison, module) for module in _MODULES if hasattr(module, "can_judge"))

# Every code, with the rule's severity and its page, as it is written.
TEXTS: Mapping[str, tuple[Severity, str]] = {
    rule.finding.code: (rule.finding.severity, rule.__doc__ or "")
    for rules in (RULES, COMPARISONS)
    for rule in rules
}


def findings(site: Site, around: Surroundings) -> Iterator[Finding]:
    """What all rules find, rule after rule."""
    for rule in RULES:
        yield from rule.check(site)
    for comparison in COMPARISONS:
        yield from comparison.check(site, around)


def judged(site: Site, around: Surroundings) -> frozenset[str]:
    """The codes of the rules that had all they need; of the others, silence means nothing."""
    compared = {rule.finding.code for rule in COMPARISONS if rule.can_judge(site, around)}
    return frozenset({rule.finding.code for rule in RULES} | compared)
