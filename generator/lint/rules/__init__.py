"""The rules on site.yaml beyond its schema: one file each, in the folder of its subject.

A folder whose rules can find nothing in a site is not loaded: `subjects` says when they can.
"""

import os
from collections.abc import Iterator
from functools import cache
from importlib import import_module
from typing import cast

from generator.diagnostics import Finding
from generator.lint.rules.base import Comparison, Rule, Surroundings
from generator.lint.rules.subjects import CONCERNS
from generator.site.model import Site


@cache
def _loaded(subject: str) -> tuple[tuple[Rule, ...], tuple[Comparison, ...]]:
    """The rules and the comparisons of a subject."""
    names = (file.name for file in os.scandir(f"{__path__[0]}/{subject}"))
    rules = sorted({name[:-3] for name in names if name.endswith(".py")} - {"__init__"})
    modules = [import_module(f"{__name__}.{subject}.{name}") for name in rules]
    compared = [module for module in modules if hasattr(module, "can_judge")]
    plain = [module for module in modules if not hasattr(module, "can_judge")]
    return tuple(cast(Rule, one) for one in plain), tuple(cast(Comparison, one) for one in compared)


def every_rule() -> tuple[Rule, ...]:
    """All rules but the comparisons."""
    return tuple(rule for name in CONCERNS for rule in _loaded(name)[0])


def every_comparison() -> tuple[Comparison, ...]:
    """All rules that compare the site with its surroundings."""
    return tuple(rule for name in CONCERNS for rule in _loaded(name)[1])


def findings(site: Site, around: Surroundings) -> Iterator[Finding]:
    """What all rules find, subject after subject; see `Report.of` for the order in a report."""
    for name, concerns in CONCERNS.items():
        if concerns(site, around):
            yield from found_by(name, site, around)


def found_by(subject: str, site: Site, around: Surroundings) -> Iterator[Finding]:
    """What the rules of a subject find."""
    rules, comparisons = _loaded(subject)
    for rule in rules:
        yield from rule.check(site)
    for comparison in comparisons:
        yield from comparison.check(site, around)


def judged(site: Site, around: Surroundings) -> frozenset[str]:
    """The codes of the rules that had all they need; of the others, silence means nothing."""
    compared = {one.finding.code for one in every_comparison() if one.can_judge(site, around)}
    return frozenset({rule.finding.code for rule in every_rule()} | compared)
