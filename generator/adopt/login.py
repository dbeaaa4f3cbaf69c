"""The login as the hub's values say it -> `jupyterhub.authentication`."""

from collections.abc import Callable, Mapping
from typing import Any

from generator.adopt.base import Question, at
from generator.adopt.spelling import provider_of
from generator.charts.jupyterhub import PROVIDERS
from generator.credentials import shown
from generator.diagnostics import GeneratorError
from generator.site.model import Json
from generator.versions import Version, VersionRange

_LOGIN = ("jupyterhub", "authentication")
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
    said: Mapping[str, Any],
    values: Mapping[str, Json],
    today: Version | None,
    ask: Callable[[Question], None],
) -> dict[str, Any]:
    """The login in site.yaml's words: what the values said, and what they mean by saying nothing.

    `today` is the chart version that runs, where it is known.
    """
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
    if not allow and not login.get("organizations") and not _has_rule(traits, people):
        allow = _nothing_said(named, traits, today, ask)
    if allow or named != "github":
        login["allow"] = allow
    login.setdefault("admins", [])
    return login


def _has_rule(*sections: Json) -> bool:
    """Whether some trait that site.yaml has no word for may let somebody in."""
    keys = (key for section in sections if isinstance(section, Mapping) for key in section)
    return any(str(key).startswith(_RULES) for key in keys)


def _nothing_said(
    provider: str,
    traits: Json,
    today: Version | None,
    ask: Callable[[Question], None],
) -> dict[str, Any]:
    where = (*_LOGIN, "allow")
    if provider == "dummy" and at(traits, "allow_all") is False:
        return {}
    if provider == "dummy" or (today is not None and today in _EVERYBODY):
        ask(
            Question(
                text="no rule says who may log in, and today that lets everybody in who has an "
                "account with the provider; is that meant? Else name users or groups",
                at=where,
            )
        )
        return {"everyone": True}
    ask(
        Question(
            text="no rule says who may log in, so nobody but admins gets in today: name users or "
            "groups, or write {everyone: true}",
            at=where,
        )
    )
    return {}
