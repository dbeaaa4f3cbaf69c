"""The login as the hub's values say it -> `jupyterhub.authentication`."""

from collections.abc import Mapping
from typing import Any

from generator.adopt.base import Ask, at
from generator.adopt.spelling import provider_of
from generator.charts.jupyterhub import PROVIDERS
from generator.credentials import shown
from generator.diagnostics import GeneratorError
from generator.site.model import Json
from generator.versions import Version, VersionRange

_ALLOW = ("jupyterhub", "authentication", "allow")
# Before oauthenticator 16, which comes with chart 3, a login without any rule let everybody in.
_EVERYBODY = VersionRange.parse("<3.0.0")
_RULES = ("allowed_", "allow_existing_users", "any_allow_config")


def provider(values: Mapping[str, Json]) -> str:
    """The provider in site.yaml's words; GeneratorError for one that hubops can't set up."""
    named = provider_of(values)
    if not isinstance(named, str) or named not in PROVIDERS:
        raise GeneratorError(
            f"the hub logs people in with '{shown(str(named))}', which site.yaml has no word "
            "for; nothing was written",
            f"hubops sets up {', '.join(PROVIDERS)}: a provider that speaks OpenID Connect works "
            "as 'generic-oauth'; change hub.config.JupyterHub.authenticator_class and its section",
        )
    return named


def settings(
    said: Mapping[str, Any], values: Mapping[str, Json], today: Version | None, ask: Ask
) -> dict[str, Any]:
    """The login: what the values `said`, and what it means in `today`'s chart to say nothing."""
    named = provider(values)
    traits = at(values, "hub", "config", PROVIDERS[named]) or {}
    people = at(values, "hub", "config", "Authenticator") or {}
    login: dict[str, Any] = {"provider": named, **said}
    if named == "generic-oauth":
        # GenericOAuthenticator's own default; hubops' is preferred_username.
        login.setdefault("usernameClaim", "username")
    allow = dict(said.get("allow", {}))
    if not (at(traits, "claim_groups_key") or at(traits, "manage_groups") is True):
        allow.pop("groupsClaim", None)
    # Whether some trait that site.yaml has no word for may let somebody in.
    keys = (key for section in (traits, people) if isinstance(section, Mapping) for key in section)
    has_rule = any(str(key).startswith(_RULES) for key in keys)
    is_closed = named == "dummy" and at(traits, "allow_all") is False
    if not (allow or login.get("organizations") or has_rule or is_closed):
        if named == "dummy" or (today is not None and today in _EVERYBODY):
            allow = {"everyone": True}
            text = (
                "no rule says who may log in, and today that lets everybody in who has an account "
                "with the provider; is that meant? Else name users or groups"
            )
        else:
            text = (
                "no rule says who may log in, so nobody but admins gets in today: name users or "
                "groups, or write {everyone: true}"
            )
        ask(text, _ALLOW)
    if allow or named != "github":
        login["allow"] = allow
    login.setdefault("admins", [])
    return login
