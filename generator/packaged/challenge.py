"""Where a registry sends whoever asks for a token: asked before Helm, which goes there unasked.

Helm has no setting against it, and Go asks no proxy for an address on this machine. A registry that
answers Helm otherwise than hubops still leads it astray; nothing that comes back is kept but a
chart of the right digest.
"""

import ipaddress
import re
import socket
import threading
import urllib.error
import urllib.parse
import urllib.request
from http.client import HTTPException, HTTPMessage
from typing import IO, Any

from generator.credentials import masked, printable
from generator.diagnostics import GeneratorError

# Seconds for one answer: it has a few headers, and Helm asks again anyway.
PATIENCE = 10.0
_REALM = re.compile(r'\bBearer\b.*?\brealm="?([^",\s]{1,2000})', re.IGNORECASE)


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    def redirect_request(
        self,
        req: urllib.request.Request,
        fp: IO[bytes],
        code: int,
        msg: str,
        headers: HTTPMessage,
        newurl: str,
    ) -> None:
        """Goes nowhere."""


def require_own_realm(address: str, *, is_plain: bool, patience: float = PATIENCE) -> None:
    """GeneratorError where a registry asks for a token from this machine or the network around it.

    `address` is that of a manifest. Where the registry has no answer in time, Helm says what is
    wrong.
    """
    found: list[str] = []
    asking = threading.Thread(
        target=lambda: found.append(_challenge(address, is_plain=is_plain)), daemon=True
    )
    asking.start()
    asking.join(patience)
    for realm in _REALM.findall("".join(found)):
        if not _is_fit(realm, urllib.parse.urlsplit(address).netloc):
            raise GeneratorError(
                f"{printable(address)}: the registry sends logins to "
                f"{printable(masked(realm[:200]))}, and Helm was not started",
                "a registry asks for them at its own address, or over HTTPS at a public one: do "
                "not use it; or carry the chart in by hand: 'hubops charts add FILE.tgz'",
            )


def _challenge(address: str, *, is_plain: bool) -> str:
    """What the registry wants of who is not logged in; "" where it wants nothing."""
    handlers: list[Any] = [_NoRedirect()]
    if is_plain:  # on this machine: for which Go has no proxy either
        handlers.append(urllib.request.ProxyHandler({}))
    request = urllib.request.Request(address, method="HEAD")
    try:
        with urllib.request.build_opener(*handlers).open(request, timeout=PATIENCE):
            return ""
    except urllib.error.HTTPError as error:
        with error:
            return ", ".join(error.headers.get_all("WWW-Authenticate", []))
    except (OSError, HTTPException, ValueError):
        return ""


def _is_fit(realm: str, registry: str) -> bool:
    """Whether tokens may be asked for there: of the registry itself, or over HTTPS outside."""
    try:
        parts = urllib.parse.urlsplit(realm)
        host = parts.hostname or ""
    except ValueError:
        return False
    if parts.netloc.lower() == registry.lower():
        return parts.scheme in ("http", "https")
    return parts.scheme == "https" and bool(host) and not _is_near(host)


def _is_near(host: str) -> bool:
    """Whether a name is this machine's, or an address no public server has; in any spelling."""
    name = host.rstrip(".").lower()
    if name == "localhost" or name.endswith((".localhost", ".internal")):
        return True
    try:
        # `127.1` and `0x7f000001` are addresses too.
        number = socket.inet_ntoa(socket.inet_aton(name))
    except OSError:
        number = name.partition("%")[0]
    try:
        address = ipaddress.ip_address(number)
    except ValueError:
        return False
    mapped = getattr(address, "ipv4_mapped", None)
    return not (mapped or address).is_global
