"""Who may log in, and how: JupyterHub's values for each provider and each range of versions."""

import pytest

from tests.support.variants import (
    ANYBODY,
    GITHUB,
    GROUPS,
    PEOPLE,
    Values,
    at,
    login,
    pinned,
    values_of,
)

# oauthenticator 16 and 17 spell it differently, and each ignores or refuses the other's spelling.
_CLAIM_16: Values = {"claim_groups_key": "entitlements"}
_CLAIM_17: Values = {"manage_groups": True, "auth_state_groups_key": "oauth_user.entitlements"}
_OAUTH = "hub/config/GenericOAuthenticator"
GROUP_CLAIMS = {
    **dict.fromkeys(("3.0.3", "3.2.1", "3.3.8"), _CLAIM_16),
    **dict.fromkeys(("4.0.0", "4.1.0", "4.2.0", "4.4.0"), _CLAIM_17),
}


@pytest.mark.parametrize("hub", GROUP_CLAIMS)
def test_groups_come_from_where_the_authenticator_looks(hub: str) -> None:
    before, after = (
        at(values_of(pinned(hub, "2024.1.0", change), "jupyterhub"), _OAUTH)
        for change in ({}, GROUPS)
    )
    del before["allow_all"]
    assert after == {**before, "allowed_groups": ["hub", "x"], **GROUP_CLAIMS[hub]}


@pytest.mark.parametrize("hub", GROUP_CLAIMS)
def test_the_username_claim(hub: str) -> None:
    found = {
        claim: at(
            values_of(pinned(hub, "2024.1.0", login(usernameClaim=claim)), "jupyterhub"),
            f"{_OAUTH}/username_claim",
        )
        for claim in ("email", None)
    }
    assert found == {"email": "email", None: "preferred_username"}


@pytest.mark.parametrize("hub", GROUP_CLAIMS)
def test_users_and_admins(hub: str) -> None:
    config = values_of(pinned(hub, "2024.1.0", PEOPLE), "jupyterhub")["hub"]["config"]
    assert config["Authenticator"] == {
        "admin_users": ["anna"],
        "allowed_users": ["anna", "ben"],
    }
    assert "allow_all" not in config["GenericOAuthenticator"]


@pytest.mark.parametrize("hub", GROUP_CLAIMS)
def test_github_organisations_and_teams(hub: str) -> None:
    values = values_of(pinned(hub, "2024.1.0", GITHUB), "jupyterhub")
    assert values["hub"]["config"] == {
        "JupyterHub": {"authenticator_class": "github", "cookie_secret": "see-existingSecret"},
        "CryptKeeper": {"keys": ["see-existingSecret"]},
        "GitHubOAuthenticator": {
            "allowed_organizations": ["protocoast", "protocoast:operators"],
            "scope": ["read:org"],
            "oauth_callback_url": "https://protocoast.vm.fedcloud.eu/hub/oauth_callback",
        },
    }
    assert values["hub"]["extraEnv"].keys() == {"OAUTH_CLIENT_ID", "OAUTH_CLIENT_SECRET"}


@pytest.mark.parametrize(
    ("hub", "config"),
    [("3.3.8", {}), ("4.4.0", {"DummyAuthenticator": {"allow_all": True}})],
)
def test_any_password(hub: str, config: Values) -> None:
    held = values_of(pinned(hub, "2024.1.0", ANYBODY), "jupyterhub")["hub"]
    assert held["config"] == {
        "JupyterHub": {"authenticator_class": "dummy", "cookie_secret": "see-existingSecret"},
        "CryptKeeper": {"keys": ["see-existingSecret"]},
        **config,
    }
    assert "extraEnv" not in held
