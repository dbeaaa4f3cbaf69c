"""Environments share what they do not override: judging it once finds what judging each does."""

from copy import deepcopy

import pytest

from generator.io import resources
from generator.lint import rules
from generator.lint.load import as_far_as_read
from generator.lint.rules.base import Surroundings
from generator.records import replace
from generator.site.model import Site
from tests.support import random_sites
from tests.support.sites import ROOT

INVALID = sorted((ROOT / "tests" / "invalid").rglob("*.yaml"))
BAD = """\
  staging:
    cluster: fedcloud
    namespace: two
    host: two.example.org
    jupyterhub:
      home:
        capacity: 21Gi
  third:
    cluster: fedcloud
    namespace: three
    host: three.example.org
    jupyterhub:
      authentication:
        loginService: ghp_0123456789abcdefghijABCDEFGHIJ012345
"""


def apart(site: Site) -> Site:
    """The same site in which no environment has an object in common with another."""
    environments = tuple(
        replace(environment, settings=deepcopy(environment.settings))
        for environment in site.environments
    )
    return replace(site, environments=environments)


def assert_same_findings(content: bytes) -> None:
    site = as_far_as_read(content, resources.site_schema(), resources.known_versions())
    if site is not None:
        found = set(rules.findings(site, Surroundings()))
        assert found == set(rules.findings(apart(site), Surroundings()))


@pytest.mark.parametrize("part", range(8))
def test_random_sites(part: int) -> None:
    for text in random_sites.sample(80)[part::8]:
        assert_same_findings(text.encode())


@pytest.mark.parametrize("part", range(8))
def test_invalid_sites(part: int) -> None:
    for path in INVALID[part::8]:
        assert_same_findings(path.read_bytes())


def test_a_credential_in_an_environment_that_shares_the_rest() -> None:
    text = (ROOT / "site.yaml").read_text(encoding="utf-8")
    head, environments = text.split("environments:\n")
    site = as_far_as_read(
        f"{head}environments:\n{BAD}{environments}".encode(),
        resources.site_schema(),
        resources.known_versions(),
    )
    assert site is not None
    found = set(rules.findings(site, Surroundings()))
    assert found == set(rules.findings(apart(site), Surroundings()))
    assert ("environments", "third", "jupyterhub", "authentication", "loginService") in {
        finding.at for finding in found if finding.code == "K701"
    }
    second, own = site.environments[0].settings.hub, site.shared.hub
    assert second is not own
    assert second is not None
    assert own is not None
    assert second.profiles is own.profiles
    assert second.authentication is own.authentication
