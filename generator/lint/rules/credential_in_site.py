"""A value in site.yaml looks like a credential.

Everyone who can read the repository, its forks or its backups can read it, and Git keeps it after
it is deleted. Remove it, create a new one at its source, and seal the new one: credentials belong
in the Secret `hub-secrets`. If it is not a credential, add a comment on its line with this code and
a reason.

These look like credentials: text under a key such as `apiToken` or `client_secret`, text assigned
to such a name in a piece of configuration, a private key, a long random word, a password in a URL.

Bad:
    jupyterhub:
      values:
        hub:
          config:
            GitHubOAuthenticator:
              client_secret: tides-and-currents
Good:
    jupyterhub:
      values:
        hub:
          config:
            GitHubOAuthenticator:
              populate_teams_in_auth_state: true

See https://docs.github.com/en/authentication/keeping-your-account-and-data-secure/removing-sensitive-data-from-a-repository
"""

import re
from collections.abc import Iterator, Mapping

from generator.credentials import is_credential, is_secret_key, url_users
from generator.diagnostics import Finding, Pointer
from generator.lint.rules.base import (
    LOGIN,
    PROFILES,
    Findings,
    addresses,
    errors,
    every_part,
    every_settings,
    login_urls,
    raw_values,
)
from generator.site.model import Json, Profile, Settings, Site

finding = errors("K701")

# `name = "text"` or `"name": "text"` inside a piece of configuration.
_ASSIGNED = r"""(?<![\w.-])([\w.-]{1,100})["'\]]*\s*[:=]\s*["'][^"'\s]{4,}["']"""


def check(site: Site) -> Findings:
    """A finding at each such value; it is never repeated."""
    for at, url in _urls(site):
        if _has_url_password(url):
            yield _credential(at, "this URL carries a password")
    yield from (_credential(at) for at, text in _texts(site) if text and is_credential(text))
    for settings in every_settings(site):
        for at, value in raw_values(settings):
            if holds_credential(at, value):
                yield _credential(at)
            elif isinstance(value, Mapping) and is_named_credential(value):
                yield _credential((*at, "value"))


def _credential(at: Pointer, message: str = "this value looks like a credential") -> Finding:
    return finding(
        at,
        message,
        "remove it and create a new one at its source, because Git keeps this one; if it is not "
        f"a credential, end the line with  # hubops: ignore[{finding.code}] and a reason",
    )


def holds_credential(at: Pointer, value: Json) -> bool:
    """Whether a value below `values` is one, by the key it stands under or by its looks."""
    if isinstance(value, bool) or not isinstance(value, str | int | float) or not value:
        return False
    text = str(value)
    key = next(step for step in reversed(at) if isinstance(step, str))
    assigned = any(is_secret_key(match.group(1)) for match in re.finditer(_ASSIGNED, text))
    # A short number is a size or a count, such as `max_tokens: 4`.
    named = is_secret_key(key) and (isinstance(value, str) or len(text) >= 6)
    return named or assigned or is_credential(text) or _has_url_password(text)


def is_named_credential(entry: Mapping[str, Json]) -> bool:
    """Whether a map is `{name: GITHUB_TOKEN, value: ...}`, as Kubernetes writes variables."""
    name, value = entry.get("name"), entry.get("value")
    return isinstance(name, str) and is_secret_key(name) and isinstance(value, str) and bool(value)


def _has_url_password(text: str) -> bool:
    """Whether a URL in the text carries a password, or a token in its place."""
    return any(":" in user.rstrip(":") or is_credential(user) for user in url_users(text))


def _urls(site: Site) -> Iterator[tuple[Pointer, str]]:
    yield from ((at, url) for at, _, url in addresses(site))
    for settings in every_part(site, lambda settings: settings.login):
        for path, url in login_urls(settings).items():
            yield settings.origin.at(*path), url


def _texts(site: Site) -> Iterator[tuple[Pointer, str | None]]:
    """What people write in their own words."""
    for settings in every_part(site, lambda settings: settings.login):
        if settings.login is not None:
            yield settings.origin.at(*LOGIN, "loginService"), settings.login.login_service
    for settings in every_part(site, _profiles):
        for index, profile in enumerate(_profiles(settings)):
            for key, text in (("name", profile.name), ("description", profile.description)):
                yield settings.origin.at(*PROFILES, index, key), text


def _profiles(settings: Settings) -> tuple[Profile, ...]:
    return settings.hub.profiles if settings.hub is not None else ()
