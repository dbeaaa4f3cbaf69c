"""Looks up hosts, and with `--network` asks their public addresses; it sends no login."""

import socket
import ssl
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterable, Mapping
from typing import TypeVar
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from generator.doctor.cleaning import clean_text
from generator.doctor.snapshot import Answer
from generator.doctor.urls import urls
from generator.io.tools import at_once
from generator.site.model import Environment

T = TypeVar("T")

_PATIENCE = 5.0  # seconds for one name or address
_WORKERS = 8


class Lookup:
    """Looks up the hosts of environments, side by side with what else the program does."""

    def __init__(self, environments: Iterable[Environment]) -> None:
        self._found: dict[str, tuple[str, ...] | None] = {}
        hosts = dict.fromkeys(one.host for one in environments)
        self._threads = [
            threading.Thread(target=self._look_up, args=(host,), daemon=True) for host in hosts
        ]
        self._ends = time.monotonic() + _PATIENCE
        for thread in self._threads:
            thread.start()

    def _look_up(self, host: str) -> None:
        self._found[host] = _looked_up(host)

    def found(self) -> Mapping[str, tuple[str, ...]]:
        """What each host resolves to; a host without an answer in time is left out."""
        for thread in self._threads:
            thread.join(max(0.0, self._ends - time.monotonic()))
        return {host: one for host, one in list(self._found.items()) if one is not None}


def answers(
    environments: Iterable[Environment], patience: float = _PATIENCE
) -> Mapping[str, Answer]:
    """What each public address answers."""
    wanted = tuple(dict.fromkeys(url for one in environments for url in urls(one)))
    found = at_once([_within(patience * 2, _asked, url, patience) for url in wanted], _WORKERS)
    silent = Answer(problem="no answer in time")
    return {url: one or silent for url, one in zip(wanted, found, strict=True)}


def _within(patience: float, call: Callable[..., T], *given: object) -> Callable[[], T | None]:
    """The call in a thread that is left alone when it takes too long: a resolver can't be ended."""

    def limited() -> T | None:
        result: list[T] = []
        thread = threading.Thread(target=lambda: result.append(call(*given)), daemon=True)
        thread.start()
        thread.join(patience)
        return result[0] if result else None

    return limited


def _looked_up(host: str) -> tuple[str, ...] | None:
    try:
        found = socket.getaddrinfo(host, 443, type=socket.SOCK_STREAM)
    except socket.gaierror as error:
        # Only "there is no such name" is an answer; a resolver that fails says nothing of the name.
        return () if error.errno in (socket.EAI_NONAME, getattr(socket, "EAI_NODATA", -5)) else None
    except OSError:
        return None
    return tuple(sorted({str(address[4][0]) for address in found}))


class _Unfollowed(urllib.request.HTTPRedirectHandler):
    """A redirect is an answer: it is not followed."""

    def redirect_request(self, *_: object) -> None:
        return None


def _asked(url: str, patience: float) -> Answer:
    opener = urllib.request.build_opener(_Unfollowed)
    request = urllib.request.Request(url, headers={"User-Agent": "hubops-doctor"})
    try:
        with opener.open(request, timeout=patience) as response:
            return Answer(status=response.status)
    except urllib.error.HTTPError as error:
        return Answer(status=error.code, location=_led_to(error.headers.get("Location") or ""))
    except urllib.error.URLError as error:
        return Answer(problem=_problem(error.reason))
    except (OSError, ValueError) as error:
        return Answer(problem=_problem(error))


# Of a redirect to a login, what tells whether it is the right one; the rest is of one attempt.
_TELLING = ("client_id", "redirect_uri", "scope", "response_type")


def _led_to(location: str) -> str:
    """Where a redirect leads, without what is only of this attempt, and masked."""
    split = urlsplit(location)
    query = [(key, value) for key, value in parse_qsl(split.query) if key in _TELLING]
    return clean_text(urlunsplit((split.scheme, split.netloc, split.path, urlencode(query), "")))


def _problem(reason: object) -> str:
    if isinstance(reason, ssl.SSLCertVerificationError):
        return f"its certificate is not accepted: {reason.verify_message}"
    return clean_text(str(reason).lower())
