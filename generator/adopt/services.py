"""Services and roles, as the hub's values say them -> `services` and `roles` of site.yaml.

What site.yaml has no key for stays among the values: it is carried below the same name.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from generator.adopt.base import at
from generator.charts.hub_services import CULLER, DASK_ROLE, DASK_SERVICE, OWN_ROLES
from generator.charts.spellings import words
from generator.site.model import Json

# A name that a service and its role can have in site.yaml, and an address there.
_NAME = r"(?a)[a-z][a-z0-9_-]{1,48}[a-z0-9]"
_URL = r"(?a)https?://[A-Za-z0-9_.-]+(:\d{1,5})?(/[!-;=?-Z_a-z~]*)?"
_MEMBERS = ("users", "groups", "services")


def settings(values: Mapping[str, Json]) -> dict[str, Any]:
    """Both, as far as site.yaml can say them; nothing without any."""
    roles = {name: said for name, said in _maps(at(values, "hub", "loadRoles")) if _is_role(said)}
    services = {
        name: _service(said)
        for name, said in _maps(at(values, "hub", "services"))
        if name not in (DASK_SERVICE, CULLER, *OWN_ROLES)
    }
    for name, said in services.items():
        if _is_of(roles.get(name), name):
            said["scopes"] = list(roles.pop(name)["scopes"])
    own = {name: _role(said) for name, said in roles.items() if name not in OWN_ROLES}
    found = {"services": services, "roles": own}
    return {key: said for key, said in found.items() if said}


def gateway_groups(values: Mapping[str, Json]) -> list[str]:
    """The groups that alone may use the gateway, where hubops' own role says so."""
    groups = words(at(values, "hub", "loadRoles", DASK_ROLE, "groups"))
    return groups if groups and at(values, "hub", "loadRoles", "user") is None else []


def _maps(node: Json) -> Iterator[tuple[str, Mapping[str, Json]]]:
    entries = node.items() if isinstance(node, Mapping) else ()
    for name, said in entries:
        if isinstance(said, Mapping) and re.fullmatch(_NAME, name):
            yield name, said


def _service(said: Mapping[str, Json]) -> dict[str, Any]:
    url, flags = said.get("url"), ("display", "admin")
    found: dict[str, Any] = {}
    if isinstance(url, str) and re.fullmatch(_URL, url):
        found["url"] = url
    return found | {key: said[key] for key in flags if isinstance(said.get(key), bool)}


def _is_role(said: Mapping[str, Json]) -> bool:
    """Whether site.yaml can say a role's scopes and who has it."""
    lists = [said[key] for key in ("scopes", *_MEMBERS) if key in said]
    return "scopes" in said and all(words(one) is not None for one in lists)


def _role(said: Mapping[str, Json]) -> dict[str, Any]:
    return {key: list(said[key]) for key in ("scopes", *_MEMBERS) if key in said}


def _is_of(role: Mapping[str, Json] | None, service: str) -> bool:
    """Whether a role is what hubops writes for a service: its scopes, and no one else has it."""
    if role is None or not role["scopes"]:
        return False
    return role.get("services") == [service] and role.keys().isdisjoint(("users", "groups"))
