"""What a take-over keeps and what it deletes, by the names of the running releases."""

from typing import Any

import pytest

from generator.adopt import report
from generator.adopt.base import Facts
from generator.records import replace
from generator.site.model import Site
from tests.support.imports import FACTS, HUB, asked, hub_with, proposed

GATEWAY: dict[str, Any] = {"gateway": {}}
PLACEHOLDERS = {"statefulset/user-placeholder", "pdb/user-placeholder"}
USUAL = {
    "deployment/hub",
    "deployment/proxy",
    "daemonset/continuous-image-puller",
    *PLACEHOLDERS,
}


def named(**releases: str) -> Facts:
    """The facts of a test, with the names that `helm list` shows."""
    return replace(FACTS, releases={key.replace("_", "-"): name for key, name in releases.items()})


def site_of(facts: Facts, **values: Any) -> Site:
    """The proposed site."""
    site = proposed(facts, **values).site
    assert site is not None
    return site


def commands(facts: Facts, **values: Any) -> dict[str, set[str]]:
    """What each chart's command deletes."""
    found = {one.chart: one.command for one in proposed(facts, **values).deletions}
    assert all(command.startswith("kubectl delete ") for command in found.values())
    assert all(command.endswith(" -n hub --ignore-not-found") for command in found.values())
    return {chart: set(command.split()[2:-3]) for chart, command in found.items()}


def test_a_site_keeps_the_names_of_its_releases() -> None:
    facts = named(jupyterhub="jhub", dask_gateway="dgw")
    shared = site_of(facts, jupyterhub=HUB, dask_gateway=GATEWAY).shared
    assert shared.at("jupyterhub.releaseName") == "jhub"
    assert shared.dask is not None
    assert shared.dask.release_name == "dgw"


@pytest.mark.parametrize("told", [{}, {"jupyterhub": "jupyterhub"}], ids=["untold", "usual"])
def test_the_usual_name_is_not_written(told: dict[str, str]) -> None:
    proposal = proposed(named(**told), jupyterhub=HUB)
    assert "releaseName" not in proposal.text


def test_the_gateways_name_is_asked_where_nothing_tells_it() -> None:
    untold = proposed(jupyterhub=HUB, dask_gateway=GATEWAY)
    told = proposed(named(dask_gateway="dask-gateway"), jupyterhub=HUB, dask_gateway=GATEWAY)
    at = ("daskGateway", "releaseName")
    assert [at in [question.at for question in one.questions] for one in (untold, told)] == [
        True,
        False,
    ]
    assert "releaseName: dask-gateway" in untold.text
    assert "`helm list`" in asked(untold)


DELETED: dict[str, tuple[dict[str, Any], set[str]]] = {
    "the chart's defaults": ({}, USUAL),
    "no placeholders": (
        {"scheduling": {"userPlaceholder": {"enabled": False}}},
        USUAL - PLACEHOLDERS,
    ),
    "no image puller": (
        {"prePuller": {"continuous": {"enabled": False}}},
        USUAL - {"daemonset/continuous-image-puller"},
    ),
    "budgets of the hub and the proxy": (
        {"hub": {"pdb": {"enabled": True}}, "proxy": {"chp": {"pdb": {"enabled": True}}}},
        USUAL | {"pdb/hub", "pdb/proxy"},
    ),
}


@pytest.mark.parametrize("name", DELETED)
def test_what_selects_by_the_release_is_deleted(name: str) -> None:
    values, expected = DELETED[name]
    assert commands(named(), jupyterhub=hub_with(values)) == {"jupyterhub": expected}


def test_the_gateways_objects_have_the_name_that_stays() -> None:
    found = commands(named(dask_gateway="dgw"), jupyterhub=HUB, dask_gateway=GATEWAY)
    assert found["dask-gateway"] == {
        "deployment/api-dgw-dask-gateway",
        "deployment/controller-dgw-dask-gateway",
    }


def test_the_report_ends_with_what_to_delete() -> None:
    known = report.text(proposed(named(jupyterhub="jhub"), jupyterhub=HUB))
    unknown = report.text(proposed(named(), jupyterhub=HUB))
    kept, asks = (
        " ".join(text.partition("To delete, right before the first sync")[2].split())
        for text in (known, unknown)
    )
    assert kept.startswith("jupyterhub: the release stays 'jhub', so no sync fails without it;")
    assert asks.startswith("jupyterhub: no file names the release.")
    assert "--jupyterhub-release" in asks
    assert all("pdb/user-placeholder" in text for text in (kept, asks))
