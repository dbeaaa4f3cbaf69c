"""GET over HTTPS: proxies by environment, retries with backoff, bounded size and time.

A redirect never leads from HTTPS to HTTP, and no credential goes to another host. Plain HTTP is
for the machine itself alone.
"""

import http.client
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Callable, Mapping
from email.message import Message
from typing import IO, Any

from generator import __version__
from generator.credentials import masked, printable
from generator.diagnostics import GeneratorError
from generator.records import record

_AGAIN = frozenset((408, 425, 429, 500, 502, 503, 504))
_LOOPBACK = frozenset(("localhost", "127.0.0.1", "::1"))
_CHUNK = 2**16


@record
class Courtesy:
    """How long to wait for a server, and how often to ask again; times in seconds.

    `silence` bounds the wait for the next bytes, `patience` one download as a whole; `pause` is
    the first wait before another try and doubles each time.
    """

    silence: float = 30.0
    patience: float = 300.0
    tries: int = 4
    pause: float = 1.0


@record
class Answer:
    """What a server answered; `status` is 200, or 401 with the challenge of an OCI registry."""

    status: int
    headers: Mapping[str, str]
    content: bytes


class _Again(Exception):
    """A failure that another try may cure; `wait` is what the server asks for, in seconds."""

    def __init__(self, reason: str, wait: float = 0.0) -> None:
        super().__init__(reason)
        self.wait = wait


def get(
    url: str,
    courtesy: Courtesy,
    *,
    most: int,
    headers: Mapping[str, str] | None = None,
    authorization: str = "",
    progress: Callable[[int, int], None] = lambda done, size: None,
) -> Answer:
    """The answer to one request; GeneratorError, in words for people, when there is none.

    At most `most` bytes are taken. The authorization is sent to this host and to no other.
    """
    require_safe(url)
    request = urllib.request.Request(url, headers={"User-Agent": f"hubops/{__version__}"})
    for name, value in (headers or {}).items():
        request.add_header(name, value)
    if authorization:
        request.add_unredirected_header("Authorization", authorization)
    pause = courtesy.pause
    for left in reversed(range(courtesy.tries)):
        try:
            return _answer(request, courtesy, most, progress)
        except _Again as failure:
            if not left:
                tried = f"{courtesy.tries} tries" if courtesy.tries > 1 else "one try"
                raise _failed(url, f"{failure} (after {tried})") from None
            time.sleep(max(pause, min(failure.wait, 30.0)))
            pause *= 2
    raise AssertionError("unreachable")


def require_safe(url: str) -> None:
    """GeneratorError when an address is neither HTTPS nor on this machine."""
    if not _is_safe(url):
        raise GeneratorError(
            f"{_shown(url)}: not an https:// address",
            "charts come over HTTPS, or by hand: 'hubops charts add FILE.tgz'",
        )


def _is_safe(url: str) -> bool:
    try:
        parts = urllib.parse.urlsplit(url)
        return parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in _LOOPBACK)
    except ValueError:
        return False


class _Redirects(urllib.request.HTTPRedirectHandler):
    """Follows a redirect only to an address that would be asked itself."""

    def redirect_request(
        self,
        req: urllib.request.Request,
        fp: IO[bytes],
        code: int,
        msg: str,
        headers: Message,
        newurl: str,
    ) -> urllib.request.Request | None:
        if not _is_safe(newurl) or (
            req.full_url.startswith("https:") > newurl.startswith("https:")
        ):
            raise _failed(req.full_url, f"it redirects to {_shown(newurl)}, which is not HTTPS")
        return super().redirect_request(req, fp, code, msg, headers, newurl)  # type: ignore[arg-type]


def _answer(
    request: urllib.request.Request,
    courtesy: Courtesy,
    most: int,
    progress: Callable[[int, int], None],
) -> Answer:
    opener = urllib.request.build_opener(_Redirects)
    end = time.monotonic() + courtesy.patience
    try:
        with opener.open(request, timeout=courtesy.silence) as response:
            size = _size(response)
            if size > most:
                raise _failed(request.full_url, f"{size:,} bytes, more than {most:,}")
            content = _content(response, request.full_url, most, size, end, progress)
            return Answer(status=200, headers=dict(response.headers.items()), content=content)
    except urllib.error.HTTPError as error:
        return _refusal(request.full_url, error)
    except (TimeoutError, urllib.error.URLError, http.client.HTTPException, OSError) as error:
        raise _Again(_reason(error)) from None
    except ValueError as error:
        raise _failed(request.full_url, printable(str(error))) from None


def _content(
    response: Any,
    url: str,
    most: int,
    size: int,
    end: float,
    progress: Callable[[int, int], None],
) -> bytes:
    found = bytearray()
    while chunk := response.read1(_CHUNK):
        found += chunk
        progress(len(found), size)
        if len(found) > most:
            raise _failed(url, f"more than {most:,} bytes")
        if time.monotonic() > end:
            raise _Again("the server is too slow")
    if size and len(found) < size:
        raise _Again(f"the transfer was cut off after {len(found):,} of {size:,} bytes")
    return bytes(found)


def _size(response: Any) -> int:
    told = response.headers.get("Content-Length", "")
    return int(told) if told.isdecimal() else 0


def _refusal(url: str, error: urllib.error.HTTPError) -> Answer:
    """The answer 401, which asks for a token; any other refusal is a failure."""
    with error:
        if error.code == 401:
            return Answer(status=401, headers=dict(error.headers.items()), content=b"")
        told = f"the server answers {error.code} {printable(str(error.reason))}".rstrip()
        if error.code in _AGAIN:
            wait = error.headers.get("Retry-After", "")
            raise _Again(told, float(wait) if wait.isdecimal() else 0.0)
        raise _failed(url, told)


def _reason(error: Exception) -> str:
    reason = getattr(error, "reason", None) or error
    if isinstance(reason, TimeoutError):
        return "the server does not answer in time"
    text = getattr(reason, "strerror", None) or str(reason) or type(reason).__name__
    return printable(str(text)).lower()


def _failed(url: str, reason: str) -> GeneratorError:
    help = (
        "look at the address and at the proxy (https_proxy, no_proxy); a chart can also be carried "
        "in by hand: 'hubops charts add FILE.tgz'"
    )
    return GeneratorError(f"{_shown(url)}: {reason}", help)


def _shown(url: str) -> str:
    return printable(masked(url.partition("?")[0]))
