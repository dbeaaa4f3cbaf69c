"""The preset of EGI Check-In, run by the real oauthenticator against a server that stands in."""

import json
from typing import Any
from urllib.request import urlopen

import pytest

from generator.site import check_in
from tests.charts.test_jupyterhub_login import HUBS, ON_EVERY_HUB, hub_values
from tests.support import programs
from tests.support.check_in import standing_in

pytestmark = pytest.mark.tools

MEMBER = "urn:mace:egi.eu:group:vo.coast.eu:role=member#aai.egi.eu"
OPERATOR = "urn:mace:egi.eu:group:vo.coast.eu:role=vm_operator#aai.egi.eu"
OTHER = "urn:mace:egi.eu:group:vo.tides.eu:role=member#aai.egi.eu"
CLIENT = ("hub", "client-value")


def person(name: str, *entitlements: str) -> dict[str, Any]:
    """What Check-In knows of a person."""
    claims = {"sub": f"{name}0123@egi.eu", "preferred_username": name, "email": f"{name}@x.org"}
    return {**claims, "entitlements": list(entitlements)}


PEOPLE = {
    "ada": person("ada", MEMBER, OPERATOR),
    "bo": person("bo", MEMBER),
    "eve": person("eve", OTHER),
    "mallory": person("mallory"),
}


def logins(chart: str, **login: Any) -> list[Any]:
    """Who of all people gets in, in their order."""
    config = hub_values(chart, {"provider": check_in.PROVIDER, **login})["config"]
    scopes = tuple(config["GenericOAuthenticator"]["scope"])
    host = check_in.INSTANCES[login.get("instance", "production")]
    with standing_in(PEOPLE, scopes, CLIENT) as address:
        moved = json.loads(json.dumps(config).replace(f"https://{host}", address))
        with urlopen(f"{address}/auth/realms/egi/.well-known/openid-configuration") as answer:
            found = json.load(answer)
        oauth = moved["GenericOAuthenticator"]
        names = ("authorize_url", "token_url", "userdata_url")
        ends = ("authorization_endpoint", "token_endpoint", "userinfo_endpoint")
        assert [oauth[name] for name in names] == [found[end] for end in ends]
        asked = {"config": moved, "users": [], "memory": [], "codes": list(PEOPLE)}
        variables = dict(zip(("OAUTH_CLIENT_ID", "OAUTH_CLIENT_SECRET"), CLIENT, strict=True))
        result = programs.probe("hub_probe.py", HUBS[chart], asked, **variables)
    assert result["warnings"] == []
    return [one and one["name"] for one in result["logins"]]


@ON_EVERY_HUB
@pytest.mark.parametrize(
    ("login", "expected"),
    [
        ({"vo": "vo.coast.eu"}, ["ada", "bo", None, None]),
        ({"vo": "vo.coast.eu", "roles": ["vm_operator"]}, ["ada", None, None, None]),
        ({"entitlements": [OTHER], "instance": "demo"}, [None, None, "eve", None]),
        ({"vo": "vo.coast.eu", "allow": {"users": ["mallory"]}}, ["ada", "bo", None, "mallory"]),
        ({"adminGroups": [OPERATOR], "instance": "development"}, ["ada", None, None, None]),
        ({"allow": {"everyone": True}}, ["ada", "bo", "eve", "mallory"]),
    ],
    ids=["vo", "role", "entitlement", "vo and a user", "admins", "everyone"],
)
def test_members_get_in_and_others_do_not(
    chart: str, login: dict[str, Any], expected: list[str | None]
) -> None:
    assert logins(chart, **login) == expected


def test_names_are_the_subject_where_site_yaml_says_so() -> None:
    assert logins("4.4.0", vo="vo.coast.eu", usernameClaim="sub")[:2] == [
        "ada0123@egi.eu",
        "bo0123@egi.eu",
    ]


@ON_EVERY_HUB
def test_without_the_scope_no_member_gets_in(chart: str) -> None:
    with pytest.raises(AssertionError, match="A512"):
        logins(chart, vo="vo.coast.eu", scopes=["openid", "profile"])
