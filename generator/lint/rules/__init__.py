"""The rules on site.yaml beyond its schema: one file each, and nothing else to add."""

import os
from collections.abc import Iterator, Mapping
from importlib import import_module
from typing import cast

from generator.diagnostics import Finding, Severity
from generator.lint.rules.base import Comparison, Rule, Surroundings
from generator.site.model import Site

# In alphabetical order.
_FILES = [file.name for file in os.scandir(__path__[0])]
_NAMES = sorted({name[:-3] for name in _FILES if name.endswith(".py")} - {"__init__", "base"})
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
