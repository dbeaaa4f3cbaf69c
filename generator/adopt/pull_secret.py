"""The Secret that the hub's chart makes today from a registry's user and password."""

import re
from collections.abc import Mapping
from typing import Any

from generator.adopt.base import Foreign, at
from generator.merge import merge
from generator.secrets import registry
from generator.secrets.plaintext import Plaintext
from generator.site.model import Json

CHARTS_OWN = ("imagePullSecret",)
# Its name among the site's Secrets, and an address there.
NAME = "registry"
_SERVER = r"(?a)(?:https?://)?([a-z0-9.-]+(?::\d{1,5})?(?:/[a-z0-9._-]+)*)/?"


def settings(foreign: Foreign) -> dict[str, Any]:
    """The registry and who pulls from it; nothing where the chart makes no such Secret."""
    server = _server(foreign.values)
    if server is None:
        return {}
    return {
        "secrets": {NAME: {"kind": "registry", "server": server}},
        "jupyterhub": {"pullSecrets": [NAME]},
    }


def account(foreign: Foreign) -> Plaintext | None:
    """What opens the registry; None where the files lack a part of it."""
    server, all_ = _server(foreign.values), merge(foreign.values, foreign.withheld)
    user, password = (at(all_, *CHARTS_OWN, key) for key in ("username", "password"))
    if server is None or not (isinstance(user, str) and isinstance(password, str)):
        return None
    if not user or not password:
        return None
    text = f"{user}:{password}".encode(errors="surrogatepass")
    return Plaintext(registry.configuration(server, text))


def is_made(foreign: Foreign) -> bool:
    """Whether the chart makes the Secret, and hubops can instead."""
    return _server(foreign.values) is not None


def _server(values: Mapping[str, Json]) -> str | None:
    if at(values, *CHARTS_OWN, "create") is not True:
        return None
    said = at(values, *CHARTS_OWN, "registry")
    found = re.fullmatch(_SERVER, said) if isinstance(said, str) else None
    if found is None or "index.docker.io" in found[1]:
        return "docker.io" if found is not None else None
    return found[1]
