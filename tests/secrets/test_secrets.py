"""`hubops secrets`: how each value stands, since when, for which certificate; and its formats."""

import json
import os
import shutil
import subprocess
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from generator.lint.pages import address, link
from generator.secrets.targets import SealMode
from tests.support import certificates, copies
from tests.support.certificates import BEFORE, NOW, certificate, ec_key, pem, private_pem, rsa_key
from tests.support.copies import KEYS, Person, files, generate, made, protocoast, seal, secrets

FINGERPRINT = certificate().fingerprint
SEALED = "overlays/production/namespace/sealed-hub-secrets.yaml"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """One environment that requires sealed values, all but one of them sealed."""
    site = protocoast()
    del site["environments"]["staging"], site["clusters"]["fedcloud-staging"]
    made(tmp_path, site)
    certificates.install(tmp_path)
    person = Person({KEYS[0]: b"coast-hub"})
    assert seal(tmp_path, person=person).code == 0
    return tmp_path


def listed(root: Path, **more: Any) -> dict[str, Any]:
    document: dict[str, Any] = json.loads(secrets(root, "json", **more).out)
    return document


def states(root: Path) -> dict[str, str]:
    return {entry["key"]: entry["state"] for entry in listed(root)["secrets"]}


def codes(root: Path, **more: Any) -> list[str]:
    return [found["code"] for found in listed(root, **more)["findings"]]


def edited(root: Path, change: Callable[[copies.Site], Any]) -> None:
    site = protocoast()
    del site["environments"]["staging"], site["clusters"]["fedcloud-staging"]
    change(site)
    copies.write_site(root, site)


def test_the_table(root: Path) -> None:
    run = secrets(root)
    short = FINGERPRINT[:19]
    assert run.code == 1
    assert run.out.splitlines() == [
        f"{'ENVIRONMENT  SECRET       KEY':<61}  STATE        IN GIT SINCE  CERTIFICATE",
        f"{'production   hub-secrets  oauth.client_id':<61}  sealed                     {short}",
        f"{'production   hub-secrets  oauth.client_secret':<61}  placeholder",
        *(
            f"{f'production   hub-secrets  {key}':<61}  sealed                     {short}"
            for key in KEYS[2:]
        ),
        "",
        f"{SEALED}:17:1: error[K711]: production: hub-secrets/{KEYS[1]} is not sealed yet",
        f"  help: hubops seal production  {link('K711')}",
    ]
    assert run.notes == "4 sealed, 1 placeholder; 1 error\nnext: hubops seal production\n"


def test_all_is_sealed(root: Path) -> None:
    assert seal(root, person=Person({KEYS[1]: b"x"})).code == 0
    run = secrets(root)
    assert (run.code, run.notes) == (0, "5 sealed\n")
    assert secrets(root, "github") == copies.Run(code=0, out="", notes=run.notes)


def test_nothing_is_written(root: Path) -> None:
    before = files(root)
    steps: list[str] = []
    with copies.listening(root, steps.append):
        for format in ("text", "json", "github"):
            assert secrets(root, format).code == 1
    assert steps == []
    assert files(root) == before


def test_json_holds_everything_and_no_ciphertext(root: Path) -> None:
    document = listed(root)
    assert document["secrets"][0] == {
        "environment": "production",
        "cluster": "fedcloud",
        "secret": "hub-secrets",
        "key": "oauth.client_id",
        "state": "sealed",
        "required": True,
        "file": SEALED,
        "line": 16,
        "since": None,
        "certificate": FINGERPRINT,
        "reason": None,
    }
    assert document["certificates"] == {
        "fedcloud": {
            "problem": None,
            "certificates": [
                {
                    "fingerprint": FINGERPRINT,
                    "bits": 2048,
                    "begins": "2026-05-22T12:00:00+00:00",
                    "ends": "2036-05-29T12:00:00+00:00",
                }
            ],
        }
    }
    assert [found["code"] for found in document["findings"]] == ["K711"]
    assert not any(value in json.dumps(document) for value in copies.sealed(root).values())


def test_github(root: Path) -> None:
    assert secrets(root, "github").out == (
        f"::error file={SEALED},line=17,col=1,endLine=17,endColumn=1,title=hubops K711::{SEALED}:"
        "17:1: error[K711]: production: hub-secrets/oauth.client_secret is not sealed yet%0A"
        f"help: hubops seal production%0A{address('K711')}\n"
    )


def test_where_sealed_values_are_not_required_it_is_a_warning(root: Path) -> None:
    edited(root, lambda site: site["environments"]["production"].pop("requireSealed"))
    run = secrets(root)
    assert run.code == 0
    assert "error" not in run.out
    assert run.notes.startswith("4 sealed, 1 placeholder; 1 warning\n")


# --- void, malformed, unknown


CHANGES: dict[str, tuple[Callable[[copies.Site], Any], str]] = {
    "namespace": (
        lambda site: site["environments"]["production"].update(namespace="other"),
        "sealed for namespace daskhub, now it is other",
    ),
    "scope": (
        lambda site: site["environments"]["production"].update(sealingScope="cluster-wide"),
        "sealed with scope strict, now it is cluster-wide",
    ),
    "environment": (
        lambda site: site["environments"].update(live=site["environments"].pop("production")),
        "site.yaml no longer has this environment",
    ),
}


@pytest.mark.parametrize("name", CHANGES)
def test_a_value_whose_place_changed_is_void(root: Path, name: str) -> None:
    change, reason = CHANGES[name]
    edited(root, change)
    void = [entry for entry in listed(root)["secrets"] if entry["state"] == "void"]
    assert [entry["key"] for entry in void] == [KEYS[0], *KEYS[2:]]
    assert {entry["reason"] for entry in void} == {reason}
    assert codes(root).count("K713") == 4
    assert "hubops generate lists what would be lost" in secrets(root).notes


def test_a_value_whose_key_went_is_void(root: Path) -> None:
    edited(root, lambda site: site["environments"]["production"].update(daskGateway=None))
    assert states(root)[KEYS[4]] == "void"
    assert secrets(root).code == 1


def test_a_certificate_that_is_no_longer_the_clusters(root: Path) -> None:
    certificates.install(root, pem(begins=NOW))
    assert set(states(root).values()) == {"void", "placeholder"}
    run = secrets(root)
    assert run.code == 1
    assert "is sealed for a certificate that is no longer fedcloud's" in run.out
    assert "next: hubops seal production --reseal\n" in run.notes
    assert seal(root, mode=SealMode.RESEAL, person=Person({KEYS[0]: b"coast"})).code == 0
    assert set(states(root).values()) == {"sealed", "placeholder"}


def test_a_certificate_behind_the_newest_is_still_the_clusters(root: Path) -> None:
    certificates.install(root, pem(rsa_key(2048), NOW) + pem())
    assert set(states(root).values()) == {"sealed", "placeholder"}


def test_another_tools_value(root: Path) -> None:
    copies.put(root, "production", KEYS[1], copies.ciphertext(1))
    entry = listed(root)["secrets"][1]
    assert (entry["state"], entry["certificate"]) == ("sealed", None)
    assert "certificate unknown" in secrets(root).out
    assert secrets(root).code == 0


def test_a_value_that_another_tool_replaced(root: Path) -> None:
    copies.put(root, "production", KEYS[0], copies.ciphertext(1))
    assert listed(root)["secrets"][0]["certificate"] is None


def test_what_is_no_ciphertext(root: Path) -> None:
    copies.put(root, "production", KEYS[1], "hunter2")
    run = secrets(root)
    assert run.code == 1
    assert states(root)[KEYS[1]] == "malformed"
    assert "K712" in run.out
    assert "change a password" in run.out
    assert "hunter2" not in run.said


# --- certificates


@pytest.mark.parametrize(
    ("content", "code", "said"),
    [
        pytest.param(None, "K721", "certificates/fedcloud.pem does not exist", id="missing"),
        pytest.param(pem(begins=BEFORE, ends=NOW), "K722", "expired on 2026-06-01", id="expired"),
        pytest.param(
            pem(begins=NOW + timedelta(days=2)),
            "K722",
            "is valid from 2026-06-03",
            id="of tomorrow",
        ),
        pytest.param(pem(ec_key()), "K723", "its key is not an RSA key", id="not RSA"),
        pytest.param(pem()[:400], "K723", "is cut off or damaged", id="truncated"),
        pytest.param(private_pem(), "K723", "it holds a private key", id="private"),
        pytest.param(
            pem(begins=NOW - timedelta(days=61)), "K724", "is 61 days old", id="61 days old"
        ),
    ],
)
def test_certificates(root: Path, content: bytes | None, code: str, said: str) -> None:
    path = root / "certificates/fedcloud.pem"
    path.unlink()
    if content is not None:
        certificates.install(root, content)
    (found,) = [one for one in listed(root)["findings"] if one["code"].startswith("K72")]
    assert (found["code"], found["file"]) == (code, "certificates/fedcloud.pem")
    assert said in found["message"]
    assert (found["severity"] == "error") is (said == "it holds a private key")


def test_a_certificate_of_60_days_is_no_finding(root: Path) -> None:
    certificates.install(root, pem(begins=NOW - timedelta(days=60)))
    assert "K724" not in codes(root)


def test_a_cluster_that_names_none(root: Path) -> None:
    edited(root, lambda site: site["clusters"]["fedcloud"].pop("sealingCertificate"))
    assert codes(root) == ["K711", "K721"]


# --- since when


def git(root: Path, *arguments: str, date: str = "2026-05-25T10:00:00+00:00") -> None:
    subprocess.run(
        ["git", "-c", "user.name=a", "-c", "user.email=a@b.c", *arguments],
        cwd=root,
        env={"PATH": "/usr/bin:/bin", "HOME": str(root), "GIT_COMMITTER_DATE": date},
        check=True,
        capture_output=True,
    )


def commit(root: Path, date: str) -> None:
    git(root, "add", "--all")
    git(root, "commit", "--message", "x", date=date)


def since(root: Path) -> list[str | None]:
    return [entry["since"] for entry in listed(root)["secrets"]]


GIT = shutil.which("git")
FIRST, SECOND = "2026-05-25T10:00:00+00:00", "2026-05-27T10:00:00+00:00"


def test_since_when_a_value_is_in_git(root: Path) -> None:
    assert since(root) == [None] * 5
    git(root, "init")
    assert since(root) == [None] * 5
    commit(root, FIRST)
    assert since(root) == [FIRST, None, FIRST, FIRST, FIRST]
    assert seal(root, key=KEYS[2], mode=SealMode.ROTATE, generate=True).code == 0
    rows = secrets(root).out.splitlines()
    assert "2026-05-25" in rows[1]
    assert "not committed" in rows[3]
    commit(root, SECOND)
    assert since(root) == [FIRST, None, SECOND, FIRST, FIRST]


def test_a_later_change_of_other_lines_is_no_new_date(root: Path) -> None:
    git(root, "init")
    commit(root, FIRST)
    sealed = root / SEALED
    sealed.write_bytes(copies.by_kubeseal(sealed.read_bytes()))
    commit(root, SECOND)
    assert generate(root).code == 0
    assert since(root)[0] is not None


def test_git_is_asked_once_for_all_values(
    root: Path, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    git(root, "init")
    commit(root, FIRST)
    tools = tmp_path_factory.mktemp("tools")
    (tools / "git").write_text(f'#!/bin/sh\necho "$1" >> {tools}/asked\nexec {GIT} "$@"\n')
    (tools / "git").chmod(0o755)
    monkeypatch.setenv("PATH", f"{tools}{os.pathsep}{os.environ['PATH']}")
    assert since(root)[0] == FIRST
    asked = (tools / "asked").read_text().split()
    assert asked.count("log") == 1
    assert len(asked) <= 5


def test_a_shallow_clone_does_not_know(
    root: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    git(root, "init")
    commit(root, FIRST)
    (root / "note").write_text("x")
    commit(root, SECOND)
    clone = tmp_path_factory.mktemp("clone")
    git(root, "clone", "--depth", "1", f"file://{root}", str(clone / "shallow"))
    assert since(clone / "shallow") == [None] * 5
    assert "not committed" not in secrets(clone / "shallow").out


def test_nothing_is_committed_in_a_new_repository(root: Path) -> None:
    git(root, "init")
    assert secrets(root).out.count("not committed") == 4


def test_history_that_git_can_not_read_is_not_known(root: Path) -> None:
    git(root, "init")
    commit(root, FIRST)
    path = "overlays/production/namespace/sealed-hub-secrets.yaml"
    asked = ("git", "rev-parse", f"HEAD:{path}")
    name = subprocess.run(
        asked, cwd=root, check=True, capture_output=True, text=True
    ).stdout.strip()
    (root / ".git/objects" / name[:2] / name[2:]).unlink()
    assert since(root) == [None] * 5
    assert "not committed" not in secrets(root).out


def test_several_environments_and_secrets_in_order(tmp_path: Path) -> None:
    site = protocoast()
    site["secrets"] = {"ocean-bucket": {"keys": ["A", "B"], "usedBy": {"servers": "environment"}}}
    made(tmp_path, site)
    rows = [(one["environment"], one["secret"], one["key"]) for one in listed(tmp_path)["secrets"]]
    expected = [("hub-secrets", key) for key in KEYS] + [("ocean-bucket", k) for k in "AB"]
    assert rows == [(name, *pair) for name in ("production", "staging") for pair in expected]
