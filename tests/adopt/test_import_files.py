"""The files that operators really keep: umbrella charts, checkouts, and files that SOPS wrote."""

import json
from pathlib import Path
from typing import Any

import pytest

from generator.adopt import sources
from generator.adopt.layers import Text
from generator.adopt.sources import InputFiles
from generator.credentials import is_credential, shown
from generator.diagnostics import GeneratorError
from tests.support.copies import hubops
from tests.support.imports import HUB, asked, hub_with, left, proposed, text
from tests.support.random_sites import as_text

SAY = (
    *("--repository", "https://git.example.org/tides.git", "--namespace", "tides"),
    *("--kubernetes", "1.32", "--host", "tides.example.org", "--storage-class", "fast"),
    *("--jupyterhub-version", "4.4.0", "--output", "site.yaml"),
)


def meta(*files: dict[str, Any], level: str | None = None) -> sources.RunningReleases:
    """What several files of an umbrella chart say together."""
    texts = (Text(name=f"{n}.yaml", content=as_text(one).encode()) for n, one in enumerate(files))
    return sources.releases(InputFiles(meta=tuple(texts), level=level))


def test_files_of_an_umbrella_chart_are_judged_together() -> None:
    running = meta({"shares": {"size": "1Ti"}}, {"jupyterhub": HUB}, {})
    assert running.charts["jupyterhub"].values == HUB
    assert [row.path for row in running.left] == [("shares",)]


def test_chart_one_level_deeper_is_found_and_named() -> None:
    running = meta({"coasthub": {"jupyterhub": HUB, "shares": {}}, "dask-gateway": {}})
    assert running.charts["jupyterhub"].values == HUB
    assert running.umbrella == "coasthub"
    assert [one.text for one in running.questions] == [
        "'jupyterhub' is below 'coasthub' (0.yaml:3), and is read there"
    ]
    assert sorted(row.path for row in running.left) == [("coasthub", "shares")]


def test_level_decides_between_two_hubs() -> None:
    other = hub_with({"cull": {"every": 60}})
    files = ({"jupyterhub": HUB}, {"coasthub": {"jupyterhub": other}})
    with pytest.raises(GeneratorError, match=r"'jupyterhub' is at 0.yaml:2 and at 1.yaml:3"):
        meta(*files)
    assert meta(*files, level="coasthub").charts["jupyterhub"].values == other
    assert meta(*files, level=".").charts["jupyterhub"].values == HUB


def test_level_may_be_deeper_still() -> None:
    running = meta({"a": {"b": {"jupyterhub": HUB}}}, level="a.b")
    assert running.charts["jupyterhub"].values == HUB


def test_files_without_a_chart_are_named() -> None:
    with pytest.raises(GeneratorError, match=r"0.yaml, 1.yaml: neither 'jupyterhub'"):
        meta({"shares": {}}, {"a": {"b": {"jupyterhub": HUB}}})


def application(*names: str, **helm: Any) -> str:
    """An Application whose values are in files of another source."""
    chart = {
        "repoURL": "https://hub.jupyter.org/helm-chart/",
        "chart": "jupyterhub",
        "targetRevision": "4.2.0",
        "helm": {"valueFiles": [*names], **helm},
    }
    values = {"repoURL": "https://git.example.org/tides.git", "ref": "values"}
    return json.dumps(
        {
            "kind": "Application",
            "metadata": {"name": "hub", "namespace": "argocd"},
            "spec": {"sources": [chart, values], "destination": {"namespace": "tides"}},
        }
    )


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with an Application, and beside it the checkout that it names."""
    (tmp_path / "app.yaml").write_text(application("$values/hubs/common.yaml", "$values/own.yaml"))
    (tmp_path / "there" / "hubs").mkdir(parents=True)
    (tmp_path / "there" / "hubs" / "common.yaml").write_text(as_text(HUB))
    (tmp_path / "there" / "own.yaml").write_text("cull: {timeout: 600}\n")
    return tmp_path


def test_nothing_is_written_without_the_files_that_an_application_names(folder: Path) -> None:
    done = hubops("import", "--application", "app.yaml", *SAY, cwd=folder)
    assert done.returncode == 3
    assert not (folder / "site.yaml").exists()
    for said in ("$values/hubs/common.yaml", "$values/own.yaml", "https://git.example.org/tides"):
        assert said in done.stderr
    assert "--values-from DIR" in done.stderr


@pytest.mark.parametrize("option", ["there", "values=there"])
def test_files_come_from_a_checkout_in_helms_order(folder: Path, option: str) -> None:
    options = ("--application", "app.yaml", "--values-from", option)
    done = hubops("import", *options, *SAY, cwd=folder)
    assert done.returncode == 0, done.stderr
    assert "10m" in (folder / "site.yaml").read_text()


def test_files_may_be_given_one_by_one(folder: Path) -> None:
    files = ("--jupyterhub", "there/hubs/common.yaml", "--jupyterhub", "there/own.yaml")
    done = hubops("import", "--application", "app.yaml", *files, *SAY, cwd=folder)
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize(
    "name", ["$values/../app.yaml", "$values/link.yaml", "$values/up/app.yaml"]
)
def test_no_file_outside_the_checkout_is_read(folder: Path, name: str) -> None:
    (folder / "there" / "link.yaml").symlink_to(folder / "app.yaml")
    (folder / "there" / "up").symlink_to(folder)
    (folder / "app.yaml").write_text(application(name))
    options = ("--application", "app.yaml", "--values-from", "there")
    done = hubops("import", *options, *SAY, cwd=folder)
    assert (done.returncode, "leads out of there" in done.stderr) == (3, True)
    assert not (folder / "site.yaml").exists()


def test_missing_file_may_be_missing_where_the_application_says_so(folder: Path) -> None:
    names = ("$values/hubs/common.yaml", "$values/none.yaml")
    (folder / "app.yaml").write_text(application(*names, ignoreMissingValueFiles=True))
    options = ("--application", "app.yaml", "--values-from", "there")
    done = hubops("import", *options, *SAY, cwd=folder)
    assert done.returncode == 0, done.stderr


SEALED_BY_SOPS = {
    "hub": {
        "config": {"GitHubOAuthenticator": {"client_secret": "ENC[AES256_GCM,data:q1w2,type:str]"}},
        "extraEnv": {"PORTAL_TOKEN": "ENC[AES256_GCM,data:e3r4,type:str]"},
    },
    "cull": {"timeout": 600},
    "sops": {"lastmodified": "2026-11-01T00:00:00Z", "mac": "ENC[AES256_GCM,data:t5y6,type:str]"},
}


@pytest.mark.parametrize("kind", ["jupyterhub", "secrets"])
def test_values_that_sops_encrypted_are_named_and_never_copied(kind: str) -> None:
    files = text(HUB, "hub.yaml"), text(SEALED_BY_SOPS, "more.yaml")
    given: dict[str, Any] = {"jupyterhub": files[0], "secrets": files[1]}
    if kind == "jupyterhub":
        given = {"jupyterhub": (*files[0], *files[1])}
    running = sources.releases(InputFiles(**given))
    proposal = proposed_of(running)
    named = {secret.name for secret in proposal.secrets if secret.is_encrypted}
    assert named == {"hub-secrets/oauth.client_secret", "hub-variables/PORTAL_TOKEN"}
    assert [secret.value for secret in proposal.secrets] == [None, None]
    assert "ENC[" not in proposal.text
    assert proposal.site is not None
    assert proposal.site.shared.at("jupyterhub.cull.idle") == "10m"


def proposed_of(running: sources.RunningReleases) -> Any:
    """The proposal for what files say."""
    from generator.adopt.proposal import propose
    from generator.io import resources
    from tests.support.imports import FACTS

    known = resources.known_versions()
    return propose(running, FACTS, resources.site_schema(), known, lambda *_: None, {})


def test_keys_of_a_secret_object_are_listed() -> None:
    secret = {
        "apiVersion": "v1",
        "kind": "Secret",
        "metadata": {"name": "tides-login"},
        "stringData": {"client.json": "ENC[AES256_GCM,data:u7i8,type:str]"},
        "sops": {"mac": "ENC[x]"},
    }
    proposal = proposed(jupyterhub=HUB, secrets=secret)
    assert [(one.path, one.advice) for one in proposal.secrets] == [
        (("client.json",), "it is in the Secret 'tides-login', which stays as it is")
    ]
    ksops = {"apiVersion": "viaduct.ai/v1", "kind": "ksops", "files": ["./login.enc.yaml"]}
    [kept] = proposed(jupyterhub=HUB, secrets=ksops).secrets
    assert kept.path == ("./login.enc.yaml",)


NO_CREDENTIALS = {
    "commit-of-a-tag": "quay.io/coast/notebook:97eb45f9d23b128aff810e45911857d5cffd05c2",
    "commit-of-a-revision": "git+https://github.com/coast/x@97eb45f9d23b128aff810e45911857d5cffd05c2",
    "digest-of-an-address": "https://files.example.org/p/x.whl#sha256="
    "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
    "client-of-an-address": "https://login.example.org/logout?client_id=2PbhUTbRU6e7uIaaEZIShotx15Mbv",
    "name-of-a-file": "unzip -n /Day2_CourseMaterials_for_Ocean_Sciences.zip -d /home/jovyan",
}


@pytest.mark.parametrize("name", NO_CREDENTIALS)
def test_what_only_looks_like_a_secret_is_carried_and_shown(name: str) -> None:
    word = NO_CREDENTIALS[name]
    assert not is_credential(word)
    assert "***" not in shown(word)
    proposal = proposed(jupyterhub=hub_with({"custom": {"word": word}}))
    assert (proposal.secrets, "K701" in proposal.text) == ((), False)


@pytest.mark.parametrize(
    "extra",
    [
        {"hub": {"extraConfig": {"00-drop-token": "def hook(a, state):\n    return state\n"}}},
        {"custom": {"apiKey": "{env:PORTAL_KEY}"}},
        {"singleuser": {"extraFiles": {"a": {"stringData": 'api_key = os.environ["PORTAL"]'}}}},
    ],
    ids=["python-of-that-name", "a-variable", "from-the-environment"],
)
def test_names_of_secrets_without_one_are_carried(extra: dict[str, Any]) -> None:
    assert proposed(jupyterhub=hub_with(extra)).secrets == ()


def test_file_with_a_secret_is_left_out_whole() -> None:
    file = {"mountPath": "/etc/portal.ini", "stringData": "password = tides-and-currents-1\n"}
    proposal = proposed(jupyterhub=hub_with({"singleuser": {"extraFiles": {"portal": file}}}))
    assert [one.path for one in proposal.secrets] == [("singleuser", "extraFiles", "portal")]
    assert "portal" not in proposal.text
    assert asked(proposal) is not None
    assert left(proposal) == {}
