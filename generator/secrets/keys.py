"""What is known of the keys of `hub-secrets`: what they are, what the hub accepts. Data, pure.

Sources: JupyterHub's app.py (`cookie_secret`: hex), crypto.py (`CryptKeeper.keys`: 32 bytes each),
services/service.py (`apiToken`: at least 8 characters).
"""

import re
from collections.abc import Mapping

from generator.names import HUB_SECRET
from generator.records import record
from generator.site.model import ExtraSecret, Settings

CLIENT_ID = "oauth.client_id"
CLIENT_SECRET = "oauth.client_secret"
COOKIE_SECRET = "hub.config.JupyterHub.cookie_secret"
CRYPT_KEYS = "hub.config.CryptKeeper.keys"
DASK_TOKEN = "hub.services.dask-gateway.apiToken"

MAX_BYTES = 2**20


@record
class ValueForm:
    """What a value looks like, and what a new one does.

    `is_random` says that hubops can make one. `is_text` rules out what no environment variable can
    hold, `is_line` a line end, `pattern` what the reader of the value refuses (`wanted` in words).
    `is_bytes` keeps every byte: a file may well end in a line end.
    """

    is_random: bool = False
    is_text: bool = True
    is_line: bool = False
    is_bytes: bool = False
    pattern: str = ""
    wanted: str = ""


_FORMS: Mapping[str, ValueForm] = {
    CLIENT_ID: ValueForm(is_line=True),
    CLIENT_SECRET: ValueForm(is_line=True),
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
        return _FORMS.get(key, ValueForm())
    extra = extra_secret(settings, secret)
    only_mounted = extra is not None and not (extra.in_hub or extra.in_servers)
    return ValueForm(is_text=not only_mounted, is_bytes=only_mounted)


def extra_secret(settings: Settings, name: str) -> ExtraSecret | None:
    """The site's own Secret of a name."""
    return next((secret for secret in settings.secrets if secret.name == name), None)


def complaint(form: ValueForm, value: bytes) -> str:
    """What is wrong with a value, or nothing. Repeats none of it."""
    if not value:
        return "is empty"
    if len(value) > MAX_BYTES:
        return "is longer than 1 MiB, and no Secret can hold that"
    text = _text(value)
    if form.is_text and (text is None or "\0" in text):
        return "is binary, and no environment variable can hold that"
    if form.is_line and (text is None or re.search(r"[\x00-\x1f\x7f]", text)):
        return "holds a line end or another control character"
    if form.is_line and text is not None and text != text.strip():
        return "begins or ends with a space"
    if form.pattern and not re.fullmatch(form.pattern, text or ""):
        return f"is not what the hub accepts: {form.wanted}"
    return ""


def _text(value: bytes) -> str | None:
    try:
        return value.decode()
    except UnicodeDecodeError:
        return None


def without_line_end(form: ValueForm, value: bytes) -> bytes:
    """The value without the one line end that editors and `echo` add, unless it is a file's."""
    if form.is_bytes:
        return value
    for end in (b"\r\n", b"\n"):
        if value.endswith(end):
            return value.removesuffix(end)
    return value
