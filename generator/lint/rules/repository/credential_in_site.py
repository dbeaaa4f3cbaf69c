"""A value in site.yaml looks like a credential.

Everyone who can read the repository, its forks or its backups can read it, and Git keeps it after
it is deleted. Remove it, create a new one at its source, and seal the new one: credentials belong
in the Secret `hub-secrets`. If it is not a credential, add a comment on its line with this code and
a reason.

These look like credentials: text under a key such as `apiToken`, `client_secret`, `PGPASS` or
`bind_pw`, text assigned to such a name in a piece of configuration, a command or a connection
string, a private key, a token of a known service, a JSON web token, a long random word, a password
in a URL. These do not: a path, a variable such as `$(PASSWORD)`, a digest or commit of an image.

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
from itertools import pairwise

from generator.credentials import (
    assigns_credential,
    is_credential,
    is_credential_of,
    is_reference,
    url_users,
)
from generator.diagnostics import Finding, Pointer
from generator.lint.rules.base import (
    LOGIN,
    Findings,
    addresses,
    errors,
    every_part,
    every_raw_value,
    login_config,
    login_urls,
    server_texts,
)
from generator.site.model import Json, Settings, Site
from generator.site.profiles import PROFILES, Profile

finding = errors("K701")

_PYTHON = "extraConfig"
_ANNOUNCEMENT = ("jupyterhub", "page", "announcement")
# What servers get in people's own words.
_TEXTS = ("environment", "files", "postStart", "command")
# Maps whose keys are tokens (jupyterhub/app.py).
TOKEN_MAPS = ("api_tokens", "service_tokens")
# Maps of names with a credential each.
_BY_NAME = r"(?i)(?:passwords|passwds|tokens)$"


def check(site: Site) -> Findings:
    """A finding at each such value; it is never repeated."""
    for at, url in _urls(site):
        if _has_url_password(url):
            yield _credential(at, "this URL carries a password")
        elif "?" in url and _has_token(url):
            yield _credential(at, "this URL carries a token")
    yield from (_credential(at) for at, text in _texts(site) if text and is_credential(text))
    for cluster in site.clusters.values():
        for name, text in cluster.ingress.annotations.items() if cluster.ingress else ():
            at = (*cluster.at, "ingress", "annotations", name)
            yield from [_credential(at)] if holds_credential(at, text) else []
    for settings in every_part(site, lambda settings: settings.login):
        for at, value in login_config(settings):
            if holds_credential(at, value):
                yield _credential(at)
            yield from (_credential((*at, *below)) for below in credentials_below(value))
    for settings in every_part(site, lambda settings: settings.hub):
        variables = settings.at("jupyterhub.hub.environment") or {}
        for name, value in variables.items():
            place = ("jupyterhub", "hub", "environment", name)
            if holds_credential(place, value):
                yield _credential(settings.origin.at(*place))
        for at, value in server_texts(settings, _TEXTS):
            if holds_credential(at, value):
                yield _credential(settings.origin.at(*at))
            yield from (
                _credential(settings.origin.at(*at, *below)) for below in credentials_below(value)
            )
    for at, value in every_raw_value(site):
        if holds_credential(at, value):
            yield _credential(at, on_key=at[-2] in TOKEN_MAPS)
        yield from (_credential((*at, *below)) for below in credentials_below(value))


def _credential(
    at: Pointer, message: str = "this value looks like a credential", *, on_key: bool = False
) -> Finding:
    return finding(
        at,
        message,
        "remove it and create a new one at its source, because Git keeps this one; if it is not "
        f"a credential, end the line with  # hubops: ignore[{finding.code}] and a reason",
        on_key=on_key,
    )


def holds_credential(at: Pointer, value: Json) -> bool:
    """Whether a value below `values` is one, by the key it stands under or by its looks."""
    if isinstance(value, bool) or not isinstance(value, str | int | float) or not value:
        return False
    text = str(value)
    key, above = [*(step for step in reversed(at) if isinstance(step, str)), ""][:2]
    if key == "value" or re.search(_BY_NAME, above):  # `PGPASS: {value: x}`, `passwords: {ada: x}`
        key = above
    if text.isdigit() and re.search(r"(?i)tokens$", key):  # `MAX_TOKENS: "4096"`
        return False
    if at[-2:-1] and at[-2] in TOKEN_MAPS:
        return True
    is_python = _PYTHON in at or key.endswith(".py")
    # The key of a piece of Python only names it, and only the looks of its text count.
    key = "" if is_python else key
    # A short number is a size or a count, such as `max_tokens: 4`.
    named = (isinstance(value, str) or len(text) >= 6) and is_credential_of(key, text)
    return named or assigns_credential(text, is_python=is_python) or _has_url_password(text)


def credentials_below(value: Json) -> Iterator[Pointer]:
    """Where a map or a list holds one that only its neighbor tells.

    `{name: GITHUB_TOKEN, value: ...}`, as Kubernetes writes variables, and a command's `--password`
    before its value.
    """
    if isinstance(value, Mapping):
        name, text = value.get("name"), value.get("value")
        if isinstance(name, str) and isinstance(text, str) and text:
            yield from [("value",)] if is_credential_of(name, text) else []
    elif isinstance(value, list):
        for index, (word, after) in enumerate(pairwise(value), 1):
            if isinstance(word, str) and isinstance(after, str) and _is_option(word, after):
                yield (index,)


def _is_option(word: str, after: str) -> bool:
    return (
        word.startswith("--") and after[:1] not in ("", "-", "$") and is_credential_of(word, after)
    )


def _has_url_password(text: str) -> bool:
    """Whether a URL in the text carries a password, or a token in its place."""
    parts = (user.partition(":")[::2] for user in url_users(text))
    return any(
        not is_reference(password) if password else is_credential(user) for user, password in parts
    )


def _has_token(url: str) -> bool:
    """Whether a parameter of a URL is a credential, by its name or its looks."""
    from urllib.parse import parse_qsl, urlsplit  # few addresses have any

    return any(is_credential_of(key, text) for key, text in parse_qsl(urlsplit(url).query))


def _urls(site: Site) -> Iterator[tuple[Pointer, str]]:
    yield from ((at, url) for at, _, url in addresses(site))
    for cluster in site.clusters.values():
        yield (*cluster.at, "name"), cluster.registered_name or ""
        for name, url in cluster.dashboards.items():
            yield (*cluster.at, "dashboards", name), url
    for settings in every_part(site, lambda settings: settings.login):
        for path, url in login_urls(settings).items():
            yield settings.origin.at(*path), url


def _texts(site: Site) -> Iterator[tuple[Pointer, str | None]]:
    """What people write in their own words."""
    for settings in every_part(site, lambda settings: settings.login):
        if settings.login is not None:
            yield settings.origin.at(*LOGIN, "loginService"), settings.login.login_service
    for settings in every_part(site, lambda settings: settings.hub):
        if text := settings.at(".".join(_ANNOUNCEMENT)):
            yield settings.origin.at(*_ANNOUNCEMENT), text
    for settings in every_part(site, _profiles):
        for index, profile in enumerate(_profiles(settings)):
            for key, text in (("name", profile.name), ("description", profile.description)):
                yield settings.origin.at(*PROFILES, index, key), text


def _profiles(settings: Settings) -> tuple[Profile, ...]:
    return settings.hub.profiles if settings.hub is not None else ()
