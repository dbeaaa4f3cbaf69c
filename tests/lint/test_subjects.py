"""A subject that is not loaded for a site would have found nothing in it."""

from collections.abc import Iterator
from functools import cache

import pytest

from generator.io import resources
from generator.lint import rules
from generator.lint.load import as_far_as_read
from generator.lint.rules.base import Surroundings
from generator.lint.rules.subjects import CONCERNS
from generator.site.model import Site
from tests.support import random_sites
from tests.support.sites import ROOT

TEXTS = [
    *(ROOT / "tests" / "golden").glob("*/site.yaml"),
    *(ROOT / "tests" / "invalid").glob("*.yaml"),
]
# Their rules look at what every site has.
ALWAYS = {"charts", "clusters", "environments", "login", "repository", "servers"}


@cache
def _sites() -> tuple[Site, ...]:
    contents = [path.read_bytes() for path in sorted(TEXTS)]
    contents += [text.encode() for text in random_sites.sample(40)]
    schema, versions = resources.site_schema(), resources.known_versions()
    read = (as_far_as_read(content, schema, versions) for content in contents)
    return tuple(site for site in read if site is not None)


def _cases() -> Iterator[tuple[Site, Surroundings]]:
    """Each site alone, and on a day beside the one before it."""
    sites = _sites()
    for site, before in zip(sites, (*sites[1:], sites[0]), strict=True):
        yield site, Surroundings()
        yield site, Surroundings(base=before, is_first=True, day="2026-10-01")


@pytest.mark.parametrize("subject", CONCERNS)
def test_subject_that_is_left_out_would_find_nothing(subject: str) -> None:
    left_out = [case for case in _cases() if not CONCERNS[subject](*case)]
    assert [found for case in left_out for found in rules.found_by(subject, *case)] == []
    assert bool(left_out) is (subject not in ALWAYS)


def test_findings_are_those_of_all_subjects() -> None:
    for case in _cases():
        every = {one for subject in CONCERNS for one in rules.found_by(subject, *case)}
        assert set(rules.findings(*case)) == every
