"""How people log in, as the hub's values say it -> `authentication` of site.yaml."""

import re
from collections.abc import Mapping
from typing import Any

from generator.adopt.base import Ask, at
from generator.adopt.secrets import holds
from generator.adopt.servers import one_line
from generator.adopt.spelling import DUMMY_PASSWORD, Restated, google_groups, section_of
from generator.credentials import is_secret_key, shown
from generator.diagnostics import GeneratorError
from generator.site import check_in
from generator.site.model import Json
from generator.site.providers import PROVIDERS, is_oauth_class
from generator.versions import Version, VersionRange

LOGIN = ("jupyterhub", "authentication")
_ALLOW, _GROUPS = (*LOGIN, "allow"), (*LOGIN, "googleGroups")
# Before oauthenticator 16, which comes with chart 3, a login without any rule let everybody in.
_EVERYBODY = VersionRange.parse("<3.0.0")
_RULES = ("allowed_", "allow_existing_users", "any_allow_config")
_CLIENT = ("client_id", "client_secret")
_MISSING = (
    "no authenticator in the values: give the file that holds it with --secrets, or say "
    "--provider dummy"
)
# What `vo` and `roles` of site.yaml can say.
_URN = (
    r"urn:mace:egi\.eu:group:([A-Za-z0-9][\w.-]*(?::[\w.-]+)*):role=([A-Za-z0-9][\w.-]*)"
    r"#aai\.egi\.eu"
)


def provider(hub: Restated) -> str:
    """The provider in site.yaml's words; empty where no value names an authenticator."""
    named = at(hub.values, "hub", "config", "JupyterHub", "authenticator_class")
    if named is None:
        return ""
    if not isinstance(named, str):
        raise GeneratorError(
            f"the hub's authenticator is {shown(str(named))}, which is not the name of a class; "
            "nothing was written",
            "write the class at hub.config.JupyterHub.authenticator_class",
        )
    has_password = any(
        at(values, "hub", "config", *DUMMY_PASSWORD) is not None
        for values in (hub.values, hub.foreign.withheld)
    )
    if named == "dummy" and has_password:
        return "other"
    known = (name for name, one in PROVIDERS.items() if one.authenticator == named)
    return next(known, "other")


def login(
    said: Mapping[str, Any], hub: Restated, today: Version | None, ask: Ask, flag: str | None
) -> dict[str, Any]:
    """The login: what the values `said`, and what it means in `today`'s chart to say nothing.

    `flag` is the provider that the command line names, for values that name none.
    """
    named = provider(hub) or flag
    if named is None:
        ask(_MISSING, LOGIN)
        return {"admins": [], **said}
    section = PROVIDERS[named].section if named in PROVIDERS else ""
    settings: dict[str, Any] = {"provider": named, **said}
    if named == "other":
        settings |= _of_class(hub)
        section = section_of(settings["class"])
    if named == "generic-oauth":
        # GenericOAuthenticator's own default; hubops' is preferred_username.
        settings.setdefault("usernameClaim", "username")
    if named == "google" and (groups := google_groups(at(hub.values, "hub", "config", section))):
        settings["googleGroups"] = groups
        domains = ", ".join(groups)
        ask(f"seal the JSON key of the service account that reads the groups of {domains}", _GROUPS)
    if isinstance(service := settings.get("loginService"), str):
        settings["loginService"] = one_line(service)
    traits = at(hub.values, "hub", "config", section) or {}
    allow = dict(said.get("allow", {}))
    if not (at(traits, "claim_groups_key") or at(traits, "manage_groups") is True):
        allow.pop("groupsClaim", None)
    if not (allow or _has_rule(settings, traits, hub)):
        allow = _without_rule(named, today, ask)
    if allow or named in ("generic-oauth", "dummy"):
        settings["allow"] = allow
    settings.setdefault("admins", [])
    return _as_check_in(settings) if named == "generic-oauth" else settings


def _has_rule(settings: Mapping[str, Any], traits: Json, hub: Restated) -> bool:
    """Whether something but `allow` lets people in, or a login lets no one in on purpose."""
    if settings.get("organizations") or at(settings, "class") == "null":
        return True
    if settings["provider"] == "dummy" and at(traits, "allow_all") is False:
        return True
    if providers := settings.get("identityProviders"):
        return any(any(one.get("allow", {}).values()) for one in providers.values())
    people = at(hub.values, "hub", "config", "Authenticator") or {}
    # A trait that site.yaml has no word for may let somebody in.
    keys = (key for part in (traits, people) if isinstance(part, Mapping) for key in part)
    return any(str(key).startswith(_RULES) and key != "allowed_idps" for key in keys)


def _without_rule(named: str, today: Version | None, ask: Ask) -> dict[str, Any]:
    if named == "dummy" or (today is not None and today in _EVERYBODY):
        ask(
            "no rule says who may log in, and today that lets everybody in who has an account "
            "with the provider; is that meant? Else name users or groups",
            _ALLOW,
        )
        return {"everyone": True}
    ask(
        "no rule says who may log in, so nobody but admins gets in today: name users or groups, "
        "or write {everyone: true}",
        _ALLOW,
    )
    return {}


def _of_class(hub: Restated) -> dict[str, Any]:
    """The class that site.yaml has no word for, its traits, and those whose values are sealed."""
    named = at(hub.values, "hub", "config", "JupyterHub", "authenticator_class")
    section = section_of(named)
    above = ("hub", "config", section)
    open_, hidden = (at(values, *above) for values in (hub.values, hub.foreign.withheld))
    traits = open_ if isinstance(open_, Mapping) else {}
    secret = {
        key: None
        for part in (traits, hidden if isinstance(hidden, Mapping) else {})
        for key, value in part.items()
        if value not in (None, "") and (part is hidden or _is_secret(section, key, value))
    }
    # The client of oauthenticator's classes has keys of its own in `hub-secrets`.
    elsewhere = _CLIENT if is_oauth_class(named) else ()
    config = {
        key: value
        for key, value in traits.items()
        if value not in (None, "") and key not in (*secret, *elsewhere)
    }
    sealed = [f"{section}.{key}" for key in secret if key not in elsewhere]
    return {
        "class": named,
        **({"config": {section: config}} if config else {}),
        **({"secretConfig": sealed} if sealed else {}),
    }


def _is_secret(section: str, key: str, value: Json) -> bool:
    return is_secret_key(key) or holds((section, key), value)


def _as_check_in(settings: dict[str, Any]) -> dict[str, Any]:
    """The preset of EGI Check-In where all the addresses are its own, and it says the same."""
    instance, allow = check_in.instance_of(str(settings.get("authorizeUrl"))), settings["allow"]
    urls = check_in.endpoints(check_in.INSTANCES.get(instance or "", ""))
    groups, claim = allow.get("groups", []), allow.get("groupsClaim")
    reads_groups = bool(groups or settings.get("adminGroups"))
    if (
        instance is None
        or any(settings.get(key) != url for key, url in urls.items())
        or (claim is not None) != reads_groups
        or claim not in (None, check_in.CLAIM)
    ):
        return settings
    defaults = {
        "loginService": check_in.NAME,
        "scopes": list(PROVIDERS[check_in.PROVIDER].scopes),
        "usernameClaim": "preferred_username",
        "instance": "production",
    }
    left = {key: value for key, value in allow.items() if key not in ("groups", "groupsClaim")}
    preset = {**settings, "instance": instance, "provider": check_in.PROVIDER, **_members(groups)}
    kept = {key: value for key, value in preset.items() if defaults.get(key) != value}
    return {
        **{key: value for key, value in kept.items() if key not in urls and key != "allow"},
        **({"allow": left} if left else {}),
    }


def _members(groups: list[str]) -> dict[str, Any]:
    """Entitlements as the VO and the roles that they are for, where they are of one VO."""
    found = [re.fullmatch(_URN, one, re.ASCII) for one in groups]
    vos = {match[1] for match in found if match}
    roles = [match[2] for match in found if match]
    if len(vos) != 1 or len(roles) != len(groups):
        return {"entitlements": groups} if groups else {}
    return {"vo": vos.pop(), **({} if roles == ["member"] else {"roles": roles})}
