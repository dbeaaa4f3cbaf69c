"""Text that is not hubops' own reaches no terminal and no log as it is, whatever prints it.

A working copy of a stranger: raw values, file names, sealed files, charts.lock and Git names that
forge lines, commands of a workflow's log and colors. Every command runs in it, in every format.
"""

import gc
import json
import re
import subprocess
import sys
import xml.dom.minidom
from collections.abc import Callable, Iterator
from html.parser import HTMLParser
from pathlib import Path

import pytest
import yaml

from generator import credentials
from generator.cli import main
from generator.credentials import is_obeyed, printable, quoted
from generator.yaml.write import HEADER, emit
from tests.support import copies
from tests.support.copies import ciphertext

LINES = "x\n::error::forged\n  ::add-mask::y\r##[error]z\u2028- [x] done\u2029"
SIGNS = "\x1b[31mred\x1b[0m\x1b]8;;https://evil.example\x07 \x08\x07\u202egnp\u2066\u200b\ufeff"
NASTY = LINES + SIGNS
KEY = "::error::key\n##[group]\u202e"
# A file of a stranger's checkout may have any name.
NAMES = {
    "overlays/x\n::error::forged.yaml": "a: 1\n",
    "overlays/\x1b[31mred\u202e/kustomization.yaml": "a: 1\n",
    "overlays/##[error]a/kustomization.yaml": "a: 1\n",
    "clusters/$(touch x)\n::error::/environment-;touch y.yaml": "metadata: {}\n",
    "clusters/--all/environment---all.yaml": "metadata: {}\n",
    "clusters/-A/bootstrap/root.yaml": "  namespace: --all\n",
}


def _sealed(name: str, key: str, value: str) -> str:
    metadata = {"name": name, "namespace": NASTY}
    spec = {"encryptedData": {key: value}, "template": {}}
    return json.dumps({"kind": "SealedSecret", "metadata": metadata, "spec": spec}) + "\n"


SEALED = {
    "overlays/$(touch x)\n::error::/namespace/sealed-a.yaml": _sealed(NASTY, KEY, ciphertext(1)),
    "apps/\u202emoved\n::error::.yaml": _sealed("a;touch x", KEY, ciphertext(2)),
}
APP = {
    "scope": "cluster",
    "chart": {"name": "csi", "repository": "https://charts.example.org", "version": "2.31.7"},
    "namespace": "kube-system",
    "values": {KEY: NASTY, "lines": f"a\n{LINES}\n", "list": [NASTY, {KEY: [NASTY]}]},
    "ignoreDifferences": [
        {"kind": "Secret", "jsonPointers": ["/data/::error::"], "reason": "##[error]x"}
    ],
    "secrets": {"cloud-config": {"keys": ["cloud.conf"]}},
}
EXTRA = "overlays/production/namespace/extra/\n::error::\x1b[2J.yaml"


@pytest.fixture
def nasty(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A stranger's working copy, with a first commit that has none of it."""
    site = copies.one_hub()
    copies.made(tmp_path, site)
    for step in (["init", "-q", "-b", "main"], ["add", "-A"], ["commit", "-q", "-m", NASTY]):
        who = ["-c", "user.name=a", "-c", "user.email=a@example.org"]
        subprocess.run(["git", *who, *step], cwd=tmp_path, check=True)
    values = {
        KEY: NASTY,
        "lines": f"a\n{LINES}\n",
        "safe": "a\nb\n",
        "::error::top": {"a": [NASTY]},
    }
    site["jupyterhub"]["values"] = {"custom": values, "::error::key": "x"}
    site["apps"] = {"csi": APP | {"values": values}, "nfs": APP | {"scope": "environment"}}
    del site["apps"]["nfs"]["namespace"]
    site["clusters"]["fedcloud"]["apps"] = {"csi": {"values": {KEY: {"own": NASTY}}}}
    copies.write_site(tmp_path, site)
    for path, content in {**NAMES, **SEALED, EXTRA: "kind: ConfigMap\n"}.items():
        place = tmp_path / path
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(content if path == EXTRA else HEADER + content)
    (tmp_path / "seen.json").write_text(json.dumps(_seen()))
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("GITHUB_ACTIONS", "")
    return tmp_path


def _seen() -> object:
    """A dump of a cluster in which everything has a nasty name and says nasty things."""
    metadata = {"name": NASTY, "namespace": "daskhub", "labels": {"component": NASTY}}
    waiting = {"name": NASTY, "state": {"waiting": {"reason": "ErrImagePull", "message": NASTY}}}
    synced = {"conditions": [{"type": "Synced", "status": "False", "message": NASTY}]}
    claim: dict[str, object] = {"kind": "PersistentVolumeClaim", "status": {"phase": "Lost"}}
    objects: list[dict[str, object]] = [
        {"kind": "Pod", "status": {"containerStatuses": [waiting | {"image": NASTY}]}},
        {"kind": "SealedSecret", "states": {KEY: "placeholder"}, "status": synced},
        claim,
    ]
    application = {
        "kind": "Application",
        "metadata": {"name": "protocoast-production", "namespace": "argocd"},
        "status": {"conditions": [{"type": "ComparisonError", "message": NASTY}]},
    }
    return {
        "kind": "hubops doctor dump",
        "version": 1,
        "site": "protocoast",
        "taken": "2026-11-29T12:00:00+00:00",
        "argocd": {"version": NASTY, "objects": [application], "unasked": []},
        "clusters": {
            "fedcloud": {
                "version": "v1.30.1",
                "objects": [{**one, "metadata": metadata} for one in objects],
                "unasked": [{"kind": NASTY, "namespace": NASTY, "reason": NASTY}],
            }
        },
        "lines": {"production": {NASTY: [f"Can't locate revision identified by {NASTY}"]}},
        "addresses": {"protocoast.vm.fedcloud.eu": [NASTY]},
    }


def forged(text: str, *, own: str = "") -> list[str]:
    """The lines that a terminal or a workflow's log would not show as they are written."""
    return [
        line
        for line in text.split("\n")
        if (is_obeyed(line) and not (own and line.startswith(own)))
        or any(printable(sign) != sign for sign in line.replace("\t", ""))
    ]


Said = tuple[int, str, str]


@pytest.fixture
def run(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> Iterator[Callable[..., Said]]:
    """Runs the command as the process does; the last door finds nothing left to do."""
    needed: list[str] = []

    def seen(text: str) -> str:
        needed.append(text)
        return harmless(text)

    harmless = credentials.harmless
    monkeypatch.setattr(credentials, "harmless", seen)

    def started(*arguments: str) -> Said:
        monkeypatch.setattr(sys, "argv", ["hubops", *arguments])
        code = main.run()
        gc.enable()
        said = capsys.readouterr()
        return code, said.out, said.err

    yield started
    assert [text for text in needed if harmless(text) != text] == []


COMMANDS = {
    "check": (1, ["check"]),
    "generate": (3, ["generate"]),
    "generate --discard-sealed": (0, ["generate", "--discard-sealed"]),
    **{
        f"lint {one}": (0, ["lint", "--format", one]) for one in ("text", "json", "github", "sarif")
    },
    **{f"secrets {one}": (0, ["secrets", "--format", one]) for one in ("text", "json", "github")},
    **{
        f"diff {one}": (0, ["diff", "--base", "HEAD", "--format", one])
        for one in ("text", "json", "markdown", "html")
    },
    "graph": (0, ["graph"]),
    "graph svg": (0, ["graph", "--format", "svg"]),
    "values": (0, ["values", "production", "jupyterhub"]),
    "values --origins": (0, ["values", "production", "jupyterhub", "--origins"]),
    "values of a cluster's app": (0, ["values", "fedcloud/csi", "csi"]),
    "values of a cluster's app --origins": (0, ["values", "fedcloud/csi", "csi", "--origins"]),
    "values of an environment's app": (0, ["values", "production", "nfs"]),
    "values of a nasty app": (2, ["values", "production", NASTY]),
    "seal of a nasty app": (2, ["seal", f"fedcloud/{NASTY}"]),
    "seal of an app": (3, ["seal", "fedcloud/csi"]),
    "bump of an app": (3, ["bump", "csi", "2.32.0", "--dry-run", "--offline"]),
    "diff --rendered": (0, ["diff", "--base", "HEAD", "--rendered", "--offline"]),
    "apps add": (3, ["apps", "add", "cert-manager"]),
    "apps add of a nasty name": (2, ["apps", "add", "cert-manager", "--as", NASTY]),
    "apps add in a nasty cluster": (2, ["apps", "add", "cert-manager", "--cluster", NASTY]),
    "apps show of a nasty chart": (2, ["apps", "show", NASTY]),
    "bump --list": (0, ["bump", "--list"]),
    "bump": (3, ["bump", "jupyterhub", "4.4.0", "--dry-run", "--offline"]),
    "promote": (2, ["promote", "production", NASTY]),
    "seal": (3, ["seal", "production", "--generate"]),
    "certificate": (0, ["certificate", "fedcloud"]),
    "certificate of a nasty name": (2, ["certificate", NASTY]),
    "diff of a nasty revision": (3, ["diff", "--base", NASTY]),
    "lint of a nasty code": (2, ["lint", "--explain", NASTY]),
    "charts fetch": (3, ["charts", "fetch", "--offline"]),
    "a nasty path": (2, ["lint", "--site", f"{NASTY}/site.yaml"]),
    "a nasty option": (2, ["lint", f"--{NASTY}"]),
    "a nasty command": (2, [NASTY]),
    "a nasty argument": (2, ["lint", f"a\n{NASTY}\x1b[31m"]),
    **{
        f"doctor {one}": (1, ["doctor", "--from", "seen.json", "--format", one])
        for one in ("text", "json", "github", "markdown")
    },
    "doctor of a nasty context": (2, ["doctor", NASTY]),
    "commands": (0, ["commands", "production", "--context", NASTY]),
    "import": (2, ["import", "--jupyterhub", f"{LINES}.yaml"]),
}


@pytest.mark.parametrize(("code", "arguments"), COMMANDS.values(), ids=COMMANDS)
def test_no_command_prints_foreign_text_as_it_is(
    nasty: Path, run: Callable[..., Said], code: int, arguments: list[str]
) -> None:
    found, out, notes = run(*arguments)
    assert found == code, notes
    own = "::" if "github" in arguments else ""
    assert forged(out, own=own) == []
    assert forged(notes) == []
    if own:
        places = [line for line in out.splitlines() if line]
        assert all(re.match("::(error|warning|notice) file=", line) for line in places)


def test_a_site_that_lint_refuses(nasty: Path, run: Callable[..., Said]) -> None:
    site = json.loads((nasty / "site.yaml").read_text())
    site["jupyterhub"]["authentication"]["loginService"] = f"EGI\n\n- production: {NASTY}"
    site["jupyterhub"]["servers"]["profiles"][0] |= {"name": NASTY, "image": NASTY, "x\n": NASTY}
    site["charts"]["jupyterhub"]["version"] = NASTY
    site["environments"][f"a{NASTY}"] = {"cluster": NASTY, "namespace": NASTY, "host": NASTY}
    site[KEY] = NASTY
    (nasty / "site.yaml").write_text(json.dumps(site, indent=1, ensure_ascii=False))
    (nasty / "raw.yaml").write_text(f'site: "{SIGNS}"\n')
    for format in ("text", "json", "github", "sarif"):
        code, out, notes = run("lint", "--format", format)
        assert code == 1
        assert forged(out, own="::" if format == "github" else "") == []
        assert forged(notes) == []
        assert run("lint", "--format", format, "--site", "raw.yaml")[0] == 1
    for command in (["generate"], ["diff"], ["bump", "--list"], ["bump", "jupyterhub", "4.4.0"]):
        _, out, notes = run(*command)
        assert forged(out + notes) == []


def test_printed_commands_do_nothing_else(nasty: Path, run: Callable[..., Said]) -> None:
    said = "\n".join(run(*arguments)[1] for _, arguments in list(COMMANDS.values())[:8])
    for line in said.splitlines():
        if re.match(r"\s*(help: )?.*\b(kubectl|argocd|hubops) ", line):
            assert "$(touch x)" not in re.sub(r"'[^']*'", "", line.partition(" kubectl")[2])
            assert "--all" not in line
            assert "; touch" not in line
            assert "delete namespace -" not in line


def test_values_and_documents_say_the_same(nasty: Path, run: Callable[..., Said]) -> None:
    custom = yaml.safe_load(run("values", "production", "jupyterhub")[1])["custom"]
    assert custom[KEY] == NASTY
    assert custom["lines"] == f"a\n{LINES}\n"
    assert custom["::error::top"] == {"a": [NASTY]}
    for place, app in (("fedcloud/csi", "csi"), ("production", "nfs")):
        held = yaml.safe_load(run("values", place, app)[1])
        assert held["lines"] == f"a\n{LINES}\n"
        assert held[KEY] == ({"own": NASTY} if app == "csi" else NASTY)
    reviewed = json.loads(run("diff", "--base", "HEAD", "--format", "json")[1])
    assert reviewed["environments"][0]["names"] == ["production"]


def test_the_picture_is_xml_and_the_page_is_whole(nasty: Path, run: Callable[..., Said]) -> None:
    xml.dom.minidom.parseString(run("graph", "--format", "svg")[1])
    page = run("diff", "--base", "HEAD", "--format", "html")[1]
    seen: list[str] = []

    class Parser(HTMLParser):
        def handle_starttag(self, tag: str, attributes: object) -> None:
            seen.append(tag)

    Parser().feed(page)
    assert seen.count("script") == 1
    assert "img" not in seen


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("a\nb\rc\td", r"a\nb\rc\td"),
        ("\x1b[31m\x07\x7f\x9b", r"\x1b[31m\x07\x7f\x9b"),
        ("\u202ea\u2066b\u200fc\u061c", r"\u202ea\u2066b\u200fc\u061c"),
        ("\u200b\u200d\ufeff\u2060\u00ad\u3164\u115f", r"\u200b\u200d\ufeff\u2060\xad\u3164\u115f"),
        ("\u2028\u2029\x85", r"\u2028\u2029\x85"),
        ("\U000e0041\udcff", r"\U000e0041\udcff"),
        ("##[error]a ##vso[task]b", r"##\x5berror]a ##vso\x5btask]b"),
        (" ::error::a ::b", r" \x3a:error::a ::b"),
        ("Küste, 海岸, # a ## b", "Küste, 海岸, # a ## b"),
    ],
)
def test_printable(text: str, shown: str) -> None:
    assert printable(text) == shown
    assert printable(shown) == shown
    assert not is_obeyed(shown)


@pytest.mark.parametrize("word", ["a b", "$(touch x)", "a;b", "a'b", "`a`", "a\nb", "\x1b[2J", ""])
def test_quoted_is_one_word_on_one_line(word: str) -> None:
    said = quoted(word)
    assert printable(said) == said
    words = subprocess.run(
        ["sh", "-c", f"for one in {said}; do echo .; done"], capture_output=True, check=True
    )
    assert words.stdout == b".\n"


@pytest.mark.parametrize("text", [NASTY, LINES, f"a\n{LINES}b\n", "##[x]", "a\n  ::b::\n", KEY])
def test_yaml_holds_nothing_that_a_log_obeys_and_reads_back(text: str) -> None:
    written = emit({"a": {text: text, "list": [text]}})
    assert forged(written) == []
    assert yaml.safe_load(written) == {"a": {text: text, "list": [text]}}
