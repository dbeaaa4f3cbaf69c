"""Random ways to log in, one kind for each provider."""

from functools import cache
from typing import Any

from hypothesis import strategies as st

from tests.support.random_values import lines

Raw = dict[str, Any]
LOGIN_WORDS = ("anna", "ben", "1e3", "on", "0o17", "2022-06-01", "team a")


@cache
def authentication(provider: str) -> st.SearchStrategy[Raw]:
    """The `authentication` of a provider: everyone, some people or some groups may log in."""
    return {"generic-oauth": _generic_oauth, "github": _github, "dummy": _dummy}[provider]()


@cache
def _words() -> st.SearchStrategy[list[str]]:
    return st.lists(st.sampled_from(LOGIN_WORDS), min_size=1, max_size=3, unique=True)


@cache
def _generic_oauth() -> st.SearchStrategy[Raw]:
    url = st.sampled_from(("https://login.example.org/auth?x=1#y", "https://login.example.org/a"))
    groups = st.fixed_dictionaries({"groups": _words(), "groupsClaim": st.just("entitlements")})
    allow = st.one_of(
        st.just({"everyone": True}), st.fixed_dictionaries({"users": _words()}), groups
    )
    return st.fixed_dictionaries(
        {
            "provider": st.just("generic-oauth"),
            "authorizeUrl": url,
            "tokenUrl": url,
            "userdataUrl": url,
            "allow": allow,
        },
        optional={
            "loginService": lines(),
            "scopes": st.sampled_from((["openid", "profile"], ["openid", "1e3", "y"])),
            "usernameClaim": st.sampled_from(("preferred_username", "on", "1e3")),
            "admins": _words(),
        },
    )


@cache
def _github() -> st.SearchStrategy[Raw]:
    names = st.sampled_from((["1e3"], ["protocoast", "protocoast:on"], ["null:team"]))
    optional = {"admins": _words(), "allow": st.fixed_dictionaries({"users": _words()})}
    return st.fixed_dictionaries(
        {"provider": st.just("github"), "organizations": names}, optional=optional
    )


@cache
def _dummy() -> st.SearchStrategy[Raw]:
    return st.fixed_dictionaries(
        {"provider": st.just("dummy"), "allow": st.just({"everyone": True})},
        optional={"admins": _words()},
    )
