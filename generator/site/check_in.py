"""EGI Check-In: the settings of a login that follow from its instance and from a VO. Pure.

Sources: docs.egi.eu/providers/check-in/sp (instances, endpoints, scopes and claims) and
docs.egi.eu/users/check-in/vos/expressing-vo-information (entitlements, as AARC-G002 spells them).
"""

from collections.abc import Iterable, Mapping
from typing import Any

PROVIDER = "egi-check-in"
INSTANCES = {
    "production": "aai.egi.eu",
    "demo": "aai-demo.egi.eu",
    "development": "aai-dev.egi.eu",
}
NAME = "EGI Check-In"
CLAIM = "entitlements"
# What the claim was called before.
OLD_CLAIM = "eduperson_entitlement"
_ENDPOINTS = {"authorizeUrl": "auth", "tokenUrl": "token", "userdataUrl": "userinfo"}
# Every member of a VO has it, whatever other roles there are.
_MEMBER = "member"


def completed(keys: Mapping[str, Any]) -> dict[str, Any]:
    """The plain keys with those that follow: addresses, login button, and who may log in."""

    def at(key: str, otherwise: Any = None) -> Any:
        return keys.get(f"authentication.{key}", otherwise)

    instance = at("instance", "production")
    said = {
        "instance": instance,
        "loginService": at("loginService", NAME),
        **endpoints(INSTANCES.get(instance, "")),
    }
    vo = at("vo")
    of_vo = entitlements(vo, at("roles", ())) if vo else ()
    groups = (*at("allow.groups", ()), *at("entitlements", ()), *of_vo)
    if groups:
        said["allow.groups"] = tuple(dict.fromkeys(groups))
    if groups or at("adminGroups"):
        said["allow.groupsClaim"] = CLAIM
    return {**keys, **{f"authentication.{key}": value for key, value in said.items()}}


def endpoints(host: str) -> dict[str, str]:
    """The addresses of an instance, by their keys in site.yaml."""
    base = f"https://{host}/auth/realms/egi/protocol/openid-connect"
    return {key: f"{base}/{name}" for key, name in _ENDPOINTS.items()}


def entitlements(vo: str, roles: Iterable[str]) -> tuple[str, ...]:
    """What Check-In says of a member of a VO, or of one of its groups (`vo:group`), by role."""
    return tuple(
        f"urn:mace:egi.eu:group:{vo}:role={role}#aai.egi.eu" for role in tuple(roles) or (_MEMBER,)
    )


def instance_of(url: str) -> str | None:
    """The instance whose host an address names; neither its case nor its port matters."""
    host = url.partition("://")[2].partition("/")[0].partition(":")[0].lower()
    return next((name for name, one in INSTANCES.items() if one == host), None)
