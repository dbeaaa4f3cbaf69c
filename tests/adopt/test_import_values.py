"""Single values: what they become in site.yaml, what is asked, what stays under `values`."""

import time
from typing import Any

import pytest

from generator.adopt.base import Facts
from generator.adopt.proposal import Proposal
from generator.site.hub import Hub
from tests.support.imports import FACTS, HUB, asked, hub_with, left, proposed

OAUTH: dict[str, Any] = {
    "authorize_url": "https://login.example.org/auth",
    "token_url": "https://login.example.org/token",
    "userdata_url": "https://login.example.org/userinfo",
    "scope": ["openid"],
    "username_claim": "sub",
}


def hub_of(proposal: Proposal) -> Hub:
    """The hub of the proposed site; every difference has its reason."""
    assert proposal.site is not None, proposal.loaded.report
    assert proposal.is_proven
    assert proposal.site.shared.hub is not None
    return proposal.site.shared.hub


def generic(**traits: Any) -> dict[str, Any]:
    """A hub with generic OAuth; a trait that is None is left out."""
    config = {
        "JupyterHub": {"authenticator_class": "generic-oauth"},
        "GitHubOAuthenticator": None,
        "GenericOAuthenticator": {**OAUTH, **traits},
    }
    return hub_with({"hub": {"config": config}})


MEMORY = {
    "binary": ("5G", "5Gi"),
    "bytes": (5368709120, "5Gi"),
    "blank": ("1 G", "1Gi"),
    "part": ("1.5G", "1536Mi"),
    "kubernetes": ("5Gi", "5Gi"),
    "decimal": (10**10, "9765625Ki"),
}


@pytest.mark.parametrize("name", MEMORY)
def test_memory(name: str) -> None:
    size, expected = MEMORY[name]
    hub = hub_of(proposed(jupyterhub=hub_with({"singleuser": {"memory": {"limit": size}}})))
    assert hub.memory.limit == expected


def test_bytes_against_their_comment_are_asked_about() -> None:
    text = "singleuser:\n  memory:\n    limit: 5368709120  # 4 GiB\n"
    more = hub_with({})
    proposal = proposed(jupyterhub=text, secrets=more)
    assert "singleuser.memory.limit is 5368709120 bytes, but its comment says 4Gi" in asked(
        proposal
    )
    assert hub_of(proposal).memory.limit == "5Gi"


@pytest.mark.parametrize("section", ["GenericOAuthenticator", "OAuthenticator", "Authenticator"])
def test_trait_of_a_class_above_is_the_same(section: str) -> None:
    more = {"hub": {"config": {section: {"allow_all": True, "admin_users": ["ada"]}}}}
    values = generic()
    values["hub"]["config"].setdefault(section, {}).update(more["hub"]["config"][section])
    login = hub_of(proposed(jupyterhub=values)).authentication
    assert login is not None
    assert login.allow.everyone
    assert login.admins == ("ada",)


@pytest.mark.parametrize("version", ["3.3.8", "4.4.0"])
def test_groups_by_the_older_key(version: str) -> None:
    facts = Facts(namespace="hub", versions={"jupyterhub": version})
    values = generic(allowed_groups=["a"], claim_groups_key="groups")
    login = hub_of(proposed(facts, jupyterhub=values)).authentication
    assert login is not None
    assert login.allow.groups_claim == "groups"


def test_default_claim_of_the_authenticator_is_written_out() -> None:
    login = hub_of(proposed(jupyterhub=generic(username_claim=None, allow_all=True))).authentication
    assert login is not None
    assert login.username_claim == "username"


def test_what_lint_calls_an_error_and_runs_today_stays_and_is_asked_about() -> None:
    facts = Facts(namespace="hub", versions={"jupyterhub": "3.3.8"})
    proposal = proposed(facts, jupyterhub=generic())
    assert hub_of(proposal).authentication is not None
    assert "    usernameClaim: sub  # hubops: ignore[A506] as it is today\n" in proposal.text
    assert "    allow: {}  # hubops: ignore[A501] as it is today\n" in proposal.text
    assert "so nobody but admins gets in today" in asked(proposal)
    assert "site.yaml: A506 says that 'sub' can be longer" in asked(proposal)


def test_credential_in_an_address_is_refused() -> None:
    url = "https://user:not-a-secret-at-all@login.example.org/auth"
    proposal = proposed(jupyterhub=generic(authorize_url=url, allow_all=True))
    assert proposal.site is None
    assert {found.code for found in proposal.loaded.report.diagnostics} >= {"K701"}


def test_older_chart_without_a_rule_let_everybody_in() -> None:
    facts = Facts(namespace="hub", versions={"jupyterhub": "1.2.0"})
    proposal = proposed(facts, jupyterhub=generic())
    login = hub_of(proposal).authentication
    assert login is not None
    assert login.allow.everyone
    assert "today that lets everybody in" in asked(proposal)
    assert "hubops does not support jupyterhub 1.2.0: 3.0.3" in asked(proposal)


def test_class_as_field_and_annotation_is_asked_about() -> None:
    annotation = {"kubernetes.io/ingress.class": "nginx"}
    proposal = proposed(jupyterhub=hub_with({"ingress": {"annotations": annotation}}))
    assert "the ingress class is written twice" in asked(proposal)
    assert list(left(proposal)) == ["ingress.annotations.kubernetes.io/ingress.class"]
    assert hub_of(proposal).authentication is not None


def test_class_as_annotation_alone_stays_one() -> None:
    annotation = {"kubernetes.io/ingress.class": "nginx"}
    more = {"ingress": {"annotations": annotation, "ingressClassName": None}}
    proposal = proposed(jupyterhub=hub_with(more))
    assert proposal.site is not None
    ingress = proposal.site.clusters["main"].ingress
    assert ingress is not None
    assert ingress.as_annotation
    assert left(proposal) == {}


def test_login_that_returns_to_another_host_is_asked_about_and_kept() -> None:
    url = "https://old.example.org/hub/oauth_callback"
    proposal = proposed(jupyterhub=generic(oauth_callback_url=url, allow_all=True))
    assert "the login returns to old.example.org" in asked(proposal)
    hub = hub_of(proposal)
    assert hub.values["hub"]["config"]["GenericOAuthenticator"]["oauth_callback_url"] == url


def test_what_holds_the_host_stands_with_the_environment() -> None:
    tls = [{"hosts": ["hub.example.org", "other.example.org"], "secretName": "own-tls"}]
    proposal = proposed(jupyterhub=hub_with({"ingress": {"tls": tls}}))
    assert proposal.site is not None
    ingress = proposal.site.clusters["main"].ingress
    assert ingress is not None
    assert ingress.tls_secret == "own-tls"
    [environment] = proposal.site.environments
    assert environment.settings.hub is not None
    assert environment.settings.hub.values["ingress"] == {"tls": tls}
    assert "ingress" not in hub_of(proposal).values


def test_list_that_hubops_joins_is_carried_with_hubops_entries() -> None:
    egress = [{"ports": [{"port": 5432}]}]
    values = hub_with({"hub": {"networkPolicy": {"egress": egress}}})
    proposal = proposed(jupyterhub=values, dask_gateway={"gateway": {}})
    carried = hub_of(proposal).values["hub"]["networkPolicy"]["egress"]
    assert (carried[0], len(carried)) == (egress[0], 2)


PLAIN = [
    {"display_name": "Small", "kubespawner_override": {"image": "quay.io/coast/notebook:1.0"}},
    {
        "display_name": "Big",
        "description": "",
        "kubespawner_override": {
            "image": "quay.io/coast/notebook:2.0",
            "image_pull_policy": "Always",
        },
    },
]


def test_profiles_of_images_are_expressed() -> None:
    hub = hub_of(proposed(jupyterhub=hub_with({"singleuser": {"profileList": PLAIN}})))
    assert [profile.name for profile in hub.profiles] == ["Small", "Big"]
    assert hub.default_profile is hub.profiles[0]
    assert "singleuser" not in hub.values


@pytest.mark.parametrize(
    "more",
    [
        {"kubespawner_override": {"image": "quay.io/coast/notebook:1.0", "working_dir": "/a"}},
        {"profile_options": {"size": {"display_name": "Size", "choices": {}}}},
        {"kubespawner_override": {"tolerations": [{"key": "gpu"}]}},
        {"allowed_groups": ["coast"], "kubespawner_override": {}},
    ],
    ids=["trait", "options", "list-that-replaces", "key-of-others"],
)
def test_profiles_that_say_more_are_carried_whole(more: dict[str, Any]) -> None:
    profiles = [{**PLAIN[0], **more}, PLAIN[1]]
    proposal = proposed(jupyterhub=hub_with({"singleuser": {"profileList": profiles}}))
    hub = hub_of(proposal)
    assert hub.values["singleuser"]["profileList"] == profiles
    assert hub.image_of(hub.profiles[0]) == "quay.io/coast/notebook:1.0"
    assert "ignore[C313] as it is today (jupyterhub.yaml:" in proposal.text


def test_default_profile_of_another_image_is_asked_about() -> None:
    profiles = [{**PLAIN[1], "default": True}]
    proposal = proposed(jupyterhub=hub_with({"singleuser": {"profileList": profiles}}))
    assert "the default profile runs quay.io/coast/notebook:2.0" in asked(proposal)
    assert hub_of(proposal).values["singleuser"]["image"]["tag"] == "1.0"


def test_pull_policy_of_today_stays() -> None:
    policy = {"singleuser": {"image": {"pullPolicy": "IfNotPresent"}}}
    hub = hub_of(proposed(jupyterhub=hub_with(policy)))
    assert hub.values["singleuser"]["image"] == {"pullPolicy": "IfNotPresent"}


RELEASES = {
    "http://traefik-dask-gateway": ("dask-gateway", None),
    "http://traefik-daskhub-dask-gateway.hub": ("daskhub", "hub"),
    "http://traefik-hub-dask-gateway.tides.svc": ("hub", "tides"),
    "http://elsewhere": ("dask-gateway", None),
}


@pytest.mark.parametrize("url", RELEASES)
def test_release_of_the_gateway_is_found_by_its_service(url: str) -> None:
    release, namespace = RELEASES[url]
    values = hub_with({"hub": {"services": {"dask-gateway": {"url": url}}}})
    facts = Facts(versions=FACTS.versions, kubernetes="1.31")
    proposal = proposed(facts, jupyterhub=values, dask_gateway={"gateway": {}})
    assert proposal.site is not None
    assert proposal.site.shared.dask is not None
    assert proposal.site.shared.dask.release_name == release
    assert proposal.site.environments[0].namespace == (namespace or "hub")


def test_later_files_win_and_null_removes() -> None:
    proposal = proposed(jupyterhub=HUB, secrets={"singleuser": {"image": {"tag": "2.0"}}})
    assert hub_of(proposal).image == "quay.io/coast/notebook:2.0"


def test_root_that_both_charts_have_is_left_of_the_secrets() -> None:
    proposal = proposed(jupyterhub=HUB, secrets={"global": {"a": 1}, "nowhere": {}})
    assert left(proposal) == {
        "global": "both charts have this key; not used",
        "nowhere": "no chart has this key at the root; not used",
    }


def test_nothing_is_asked_where_everything_is_told() -> None:
    proposal = proposed(jupyterhub=HUB)
    asked = {("argocd", "version"), ("environments", "production", "sync")}
    assert {question.at for question in proposal.questions} == asked


def test_values_with_many_keys_take_seconds_and_no_more() -> None:
    many = {f"k{number}": {"a": number} for number in range(4000)}
    began = time.process_time()
    proposal = proposed(jupyterhub=hub_with({"custom": many}))
    assert time.process_time() - began < 20
    assert proposal.site is not None
    assert len(proposal.site.shared.at("jupyterhub.custom")) == len(many)
