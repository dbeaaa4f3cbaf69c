"""The login as the hub's values say it -> `jupyterhub.authentication`."""

from collections.abc import Callable, Mapping
from typing import Any

from generator.adopt.base import Question, at
from generator.adopt.spelling import SECTIONS, provider_of
from generator.credentials import shown
from generator.diagnostics import GeneratorError
from generator.site.model import Json
from generator.versions import Version, VersionRange

_LOGIN = ("jupyterhub", "authentication")
# Before oauthenticator 16, which comes with chart 3, a login without any rule let everybody in.
_EVERYBODY = VersionRange.parse("<3.0.0")
_RULES = ("allowed_", "allow_existing_users", "any_allow_config")
_USER = "oauth_user."


def settings(
    values: Mapping[str, Json], today: Version | None, ask: Callable[[Question], None]
) -> dict[str, Any]:
    """The login in site.yaml's words; `today` is the chart version that runs, where it is known.

    GeneratorError for an authenticator that hubops can't set up.
    """
    provider = provider_of(values)
    if not isinstance(provider, str) or provider not in SECTIONS:
        raise GeneratorError(
            f"the hub logs people in with '{shown(str(provider))}', which site.yaml has no word "
            "for; nothing was written",
            f"hubops sets up {', '.join(SECTIONS)}: a provider that speaks OpenID Connect works as "
            "'generic-oauth'; change hub.config.JupyterHub.authenticator_class and its section",
        )
    own = at(values, "hub", "config", SECTIONS[provider])
    traits = own if isinstance(own, Mapping) else {}
    common = at(values, "hub", "config", "Authenticator")
    people = common if isinstance(common, Mapping) else {}
    login: dict[str, Any] = {"provider": provider}
    login |= _PROVIDERS[provider](traits)
    allow = _allow(provider, traits, people)
    if not allow and not login.get("organizations") and not _has_rule(traits, people):
        allow = _nothing_said(provider, traits, today, ask)
    if allow or provider != "github":
        login["allow"] = allow
    login["admins"] = _words(people.get("admin_users")) or []
    return login


def _has_rule(*sections: Mapping[str, Json]) -> bool:
    """Whether some trait that site.yaml has no word for may let somebody in."""
    return any(str(key).startswith(_RULES) for section in sections for key in section)


def _nothing_said(
    provider: str,
    traits: Mapping[str, Json],
    today: Version | None,
    ask: Callable[[Question], None],
) -> dict[str, Any]:
    where = (*_LOGIN, "allow")
    if provider == "dummy" and traits.get("allow_all") is False:
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


def _generic(traits: Mapping[str, Json]) -> dict[str, Any]:
    names = {
        "loginService": "login_service",
        "authorizeUrl": "authorize_url",
        "tokenUrl": "token_url",
        "userdataUrl": "userdata_url",
    }
    login: dict[str, Any] = {
        key: traits[trait] for key, trait in names.items() if isinstance(traits.get(trait), str)
    }
    if scopes := _words(traits.get("scope")):
        login["scopes"] = scopes
    claim = traits.get("username_claim")
    # GenericOAuthenticator's own default; hubops' is preferred_username.
    login["usernameClaim"] = claim if isinstance(claim, str) else "username"
    return login


def _github(traits: Mapping[str, Json]) -> dict[str, Any]:
    names = {"organizations": "allowed_organizations", "scopes": "scope"}
    return {key: found for key, trait in names.items() if (found := _words(traits.get(trait)))}


def _dummy(traits: Mapping[str, Json]) -> dict[str, Any]:
    return {}


_PROVIDERS: dict[str, Callable[[Mapping[str, Json]], dict[str, Any]]] = {
    "generic-oauth": _generic,
    "github": _github,
    "dummy": _dummy,
}


def _allow(provider: str, traits: Mapping[str, Json], people: Mapping[str, Json]) -> dict[str, Any]:
    allow: dict[str, Any] = {}
    if traits.get("allow_all") is True:
        allow["everyone"] = True
    if users := _words(people.get("allowed_users")):
        allow["users"] = users
    if provider != "generic-oauth":
        return allow
    if groups := _words(traits.get("allowed_groups")):
        allow["groups"] = groups
    claim = traits.get("claim_groups_key")
    key = traits.get("auth_state_groups_key")
    if isinstance(claim, str):
        allow["groupsClaim"] = claim
    elif isinstance(key, str) and key.startswith(_USER) and traits.get("manage_groups") is True:
        allow["groupsClaim"] = key.removeprefix(_USER)
    return allow


def _words(found: Json) -> list[str] | None:
    """A list of different words; None where site.yaml can't say it."""
    if not isinstance(found, list) or not all(isinstance(word, str) for word in found):
        return None
    return found if len(set(found)) == len(found) else None
