"""What went back since the Git base: whose volumes are the same, and how they are named."""

import pytest

from generator.lint.history import database_shrank, findings, home_shrank, hub_went_back, kept
from generator.records import replace
from tests.support.sites import protocoast, protocoast_with

STAGING = "fedcloud-staging"
MOVES = {
    "nothing": ({}, ["production", "staging"]),
    "another namespace": ({"environments": {"staging": {"namespace": "hub2"}}}, ["production"]),
    "another cluster": (
        {
            "environments": {"staging": {"cluster": "autumn"}},
            "clusters": {STAGING: None, "autumn": {"name": "autumn", "kubernetes": "1.30",
            "storageClass": "ceph", "ingress": {"className": "nginx"}}},
        },
        ["production"],
    ),
    "another address of its cluster": (
        {"clusters": {STAGING: {"server": "https://10.0.0.7:6443"}}},
        ["production", "staging"],
    ),
    "another host": (
        {"environments": {"staging": {"host": "new.example.org"}}},
        ["production", "staging"],
    ),
    "another name": (
        {"environments": {"staging": None, "trial": {"cluster": STAGING, "namespace": "daskhub",
        "host": "trial.example.org"}}},
        ["production"],
    ),
}  # fmt: skip


@pytest.mark.parametrize(("change", "names"), MOVES.values(), ids=MOVES)
def test_environments_that_run_where_they_ran(change: dict[str, object], names: list[str]) -> None:
    pairs = list(kept(protocoast_with(change), protocoast()))
    assert [now.name for _, now in pairs] == names
    assert [before.name for before, _ in pairs] == names


REMOTE = {"server": None, "name": "remote"}


def test_a_cluster_under_another_name_is_the_same_by_its_address() -> None:
    base = protocoast_with({"clusters": {STAGING: REMOTE}})
    renamed = {
        "clusters": {STAGING: None, "autumn": {"name": "remote", "kubernetes": "1.30",
        "storageClass": "ceph", "ingress": {"className": "nginx"}}},
        "environments": {"staging": {"cluster": "autumn"}},
    }  # fmt: skip
    assert [now.name for _, now in kept(protocoast_with(renamed), base)] == [
        "production",
        "staging",
    ]


def test_each_place_and_earlier_state_comes_once() -> None:
    """Production overrides nothing and had 50Gi; staging had its own 60Gi, and has it no more."""
    base = protocoast_with(
        {"environments": {"staging": {"jupyterhub": {"home": {"capacity": "60Gi"}}}}}
    )
    now = protocoast_with({"jupyterhub": {"home": {"capacity": "20Gi"}}})
    found = list(findings(now, base, home_shrank))
    assert [(one.at, one.message.partition(" -> ")[0]) for one in found] == [
        (("jupyterhub", "home", "capacity"), "environment 'production': home volumes 50Gi"),
        (("jupyterhub", "home", "capacity"), "environment 'staging': home volumes 60Gi"),
    ]
    assert list(findings(now, base, database_shrank)) == []


def test_a_size_in_values_counts() -> None:
    raw = {"singleuser": {"storage": {"capacity": "5Gi"}}}
    now = protocoast_with({"environments": {"staging": {"jupyterhub": {"values": raw}}}})
    (found,) = findings(now, protocoast(), home_shrank)
    assert found.message.startswith("environment 'staging': home volumes 50Gi -> 5Gi: ")
    assert found.at[:5] == ("environments", "staging", "jupyterhub", "values", "singleuser")


NAMED = {
    1: "environment 'e0'",
    2: "environments 'e0' and 'e1'",
    3: "environments 'e0', 'e1' and 'e2'",
    4: "environments 'e0', 'e1' and 2 more",
    9: "environments 'e0', 'e1' and 7 more",
}


@pytest.mark.parametrize("count", NAMED)
def test_environments_are_named_up_to_three(count: int) -> None:
    one = protocoast().environments[0]
    environments = tuple(replace(one, name=f"e{number}") for number in range(count))
    base = replace(protocoast(), environments=environments)
    now = protocoast_with({"jupyterhub": {"home": {"capacity": "20Gi"}}}).environments[0]
    site = replace(base, environments=tuple(replace(now, name=each.name) for each in environments))
    found = {one.message.partition(": ")[0] for one in findings(site, base, home_shrank)}
    assert found == {NAMED[count]}


POSTGRES = {"host": "pg.example.org", "database": "hub", "user": "coast"}
OTHER_PLACES = {
    "a shared volume": {"home": {"capacity": "1Gi", "shared": {"claim": "homes"}}},
    "no homes": {"home": {"capacity": "1Gi", "none": True}},
    "PostgreSQL": {"database": {"storage": "1Mi", "postgres": POSTGRES}},
}


@pytest.mark.parametrize("hub", OTHER_PLACES.values(), ids=OTHER_PLACES)
def test_size_of_a_volume_that_is_not_there_does_not_shrink(hub: dict[str, object]) -> None:
    site, base = protocoast_with({"jupyterhub": hub}), protocoast()
    for judge in (home_shrank, database_shrank):
        assert list(findings(site, base, judge)) == []


def test_way_back_from_postgres_names_its_own_copy() -> None:
    raw = {"jupyterhub": {"database": {"postgres": POSTGRES}}}
    new = {"charts": {"jupyterhub": {"version": "4.4.0"}}}
    [now, *_], [was, *_] = (
        protocoast_with(raw).environments,
        protocoast_with({**raw, **new}).environments,
    )
    found = hub_went_back(protocoast().versions, was, now)
    assert found is not None
    commands = [act.command for act in found.acts if act.command]
    assert commands == ["pg_dump -Fc -f production.dump -h pg.example.org -p 5432 -U coast hub"]
    assert "the database in PostgreSQL" in found.acts[-1].purpose
