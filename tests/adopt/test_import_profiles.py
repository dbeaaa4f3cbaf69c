"""What users choose from, as hubs write it: nulls, sizes, Python, and images that are none."""

import json
from typing import Any

import pytest

from generator.adopt.proposal import Proposal
from tests.support.imports import HUB, asked, hub_with, left, proposed, values_of

SMALL = {"display_name": "Small", "default": True, "kubespawner_override": {"mem_limit": "4G"}}


def built(proposal: Proposal) -> dict[str, Any]:
    """What the new site gives users' servers."""
    assert proposal.site is not None, proposal.loaded.report
    assert proposal.is_proven
    singleuser: dict[str, Any] = values_of(
        proposal.site, proposal.site.environments[0], "jupyterhub"
    )["singleuser"]
    return singleuser


def hub_of(proposal: Proposal) -> dict[str, Any]:
    """The hub's own values, as the new site builds them."""
    assert proposal.site is not None
    found: dict[str, Any] = values_of(proposal.site, proposal.site.environments[0], "jupyterhub")[
        "hub"
    ]
    return found


def override(proposal: Proposal, entry: int = 1) -> dict[str, Any]:
    """The settings of one profile, as the new site builds them."""
    found: dict[str, Any] = built(proposal)["profileList"][entry]["kubespawner_override"]
    return found


def of(**more: Any) -> Proposal:
    """The import of a hub with a second profile of these settings."""
    large = {"display_name": "Large", "kubespawner_override": more}
    return proposed(jupyterhub=hub_with({"singleuser": {"profileList": [SMALL, large]}}))


@pytest.mark.parametrize("size", ["mem_limit", "mem_guarantee", "cpu_limit", "cpu_guarantee"])
def test_null_size_of_a_profile_is_no_bound(size: str) -> None:
    proposal = of(**{size: None, "node_selector": {"pool": "gpu"}})
    assert override(proposal)[size] == 0
    assert override(proposal)["node_selector"] == {"pool": "gpu"}
    assert left(proposal) == {}


def test_null_of_another_setting_is_asked_about() -> None:
    proposal = of(default_url=None, node_selector={"pool": "gpu"})
    assert override(proposal)["node_selector"] == {"pool": "gpu"}
    assert "singleuser.profileList has nulls" in asked(proposal)


def test_nulls_of_an_entry_itself_say_nothing() -> None:
    entry = {**SMALL, "description": None, "profile_options": None}
    proposal = proposed(jupyterhub=hub_with({"singleuser": {"profileList": [entry]}}))
    assert left(proposal) == {}
    assert proposal.is_proven


@pytest.mark.parametrize(("size", "means"), [("3Gi", "3G"), ("512Mi", "512M"), ("3G", "3G")])
def test_size_in_kubernetes_units_is_what_it_means(size: str, means: str) -> None:
    assert override(of(mem_limit=size))["mem_limit"] == means


def test_sizes_of_all_servers_may_be_null() -> None:
    sizes = {"memory": {"guarantee": None}, "cpu": {"limit": None}}
    proposal = proposed(jupyterhub={**HUB, "singleuser": {**HUB["singleuser"], **sizes}})
    assert built(proposal)["memory"]["guarantee"] == 0
    assert left(proposal) == {}


def test_list_of_containers_loses_only_its_nulls() -> None:
    containers = [{"name": "watch", "image": "quay.io/coast/watch:1", "args": None}]
    proposal = proposed(jupyterhub=hub_with({"singleuser": {"extraContainers": containers}}))
    assert built(proposal)["extraContainers"] == [
        {"name": "watch", "image": "quay.io/coast/watch:1"}
    ]
    assert left(proposal) == {}


PLAIN = """\
# profiles of the coast
c.KubeSpawner.extra_resource_limits = {"ephemeral-storage": "8Gi"}
c.KubeSpawner.profile_list = [
    {"display_name": "Main", "slug": "main", "default": True,
     "kubespawner_override": {"image": "quay.io/coast/notebook:1.0"}},
    {"display_name": "Next", "slug": "next",
     "kubespawner_override": {"image": "quay.io/coast/notebook:2.0"}},
]
c.JupyterHub.active_server_limit = 40
"""


def with_python(**entries: str) -> Proposal:
    """The import of a hub with these entries of hub.extraConfig."""
    return proposed(jupyterhub=hub_with({"hub": {"extraConfig": entries}}))


def test_profiles_in_plain_python_become_profiles() -> None:
    proposal = with_python(spawner=PLAIN)
    profiles = built(proposal)["profileList"]
    assert [one["slug"] for one in profiles] == ["main", "next"]
    assert proposal.site is not None
    assert proposal.site.shared.at("jupyterhub.limits.activeServers") == 40
    assert proposal.site.shared.at("jupyterhub.servers.ephemeralStorage.limit") == "8Gi"
    assert "extraConfig" not in proposal.text
    assert [row.path for row in proposal.notes][-1] == ("hub", "extraConfig", "spawner")


def test_the_rest_of_an_entry_stays_python() -> None:
    rest = "c.JupyterHub.log_level = 10\n"
    proposal = with_python(spawner=rest + "c.KubeSpawner.default_url = '/lab'\n")
    assert built(proposal)["defaultUrl"] == "/lab"
    hub = hub_of(proposal)
    assert hub["extraConfig"] == {"spawner": rest}


NOT_PLAIN = {
    "a-function": "c.KubeSpawner.profile_list = lambda spawner: []\n",
    "a-change-later": "c.KubeSpawner.profile_list = []\nc.KubeSpawner.profile_list.append({})\n",
    "a-condition": "if True:\n    c.KubeSpawner.profile_list = []\n",
    "by-name": "c.KubeSpawner.profile_list = []\nsetattr(c.KubeSpawner, 'profile_list', [])\n",
    "beside-others": "x = 1; c.KubeSpawner.profile_list = [{}]\n",
}


@pytest.mark.parametrize("name", NOT_PLAIN)
def test_profiles_of_other_python_stay_there_and_are_asked_about(name: str) -> None:
    proposal = with_python(spawner=NOT_PLAIN[name])
    assert proposal.is_proven
    assert "hub.extraConfig.spawner sets c.KubeSpawner.profile_list" in asked(proposal)
    hub = hub_of(proposal)
    assert hub["extraConfig"]["spawner"] == NOT_PLAIN[name]


def test_setting_that_two_entries_name_stays_python() -> None:
    entries = {"a": "c.KubeSpawner.default_url = '/a'\n", "b": "c.KubeSpawner.default_url = '/b'\n"}
    proposal = with_python(**entries)
    hub = hub_of(proposal)
    assert hub["extraConfig"] == entries


def test_what_is_no_image_is_asked_about() -> None:
    values = {**HUB, "singleuser": {"image": {"name": "coast/<image-name>", "tag": "1"}}}
    proposal = proposed(jupyterhub=values)
    assert proposal.site is not None, json.dumps(proposal.loaded.report.diagnostics, default=str)
    assert "this is only an example: write the one that runs" in asked(proposal)


def test_host_that_is_an_address_is_its_host() -> None:
    values = hub_with({"ingress": {"hosts": ["https://tides.example.org"]}})
    site = proposed(jupyterhub=values).site
    assert site is not None
    assert site.environments[0].host == "tides.example.org"


def test_numbers_of_too_many_digits_are_rounded() -> None:
    proposal = of(cpu_limit=0.42262500000000003)
    assert override(proposal)["cpu_limit"] == 0.422625
    assert left(proposal) == {}


def test_values_for_the_hubs_own_python_are_a_setting() -> None:
    custom = {"team": {"name": "coast", "motto": None}, "apiToken": "tides-and-currents-1"}
    proposal = proposed(jupyterhub={**HUB, "custom": custom})
    assert proposal.site is not None
    assert proposal.site.shared.at("jupyterhub.custom") == {"team": {"name": "coast"}}
    assert [one.path for one in proposal.secrets] == [("custom", "apiToken")]
    assert "tides-and-currents-1" not in proposal.text


@pytest.mark.parametrize(
    ("limit", "said"), [(None, "unlimited"), (0, "unlimited"), (3, 3)], ids=["none", "0", "3"]
)
def test_named_servers_without_a_limit(limit: int | None, said: object) -> None:
    more = {} if limit is None else {"namedServerLimitPerUser": limit}
    hub = {**HUB["hub"], "allowNamedServers": True, **more}
    proposal = proposed(jupyterhub={**HUB, "hub": hub})
    assert proposal.site is not None
    assert proposal.is_proven
    assert proposal.site.shared.at("jupyterhub.limits.namedServersPerUser") == said


def test_gateway_that_an_umbrella_chart_leaves_out_is_left_out() -> None:
    proposal = proposed(meta={"jupyterhub": HUB, "dask-gateway": {"enabled": False}})
    assert proposal.site is not None
    assert proposal.site.shared.dask is None
