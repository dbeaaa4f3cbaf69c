"""The values of both charts: what the charts' own schemas accept, no null and no credential."""

import fnmatch
import re
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given, settings
from jsonschema import Draft7Validator

from generator.charts import CHARTS
from generator.charts.chart import canonical
from generator.merge import merge
from generator.records import replace
from generator.site.model import Environment, Release, Site
from tests.support import facts, random_sites, releases, sites
from tests.support.variants import VARIANTS, WORKING_PAIRS, leaves, pinned

Values = dict[str, Any]

# Every chart version whose schema is there, and both ends of each range together.
PAIRS = (
    *(("3.3.8", dask) for dask in ("2022.6.1", "2022.10.0", "2024.1.0", "2025.4.0", "2026.3.0")),
    ("4.2.0", "2025.4.0"),
    ("4.4.0", "2022.6.1"),
    ("4.4.0", "2026.3.0"),
)


def chart_complaints(chart: str, version: str, values: Values) -> list[str]:
    """What a chart's own schema says against values merged over its defaults."""
    real = facts.chart(chart, version)
    errors = Draft7Validator(real.schema).iter_errors(merge(real.defaults, values))
    return [f"{error.json_path}: {error.message}" for error in errors]


def real(hub: str, dask: str) -> Any:
    """A pair of chart versions, compared where both are here."""
    here = facts.charts(("jupyterhub", hub), ("dask-gateway", dask))
    return pytest.param((hub, dask), marks=here, id=f"{hub}+{dask}")


@pytest.mark.parametrize("variant", VARIANTS)
@pytest.mark.parametrize("pair", [real(*pair) for pair in PAIRS])
def test_the_charts_accept_the_values(pair: tuple[str, str], variant: str) -> None:
    site = pinned(*pair, VARIANTS[variant])
    wrong = {
        f"{environment.name} {release.app}": complaints
        for environment in site.environments
        for release in _charts(site, environment)
        if (complaints := chart_complaints(release.app, _pin(release), releases.values(release)))
    }
    assert wrong == {}


def _pin(release: Release) -> str:
    return release.settings.charts[release.app].text


def _asking_hub(**fields: str) -> Values:
    return {"gateway": {"auth": {"jupyterhub": fields}}}


MISTAKES: dict[str, tuple[str, str, Values]] = {
    "unknown key": ("jupyterhub", "4.4.0", {"hub": {"extraEnvironment": {}}}),
    "cpu as text": ("jupyterhub", "3.3.8", {"singleuser": {"cpu": {"limit": "500m"}}}),
    "token's name too early": (
        *("dask-gateway", "2022.6.1"),
        _asking_hub(apiTokenFromSecretName="a"),
    ),
    "service's name too early": (
        *("dask-gateway", "2025.4.0"),
        _asking_hub(jupyterhubServiceName="a"),
    ),
}


@pytest.mark.parametrize(
    ("chart", "version", "values"),
    [
        pytest.param(*mistake, marks=facts.charts(mistake[:2]), id=name)
        for name, mistake in MISTAKES.items()
    ],
)
def test_the_charts_schemas_would_find(chart: str, version: str, values: Values) -> None:
    assert chart_complaints(chart, version, values) != []


@pytest.mark.parametrize("variant", VARIANTS)
@pytest.mark.parametrize("pair", WORKING_PAIRS, ids="+".join)
def test_no_value_is_null_or_a_credential(variant: str, pair: tuple[str, str]) -> None:
    site = pinned(*pair, VARIANTS[variant])
    for environment in site.environments:
        for release in _charts(site, environment):
            assert_no_credential(release.app, releases.values(release))


@settings(max_examples=15, deadline=None)
@given(random_sites.loaded_sites())
def test_no_value_of_a_random_site_is_null_or_a_credential(site: Site) -> None:
    for environment in site.environments:
        for release in _charts(site, environment):
            assert_no_credential(release.app, releases.values(release))


OTHER = {"name": "Other", "slug": "other", "image": "quay.io/o:1", "default": True}
BOTH = {
    "charts": {"jupyterhub": {"version": "4.4.0"}, "dask-gateway": {"version": "2026.3.0"}},
    "clusters": {"fedcloud-staging": {"prometheus": {"namespace": "monitoring"}}},
    "secrets": {"quay": {"kind": "registry", "server": "quay.io"}},
    "daskGateway": {"worker": {"image": None}},
}


@settings(max_examples=15, deadline=None)
@given(random_sites.loaded_sites())
def test_what_a_chart_knows_already_gives_the_same_as_one_that_knows_nothing(site: Site) -> None:
    for environment in site.environments:
        for release in _charts(site, environment):
            chart, own = CHARTS[release.app], release.settings
            values = chart.effective_values(release)
            assert chart.shared_values(own) == replace(chart).shared_values(own)
            assert chart.canonical(own, values) == canonical(values)


@pytest.mark.parametrize(
    ("override", "chart", "is_same"),
    [
        ({"jupyterhub": None, "daskGateway": {"limits": {"workers": 1}}}, "jupyterhub", True),
        ({"jupyterhub": None, "daskGateway": {"values": {"custom": 1}}}, "jupyterhub", True),
        ({"jupyterhub": None, "daskGateway": {"access": {"groups": ["a"]}}}, "jupyterhub", False),
        ({"jupyterhub": {"servers": {"memory": {"limit": "3Gi"}}}}, "dask-gateway", True),
        ({"jupyterhub": {"pullSecrets": ["quay"]}}, "dask-gateway", False),
        ({"jupyterhub": {"servers": {"profiles": [OTHER]}}}, "dask-gateway", False),
        ({"monitoring": {"annotations": True}}, "dask-gateway", False),
    ],
    ids=str,
)
def test_a_chart_is_known_by_all_that_its_values_follow_from(
    override: Values, chart: str, is_same: bool
) -> None:
    site = sites.protocoast_with({**BOTH, "environments": {"staging": override}})
    one, other = (CHARTS[chart].shared_values(place.settings) for place in site.environments)
    assert (one is other) is is_same
    assert (one == other) is is_same


def _charts(site: Site, environment: Environment) -> Iterator[Release]:
    return (one for one in releases.releases(site, environment) if one.app != "namespace")


# The only values under names of credentials: dummies that fail closed, and names of keys.
_DUMMIES = {
    "jupyterhub": {
        "/hub/config/JupyterHub/cookie_secret": "see-existingSecret",
        "/hub/config/CryptKeeper/keys/0": "see-existingSecret",
        "/hub/services/*/apiToken": "unset",
    },
    "dask-gateway": {},
}
_CREDENTIAL = re.compile(r"secret$|token$|password$|client_id$|/keys/\d+$", re.IGNORECASE)
_NO_CREDENTIAL = re.compile(r"^/(custom|global)/|existingSecret$")


def assert_no_credential(app: str, values: Values) -> None:
    """Fails on a null anywhere, and on a credential that is no dummy."""
    held = dict(leaves(values))
    assert [path for path, value in held.items() if value is None] == []
    found = {
        path: value
        for path, value in held.items()
        if not isinstance(value, bool)  # a switch is none
        and _CREDENTIAL.search(path)
        and not _NO_CREDENTIAL.search(path)
        and not path.startswith("/gateway/extraConfig/")
    }
    expected = {
        path: text
        for pattern, text in _DUMMIES[app].items()
        for path in fnmatch.filter(held, pattern)
    }
    assert found == expected
    assert {"/hub/config/JupyterHub/cookie_secret"} <= found.keys() or app != "jupyterhub"
