"""What the clone knows of the followed branch, and what public addresses answer."""

import subprocess
import threading
from collections.abc import Iterator
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest

from generator.doctor import network
from generator.doctor.repository import with_history
from generator.doctor.snapshot import ApiServer, Snapshot
from generator.io import git
from tests.support import live

SECRET = "xK9vQ2mZ7pL4wR8tY1nB6cD3fG5h"


def commit(root: Path, text: str) -> str:
    (root / "site.yaml").write_text(text)
    who = ("-c", "user.name=a", "-c", "user.email=a@example.org")
    for step in (["init", "-q", "-b", "main"], ["add", "-A"], [*who, "commit", "-qm", "a"]):
        subprocess.run(["git", *step], cwd=root, check=True)
    return git.commit(root, "HEAD")


def seen(*commits: str) -> Snapshot:
    objects = tuple(
        {
            "kind": "Application",
            "metadata": {"name": f"a{number}"},
            "spec": {"source": {}},
            "status": {"sync": {"revision": one}},
        }
        for number, one in enumerate(commits)
    )
    now = datetime(2026, 12, 1, tzinfo=UTC)
    return Snapshot(site="protocoast", taken=now, argocd=ApiServer(objects=objects))


def test_how_far_argo_cd_is_behind(tmp_path: Path) -> None:
    first, _, last = (commit(tmp_path, text) for text in ("a", "b", "c"))
    found = with_history(seen(first, last, "0" * 40), tmp_path, live.site(), b"c", "site.yaml")
    assert found.followed == last
    assert found.behind == {first: 2, "0" * 40: -1}
    assert found.is_merged


def test_a_site_file_that_is_not_merged(tmp_path: Path) -> None:
    commit(tmp_path, "a")
    assert not with_history(seen(), tmp_path, live.site(), b"b", "site.yaml").is_merged


def test_no_clone(tmp_path: Path) -> None:
    assert with_history(seen(), tmp_path, live.site(), b"", "site.yaml") == seen()


class _Redirect(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self.send_response(302)
        self.send_header(
            "Location", f"https://a.example.org/auth?state={SECRET}&scope=email&token={SECRET}"
        )
        self.end_headers()

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def server() -> Iterator[str]:
    """The address of a server that redirects."""
    serving = HTTPServer(("127.0.0.1", 0), _Redirect)
    threading.Thread(target=serving.serve_forever, args=(0.02,), daemon=True).start()
    yield f"http://127.0.0.1:{serving.server_port}/"
    serving.shutdown()


def test_a_redirect_is_an_answer_and_holds_no_secret(server: str) -> None:
    answer = network._asked(server, 5.0)
    assert answer.status == 302
    assert answer.location == "https://a.example.org/auth?scope=email"


def test_an_address_that_does_not_answer() -> None:
    answer = network._asked("http://127.0.0.1:9/", 2.0)
    assert answer.status == 0
    assert "refused" in answer.problem
