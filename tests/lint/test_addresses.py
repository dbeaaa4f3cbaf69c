"""Which addresses lint lets pass: of the Git repository, of the login provider, over http."""

import pytest

from tests.support.sites import load_text

SITE = """\
schemaVersion: 1
site: coast
repository: {{url: "{repository}"}}
argocd: {{version: "3.1"}}
charts: {{jupyterhub: {{version: 4.4.0}}}}
clusters:
  fedcloud:
    name: fedcloud
    kubernetes: "1.31"
    storageClass: csi-cinder
    ingress: {{className: nginx}}
environments:
  production:
    cluster: fedcloud
    namespace: hub
    host: hub.example.org
    testing: {testing}
jupyterhub:
  authentication:
    provider: generic-oauth
    authorizeUrl: "{login[0]}"
    tokenUrl: "{login[1]}"
    userdataUrl: "{login[2]}"
    allow: {{everyone: true}}
    admins: [ada]
  servers: {{profiles: [{{name: Coast, image: "quay.io/coast/notebook:2026.1"}}]}}
"""
GIT = "https://git.example.org/coast/gitops.git"
LOGIN = tuple(f"https://aai.example.org/{name}" for name in ("authorize", "token", "userinfo"))


def _codes(
    repository: str = GIT, login: tuple[str, ...] = LOGIN, *, testing: bool = False
) -> list[str]:
    text = SITE.format(repository=repository, login=login, testing=str(testing).lower())
    return [found.code for found in load_text(text).report.diagnostics]


@pytest.mark.parametrize(
    "url",
    [
        GIT,
        "https://git.example.org:8443/coast/gitops",
        "https://coast@dev.example.org/coast/hub/_git/gitops",
        "https://gitlab.example.org/tree/gitops.git",
        "https://gitlab.example.org/coast/ocean/tides/gitops.git",
        "ssh://git@git.example.org/coast/gitops.git",
        "ssh://git@[2001:db8::1]:2222/coast/gitops.git",
        "ssh://KEY@git.example.org/v1/repos/gitops",
        "git@git.example.org:coast/gitops.git",
        "git@[2001:db8::1]:coast/gitops.git",
        "org-123@git.example.org:v3/coast/hub/gitops",
    ],
)
def test_argocd_reaches(url: str) -> None:
    assert _codes(url) == []


@pytest.mark.parametrize(
    "url",
    [
        "gitops",
        "coast/gitops.git",
        "git.example.org/coast/gitops.git",
        "git.example.org:coast/gitops.git",
        ".",
        "./gitops",
        "/srv/git/gitops.git",
        "~/gitops",
        "C:/git/gitops",
        "C:\\\\git\\\\gitops",
        "file:///srv/git/gitops.git",
        "File:///srv/git/gitops.git",
        "https://",
        "https:///coast/gitops.git",
        "https://git.example.org",
        "https://git.example.org/",
        "https://git.example.org/coast/gitops?ref=main",
        "https://git.example.org/coast/gitops.git#main",
        "https://github.com/coast/gitops/tree/main",
        "https://github.com/coast/gitops/blob/main/site.yaml",
        "https://gitlab.com/coast/tides/gitops/-/tree/main",
        "ssh://git.example.org/coast/gitops.git",
        "ssh://git@git.example.org:coast/gitops.git",
        "ssh://git@git.example.org",
        "git@git.example.org",
        "git@git.example.org/coast/gitops.git",
        "git+https://git.example.org/coast/gitops.git",
        "git::https://git.example.org/coast/gitops.git",
        "git://git.example.org/coast/gitops.git",
        "s3://bucket/gitops",
        "HTTPS://git.example.org/coast/gitops.git",
        "https://https://git.example.org/coast/gitops.git",
        "https://git.example.org:coast/gitops.git",
        "https://git.example.org:/coast/gitops.git",
        "https://git..example.org/coast/gitops.git",
        "https://git.ex[ample.org/coast/gitops.git",
        "https://[::1/coast/gitops.git",
        "https://-git.example.org/coast/gitops.git",
        "https://git.example.org/coast//gitops.git",
        "https://git.example.org/../gitops.git",
        "https://git.example.org/coast/{name}.git",
        "https://github.com/coast",
        "https://github.com/coast/hub/gitops.git",
        "ssh://git@ex]ample.org/coast/gitops.git",
        "ssh://git@git.example.org:2222222/coast/gitops.git",
        "git@github.com:gitops.git",
        "git@git_[.example.org:coast/gitops.git",
        "git@git.example.org:../gitops.git",
        "@git.example.org:coast/gitops.git",
    ],
)
def test_argocd_does_not_reach(url: str) -> None:
    assert _codes(url) == ["G801"]


@pytest.mark.parametrize(
    ("url", "codes"),
    [
        ("http://git.example.org/coast/gitops.git", ["G806"]),
        ("http://coast@git.svc.example.org:3000/coast/gitops.git", ["G806"]),
        ("http://git.forge.svc/coast/gitops.git", []),
        ("http://coast@git.forge.svc.cluster.local:3000/coast/gitops.git", []),
    ],
)
def test_http(url: str, codes: list[str]) -> None:
    assert _codes(url) == codes


def _moved(*addresses: str) -> tuple[str, ...]:
    """The login addresses with the first ones, from the last, elsewhere."""
    return (*LOGIN[: len(LOGIN) - len(addresses)], *addresses)


@pytest.mark.parametrize(
    ("login", "codes"),
    [
        (_moved("https://AAI.example.org:443/userinfo"), []),
        (_moved("https://aai-demo.example.org/userinfo"), ["A508"]),
        (_moved("https://one.example.org/token", "https://two.example.org/me"), ["A508"]),
        (_moved("https://[broken/userinfo"), ["S104"]),
        (_moved("https://aai.example.o[rg/userinfo"), ["S104"]),
        (_moved("https://aai.example.org:99999/userinfo"), ["S104"]),
        (_moved("https://aai..example.org/userinfo"), ["S104"]),
        (_moved("https://https://aai.example.org/userinfo"), ["S104"]),
        (_moved("https://aai.example.org/{realm}/userinfo"), ["S104"]),
        (_moved("https:///userinfo"), ["S104"]),
        (_moved("http://aai.example.org/userinfo"), ["A507"]),
        (_moved("ftp://aai.example.org/token", "http://aai.example.org/me"), ["A507", "A507"]),
    ],
)
def test_login(login: tuple[str, ...], codes: list[str]) -> None:
    assert _codes(login=login) == codes


def test_http_is_for_testing() -> None:
    local = tuple(url.replace("https", "http") for url in LOGIN)
    assert _codes(login=local) == ["A507"] * 3
    assert _codes(login=local, testing=True) == []
    assert _codes(login=_moved("ftp://aai.example.org/userinfo"), testing=True) == ["A507"]
