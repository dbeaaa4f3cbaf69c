"""How the client id and secret of a new login get sealed: a sealed one is asked for by its name."""

import pytest

from generator.build.repository import Inputs, secrets_of
from generator.build.sealed_secrets import owner
from generator.change.review import review
from generator.change.sides import Side
from generator.names import HUB_SECRET
from generator.secrets.keys import CLIENT_ID, CLIENT_SECRET
from tests.support import copies
from tests.support.sites import protocoast_with

SITE = protocoast_with({"environments": {"staging": None}})
ADDRESSES = {key: f"https://login.example.org/{key}" for key in ("authorizeUrl", "tokenUrl")}
ELSEWHERE = protocoast_with(
    {"environments": {"staging": None}, "jupyterhub": {"authentication": ADDRESSES}}
)
ID, SECRET = (f"hubops seal production --rotate {key}" for key in (CLIENT_ID, CLIENT_SECRET))
# What is sealed before the change and after it, each key with the number of its ciphertext.
CASES: dict[str, tuple[dict[str, int], dict[str, int], list[str]]] = {
    "nothing": ({}, {}, ["hubops seal production"]),
    "both": (
        {CLIENT_ID: 1, CLIENT_SECRET: 2},
        {CLIENT_ID: 1, CLIENT_SECRET: 2},
        [ID, SECRET],
    ),
    "one": ({CLIENT_ID: 1}, {CLIENT_ID: 1}, [ID, "hubops seal production"]),
    "both, and rotated already": (
        {CLIENT_ID: 1, CLIENT_SECRET: 2},
        {CLIENT_ID: 3, CLIENT_SECRET: 4},
        [],
    ),
    "both, and one rotated already": (
        {CLIENT_ID: 1, CLIENT_SECRET: 2},
        {CLIENT_ID: 3, CLIENT_SECRET: 2},
        [SECRET],
    ),
}


def inputs(held: dict[str, int]) -> Inputs:
    (environment,) = SITE.environments
    (secret,) = (one for one in secrets_of(environment) if one.name == HUB_SECRET)
    sealed = {owner(environment, secret, key): copies.ciphertext(n) for key, n in held.items()}
    return Inputs(sealed=sealed)


@pytest.mark.parametrize(("before", "after", "commands"), CASES.values(), ids=CASES)
def test_a_new_login_says_how_its_client_is_sealed(
    before: dict[str, int], after: dict[str, int], commands: list[str]
) -> None:
    sides = Side(site=SITE, inputs=inputs(before)), Side(site=ELSEWHERE, inputs=inputs(after))
    (chapter,) = review(*sides, lambda place, app, change: "").environments
    acts = [act for one in chapter.consequences if one.code == "E007" for act in one.acts]
    assert [act.command for act in acts if act.command] == commands
