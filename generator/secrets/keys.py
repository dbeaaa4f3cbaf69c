"""The keys of `hub-secrets`: what the hub accepts, and what a new value does once merged. Pure.

Sources: JupyterHub's app.py (`cookie_secret`: hex), crypto.py (`CryptKeeper.keys`: 32 bytes each),
services/service.py (`apiToken`: at least 8 characters).
"""

import re
from collections.abc import Mapping

from generator.charts import dask_gateway, storage_values
from generator.charts.hub_services import is_token_key
from generator.names import HUB_SECRET
from generator.records import record
from generator.secrets import registry
from generator.site.model import ExtraSecret, Settings

CLIENT_ID = "oauth.client_id"
CLIENT_SECRET = "oauth.client_secret"
COOKIE_SECRET = "hub.config.JupyterHub.cookie_secret"
CRYPT_KEYS = "hub.config.CryptKeeper.keys"
DASK_TOKEN = "hub.services.dask-gateway.apiToken"
DATABASE_PASSWORD = storage_values.DATABASE_PASSWORD

MAX_BYTES = 2**20

_HUB = "the hub restarts once, about a minute without logins; servers and Dask clusters run on"
_SERVERS = "users' servers have the new value from their next start on"
_PULLS = "images that nodes do not have yet are pulled with the new password"
_SERVICE = "the service is refused until it has the new token too: give it the same, and restart it"
_APP = "what reads the Secret has the new value once it starts again: restart its pods"
_EFFECTS = {
    CLIENT_ID: "logins fail until the login provider knows this client",
    CLIENT_SECRET: "logins fail while the login provider has another secret",
    DATABASE_PASSWORD: "the hub does not start while its database has another password",
    COOKIE_SECRET: "logged-in users are signed out and must log in again",
    CRYPT_KEYS: (
        "what the hub keeps under the old key (auth_state) can't be read any more, and users log "
        "in again; to keep it give 'NEW;OLD' with --from-file, and drop OLD later"
    ),
}


@record
class ValueForm:
    """What a value looks like.

    `is_random` says that hubops can make one. `is_text` rules out what no environment variable can
    hold, `is_line` a line end, `pattern` what the reader of the value refuses (`wanted` in words).
    `is_bytes` keeps every byte: a file may well end in a line end. `server`: it opens a registry.
    """

    is_random: bool = False
    is_text: bool = True
    is_line: bool = False
    is_bytes: bool = False
    server: str = ""
    pattern: str = ""
    wanted: str = ""


_FORMS: Mapping[str, ValueForm] = {
    CLIENT_ID: ValueForm(is_line=True),
    CLIENT_SECRET: ValueForm(is_line=True),
    DATABASE_PASSWORD: ValueForm(is_line=True),
    COOKIE_SECRET: ValueForm(
        is_random=True, is_line=True, pattern="[0-9a-fA-F]{64}", wanted="64 hexadecimal digits"
    ),
    CRYPT_KEYS: ValueForm(
        is_random=True,
        is_line=True,
        pattern="[0-9a-fA-F]{64}(;[0-9a-fA-F]{64})*",
        wanted="64 hexadecimal digits, or several such keys with ';' between them",
    ),
    DASK_TOKEN: ValueForm(
        is_random=True,
        is_line=True,
        pattern="[!-~]{8,}",
        wanted="at least 8 letters, digits or signs, without a space",
    ),
}


def form(settings: Settings, secret: str, key: str) -> ValueForm:
    """What a value of one key of one Secret must look like."""
    if secret == HUB_SECRET:
        return _hub_form(key)
    extra = extra_secret(settings, secret)
    if extra is not None and extra.server:
        return ValueForm(server=extra.server)
    only_mounted = extra is not None and not (extra.in_hub or extra.in_servers)
    # What an app makes of its Secret only its chart knows: any bytes may be right.
    return ValueForm(is_text=extra is not None and not only_mounted, is_bytes=only_mounted)


def is_generated(key: str) -> bool:
    """Whether hubops can make a value of a key of `hub-secrets`."""
    return _hub_form(key).is_random


def _hub_form(key: str) -> ValueForm:
    return _FORMS.get(DASK_TOKEN if is_token_key(key) else key, ValueForm())


def extra_secret(settings: Settings, name: str) -> ExtraSecret | None:
    """The site's own Secret of a name."""
    return next((secret for secret in settings.secrets if secret.name == name), None)


def complaint(form: ValueForm, value: bytes) -> str:
    """What is wrong with a value, or nothing. Repeats none of it."""
    if not value:
        return "is empty"
    if len(value) > MAX_BYTES:
        return "is longer than 1 MiB, and no Secret can hold that"
    try:
        text = value.decode()
    except UnicodeDecodeError:
        text = None
    if form.is_text and (text is None or "\0" in text):
        return "is binary, and no environment variable can hold that"
    if form.is_line and (text is None or re.search(r"[\x00-\x1f\x7f]", text)):
        return "holds a line end or another control character"
    if form.is_line and text is not None and text != text.strip():
        return "begins or ends with a space"
    if form.server:
        return registry.complaint(form.server, value)
    if form.pattern and not re.fullmatch(form.pattern, text or ""):
        return f"is not what the hub accepts: {form.wanted}"
    return ""


def without_line_end(form: ValueForm, value: bytes) -> bytes:
    """The value without the one line end that editors and `echo` add, unless it is a file's."""
    return value if form.is_bytes else re.sub(rb"\r?\n\Z", b"", value)


def completed(form: ValueForm, value: bytes) -> bytes:
    """The value as its Secret holds it: of a registry's user and password the configuration."""
    return registry.configuration(form.server, value) if form.server else value


def effects(settings: Settings, secret: str, key: str) -> tuple[str, ...]:
    """What restarts for a new value to take effect, and what people notice."""
    if secret != HUB_SECRET:
        extra = extra_secret(settings, secret)
        if extra is None:
            return (_APP,)
        if extra.server:
            return (_HUB, _PULLS)
        in_servers = extra.in_servers or extra.mount is not None
        return (_HUB, _SERVERS) if in_servers else (_HUB,)
    own = dask_gateway.token_pickup(settings) if key == DASK_TOKEN else _EFFECTS.get(key)
    own = own or (_SERVICE if is_token_key(key) else None)
    return (_HUB, own) if own else (_HUB,)
