"""Whatever stands in site.yaml: a clear report, no traceback, nothing written, no secret shown."""

import contextlib
import json
import os
import random
import re
import resource
import subprocess
import time
from collections.abc import Callable, Iterator
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest
import yaml

from generator.build.repository import Inputs, build
from generator.diagnostics import Severity
from generator.io import resources
from generator.lint import load
from generator.yaml.read import MAX_BYTES
from tests.support import copies
from tests.support.sites import PROTOCOAST

SITE = PROTOCOAST.read_bytes()
PATIENCE = 5.0
FIRST_LINE = re.compile(r"\S*site\.yaml:(\d+):(\d+): (error|warning|info)\[([A-Z]\d{3})\]: \S")

Snapshot = dict[str, tuple[int, int, bytes]]


def _with(old: str, new: str) -> bytes:
    """ProtoCoast's site.yaml with one change."""
    assert old.encode() in SITE, old
    return SITE.replace(old.encode(), new.encode(), 1)


DEEP = 20_000
WORKERS = "workers: 3"
DESCRIPTION = "Stable production version"

BAD: dict[str, bytes] = {
    "empty": b"",
    "only-comments": b"# a site\n# of comments\n",
    "not-yaml": b"}{",
    "prose": b"Dear operator,\nthis: is: not yaml\n",
    "html": b"<!DOCTYPE html>\n<html><body>404</body></html>\n",
    "conflict-marks": b"<<<<<<< HEAD\nsite: a\n=======\nsite: b\n>>>>>>> theirs\n",
    "bomb": b"a: &a [x,x,x,x]\nb: &b [*a,*a,*a,*a]\nc: &c [*b,*b,*b,*b]\nd: [*c,*c,*c,*c]\n",
    "bomb-in-a-site": _with("admins: []", "admins: &a [x]\n    groups: *a"),
    "merge-key": _with("    testing: true", "    <<: {testing: true}"),
    "key-twice": _with("\nsite: protocoast", "\nsite: protocoast\nsite: other"),
    "two-documents": SITE + b"---\nsite: other\n",
    "python-tag": b"!!python/object/apply:os.system ['touch pwned']\n",
    "python-tag-as-value": _with("site: protocoast", "site: !!python/name:os.system ''"),
    "brackets": b"[" * DEEP,
    "closed-brackets": b"[" * DEEP + b"]" * DEEP,
    "maps": b"{a: " * DEEP,
    "nested-lists": b"- " * DEEP + b"a",
    "nested-values": _with(f"    image: {'quay.io'}", f"    x: {'[' * DEEP}\n    image: quay.io"),
    "long-integer": _with(WORKERS, f"workers: {'9' * 5000}"),
    "long-decimal": _with(WORKERS, f"workers: 0.{'9' * 5000}"),
    "long-integer-as-key": _with(WORKERS, f"{'9' * 500}: 3"),
    "infinity": _with(WORKERS, "workers: .inf"),
    "underscores": _with(WORKERS, "workers: 1_000"),
    "hexadecimal": _with(WORKERS, "workers: 0x1F"),
    "exponent": _with(WORKERS, "workers: 1e999999999"),
    "date": _with(WORKERS, "workers: 2001-01-01"),
    "base-sixty": _with(WORKERS, "workers: 20:30"),
    "list-for-a-site": b"- site: a\n- site: b\n",
    "text-for-a-site": b"protocoast\n",
    "number-for-a-site": b"42\n",
    "map-of-nothing": b"{}\n",
    "unknown-key": _with("site: protocoast", "site: protocoast\nflavour: sweet"),
    "number-as-key": _with("site: protocoast", "site: protocoast\n1: one"),
    "null-as-key": _with("site: protocoast", "site: protocoast\n~: none"),
    "map-as-key": _with("site: protocoast", "site: protocoast\n{a: b}: c"),
    "list-as-key": _with("site: protocoast", "site: protocoast\n? [a]\n: c"),
    "thousand-unknown-keys": SITE + b"".join(b"key%d: 1\n" % number for number in range(1000)),
    "many-equal-keys": b"a: 1\n" * 5000,
    "random-bytes": random.Random(1).randbytes(5 * 2**20),
    "few-random-bytes": random.Random(2).randbytes(2**16),
    "random-text": bytes(random.Random(3).choices(range(32, 127), k=2**19)),
    "five-megabytes": b"a" * (5 * 2**20),
    "one-long-word": b"a" * MAX_BYTES,
    "one-long-value": _with("site: protocoast", f"site: {'a.' * 200_000}"),
    "one-long-line": b"{" + b", ".join(b"key%d: 1" % number for number in range(2000)) + b"}",
    "long-name-of-an-image": _with(
        "image: quay.io/globalcoast/protocoast-notebook:main", f"image: {'a-' * 200_000}"
    ),
    "many-wrong-entries": _with(
        "admins: []", f"admins: [{', '.join(f'[{number}]' for number in range(2000))}]"
    ),
    "many-environments": _with(
        "environments:\n",
        "environments:\n" + "".join(f"  e{number}: {{cluster: x}}\n" for number in range(900)),
    ),
    "zero-byte": _with("site: protocoast", "site: proto\0coast"),
    "utf-16": SITE.decode().encode("utf-16"),
    "utf-16-without-mark": SITE.decode().encode("utf-16-be"),
    "utf-32": SITE.decode().encode("utf-32"),
    "latin-1": SITE + "# Küste\n".encode("latin-1"),
    "compressed": b"\x1f\x8b\x08\x00" + random.Random(4).randbytes(500),
    "tab": _with("    testing: true", "\ttesting: true"),
    "lone-surrogate": _with(DESCRIPTION, '"\\ud800"'),
    "encoded-surrogate": SITE.replace(DESCRIPTION.encode(), b"a\xed\xa0\x80"),
    "next-line": _with(DESCRIPTION, "Stable\x85version"),
    "next-line-escape": _with(DESCRIPTION, '"Stable\\Nversion"'),
    "line-separator": _with(DESCRIPTION, "Stable\u2028version"),
    "terminal-escape-in-a-text": _with(DESCRIPTION, '"\\e[2J"'),
    "terminal-escape": _with(DESCRIPTION, "Stable\x1b[2Jversion"),
    "terminal-escape-escaped": _with("site: protocoast", 'site: "\\e[2J\\e[31mproto"'),
    "right-to-left-override": _with("site: protocoast", "site: \u202etsaocotorp"),
    "emoji": _with("site: protocoast", "site: \U0001f30a\U0001f3d6\ufe0f"),
    "right-to-left-text": _with("site: protocoast", "site: שלום"),
    "directive": b"%YAML 1.1\n---\n" + SITE,
    "cut-off": SITE[: len(SITE) // 2],
    "cut-off-in-a-character": SITE + "# ü".encode()[:-1],
    "open-quote": _with('version: "3.1"', 'version: "3.1'),
    "template": _with("site: protocoast", "site: {{ site }}"),
    "helm-template": _with("site: protocoast", "{{- if .Values.site }}\nsite: protocoast"),
}

# What the command itself is run on, in a process of its own.
PROMISED = (
    *("empty", "only-comments", "not-yaml", "bomb", "key-twice", "two-documents", "python-tag"),
    *("brackets", "maps", "long-integer", "list-for-a-site", "unknown-key", "random-bytes"),
    *("five-megabytes", "zero-byte", "utf-16", "lone-surrogate", "thousand-unknown-keys", "emoji"),
    *("terminal-escape-escaped", "one-long-line", "number-as-key", "date"),
)

WRONG_TYPES = (
    *("null", "true", "1", "-1", "1.5", "''", "x", "[]", "[1]", "[null]", "[[]]", "{}", "{a: b}"),
    *("[{}]", "{x: {y: z}}", '"\\0"', "a\u0301", "[a, a]"),
)

GOOD: dict[str, bytes] = {
    "as-it-is": SITE,
    "byte-order-mark": b"\xef\xbb\xbf" + SITE,
    "windows-line-ends": SITE.replace(b"\n", b"\r\n"),
    "no-line-end-at-the-end": SITE.rstrip(b"\n"),
    "document-marks": b"---\n" + SITE + b"...\n",
    "tab-behind-a-colon": _with("site: protocoast", "site:\tprotocoast\t"),
    "long-comment": SITE + b"# " + b"a " * 400_000,
    "emoji-in-a-text": _with(DESCRIPTION, "\U0001f30a\U0001f3d6\ufe0f"),
    "right-to-left-text": _with(DESCRIPTION, "שלום"),
    "json": json.dumps(yaml.safe_load(SITE)).encode(),
}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with ProtoCoast's generated tree; no bad site.yaml changes anything in it."""
    root = tmp_path_factory.mktemp("site")
    (root / "site.yaml").write_bytes(SITE)
    assert copies.generate(root).code == 0
    return root


def _snapshot(root: Path) -> Snapshot:
    """Everything in a folder: what it is, when it was written, what it holds."""
    return {
        path.relative_to(root).as_posix(): (
            path.lstat().st_ino,
            path.lstat().st_mtime_ns,
            path.read_bytes() if path.is_file() else b"",
        )
        for path in sorted(root.rglob("*"))
    }


@pytest.fixture
def unchanged(folder: Path) -> Iterator[Path]:
    """The folder, which a test must leave as it was; site.yaml aside."""
    before = {path: seen for path, seen in _snapshot(folder).items() if path != "site.yaml"}
    yield folder
    after = {path: seen for path, seen in _snapshot(folder).items() if path != "site.yaml"}
    assert after == before


def _seconds_of_children() -> float:
    """What the processes that have ended took of a processor; a busy machine adds nothing."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def _assert_clear_report(said: str, content: bytes) -> None:
    """The first line has a place inside the file; what is no YAML takes one line each."""
    assert "Traceback" not in said
    assert "\x1b" not in said
    lines = said.splitlines()
    match = FIRST_LINE.match(lines[0])
    assert match is not None, lines[0]
    assert 1 <= int(match[1]) <= len(re.split(rb"\r\n|\r|\n", content))
    for line, following in zip(lines, [*lines[1:], ""], strict=True):
        found = FIRST_LINE.match(line)
        if found is not None and found[4].startswith("Y"):
            assert not following.startswith("  ")
            assert len(line) < 300


@pytest.mark.parametrize("case", BAD)
def test_bad_site_is_reported_and_nothing_is_written(case: str, unchanged: Path) -> None:
    (unchanged / "site.yaml").write_bytes(BAD[case])
    started = time.process_time()
    run = copies.generate(unchanged)
    assert time.process_time() - started < PATIENCE
    assert (run.code, run.error) == (1, "")
    _assert_clear_report(run.out, BAD[case])
    assert run.notes.endswith("; nothing written; fix site.yaml and run again\n")


@pytest.mark.parametrize("case", PROMISED)
def test_the_command_itself_says_the_same(case: str, unchanged: Path) -> None:
    (unchanged / "site.yaml").write_bytes(BAD[case])
    started = _seconds_of_children()
    run = copies.hubops("generate", "--site", "site.yaml", cwd=unchanged)
    assert _seconds_of_children() - started < PATIENCE
    assert run.returncode == 1
    _assert_clear_report(run.stdout, BAD[case])
    assert re.fullmatch(
        r"[^;\n]+; nothing written; fix site\.yaml and run again\n",
        run.stderr,
    )


@pytest.mark.parametrize("case", GOOD)
def test_unusual_but_clear_text_is_read(case: str, tmp_path: Path) -> None:
    (tmp_path / "site.yaml").write_bytes(GOOD[case])
    run = copies.generate(tmp_path)
    assert (run.code, run.error) == (0, "")
    assert copies.check(tmp_path).code == 0


def test_places_are_right_with_any_line_end() -> None:
    places = [
        [
            (found.code, found.at.line, found.at.column)
            for found in load.load(
                start + _with(WORKERS, "workers: x").replace(b"\n", line_end),
                "site.yaml",
                resources.site_schema(),
                resources.known_versions(),
            ).report.diagnostics
            if found.severity is Severity.ERROR
        ]
        for line_end in (b"\n", b"\r\n", b"\r")
        for start in (b"", b"\xef\xbb\xbf")
    ]
    assert places == [[("S103", 80, 45)]] * 6


# Sites that can't be read at all: exit 3, one line and what to do.


def _assert_refused(run: subprocess.CompletedProcess[str], reason: str) -> None:
    assert (run.returncode, run.stdout) == (3, "")
    first, second, *rest = run.stderr.splitlines()
    assert first.startswith("error: ")
    assert first.endswith(f": {reason}")
    assert second.startswith("  help: ")
    assert rest == []


def _missing(root: Path) -> Path:
    return root / "nowhere" / "site.yaml"


def _directory(root: Path) -> Path:
    (root / "site.yaml").mkdir()
    return root / "site.yaml"


def _pipe(root: Path) -> Path:
    os.mkfifo(root / "site.yaml")
    return root / "site.yaml"


def _loop(root: Path) -> Path:
    (root / "site.yaml").symlink_to("site.yaml")
    return root / "site.yaml"


def _dangling(root: Path) -> Path:
    (root / "site.yaml").symlink_to("gone.yaml")
    return root / "site.yaml"


def _below_a_file(root: Path) -> Path:
    (root / "site.yaml").touch()
    return root / "site.yaml" / "site.yaml"


UNREADABLE: dict[str, tuple[Callable[[Path], Path], str]] = {
    "missing": (_missing, "no such file or directory"),
    "a-directory": (_directory, "is a directory"),
    "a-pipe": (_pipe, "not a regular file"),
    "a-device": (lambda _: Path("/dev/zero"), "not a regular file"),
    "a-link-to-itself": (_loop, "too many levels of symbolic links"),
    "a-link-to-nothing": (_dangling, "no such file or directory"),
    "below-a-file": (_below_a_file, "not a directory"),
}


@pytest.mark.parametrize(("make", "reason"), UNREADABLE.values(), ids=UNREADABLE)
@pytest.mark.parametrize("command", ["generate", "check", "lint"])
def test_unreadable_site_is_refused(
    make: Callable[[Path], Path], reason: str, command: str, tmp_path: Path
) -> None:
    path = make(tmp_path)
    before = sorted(tmp_path.rglob("*"))
    _assert_refused(copies.hubops(command, "--site", str(path), cwd=tmp_path), reason)
    assert sorted(tmp_path.rglob("*")) == before


@contextlib.contextmanager
def _without_roots_rights() -> Iterator[None]:
    """Root may read every file: for so long this process is nobody."""
    is_root = os.geteuid() == 0
    if is_root:
        os.seteuid(65534)
    try:
        yield
    finally:
        if is_root:
            os.seteuid(0)


def test_site_without_permission_is_refused(protocoast_folder: Path) -> None:
    path = protocoast_folder / "site.yaml"
    path.chmod(0)
    with _without_roots_rights():
        runs = [command(protocoast_folder) for command in (copies.generate, copies.lint)]
    said = f"{path}: permission denied"
    assert [(run.code, run.out, run.error) for run in runs] == [(3, "", said)] * 2
    assert sorted(protocoast_folder.iterdir()) == [path]


@pytest.mark.parametrize(
    "arguments",
    [
        ("generat",),
        ("generate", "--sites", "x"),
        ("generate", "--site"),
        ("generate", "extra"),
        ("--format", "json"),
    ],
    ids=["command", "option", "value-missing", "argument", "option-of-none"],
)
def test_wrong_command_line_is_exit_2(arguments: tuple[str, ...], tmp_path: Path) -> None:
    run = copies.hubops(*arguments, cwd=tmp_path)
    assert run.returncode == 2
    assert "Traceback" not in run.stderr
    assert list(tmp_path.iterdir()) == []


# Every value of ProtoCoast's site in turn, replaced by something of another type.


def _pointers(node: Any, at: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    children = node.items() if isinstance(node, dict) else enumerate(node)
    for step, child in children:
        yield (*at, step)
        if isinstance(child, dict | list):
            yield from _pointers(child, (*at, step))


def _replaced(at: tuple[Any, ...], value: Any) -> bytes:
    data = deepcopy(yaml.safe_load(SITE))
    node = data
    for step in at[:-1]:
        node = node[step]
    node[at[-1]] = value
    return json.dumps(data, ensure_ascii=False).encode()


def _assert_loads(content: bytes) -> None:
    """Loading ends soon with places inside the file; what it lets pass can be built."""
    started = time.process_time()
    loaded = load.load(content, "site.yaml", resources.site_schema(), resources.known_versions())
    assert time.process_time() - started < 2
    lines = loaded.lines or content.decode(errors="replace").split("\n")
    for found in loaded.report.diagnostics:
        assert 1 <= found.at.line <= len(lines)
        assert 1 <= found.at.column <= len(lines[found.at.line - 1]) + 1
        assert (found.at.line, found.at.column) <= (found.at.end_line, found.at.end_column)
        assert found.message
        assert found.help
    if loaded.site is None:
        assert loaded.report.has_errors
    else:
        build(loaded.site, Inputs())


TYPES = [yaml.safe_load(text) for text in WRONG_TYPES]


@pytest.mark.parametrize("part", [*yaml.safe_load(SITE)], ids=str)
def test_any_type_anywhere_is_reported(part: str) -> None:
    pointers = [at for at in _pointers(yaml.safe_load(SITE)) if at[0] == part]
    chosen = random.Random(part)
    for at in pointers:
        for value in chosen.sample(TYPES, 2):
            _assert_loads(_replaced(at, value))


# A planted secret is in no output and in no file.

# One that looks like a credential, and one that only its place gives away.
MARKERS = {"random": "mK7q9ZxW2vB5nC8sD1fG4hJ6", "word": "marker-hunter"}
AUTH = "    admins: []"
TOKEN_URL = "https://aai-demo.egi.eu/auth/realms/egi/protocol/openid-connect/token"
REPOSITORY = "https://github.com/protocoast/protocoast-gitops.git"
HUB_VALUES = "  values: {}\n\ndaskGateway"

PLANTED: dict[str, tuple[str, str]] = {
    "at-the-top": ("site: protocoast", "site: protocoast\nclient_secret: MARKER"),
    "beside-the-login": (AUTH, f"{AUTH}\n    client_secret: MARKER"),
    "quoted-key": (AUTH, f"{AUTH}\n    'client_secret': 'MARKER'"),
    "in-a-flow-map": (AUTH, f"{AUTH}\n    oauth: {{client_secret: MARKER, client_id: x}}"),
    "on-the-next-line": (AUTH, f"{AUTH}\n    client_secret:\n      MARKER"),
    "in-a-block": (AUTH, f"{AUTH}\n    client_secret: |\n      MARKER"),
    "in-a-list": (AUTH, f"{AUTH}\n    api_tokens: [MARKER]"),
    "in-a-long-list": (AUTH, f"{AUTH}\n    api_tokens:\n      - MARKER"),
    "key-twice": (AUTH, f"{AUTH}\n    client_secret: MARKER\n    client_secret: MARKER"),
    "with-an-anchor": (AUTH, f"{AUTH}\n    client_secret: &a MARKER"),
    "as-an-anchor": (AUTH, f"{AUTH}\n    client_secret: &MARKER x"),
    "with-a-colon": (AUTH, f"{AUTH}\n    client_secret: MARKER: x"),
    "with-a-tag": (AUTH, f"{AUTH}\n    client_secret: !secret MARKER"),
    "in-an-open-quote": (AUTH, f'{AUTH}\n    client_secret: "MARKER'),
    "misspelt-key": (AUTH, f"{AUTH}\n    clientsecret: MARKER"),
    "beside-a-mistake": (AUTH, "    admins: {password: MARKER}"),
    "in-a-comment": ("admins: []", "admins: x  # password: MARKER"),
    "before-a-mistake": (WORKERS, "apiToken: MARKER, workers: x"),
    "password-of-the-repository": (REPOSITORY, "https://me:MARKER@git.example.org/x.git"),
    "password-with-a-slash": (REPOSITORY, "https://me:a/MARKER@git.example.org/x.git"),
    "password-of-a-login-url": (TOKEN_URL, "https://me:MARKER@aai.example.org/token"),
    "password-of-a-chart-repository": (
        "{version: 3.3.8}",
        "{version: 3.3.8, repository: 'https://me:MARKER@charts.example.org/'}",
    ),
    "password-of-an-image": (
        "image: quay.io/globalcoast/protocoast-notebook:main\n        desc",
        "image: https://me:MARKER@quay.io/x\n        desc",
    ),
    "under-a-cluster-of-that-name": ("clusters:\n", "clusters:\n  password:\n  - MARKER\n"),
    "under-an-app-of-that-name": ("clusters:\n", "apps:\n  password: MARKER\nclusters:\n"),
    "under-an-environment-of-that-name": ("environments:\n", "environments:\n  token: [MARKER]\n"),
    "in-values": (
        HUB_VALUES,
        "  values: {hub: {config: {OAuthenticator: {client_secret: MARKER}}}}\n\ndaskGateway",
    ),
    "in-values-of-the-proxy": (
        HUB_VALUES,
        "  values: {proxy: {secretToken: MARKER}}\n\ndaskGateway",
    ),
    "in-values-as-code": (
        HUB_VALUES,
        "  values:\n    hub:\n      extraConfig:\n        x: |\n"
        '          c.GenericOAuthenticator.client_secret = "MARKER"\n\ndaskGateway',
    ),
    "in-values-as-a-variable": (
        HUB_VALUES,
        "  values: {hub: {extraEnv: [{name: GITHUB_TOKEN, value: MARKER}]}}\n\ndaskGateway",
    ),
    "in-values-as-a-url": (
        HUB_VALUES,
        "  values: {hub: {db: {url: 'postgresql://hub:MARKER@db/hub'}}}\n\ndaskGateway",
    ),
    "in-values-of-an-environment": (
        "    jupyterhub:\n      servers:",
        "    jupyterhub:\n      values: {hub: {cookieSecret: MARKER}}\n      servers:",
    ),
    "in-values-of-dask": (
        "    image: quay.io/globalcoast/protocoast-notebook:main\n  values: {}",
        "    image: quay.io/globalcoast/protocoast-notebook:main\n"
        "  values: {gateway: {auth: {simple: {password: MARKER}}}}",
    ),
}
# Only their looks give these away.
PLANTED_BARE: dict[str, tuple[str, str]] = {
    "as-a-key": ("site: protocoast", "site: protocoast\nMARKER: x"),
    "as-an-environment": ("  production:\n", "  MARKER:\n"),
    "as-the-sites-name": ("site: protocoast", "site: MARKER"),
    "as-a-name-of-no-map": ("environments:\n", "environments:\n  MARKER: 1\n"),
    "as-a-url": (TOKEN_URL, "MARKER"),
    "for-a-number": (WORKERS, "workers: MARKER"),
    "for-a-list": ("admins: []", "admins: MARKER"),
    "for-a-word": ("provider: generic-oauth", "provider: MARKER"),
    "for-a-map": ("  home: {capacity: 50Gi}", "  home: MARKER"),
    "for-a-version": ("{version: 3.3.8}", "{version: MARKER}"),
    "for-an-image": ("image: quay.io/globalcoast/protocoast-notebook:main", "image: MARKER"),
    "in-plain-values": (HUB_VALUES, "  values: {hub: {x: MARKER}}\n\ndaskGateway"),
    "as-a-tag": ("site: protocoast", "site: !MARKER x"),
    "as-an-alias": ("site: protocoast", "site: *MARKER"),
    "in-a-comment-beside-a-mistake": ("admins: []", "admins: x  # MARKER"),
    "token-for-a-user": (REPOSITORY, "https://MARKER@git.example.org/x.git"),
}
PLANTINGS = [
    pytest.param(old, new.replace("MARKER", marker), marker, id=f"{case}-{kind}")
    for planted, markers in ((PLANTED, MARKERS), (PLANTED_BARE, {"random": MARKERS["random"]}))
    for case, (old, new) in planted.items()
    for kind, marker in markers.items()
]


@pytest.mark.parametrize(("old", "new", "marker"), PLANTINGS)
def test_planted_secret_is_neither_said_nor_written(
    old: str, new: str, marker: str, unchanged: Path
) -> None:
    (unchanged / "site.yaml").write_bytes(_with(old, new))
    for command in (copies.generate, copies.check, copies.lint):
        run = command(unchanged)
        assert run.code == 1
        assert marker not in run.said


def test_planted_secret_is_not_said_by_the_command_itself(unchanged: Path) -> None:
    lines = [f"    client_secret: {MARKERS['word']}", f"    other: {MARKERS['random']}"]
    (unchanged / "site.yaml").write_bytes(_with(AUTH, "\n".join([AUTH, *lines])))
    for command in ("lint", "generate", "check"):
        run = copies.hubops(command, cwd=unchanged)
        assert run.returncode == 1
        for marker in MARKERS.values():
            assert marker not in run.stdout + run.stderr
