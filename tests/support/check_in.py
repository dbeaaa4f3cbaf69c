"""A small HTTP server that stands in for EGI Check-In: discovery, token, user information."""

import base64
import json
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs

_REALM = "/auth/realms/egi"
_OPENID = f"{_REALM}/protocol/openid-connect"
# What each scope releases.
_CLAIMS = {
    "openid": ("sub",),
    "profile": ("name", "preferred_username"),
    "email": ("email",),
    "entitlements": ("entitlements",),
}


class _Handler(BaseHTTPRequestHandler):
    people: Mapping[str, Mapping[str, Any]] = {}
    scopes: tuple[str, ...] = ()
    client = ("", "")

    def do_GET(self) -> None:
        if self.path == f"{_REALM}/.well-known/openid-configuration":
            base = f"http://{self.headers['Host']}{_OPENID}"
            names = {"authorization": "auth", "token": "token", "userinfo": "userinfo"}
            self._answer({f"{name}_endpoint": f"{base}/{end}" for name, end in names.items()})
        elif self.path == f"{_OPENID}/userinfo":
            person = self.people[self.headers["Authorization"].removeprefix("Bearer ")]
            released = {claim for scope in self.scopes for claim in _CLAIMS.get(scope, ())}
            self._answer({claim: value for claim, value in person.items() if claim in released})
        else:
            self.send_error(404)

    def do_POST(self) -> None:
        form = parse_qs(self.rfile.read(int(self.headers["Content-Length"])).decode())
        basic = self.headers.get("Authorization", "").removeprefix("Basic ")
        given = tuple(base64.b64decode(basic).decode().split(":")) if basic else ()
        given = given or (form["client_id"][0], form["client_secret"][0])
        if self.path != f"{_OPENID}/token" or given != self.client:
            self.send_error(401)
        else:
            code = form["code"][0]
            self._answer({"access_token": code, "token_type": "Bearer", "expires_in": 3600})

    def _answer(self, data: object) -> None:
        body = json.dumps(data).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Nothing."""


@contextmanager
def standing_in(
    people: Mapping[str, Mapping[str, Any]], scopes: tuple[str, ...], client: tuple[str, str]
) -> Iterator[str]:
    """The server's address; the code of a login is the person's name."""
    kept = {"people": people, "scopes": scopes, "client": client}
    server = ThreadingHTTPServer(("127.0.0.1", 0), type("Handler", (_Handler,), kept))
    threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
