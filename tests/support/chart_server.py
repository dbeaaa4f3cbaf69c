"""A chart repository and an OCI registry on this machine, with the faults that tests ask for."""

import contextlib
import hashlib
import json
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from tests.support import charts

Handler = Callable[["Request"], None]


class Request(BaseHTTPRequestHandler):
    """One request; the server's answers are functions by path."""

    server: "_Server"
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        self.server.site.asked.append(self.path)
        self.close_connection = True
        self.server.site.seen.append(dict(self.headers.items()))
        answer = self.server.site.answers.get(self.path)
        if callable(answer):
            answer(self)
        else:
            self.reply(404 if answer is None else 200, answer or b"not here")

    def reply(self, status: int, content: bytes = b"", **headers: str) -> None:
        """A whole answer."""
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
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

    def log_message(self, format: str, *args: object) -> None:
        """Says nothing."""


class _Server(ThreadingHTTPServer):
    site: "ChartServer"
    daemon_threads = True


@dataclass
class ChartServer:
    """What is served, by path, and what was asked for."""

    answers: dict[str, bytes | Handler] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    seen: list[dict[str, str]] = field(default_factory=list)
    port: int = 0

    @property
    def host(self) -> str:
        return f"127.0.0.1:{self.port}"

    @property
    def repository(self) -> str:
        return f"http://{self.host}/charts/"

    def serve(self, content: bytes, *, digest: str | None = None, url: str = "pack/it.tgz") -> None:
        """A repository with one version of the chart."""
        told = hashlib.sha256(content).hexdigest() if digest is None else digest
        self.answers["/charts/index.yaml"] = index(told, url)
        self.answers["/charts/pack/it.tgz"] = content

    def push(self, content: bytes, token: str = "") -> None:
        """An OCI registry with the chart, for whoever shows the token."""
        digest = f"sha256:{hashlib.sha256(content).hexdigest()}"
        layer = "application/vnd.cncf.helm.chart.content.v1.tar+gzip"
        manifest = json.dumps({"layers": [{"mediaType": layer, "digest": digest}]}).encode()

        def guarded(body: bytes) -> Handler:
            def answer(request: Request) -> None:
                if token and request.headers.get("Authorization") != f"Bearer {token}":
                    realm = f'Bearer realm="http://{self.host}/token",service="s",scope="pull"'
                    request.reply(401, WWW_Authenticate=realm)
                else:
                    request.reply(200, body)

            return answer

        self.answers[f"/v2/lab/jupyterhub/manifests/{charts.VERSION}"] = guarded(manifest)
        self.answers[f"/v2/lab/jupyterhub/blobs/{digest}"] = guarded(content)
        self.answers["/token?service=s&scope=pull"] = json.dumps({"token": token}).encode()


def index(digest: str, url: str, versions: tuple[str, ...] = (charts.VERSION,)) -> bytes:
    """An index.yaml with another chart in it."""
    entries = [{"version": v, "digest": digest, "urls": [url]} for v in ("9.1.0-beta", *versions)]
    return json.dumps({"entries": {"another": [{"version": "1"}], "jupyterhub": entries}}).encode()


@contextlib.contextmanager
def running() -> Iterator[ChartServer]:
    """A server of its own on a free port."""
    server = _Server(("127.0.0.1", 0), Request)
    server.site = ChartServer(port=server.server_address[1])
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield server.site
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
