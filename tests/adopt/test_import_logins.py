"""How people log in: each kind comes out as a provider; a login kept elsewhere is asked for."""

import json
from pathlib import Path
from typing import Any

import pytest
import yaml

from generator.adopt.proposal import Proposal
from generator.diagnostics import Severity
from generator.merge import merge
from generator.records import replace
from generator.site import providers
from tests.support.copies import hubops
from tests.support.imports import FACTS, HUB, asked, hub_with, left, proposed
from tests.support.random_sites import as_text
from tests.support.sites import PROTOCOAST, load_text

MISSING = (
    "no authenticator in the values: give the file that holds it with --secrets, or say "
    "--provider dummy"
)
OWN = "hubops' own: the sealed value fills it, and a text here wins over that, even an empty one"
CLIENT = ("client_id", "client_secret")
HERE = "https://hub.example.org/hub/oauth_callback"


def hub_of(**config: Any) -> dict[str, Any]:
    """The hub of these tests with this configuration in place of its login."""
    nothing = {"JupyterHub": None, "GitHubOAuthenticator": None}
    return hub_with({"hub": {"config": {**nothing, **config}}})


def authentication(proposal: Proposal) -> dict[str, Any]:
    """The login as the draft says it."""
    said: dict[str, Any] = yaml.safe_load(proposal.text)["jupyterhub"]["authentication"]
    return said


def login_of(proposal: Proposal) -> dict[str, Any]:
    """The login of the proposed site; every difference has its reason."""
    assert proposal.site is not None, proposal.loaded.report
    assert proposal.is_proven
    return authentication(proposal)


APART: dict[str, dict[str, Any]] = {
    "users": hub_of(Authenticator={"admin_users": ["eva"], "allowed_users": ["kai"]}),
    "nothing": hub_of(),
    "traits": hub_of(GitHubOAuthenticator={"allowed_organizations": ["reef-lab"]}),
    "class-of-nothing": hub_of(JupyterHub={"authenticator_class": None, "admin_access": False}),
}


@pytest.mark.parametrize("values", APART.values(), ids=APART)
def test_login_kept_apart_is_asked_for(values: dict[str, Any], tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text(json.dumps(values))
    done = hubops("import", "--jupyterhub", "a.yaml", "--output", "site.yaml", cwd=tmp_path)
    assert done.returncode == 1
    assert done.stderr.splitlines()[-1] == MISSING
    assert not (tmp_path / "site.yaml").exists()
    proposal = proposed(jupyterhub=values)
    assert "provider" not in authentication(proposal)
    assert "A502" not in proposal.text


def test_login_kept_apart_comes_from_the_file_of_secrets() -> None:
    config = {**HUB["hub"]["config"], "Authenticator": {"admin_users": ["eva"]}}
    proposal = proposed(jupyterhub=APART["users"], secrets={"hub": {"config": config}})
    assert MISSING not in asked(proposal)
    assert login_of(proposal)["provider"] == "github"


def test_dummy_is_proposed_where_the_command_says_so() -> None:
    proposal = proposed(replace(FACTS, provider="dummy"), jupyterhub=APART["users"])
    assert MISSING not in asked(proposal)
    assert login_of(proposal)["provider"] == "dummy"


PROVIDERS: dict[str, tuple[dict[str, Any], dict[str, Any]]] = {
    "cilogon": (
        {
            "Authenticator": {"admin_users": ["eva"]},
            "CILogonOAuthenticator": {
                "oauth_callback_url": HERE,
                "allowed_idps": {
                    "https://login.reef.example.edu/idp": {
                        "default": True,
                        "username_derivation": {
                            "username_claim": "email",
                            "action": "strip_idp_domain",
                            "domain": "reef.example.edu",
                        },
                        "allowed_domains": ["reef.example.edu"],
                    },
                    "http://github.com/login/oauth/authorize": {
                        "username_derivation": {
                            "username_claim": "username",
                            "action": "prefix",
                            "prefix": "github",
                        },
                        "allow_all": True,
                    },
                },
            },
        },
        {
            "provider": "cilogon",
            "identityProviders": {
                "https://login.reef.example.edu/idp": {
                    "usernameClaim": "email",
                    "stripDomain": "reef.example.edu",
                    "allow": {"domains": ["reef.example.edu"]},
                    "default": True,
                },
                "http://github.com/login/oauth/authorize": {
                    "usernameClaim": "username",
                    "prefix": "github",
                    "allow": {"everyone": True},
                },
            },
            "admins": ["eva"],
        },
    ),
    "google": (
        {
            "Authenticator": {"admin_users": ["eva"]},
            "GoogleOAuthenticator": {
                "oauth_callback_url": HERE,
                "hosted_domain": ["reef.example.edu", "lab.example.edu"],
                "login_service": "Reef accounts",
                "allow_all": True,
            },
        },
        {
            "provider": "google",
            "loginService": "Reef accounts",
            "domains": ["reef.example.edu", "lab.example.edu"],
            "allow": {"everyone": True},
            "admins": ["eva"],
        },
    ),
}


@pytest.mark.parametrize("version", ["3.3.8", "4.2.0", "4.4.0"])
@pytest.mark.parametrize("name", PROVIDERS)
def test_provider_comes_out_as_itself(name: str, version: str) -> None:
    config, expected = PROVIDERS[name]
    facts = replace(FACTS, versions={"jupyterhub": version})
    values = hub_of(**{"JupyterHub": {"authenticator_class": name}, **config})
    proposal = proposed(facts, jupyterhub=values)
    assert login_of(proposal) == expected
    assert (left(proposal), "ignore[" in proposal.text) == ({}, False)


GENERIC = {
    **{
        f"{one}_url": f"https://sso.example.org/{one}" for one in ("authorize", "token", "userdata")
    },
    "scope": ["openid"],
    "username_claim": "email",
    "allow_all": True,
}
# A class, the traits of its section, and where the client stands.
EMPTY: dict[str, tuple[str, dict[str, Any], str]] = {
    "generic": ("generic-oauth", {"GenericOAuthenticator": GENERIC}, "GenericOAuthenticator"),
    "github": ("github", HUB["hub"]["config"], "GitHubOAuthenticator"),
    "cilogon": ("cilogon", PROVIDERS["cilogon"][0], "CILogonOAuthenticator"),
    "google": ("google", PROVIDERS["google"][0], "GoogleOAuthenticator"),
    "globus": ("globus", {"Authenticator": {"allow_all": True}}, "GlobusOAuthenticator"),
    "path-of-a-class": (
        "oauthenticator.auth0.Auth0OAuthenticator",
        {"Auth0OAuthenticator": {"auth0_domain": "login.example.org", "allow_all": True}},
        "Auth0OAuthenticator",
    ),
    "class-above": ("github", HUB["hub"]["config"], "OAuthenticator"),
}


@pytest.mark.parametrize(("kind", "config", "section"), EMPTY.values(), ids=EMPTY)
def test_empty_client_is_dropped_with_a_line(
    kind: str, config: dict[str, Any], section: str
) -> None:
    login = {"JupyterHub": {"authenticator_class": kind}}
    client = {**config.get(section, {}), **dict.fromkeys(CLIENT, "")}
    proposal = proposed(jupyterhub=hub_of(**config | login | {section: client}))
    assert login_of(proposal)["provider"] == (kind if kind in providers.PROVIDERS else "other")
    assert left(proposal) == {f"hub.config.{section}.{key}": OWN for key in CLIENT}
    assert "client" not in proposal.text


@pytest.mark.parametrize("section", sorted({one[-1] for one in EMPTY.values()}))
@pytest.mark.parametrize(("key", "text"), [("client_id", "reef"), *((k, "") for k in CLIENT)])
def test_client_written_by_hand_is_an_error(section: str, key: str, text: str) -> None:
    by_hand = {"jupyterhub": {"values": {"hub": {"config": {section: {key: text}}}}}}
    site = merge(yaml.safe_load(PROTOCOAST.read_text()), by_hand)
    found = load_text(as_text(site)).report.diagnostics
    errors = [one.message for one in found if one.severity is Severity.ERROR]
    assert errors == [f"'hub.config.{section}.{key}' is {OWN}"]


SCHOOL = {
    "hosted_domain": ["school.example.org"],
    "google_service_account_keys": {"school.example.org": "/etc/jupyterhub/account.json"},
    "gsuite_administrator": {"school.example.org": "hub"},
    "allowed_google_groups": {"school.example.org": ["teachers", "pupils"]},
    "admin_google_groups": {"school.example.org": ["staff"]},
}


def of_school(**changes: Any) -> Proposal:
    traits = {**SCHOOL, **changes}
    return proposed(jupyterhub=hub_of(JupyterHub=named("google"), GoogleOAuthenticator=traits))


def named(authenticator: str) -> dict[str, str]:
    return {"authenticator_class": authenticator}


def test_google_groups_are_read_and_the_accounts_key_is_asked_for() -> None:
    proposal = of_school()
    login = login_of(proposal)
    assert login["googleGroups"] == {
        "school.example.org": {
            "administrator": "hub",
            "allowed": ["teachers", "pupils"],
            "admins": ["staff"],
        }
    }
    assert "seal the JSON key of the service account" in asked(proposal)
    assert "values" not in yaml.safe_load(proposal.text)["jupyterhub"]


@pytest.mark.parametrize(
    "changes",
    [
        {"google_service_account_keys": {}},
        {"admin_google_groups": {"other.example.org": ["staff"]}},
        {"allowed_google_groups": {"school.example.org": "teachers"}},
        {"gsuite_administrator": "hub"},
        {"gsuite_administrator": {"school.example.org": 7}},
    ],
)
def test_google_groups_that_site_yaml_cannot_say_stay_values(changes: dict[str, Any]) -> None:
    proposal = of_school(**changes)
    assert "googleGroups" not in authentication(proposal)
    raw = yaml.safe_load(proposal.text)["jupyterhub"]["values"]["hub"]["config"]
    assert raw["GoogleOAuthenticator"].keys() >= changes.keys() - {"google_service_account_keys"}


LOCAL = {
    "local-github": "GitHubOAuthenticator",
    "local-generic-oauth": "GenericOAuthenticator",
    "local-google": "GoogleOAuthenticator",
    "local-gitlab": "GitLabOAuthenticator",
    "oauthenticator.github.LocalGitHubOAuthenticator": "GitHubOAuthenticator",
}


@pytest.mark.parametrize("prefix", ["", "Local"])
@pytest.mark.parametrize(("authenticator", "section"), LOCAL.items(), ids=LOCAL)
def test_class_for_users_of_the_hubs_system_has_the_traits_of_its_base(
    authenticator: str, section: str, prefix: str
) -> None:
    traits: dict[str, Any] = {
        "client_id": "client-of-the-hub",
        "allowed_users": ["ada"],
        "scope": ["openid"],
    }
    traits |= {"allowed_organizations": None}  # of the other tests' login
    values = hub_of(JupyterHub=named(authenticator), **{f"{prefix}{section}": traits})
    proposal = proposed(jupyterhub=values)
    assert login_of(proposal) == {
        "provider": "other",
        "class": authenticator,
        "config": {section: {"scope": ["openid"]}},
        "allow": {"users": ["ada"]},
        "admins": [],
    }
    assert proposal.site is not None
    login = proposal.site.environments[0].settings.login
    assert login is not None
    assert login.uses_oauth
