"""Users may get other names, and with them other homes.

A home volume is named after the user. Another provider, another claim or another address of the
provider may give the same person another name, which starts with an empty home.
"""

import re
from collections.abc import Mapping

from generator.change.difference import arrows
from generator.change.sides import Step
from generator.lint.consequences import Consequences, Weight, before
from generator.site.hub import Authentication
from generator.site.model import Json

# Where a login without an address for it finds the user information.
_TOKEN = "the id token"
_DERIVED = {"stripDomain": "without @", "prefix": "with the prefix "}


def check(step: Step) -> Consequences:
    """One effect where the names may differ."""
    old, new = (side.settings.login for side in step.sides)
    if old is None or new is None:
        return
    changed = {"provider": (old.provider, new.provider)}
    if old.provider == new.provider:
        changed["user information from"] = (
            old.userdata_url or _TOKEN,
            new.userdata_url or _TOKEN,
        )
        changed["class"] = (old.class_, new.class_)
        if new.is_openid:
            changed["user name"] = (old.username_claim or "", new.username_claim or "")
        if new.provider == "google":
            changed["names"] = (_google_names(old), _google_names(new))
        for entity in sorted({*old.identity_providers} & {*new.identity_providers}):
            sides = (_derived(side.identity_providers[entity]) for side in (old, new))
            changed[f"names from {entity}"] = (next(sides), next(sides))
        keys = sorted({*_config(old)} | {*_config(new)})
        for key in keys:
            if re.search("user|name|dn", key) and not re.match("(any_)?(allow|admin|block)", key):
                changed[key] = (
                    str(_config(old).get(key, "nothing")),
                    str(_config(new).get(key, "nothing")),
                )
    said = ", ".join(arrows(changed))
    if said:
        yield Weight.DATA.of(
            f"{said}: the same person may get another user name, and an empty home",
            before("compare the user names that the old and the new login give"),
        )


def _google_names(login: Authentication) -> str:
    """With one domain the authenticator leaves it out of names (oauthenticator/google.py)."""
    return f"without @{login.domains[0]}" if len(login.domains) == 1 else "whole addresses"


def _derived(said: Mapping[str, Json]) -> str:
    """How an identity provider's users get their names."""
    how = (f"{words}{said[key]}" for key, words in _DERIVED.items() if key in said)
    return " ".join((str(said.get("usernameClaim", "")), *how))


def _config(login: Authentication) -> dict[str, Json]:
    """The traits of a class of the site's own."""
    return {key: value for traits in login.config.values() for key, value in traits.items()}
