"""A chart repository and an OCI registry on this machine, with the faults that tests ask for."""

import base64
import contextlib
import hashlib
import json
import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from tests.support import charts

Handler = Callable[["Request"], None]


class Request(BaseHTTPRequestHandler):
    """One request; the server's answers are functions by path."""

    server: "_Server"
    protocol_version = "HTTP/1.1"
    timeout = 20

    def do_GET(self) -> None:
        self.server.site.asked.append(self.path)
        self.close_connection = True
        self.server.site.seen.append(dict(self.headers.items()))
        answer = self.server.site.answers.get(self.path.partition("?")[0])
        if callable(answer):
            answer(self)
        else:
            self.reply(404 if answer is None else 200, answer or b"not here")

    do_HEAD = do_GET

    def do_POST(self) -> None:
        self.close_connection = True
        self.reply(405)

    def reply(self, status: int, content: bytes = b"", **headers: str) -> None:
        """A whole answer."""
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(content)

    def cut(self, content: bytes) -> None:
        """An answer that ends in the middle."""
        self.send_response(200)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content[: len(content) // 2])

    def trickle(self, content: bytes, pause: float) -> None:
        """An answer that comes byte by byte."""
        self.send_response(200)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        with contextlib.suppress(OSError):
            for place in range(len(content)):
                self.wfile.write(content[place : place + 1])
                self.wfile.flush()
                time.sleep(pause)

    def drip(self, content: bytes, pause: float) -> None:
        """These very bytes, one at a time."""
        with contextlib.suppress(OSError):
            for place in range(len(content)):
                self.wfile.write(content[place : place + 1])
                self.wfile.flush()
                time.sleep(pause)

    def pour(self) -> None:
        """An answer that never ends."""
        self.send_response(200)
        self.end_headers()
        with contextlib.suppress(OSError):
            while True:
                self.wfile.write(bytes(2**20))

    def do_CONNECT(self) -> None:
        """A proxy's tunnel to another server of the tests."""
        self.server.site.asked.append(self.path)
        self.close_connection = True
        port = self.server.site.tunnels[self.path]
        with socket.create_connection(("127.0.0.1", port)) as other:
            self.send_response(200)
            self.end_headers()
            back = threading.Thread(target=_copy, args=(other, self.connection), daemon=True)
            back.start()
            _copy(self.connection, other)
            back.join(5)

    def log_message(self, format: str, *args: object) -> None:
        """Says nothing."""


def _copy(source: socket.socket, target: socket.socket) -> None:
    with contextlib.suppress(OSError):
        while chunk := source.recv(2**16):
            target.sendall(chunk)
        target.shutdown(socket.SHUT_WR)


class _Server(ThreadingHTTPServer):
    site: "ChartServer"
    daemon_threads = True


@dataclass
class ChartServer:
    """What is served, by path, and what was asked for."""

    answers: dict[str, bytes | Handler] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    seen: list[dict[str, str]] = field(default_factory=list)
    tunnels: dict[str, int] = field(default_factory=dict)
    port: int = 0

    @property
    def host(self) -> str:
        return f"127.0.0.1:{self.port}"

    @property
    def repository(self) -> str:
        return f"http://{self.host}/charts/"

    def serve(
        self, content: bytes, *, digest: str | None = None, url: object = "pack/it.tgz"
    ) -> None:
        """A repository with one version of the chart."""
        told = hashlib.sha256(content).hexdigest() if digest is None else digest
        self.answers["/charts/index.yaml"] = index(told, url)
        self.answers["/charts/pack/it.tgz"] = content

    def lock(self, user: str) -> None:
        """From now on the repository is for whoever logs in."""
        wanted = f"Basic {base64.b64encode(user.encode()).decode()}"

        def guarded(body: bytes | Handler) -> Handler:
            def answer(request: Request) -> None:
                is_known = request.headers.get("Authorization") == wanted
                request.reply(200 if is_known else 401, body if is_known else b"")  # type: ignore[arg-type]

            return answer

        self.answers = {path: guarded(body) for path, body in self.answers.items()}

    def push(self, content: bytes, token: str = "", user: str = "", realm: str = "") -> None:
        """An OCI registry with the chart, for whoever shows the token; with a user, who logs in."""
        config = b"{}"
        layer = _described("application/vnd.cncf.helm.chart.content.v1.tar+gzip", content)
        described = _described("application/vnd.cncf.helm.config.v1+json", config)
        manifest = {"schemaVersion": 2, "mediaType": _MANIFEST}
        manifest |= {"config": described, "layers": [layer]}
        text = json.dumps(manifest).encode()
        challenge = f'Bearer realm="{realm or f"http://{self.host}/token"}",service="s"'

        def guarded(body: bytes, kind: str) -> Handler:
            def answer(request: Request) -> None:
                if token and request.headers.get("Authorization") != f"Bearer {token}":
                    request.reply(401, WWW_Authenticate=challenge)
                else:
                    digest = _described("", body)["digest"]
                    request.reply(200, body, Content_Type=kind, Docker_Content_Digest=digest)

            return answer

        def give(request: Request) -> None:
            basic = base64.b64encode(user.encode()).decode()
            is_known = not user or request.headers.get("Authorization") == f"Basic {basic}"
            body = json.dumps({"token": token}).encode()
            request.reply(200 if is_known else 401, body if is_known else b"{}")

        blob = "application/octet-stream"
        place = "/v2/lab/jupyterhub"
        for reference in (charts.VERSION, _described("", text)["digest"]):
            self.answers[f"{place}/manifests/{reference}"] = guarded(text, _MANIFEST)
        self.answers[f"{place}/blobs/{layer['digest']}"] = guarded(content, blob)
        self.answers[f"{place}/blobs/{described['digest']}"] = guarded(config, blob)
        self.answers["/token"] = give


_MANIFEST = "application/vnd.oci.image.manifest.v1+json"


def _described(kind: str, content: bytes) -> dict[str, Any]:
    digest = f"sha256:{hashlib.sha256(content).hexdigest()}"
    return {"mediaType": kind, "digest": digest, "size": len(content)}


def index(
    digest: str,
    url: object,
    versions: tuple[str, ...] = (charts.VERSION,),
    name: str = "jupyterhub",
) -> bytes:
    """An index.yaml with another chart in it."""
    another = {"apiVersion": "v2", "name": "another", "version": "1.0.0", "urls": ["another.tgz"]}
    entries = [
        {"apiVersion": "v2", "name": name, "version": version, "digest": digest, "urls": [url]}
        for version in ("9.1.0-beta", *versions)
    ]
    return json.dumps(
        {"apiVersion": "v1", "entries": {"another": [another], name: entries}}
    ).encode()


@contextlib.contextmanager
def running(certificate: Path | None = None) -> Iterator[ChartServer]:
    """A server of its own on a free port; with a certificate and its key, by HTTPS."""
    server = _Server(("127.0.0.1", 0), Request)
    if certificate is not None:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate)
        # The handshake is for the connection's own thread: here it would keep out the next one.
        server.socket = context.wrap_socket(
            server.socket, server_side=True, do_handshake_on_connect=False
        )
    server.site = ChartServer(port=server.server_address[1])
    thread = threading.Thread(target=server.serve_forever, args=(0.02,))
    thread.start()
    try:
        yield server.site
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
