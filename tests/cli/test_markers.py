"""The marker hunt: no command shows or writes a secret that is in one of its input files.

Files of secrets hold markers under innocent keys, in lists, maps, numbers, Python and comments:
none may be in an output or in another file but as ciphertext. Values files and site.yaml are
configuration, so their markers have a credential's key or looks. For values that are typed or
piped, see tests/secrets/test_no_plaintext.py.
"""

import base64
import contextlib
import gc
import io
import json
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from generator.cli import main
from tests.support import copies
from tests.support.imports import HUB, hub_with
from tests.support.sites import PROTOCOAST, ROOT

CERTIFICATE = ROOT / "tests" / "secrets" / "sealing" / "test-only.pem"
MARK = "quartzmarker"
DIGITS = "48151623"
# What a marker is called in the spellings that something might write it in.
SEARCHED = (
    *(MARK, MARK[::-1], MARK.encode().hex(), DIGITS, DIGITS[::-1]),
    *(base64.b64encode(bytes(n) + MARK.encode()).decode()[4:-4] for n in range(3)),
)
GIVEN = ("hub.yaml", "gateway.yaml", "secrets.yaml", "broken.yaml", "cluster.pem")

INNOCENT = (
    *("color", "greeting", "label", "note", "title", "region", "bucket", "endpoint", "account"),
    *(
        "member",
        "owner",
        "contact",
        "phone",
        "motto",
        "phrase",
        "answer",
        "question",
        "code",
        "pin",
    ),
    *("number", "serial", "license", "seed", "salt", "nonce", "hint", "word", "string", "text"),
    *(
        "blob",
        "payload",
        "header",
        "session",
        "ticket",
        "badge",
        "stamp",
        "door",
        "route",
        "S3_PASS",
    ),
    *("PGPASS", "bind_pw", "dsn", "y"),
)


def secrets() -> str:
    """A file of secrets with a marker under each innocent key in every kind of place."""

    def under(kind: str, form: Callable[[str], Any]) -> dict[str, Any]:
        return {key: form(f"{MARK}-{kind}-{number}") for number, key in enumerate(INNOCENT)}

    def some(kind: str, form: Callable[[str], Any]) -> dict[str, Any]:
        # Each of these is sealed, which takes time.
        return {key: under(kind, form)[key] for key in INNOCENT[-4:]}

    values = {
        "hub": {
            "config": {
                "GitHubOAuthenticator": {"client_id": f"{MARK}-id", "client_secret": f"{MARK}-s"},
                "KubeSpawner": {"environment": under("spawner", str)},
                "Own": under("numbers", lambda text: int(f"{DIGITS}{text.rpartition('-')[2]}")),
                "JupyterHub": {"api_tokens": {f"{MARK}-key": "ada", f"{MARK} in words": "bob"}},
            },
            "extraEnv": some("variable", lambda text: {"value": text}) | {"LIST": [f"{MARK}-l"]},
            "extraConfig": under("python", lambda text: f"# {text}\nc.Own.a = {[text, 'b']}\n"),
            "extraFiles": under("file", lambda text: {"mountPath": "/a", "stringData": text}),
            "services": under("service", lambda text: {"environment": {"PGPASS": text}}),
            "db": {"type": "postgres", "url": f"{MARK} as a text"},
        },
        "singleuser": {
            "extraEnv": some("server", str) | {"TWO": f"{MARK}\n{MARK}-line\n"},
            "extraLabels": under("map", lambda text: {"a": {"b": text}}),
            "initContainers": [{"name": "a", "args": [f"{MARK}-argument"]}],
            "cmd": ["start", f"{MARK}-word"],
        },
        "gateway": {
            "extraConfig": {"own": f"c.Own.b = 1  # {MARK}\n"},
            "backend": {"environment": under("worker", str)},
        },
        "custom": under("list", lambda text: [text, {"c": [text]}]),
        "imagePullSecrets": [{"name": f"{MARK}-both"}],
        "fullnameOverride": f"{MARK}-name",
        "nowhere": {"a": f"{MARK}-nowhere"},
        "proxy": {"secretToken": f"{MARK}-proxy"},
    }
    lines = yaml.safe_dump(values, sort_keys=False).splitlines()
    commented = (f"{line}  # {MARK}-comment" if line.endswith(":") else line for line in lines)
    return f"# {MARK}-head chart version 3.1.2 -n {MARK}\n" + "\n".join(commented) + "\n"


CREDENTIALS: dict[str, Any] = {
    "hub": {
        "db": {"password": f"{MARK}-db"},
        "config": {"LDAPAuthenticator": {"bind_pw": f"{MARK}-bind"}},
        "extraEnv": {"SMTP_PASS": f"{MARK}-pass", "AGAIN": f"{MARK}-db", "MAIL_JWT": MARK},
        "extraConfig": {"a": f"c.Own.db_pwd = '{MARK}'\n", "b": f"x = 'host=d password={MARK}'\n"},
        "extraContainers": [
            {"name": "a", "image": "b:1", "env": [{"name": "PGPASS", "value": f"{MARK}-list"}]},
            {"name": "b", "image": "b:1", "command": ["run", "--token", MARK, f"--pw={MARK}"]},
        ],
        "extraFiles": {"a": {"mountPath": "/a", "stringData": f"[db]\npassword = {MARK}\n"}},
        "services": {"x": {"url": f"https://ada:{MARK}@x.example.org"}},
    },
    "custom": {"token": [MARK, {"password": MARK}], "dsn": f"host=db;Pwd={MARK};", "pw": MARK},
}
GATEWAY = {"gateway": {"backend": {"environment": {"API_PASS": MARK}}}}


class Here:
    """The command in this process, in a folder; all that it said is searched."""

    def __init__(self, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.folder, self.patch = folder, monkeypatch
        monkeypatch.chdir(folder)
        for name in ("GITHUB_ACTIONS", "CI"):
            monkeypatch.delenv(name, raising=False)
        monkeypatch.setenv("HUBOPS_CACHE", str(folder / "none"))

    def __call__(self, *arguments: str, given: str = "") -> int:
        out, notes = io.StringIO(), io.StringIO()
        self.patch.setattr(sys, "argv", ["hubops", *arguments])
        self.patch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(given.encode())))
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(notes):
            code = main.run()
        gc.enable()
        self.said = out.getvalue() + notes.getvalue()
        assert marked(self.said) == [], arguments
        assert code != 70, self.said
        return code

    def look(self) -> None:
        """Every file but the given ones is searched."""
        for path in self.folder.rglob("*"):
            if path.is_file() and path.name not in GIVEN and ".git" not in path.parts:
                assert marked(path.read_text("utf-8")) == [], path


def marked(text: str) -> list[str]:
    """The lines of a text that hold a marker."""
    return [line for line in text.splitlines() if any(form in line for form in SEARCHED)]


def test_the_search_finds_what_it_searches() -> None:
    for shift in range(3):
        assert marked(base64.b64encode(b"x" * shift + MARK.encode() + b"yyy").decode())
    assert marked(f"a: {DIGITS}7")
    assert len(set(INNOCENT)) >= 40


IMPORT = (
    *("import", "--jupyterhub", "hub.yaml", "--dask-gateway", "gateway.yaml"),
    *("--secrets", "secrets.yaml", "--namespace", "hub", "--kubernetes", "1.31"),
)
SEAL = ("--seal", "--certificate", "cluster.pem")


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Here:
    """A folder with the files of an import."""
    hub = hub_with(CREDENTIALS)
    comment = f"# password: {MARK}\n# token={MARK}\n"
    (tmp_path / "hub.yaml").write_text(comment + json.dumps(hub))
    (tmp_path / "gateway.yaml").write_text(json.dumps(GATEWAY))
    (tmp_path / "secrets.yaml").write_text(secrets())
    shutil.copy(CERTIFICATE, tmp_path / "cluster.pem")
    return Here(tmp_path, monkeypatch)


# What is asked besides, and how it ends: 1 because much has no place in site.yaml.
FORMS: dict[str, tuple[tuple[str, ...], int]] = {
    "written": ((), 1),
    "printed": (("--output", "-"), 1),
    "sealed": (SEAL, 1),
    "twice": (("--secrets", "hub.yaml"), 2),
    "no-certificate": (("--seal",), 3),
    "secrets-as-certificate": (("--seal", "--certificate", "secrets.yaml"), 3),
    "secrets-as-values": (("--jupyterhub", "secrets.yaml"), 2),
    "secrets-as-application": (("--application", "secrets.yaml"), 2),
    "no-hub-in-it": (("--host", "not a host"), 1),
    "no-version": (("--jupyterhub-version", "latest"), 2),
    "over-an-input": (("--output", "secrets.yaml", "--force"), 2),
    "in-no-folder": (("--output", "secrets.yaml/site.yaml"), 3),
}


@pytest.mark.parametrize("name", FORMS)
def test_an_import_shows_no_marker(here: Here, name: str) -> None:
    more, code = FORMS[name]
    assert here(*IMPORT, *more) == code, here.said
    here.look()


BROKEN: dict[str, tuple[str, int]] = {
    "open-quote": (f'a: "{MARK}', 3),
    "open-map": (f"a: {{b: {MARK}", 3),
    "alias": (f"a: *{MARK}", 3),
    "tag": (f"a: !<{MARK} b", 3),
    "handle": (f"a: !{MARK}!b c", 3),
    "escape": (f'a: "\\q{MARK}"', 3),
    "tab": (f"a:\n\t- {MARK}", 3),
    "directive": (f"%{MARK} 1\n---\na: b", 3),
    "colons": (f"a: b: {MARK}", 3),
    "list": (f"- {MARK}", 3),
    "text": (MARK, 3),
    "documents": (f"a: 1\n---\nb: {MARK}", 3),
    "template": (f"a: {{{{ .Values.{MARK} }}}}", 3),
    "control": (f"a: {MARK}\x07", 3),
    "key-of-a-map": (f"? {{{MARK}: 1}}\n: 2", 3),
    "key-twice": (f"hub:\n  {MARK} as a key: {MARK}\n  {MARK} as a key: {MARK}\n", 1),
    "a-key-below": (f"hub:\n  passwords:\n    {MARK}: {MARK}\n", 1),
    "root": (f"{MARK} as a root: {MARK}\n", 1),
    "class": (f"hub: {{config: {{JupyterHub: {{authenticator_class: {MARK}}}}}}}", 1),
    "size": (f"singleuser: {{memory: {{limit: {MARK}}}, cpu: {{limit: '{DIGITS}'}}}}", 1),
    "host": (f"ingress: {{hosts: [{MARK}.example.org], ingressClassName: {MARK}}}", 1),
    "callback": (
        f"hub: {{config: {{GitHubOAuthenticator: {{oauth_callback_url: 'https://{MARK}/x'}}}}}}",
        1,
    ),
    "reference": (
        "hub: {extraEnv: {OAUTH_CLIENT_SECRET: {valueFrom: {secretKeyRef: "
        f"{{name: {MARK}, key: {MARK}}}}}}}}}}}",
        1,
    ),
    "images": (f"singleuser: {{image: {{name: {MARK}, tag: {MARK}}}}}", 1),
    "profiles": (f"singleuser: {{profileList: [{{display_name: {MARK}, slug: {MARK}}}]}}", 1),
    "python-that-is-none": (f"hub: {{extraConfig: {{a: 'def {MARK}('}}}}", 1),
    "limits": (
        f"gateway: {{extraConfig: {{a: 'c.ClusterConfig.cluster_max_cores = 4  # {MARK}'}}}}",
        1,
    ),
    "gateway-and-hub-differ": (
        f"hub: {{services: {{dask-gateway: {{apiToken: {MARK}-1}}}}}}\n"
        f"gateway: {{auth: {{jupyterhub: {{apiToken: {MARK}-2}}}}}}\n",
        0,
    ),
    "unfit": (f"hub: {{config: {{JupyterHub: {{cookie_secret: {MARK}}}}}}}", 0),
    "surrogate": (f'hub: {{extraEnv: {{A: "{MARK}\\ud800"}}}}', 3),
}


@pytest.mark.parametrize("name", BROKEN)
def test_an_odd_file_of_secrets_shows_no_marker(here: Here, name: str) -> None:
    content, code = BROKEN[name]
    (here.folder / "broken.yaml").write_text(content, "utf-8")
    (here.folder / "hub.yaml").write_text(json.dumps(HUB))
    arguments = [part if part != "secrets.yaml" else "broken.yaml" for part in IMPORT]
    assert here(*arguments, *SEAL) == code, here.said
    here.look()


def test_every_command_on_an_imported_site_shows_no_marker(here: Here) -> None:
    here(*IMPORT, *SEAL)
    git = ("git", "-c", "user.name=a", "-c", "user.email=a@example.org")
    for arguments in (("init", "-q"), ("add", "site.yaml"), ("commit", "-qm", "a")):
        subprocess.run([*git, *arguments], cwd=here.folder, check=True)
    for command in (*COMMANDS, *((name,) for name in main.ABOUT)):
        here(*command)
    here("seal", "production", "hub-secrets/hub.config.CryptKeeper.keys", given=f"{MARK}\n")
    here("seal", "production", "--rotate", "hub-secrets/oauth.client_secret", given=f"{MARK}\n")
    here("seal", "production", "--rotate", "hub-variables/y", given=f"{MARK}\0\n")
    assert copies.opened(here.folder)["hub-secrets/oauth.client_secret"].decode() == MARK
    here.look()


_FORMATS = ("text", "json", "sarif", "github")
COMMANDS: tuple[tuple[str, ...], ...] = (
    ("generate",),
    ("check",),
    *(("lint", "--format", format) for format in _FORMATS),
    *(("secrets", "--format", format) for format in ("text", "json", "github")),
    *(("diff", "--format", format) for format in ("text", "markdown", "json", "html")),
    ("graph",),
    ("graph", "--format", "svg"),
    ("values", "production", "jupyterhub"),
    ("values", "production", "jupyterhub", "--origins"),
    ("certificate",),
    ("certificate", "main", "secrets.yaml"),
    ("certificate", "main", "cluster.pem"),
    ("charts", "add", "secrets.yaml"),
    ("render", "production"),
    ("validate",),
    ("bump", "--list"),
    ("bump", "jupyterhub", "4.4.0"),
    ("promote", "production", "staging"),
    ("seal", "production", "hub-secrets/oauth.client_id", "--from-file", "secrets.yaml"),
    ("seal", "nowhere", "--from-file", "secrets.yaml"),
    ("seal", "production", "--generate"),
    ("init", "other", "--from", "site.yaml"),
    ("init", "other", "--from", "secrets.yaml"),
    ("import", "--application", "site.yaml"),
)


def _values(node: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[tuple[Any, ...], Any]]:
    """Each value of CREDENTIALS alone, so that none hides behind another's finding."""
    for key, value in node.items():
        if isinstance(value, dict):
            yield from _values(value, (*path, key))
        else:
            yield (*path, key), value


def _alone(path: tuple[Any, ...], value: Any) -> dict[str, Any]:
    return {path[0]: _alone(path[1:], value)} if path else value


SITES: dict[str, Callable[[dict[str, Any]], Any]] = {
    ".".join(path): (
        lambda site, at=path, of=value: site["jupyterhub"].update(values=_alone(at, of))
    )
    for path, value in _values(CREDENTIALS)
    if path[-1] not in ("AGAIN", "mountPath")
} | {
    "unknown-key": lambda site: site["jupyterhub"]["authentication"].update(client_secret=MARK),
    "in-a-cluster": lambda site: site["clusters"]["fedcloud"].update(token=MARK),
    "in-an-address": lambda site: site["repository"].update(url=f"https://a:{MARK}@example.org/a"),
    "in-a-secret": lambda site: site.update(secrets={"own": {"keys": ["A"], "password": MARK}}),
    "of-a-number": lambda site: site["jupyterhub"].update(values={"custom": {"pw": 4815162342}}),
    "in-an-environment": lambda site: site["environments"]["staging"].update(
        jupyterhub={"values": {"hub": {"extraEnv": {"PGPASS": MARK}}}}
    ),
}


@pytest.mark.parametrize("name", SITES)
def test_no_command_shows_a_credential_of_site_yaml(here: Here, name: str) -> None:
    site = yaml.safe_load(PROTOCOAST.read_text())
    SITES[name](site)
    text = yaml.safe_dump(site, sort_keys=False, width=1000)
    (here.folder / "site.yaml").write_text(f"# password: {MARK}\n{text}# token: {MARK}\n")
    for command in SHORT:
        assert here(*command) == 1, (command, here.said)
    assert not (here.folder / "apps").exists()


# The first shows the lines of the text; the others stop at it.
SHORT = (
    *(("lint", "--format", format) for format in _FORMATS),
    ("generate",),
    ("values", "staging", "jupyterhub"),
)
