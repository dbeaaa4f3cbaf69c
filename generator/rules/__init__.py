"""The rules on site.yaml beyond its schema: one file and one line each, in alphabetical order."""

from collections.abc import Iterator, Mapping
from importlib import import_module
from typing import cast

from generator.diagnostics import Finding, Severity
from generator.model import Site
from generator.rules.base import Comparison, Rule, Surroundings

_NAMES = (
    "argocd_namespace",
    "argocd_too_old",
    "chart_pin_missing",
    "chart_too_old",
    "chart_version_not_exact",
    "cluster_address",
    "credential_in_site",
    "dask_crd_owner",
    "dask_release_collision",
    "default_profile",
    "dollar_key_in_values",
    "dummy_login",
    "everyone_wins",
    "floating_revision",
    "groups_unread",
    "guarantee_above_limit",
    "idle_timeout_zero",
    "image_without_tag",
    "kubernetes_too_old",
    "limits_below_scheduler",
    "name_taken",
    "name_too_long",
    "nobody_allowed",
    "null_in_values",
    "profile_slug_taken",
    "shared_host",
    "shared_namespace",
    "unknown_cluster",
    "worker_cores_rounded",
    "worker_default_outside",
)

# Rules that need more than the site: the Git base, or the packaged charts.
_COMPARISONS: tuple[str, ...] = ()

RULES: tuple[Rule, ...] = tuple(cast(Rule, import_module(f"{__name__}.{name}")) for name in _NAMES)
COMPARISONS: tuple[Comparison, ...] = tuple(
    cast(Comparison, import_module(f"{__name__}.{name}")) for name in _COMPARISONS
)
# Every code, with the rule's severity and its page, as it is written.
TEXTS: Mapping[str, tuple[Severity, str]] = {
    rule.CODE: (rule.SEVERITY, rule.__doc__ or "")
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
    compared = {rule.CODE for rule in COMPARISONS if rule.can_judge(site, around)}
    return frozenset({rule.CODE for rule in RULES} | compared)
