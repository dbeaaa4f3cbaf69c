"""Files that hold no values: a clear error, and nothing is written."""

import json
from pathlib import Path
from typing import Any

import pytest

from generator.cli.import_drafts import ImportRequest
from generator.cli.importing import run
from tests.support.certificates import NOW
from tests.support.copies import hubops, running
from tests.support.imports import HUB, asked, hub_with, left, proposed

_RENDER = "give plain values: `helm get values RELEASE` prints those of a release"
_BOMB = "\n".join(
    ["a0: &a0 [1, 1, 1, 1, 1, 1, 1, 1, 1]"]
    + [f"a{i}: &a{i} [{', '.join([f'*a{i - 1}'] * 9)}]" for i in range(1, 12)]
)

REFUSED: dict[str, tuple[bytes, str, str]] = {
    "a-list": (
        b"- hub\n",
        "bad.yaml:1: a list instead of a map of values; nothing was written",
        "give a values file: its root has keys such as 'hub' or 'gateway'",
    ),
    "a-text": (
        b"hub\n",
        "bad.yaml:1: a single value instead of a map of values; nothing was written",
        "give a values file: its root has keys such as 'hub' or 'gateway'",
    ),
    "a-template": (
        b"hub:\n  config: {{ .Values.config | toYaml }}\n",
        "bad.yaml:2: a template, and Helm does not render values files; nothing was written",
        _RENDER,
    ),
    "a-template-block": (
        b"hub:\n{{- if .Values.on }}\n  config: {}\n{{- end }}\n",
        "bad.yaml:2: a template, and Helm does not render values files; nothing was written",
        _RENDER,
    ),
    "too-large": (
        b"hub: " + b"x" * 10 * 2**20,
        "bad.yaml: larger than 2 MiB; nothing was written",
        "give the values file that you pass to Helm with -f: it has a few hundred lines",
    ),
    "aliases-without-end": (
        _BOMB.encode(),
        "bad.yaml: Helm can't read this YAML (more than 60,000 keys and values); nothing was "
        "written",
        "fix it there, or give the output of `helm get values RELEASE`",
    ),
    "no-yaml": (
        b"hub:\n  config: [\n",
        "bad.yaml: Helm can't read this YAML (line 3: did not find expected node content); nothing "
        "was written",
        "fix it there, or give the output of `helm get values RELEASE`",
    ),
    "two-documents": (
        b"hub: {}\n---\nproxy: {}\n",
        "bad.yaml: 2 documents; nothing was written",
        "Helm reads only the first: give a file with one document",
    ),
    "binary": (
        b"hub: \0\n",
        "bad.yaml:1: contains the control character U+0000; nothing was written",
        "give the values as text: this may be a binary file",
    ),
    "another-encoding": (
        b"hub: {}\nname: \xff\n",
        "bad.yaml:2: not UTF-8 text; nothing was written",
        "give the values as UTF-8 text: this may be a packaged chart or another binary file",
    ),
    "the-umbrella-chart": (
        b"rbac: {}\njupyterhub: {hub: {}}\n",
        "bad.yaml:2: 'jupyterhub' at the root: these are values of an umbrella chart such as "
        "daskhub; nothing was written",
        "give the file with --meta",
    ),
    "no-class": (
        b"hub: {config: {JupyterHub: {authenticator_class: [ldap]}}}\n",
        "the hub's authenticator is ['ldap'], which is not the name of a class; nothing was "
        "written",
        "write the class at hub.config.JupyterHub.authenticator_class",
    ),
}


@pytest.mark.parametrize("name", REFUSED)
def test_file_without_values_is_refused(name: str, tmp_path: Path) -> None:
    content, message, help = REFUSED[name]
    file = tmp_path / "bad.yaml"
    file.write_bytes(content)
    wanted = ImportRequest(paths={"jupyterhub": (file,)}, output=tmp_path / "new" / "site.yaml")
    done = running(lambda terminal: run(wanted, terminal, now=NOW))
    assert (done.error, done.help, done.code) == (message, help, 3)
    assert [path.name for path in tmp_path.iterdir()] == ["bad.yaml"]


USAGE = {
    "meta-and-split": (
        ("--meta", "a.yaml", "--jupyterhub", "a.yaml"),
        "--meta can't be used with --jupyterhub or --dask-gateway: each gives all values of a "
        "release",
    ),
    "meta-and-application": (
        ("--meta", "a.yaml", "--application", "a.yaml"),
        "--meta can't be used with --application: each gives all values of a release",
    ),
    "nothing": ((), "no values were given"),
    "secrets-alone": (("--secrets", "a.yaml"), "no values were given"),
    "gateway-alone": (
        ("--dask-gateway", "gateway.yaml"),
        "only values of Dask Gateway were given, and a site needs a hub",
    ),
    "there-already": (
        ("--jupyterhub", "a.yaml", "--output", "gateway.yaml"),
        "gateway.yaml exists; nothing was written",
    ),
    "onto-its-values": (
        ("--jupyterhub", "a.yaml", "--output", "a.yaml", "--force"),
        "a.yaml is one of the files with values; nothing was written",
    ),
    "a-folder": (("--jupyterhub", "a.yaml", "--output", "."), ".: a folder"),
    "seal-and-print": (
        ("--jupyterhub", "a.yaml", "--output", "-", "--seal"),
        "--seal needs a folder for the sealed values",
    ),
    "certificate-alone": (
        ("--jupyterhub", "a.yaml", "--certificate", "a.yaml"),
        "--certificate is for --seal",
    ),
    "checkout-alone": (
        ("--jupyterhub", "a.yaml", "--values-from", "."),
        "--values-from is for --application",
    ),
    "level-alone": (("--jupyterhub", "a.yaml", "--level", "hub"), "--level is for --meta"),
    "no-version": (
        ("--jupyterhub", "a.yaml", "--jupyterhub-version", "latest"),
        "--jupyterhub-version: not a version such as 4.4.0",
    ),
}


@pytest.mark.parametrize("name", USAGE)
def test_wrong_usage(name: str, tmp_path: Path) -> None:
    arguments, message = USAGE[name]
    (tmp_path / "a.yaml").write_text("hub: {}\njupyterhub: {}\n" if "meta" in name else "hub: {}\n")
    (tmp_path / "gateway.yaml").write_text("gateway: {}\n")
    before = sorted(path.name for path in tmp_path.iterdir())
    done = hubops("import", *arguments, cwd=tmp_path)
    assert done.stderr.splitlines()[0] == f"error: {message}"
    assert done.returncode == 2
    assert sorted(path.name for path in tmp_path.iterdir()) == before


def test_missing_file(tmp_path: Path) -> None:
    done = hubops("import", "--jupyterhub", "none.yaml", cwd=tmp_path)
    assert done.stderr.startswith("error: none.yaml: no such file or directory\n")
    assert (done.returncode, list(tmp_path.iterdir())) == (3, [])


def test_proposal_that_lint_refuses_is_shown_and_not_written(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text(json.dumps(HUB))
    done = hubops("import", "--jupyterhub", "a.yaml", "--kubernetes", "new", cwd=tmp_path)
    assert "error[S" in done.stdout
    assert "nothing was written; fix the values, or give an option" in done.stderr
    assert (done.returncode, [path.name for path in tmp_path.iterdir()]) == (1, ["a.yaml"])


def test_anchors_and_merge_keys_are_resolved() -> None:
    text = "cull: &c {enabled: true, every: 600}\ndebug: *c\n"
    text += "custom: {<<: *c, every: 5}\n"
    text += "".join(f"{key}: {json.dumps(value)}\n" for key, value in HUB.items())
    proposal = proposed(jupyterhub=text)
    assert proposal.site is not None
    assert proposal.site.shared.hub is not None
    values = proposal.site.shared.hub.values
    assert values["debug"] == {"enabled": True, "every": 600}
    assert proposal.site.shared.at("jupyterhub.custom") == {"enabled": True, "every": 5}


def test_key_written_twice_is_asked_about() -> None:
    text = "".join(f"{key}: {json.dumps(value)}\n" for key, value in HUB.items())
    proposal = proposed(jupyterhub=f"{text}debug: {{enabled: true}}\ndebug: {{enabled: false}}\n")
    assert "'debug' is written in line 4 and in line 5; Helm takes the last" in asked(proposal)


LEFT: dict[str, tuple[dict[str, Any], str, str]] = {
    "no-python": (
        {"hub": {"extraConfig": {"a": "c.x = ("}}},
        "hub.extraConfig.a",
        "no Python that can be read, line 1: '(' was never closed; hub or gateway would not start "
        "(C319)",
    ),
    "null": (
        {"hub": {"networkPolicy": None}},
        "hub.networkPolicy",
        "a null takes a default of the chart away, and site.yaml can write none (C310)",
    ),
    "root-of-another-chart": (
        {"extraEnv": {"A": "b"}},
        "extraEnv.A",
        "the chart has no such key at the root: its schema refuses it, or nothing reads it",
    ),
    "order-for-kustomize": (
        {"custom": {"$patch": "delete"}},
        "custom.$patch",
        "Kustomize reads a key that begins with '$' as an order (C311)",
    ),
    "refused-by-lint": (
        {"singleuser": {"extraEnv": {"IMAGE": "{JUPYTER_IMAGE_SPEC}"}}},
        "singleuser.extraEnv.IMAGE",
        "braces hold the name 'JUPYTER_IMAGE_SPEC', which KubeSpawner 7.0.0 does not know, so no "
        "server starts (C316)",
    ),
    "protected": (
        {"prePuller": {"hook": {"enabled": True}}},
        "prePuller.hook.enabled",
        "hubops' own: as a hook of Argo CD it would run before every sync",
    ),
}


@pytest.mark.parametrize("name", LEFT)
def test_what_can_not_be_carried_is_listed(name: str) -> None:
    more, path, reason = LEFT[name]
    values = json.loads(json.dumps(HUB))
    _fill(values, more)
    proposal = proposed(jupyterhub=values)
    assert left(proposal) == {path: reason}
    assert proposal.site is not None
    assert proposal.is_proven


def _fill(values: dict[str, Any], more: dict[str, Any]) -> None:
    for key, value in more.items():
        if isinstance(value, dict) and isinstance(values.get(key), dict):
            _fill(values[key], value)
        else:
            values[key] = value


def test_template_in_a_text_is_carried_and_asked_about() -> None:
    proposal = proposed(jupyterhub=hub_with({"custom": {"name": "{{ .Values.name }}"}}))
    assert "jupyterhub custom.name contains a template in braces" in asked(proposal)
    assert proposal.is_proven


@pytest.mark.parametrize(
    ("output", "step"),
    [
        ("site.yaml", "hubops lint and hubops generate"),
        ("new site.yaml", "hubops init DIR --from 'new site.yaml'"),
    ],
    ids=["own-name", "other-name"],
)
def test_next_step_finds_what_was_written(output: str, step: str, tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text(json.dumps(HUB))
    done = hubops("import", "--jupyterhub", "a.yaml", "--output", output, cwd=tmp_path)
    said = f"next: decide what is marked ASK in it, then {step}"
    assert (done.stderr.splitlines()[-1], done.returncode) == (said, 0)
