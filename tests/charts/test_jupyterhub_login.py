"""The generated `hub.config`, run by the real JupyterHub, oauthenticator and KubeSpawner."""

import json
from typing import Any

import pytest

from generator.build.repository import release_values
from generator.quantities import spawner_memory
from generator.site.model import Release
from tests.support import programs
from tests.support.sites import site_of

pytestmark = pytest.mark.tools

# Chart version -> the environment with the packages that its hub image holds.
HUBS = {"3.3.8": "jupyterhub-4.1.6", "4.4.0": "jupyterhub-5.5.0"}
ON_EVERY_HUB = pytest.mark.parametrize("chart", HUBS)

URLS = {
    "authorizeUrl": "https://login.example.org/authorize",
    "tokenUrl": "https://login.example.org/token",
    "userdataUrl": "https://login.example.org/userinfo",
}
GENERIC = {
    "provider": "generic-oauth",
    **URLS,
    "scopes": ["openid", "profile"],
    "usernameClaim": "preferred_username",
}


def site_text(chart: str, login: dict[str, Any]) -> str:
    """A small testing site with one kind of login; JSON is YAML."""
    cluster = {
        "server": "https://kubernetes.default.svc",
        "kubernetes": "1.30",
        "storageClass": "standard",
        "ingress": {"className": "nginx"},
    }
    environment = {"cluster": "c", "namespace": "hub", "host": "hub.example.org", "testing": True}
    return json.dumps(
        {
            "schemaVersion": 1,
            "site": "coast",
            "repository": {"url": "https://example.org/site.git"},
            "argocd": {"version": "3.1"},
            "charts": {"jupyterhub": {"version": chart}},
            "clusters": {"c": cluster},
            "environments": {"e": environment},
            "jupyterhub": {
                "authentication": login,
                "servers": {"profiles": [{"name": "Main", "image": "example/notebook:1"}]},
            },
        }
    )


def hub_values(chart: str, login: dict[str, Any]) -> dict[str, Any]:
    """The values of the hub that a login gives on a chart version."""
    site = site_of(site_text(chart, login))
    environment = site.environments[0]
    cluster = site.clusters[environment.cluster]
    release = Release(site=site, app="jupyterhub", environment=environment, cluster=cluster)
    hub: dict[str, Any] = release_values(release, {})["hub"]
    return hub


def answers(
    chart: str,
    login: dict[str, Any],
    *users: dict[str, Any],
    memory: tuple[str | int, ...] = (),
    traits: tuple[str, ...] = (),
    secrets: dict[str, str] | None = None,
    **variables: str,
) -> Any:
    """What the real hub of a chart version makes of a login."""
    hub = hub_values(chart, login)
    asked = {
        "config": hub["config"],
        "python": hub.get("extraConfig", {}).get("hubops-login", ""),
        "users": users,
        "memory": memory,
        "traits": traits,
        "secrets": secrets or {},
    }
    return programs.probe("hub_probe.py", HUBS[chart], asked, **variables)


def person(name: str, *groups: str) -> dict[str, Any]:
    """The user information that a provider sends."""
    return {"preferred_username": name, "groups": list(groups), "login": name, "email": ""}


def names(result: Any) -> list[str | None]:
    """Who was let in."""
    return [login and login["name"] for login in result["logins"]]


@ON_EVERY_HUB
def test_everyone_is_let_in_under_the_claimed_name(chart: str) -> None:
    result = answers(chart, {**GENERIC, "allow": {"everyone": True}}, person("ada"), person("bo"))
    assert (names(result), result["warnings"]) == (["ada", "bo"], [])


@ON_EVERY_HUB
def test_only_listed_users_and_admins_are_let_in(chart: str) -> None:
    login = {**GENERIC, "allow": {"users": ["ada"]}, "admins": ["bo"]}
    result = answers(chart, login, person("ada"), person("bo"), person("eve"))
    assert result["logins"] == [
        {"name": "ada", "admin": False},
        {"name": "bo", "admin": True},
        None,
    ]
    assert result["warnings"] == []


@ON_EVERY_HUB
def test_only_members_of_listed_groups_are_let_in(chart: str) -> None:
    login = {**GENERIC, "allow": {"groups": ["coast"], "groupsClaim": "groups"}}
    people = person("ada", "coast", "sea"), person("bo", "sea"), person("eve")
    result = answers(chart, login, *people)
    assert (names(result), result["warnings"]) == (["ada", None, None], [])


@ON_EVERY_HUB
def test_github_organizations_and_teams(chart: str) -> None:
    login = {"provider": "github", "organizations": ["tides", "coast:hub-users"]}
    member = {**person("ada"), "memberships": ["/orgs/tides/members/ada"]}
    teammate = {**person("bo"), "memberships": ["/orgs/coast/teams/hub-users/members/bo"]}
    wrong = {**person("eve"), "memberships": ["/orgs/coast/members/eve"]}
    result = answers(chart, login, member, teammate, wrong)
    assert (names(result), result["scope"]) == (["ada", "bo", None], ["read:org"])
    assert result["warnings"] == []


@ON_EVERY_HUB
@pytest.mark.parametrize(
    ("login", "expected"),
    [
        ({"allow": {"everyone": True}}, ["ada", "bo"]),
        ({"allow": {"users": ["ada"]}}, ["ada", None]),
        ({"allow": {}, "admins": ["bo"]}, [None, "bo"]),
        ({"allow": {"everyone": True, "users": ["ada"]}}, ["ada", "bo"]),
    ],
    ids=["everyone", "users", "admins", "everyone wins"],
)
def test_dummy_lets_in_who_is_allowed(
    chart: str, login: dict[str, Any], expected: list[str | None]
) -> None:
    result = answers(chart, {"provider": "dummy", **login}, person("ada"), person("bo"))
    assert names(result) == expected


@ON_EVERY_HUB
def test_callback_scope_and_client_reach_the_authenticator(chart: str) -> None:
    login = {**GENERIC, "allow": {"everyone": True}}
    result = answers(chart, login, OAUTH_CLIENT_ID="from-the-secret")
    assert {key: result[key] for key in ("callback", "scope", "client_id", "login_url")} == {
        "callback": "https://hub.example.org/hub/oauth_callback",
        "scope": ["openid", "profile"],
        "client_id": "from-the-secret",
        "login_url": URLS["authorizeUrl"],
    }


@ON_EVERY_HUB
def test_memory_is_what_site_yaml_says(chart: str) -> None:
    sizes = {"5Gi": 5 * 2**30, "1536Mi": 1536 * 2**20, "1500M": 1_500_000_000, "1Ti": 2**40}
    spelled = tuple(spawner_memory(quantity) for quantity in sizes)
    login = {**GENERIC, "allow": {"everyone": True}}
    assert answers(chart, login, memory=spelled)["memory"] == list(sizes.values())


@ON_EVERY_HUB
def test_without_a_userdata_url_the_id_token_says_who_logged_in(chart: str) -> None:
    login = {**GENERIC, "allow": {"groups": ["coast"], "groupsClaim": "groups"}}
    del login["userdataUrl"]
    people = person("ada", "coast"), person("bo", "sea")
    result = answers(chart, login, *people, OAUTH_CLIENT_ID="hub")
    assert (names(result), result["warnings"]) == (["ada", None], [])


@ON_EVERY_HUB
def test_members_of_admin_groups_get_in_and_administer(chart: str) -> None:
    login = {**GENERIC, "allow": {"groupsClaim": "groups"}, "adminGroups": ["operators"]}
    result = answers(chart, login, person("ada", "operators"), person("bo", "coast"))
    assert (result["logins"], result["warnings"]) == ([{"name": "ada", "admin": True}, None], [])


IDP, GITHUB_IDP = "https://idp.example.edu/shibboleth", "https://github.com/login/oauth/authorize"
CILOGON = {
    "provider": "cilogon",
    "identityProviders": {
        IDP: {
            "usernameClaim": "eppn",
            "stripDomain": "example.edu",
            "allow": {"domains": ["example.edu", "*.example.edu"]},
            "default": True,
        },
        GITHUB_IDP: {"usernameClaim": "login", "prefix": "github"},
    },
}


@ON_EVERY_HUB
def test_cilogon_lets_in_whom_each_identity_provider_allows(chart: str) -> None:
    login = {**CILOGON, "allow": {"users": ["github:bo"]}}
    people = (
        {"idp": IDP, "eppn": "ada@Example.edu"},
        {"idp": IDP, "eppn": "cy@lab.example.edu"},
        {"idp": IDP, "eppn": "eve@example.org"},
        {"idp": GITHUB_IDP, "login": "bo"},
        {"idp": GITHUB_IDP, "login": "eve"},
    )
    result = answers(chart, login, *people)
    assert names(result) == ["ada", "cy@lab.example.edu", None, "github:bo", None]
    assert result["warnings"] == []


@ON_EVERY_HUB
def test_cilogon_lets_in_all_of_an_identity_provider(chart: str) -> None:
    provider = {"usernameClaim": "email", "allow": {"everyone": True}}
    login = {"provider": "cilogon", "identityProviders": {IDP: provider}}
    result = answers(chart, login, {"idp": IDP, "email": "ada@example.edu"})
    assert (names(result), result["warnings"]) == (["ada@example.edu"], [])


def google_user(name: str, domain: str) -> dict[str, Any]:
    """The user information of a Google account."""
    return {"email": f"{name}@{domain}", "hd": domain, "verified_email": True}


@ON_EVERY_HUB
def test_google_lets_in_accounts_of_its_domains(chart: str) -> None:
    login = {"provider": "google", "domains": ["example.edu"], "allow": {"everyone": True}}
    people = google_user("ada", "example.edu"), google_user("eve", "gmail.com")
    result = answers(chart, login, *people)
    assert (names(result), result["warnings"]) == (["ada", None], [])


@ON_EVERY_HUB
def test_google_domains_alone_let_no_one_in(chart: str) -> None:
    login = {"provider": "google", "domains": ["example.edu"], "admins": ["ada"]}
    people = google_user("ada", "example.edu"), google_user("bo", "example.edu")
    assert names(answers(chart, login, *people)) == ["ada", None]


def test_google_groups_reach_the_authenticator() -> None:
    groups = {"administrator": "root", "allowed": ["hub-users"], "admins": ["hub-admins"]}
    traits = (
        *("gsuite_administrator", "google_service_account_keys"),
        *("allowed_google_groups", "admin_google_groups"),
    )
    config = hub_values("4.4.0", {"provider": "google", "googleGroups": {"example.edu": groups}})
    assert {trait: config["config"]["GoogleOAuthenticator"][trait] for trait in traits} == {
        "gsuite_administrator": {"example.edu": "root"},
        "google_service_account_keys": {
            "example.edu": "/usr/local/etc/jupyterhub/existing-secret/"
            "google.service-account.example.edu"
        },
        "allowed_google_groups": {"example.edu": ["hub-users"]},
        "admin_google_groups": {"example.edu": ["hub-admins"]},
    }


@ON_EVERY_HUB
def test_a_class_gets_its_configuration_and_its_sealed_values(chart: str) -> None:
    login = {
        "provider": "other",
        "class": "dummy",
        "secretConfig": ["DummyAuthenticator.password"],
        "allow": {"everyone": True},
    }
    secrets = {"hub.config.DummyAuthenticator.password": "any"}
    for password, expected in (("any", ["ada"]), ("another", [None])):
        secrets["hub.config.DummyAuthenticator.password"] = password
        result = answers(chart, login, person("ada"), secrets=secrets)
        assert names(result) == expected


@ON_EVERY_HUB
def test_a_sealed_value_that_is_json_becomes_a_map(chart: str) -> None:
    login = {
        "provider": "other",
        "class": "oauthenticator.gitlab.GitLabOAuthenticator",
        "config": {"GitLabOAuthenticator": {"allowed_gitlab_groups": ["coast"]}},
        "secretConfig": ["GitLabOAuthenticator.token_params"],
        "allow": {"existingUsers": True},
    }
    secrets = {"hub.config.GitLabOAuthenticator.token_params": '{"a": "b"}'}
    traits = ("token_params", "allow_existing_users", "oauth_callback_url")
    result = answers(chart, login, traits=traits, secrets=secrets)
    assert result["class"] == "GitLabOAuthenticator"
    assert result["traits"] == {
        "token_params": {"a": "b"},
        "allow_existing_users": True,
        "oauth_callback_url": "https://hub.example.org/hub/oauth_callback",
    }


@ON_EVERY_HUB
def test_a_hub_without_a_sealed_value_does_not_start(chart: str) -> None:
    login = {"provider": "other", "class": "dummy", "secretConfig": ["DummyAuthenticator.password"]}
    with pytest.raises(programs.ProbeError, match="KeyError"):
        answers(chart, {**login, "allow": {"everyone": True}}, person("ada"))
