"""A ciphertext that a person copied to another key, Secret, environment or cluster is known."""

import base64
import json
import re
from collections.abc import Callable
from itertools import product
from pathlib import Path
from typing import Any

import pytest

from generator.build.sealed_secrets import copies as copies_in
from generator.diagnostics import Diagnostic
from generator.proof.checks import ciphertext_copied
from generator.proof.rendering import Folder, Rendered, Rendering
from generator.secrets.targets import SealMode
from tests.support import certificates, copies
from tests.support.copies import KEYS, Person, ciphertext, generate, put, seal, sealed_file, secrets
from tests.support.sites import protocoast

ID, SECRET = KEYS[:2]
BUCKET = {"ocean-bucket": {"keys": ["KEY_ID", "KEY"], "usedBy": {"servers": "environment"}}}


def _site(scope: str) -> copies.Site:
    """Three environments in two clusters, with a Secret of the site's own."""
    site = copies.with_staging(copies.protocoast())
    staging = "fedcloud-staging"
    site["environments"]["far"] = {"cluster": staging, "namespace": "daskhub", "host": "far.org"}
    for environment in site["environments"].values():
        environment["sealingScope"] = scope
    gateway = {"releaseName": "dask-gateway-staging", "installCRDs": False}
    site["environments"]["staging"]["daskGateway"] = gateway
    return {**site, "secrets": BUCKET}


def _sealed(root: Path, scope: str) -> Path:
    """The site with every value sealed, each differently."""
    copies.made(root, _site(scope))
    for number, file in enumerate(sorted(root.glob("overlays/*/namespace/sealed-*.yaml"))):
        for place, key in enumerate(copies.data(file.read_bytes())["spec"]["encryptedData"]):
            _put(file, key, ciphertext(100 * number + place, 256))
    assert not any(value["code"] for value in _values(root))
    return root


def _put(file: Path, key: str, value: str) -> None:
    place = re.compile(rf"^(    {re.escape(key)}:) .*$", re.MULTILINE)
    text, count = place.subn(lambda match: f"{match[1]} {json.dumps(value)}", file.read_text())
    assert count == 1
    file.write_text(text)


def _held(file: Path, key: str) -> str:
    value: str = copies.data(file.read_bytes())["spec"]["encryptedData"][key]
    return value


def _values(root: Path) -> list[dict[str, Any]]:
    document = json.loads(secrets(root, "json").out)
    codes = {(one["file"], one["line"]): one["code"] for one in document["findings"]}
    return [
        {**value, "code": codes.get((value["file"], value["line"]), "")}
        for value in document["secrets"]
    ]


def _file(root: Path, environment: str, secret: str = "hub-secrets") -> Path:
    return root / f"overlays/{environment}/namespace/sealed-{secret}.yaml"


FORMS = {
    "another key": (("production", "hub-secrets", SECRET), ("production", "hub-secrets", ID)),
    "another Secret": (
        ("production", "hub-secrets", SECRET),
        ("production", "ocean-bucket", "KEY"),
    ),
    "another environment": (
        ("production", "hub-secrets", SECRET),
        ("staging", "hub-secrets", SECRET),
    ),
    "another cluster, the same namespace": (
        ("production", "hub-secrets", SECRET),
        ("far", "hub-secrets", SECRET),
    ),
    "another environment, Secret and key": (
        ("staging", "ocean-bucket", "KEY_ID"),
        ("far", "hub-secrets", KEYS[2]),
    ),
}
SCOPES = ("strict", "namespace-wide", "cluster-wide")
SPELLINGS: dict[str, Callable[[str], str]] = {
    "as it is": lambda value: value,
    "with line ends": lambda value: "\r\n".join(re.findall(".{1,64}", value)),
    "with other unused bits": lambda value: _with_other_bits(value),
}


def _with_other_bits(value: str) -> str:
    """The same bytes: base64 ignores the last bits before its padding."""
    alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
    body = value.rstrip("=")
    assert len(body) < len(value)
    other = body[:-1] + alphabet[alphabet.index(body[-1]) ^ 1] + value[len(body) :]
    assert other != value
    assert base64.b64decode(other) == base64.b64decode(value)
    return other


@pytest.mark.parametrize("scope", SCOPES)
@pytest.mark.parametrize(("source", "target"), FORMS.values(), ids=FORMS)
def test_a_copy_is_malformed_at_both_places(
    tmp_path: Path, scope: str, source: tuple[str, str, str], target: tuple[str, str, str]
) -> None:
    root = _sealed(tmp_path, scope)
    files = [_file(root, *place[:2]) for place in (source, target)]
    _put(files[1], target[2], _held(files[0], source[2]))
    found = [value for value in _values(root) if value["state"] != "sealed"]
    assert {(one["environment"], one["secret"], one["key"]) for one in found} == {source, target}
    assert {(one["state"], one["code"]) for one in found} == {("malformed", "K715")}
    listed = secrets(root)
    assert listed.code == 1
    run = generate(root)
    assert "copied by hand" in run.out
    for _, secret, key in (source, target):
        for text in (listed.out, run.out):
            assert f"the same ciphertext as {secret}/{key}" in text or f"{secret}/{key}" in text
    for file in files:
        path = str(file.relative_to(root))
        assert f"in {path}" in listed.out
        assert path in run.out


@pytest.mark.parametrize("spelled", SPELLINGS.values(), ids=SPELLINGS)
def test_a_copy_is_known_however_it_is_spelled(
    tmp_path: Path, spelled: Callable[[str], str]
) -> None:
    root = _sealed(tmp_path, "strict")
    value = _held(sealed_file(root, "production"), SECRET)
    put(root, "staging", ID, spelled(value))
    assert [one["code"] for one in _values(root) if one["code"]] == ["K715", "K715"]


def test_a_copy_among_the_users_own_files(tmp_path: Path) -> None:
    root = _sealed(tmp_path, "cluster-wide")
    value = _held(sealed_file(root, "production"), SECRET)
    extra = root / "overlays/staging/namespace/extra/token.yaml"
    extra.parent.mkdir()
    document = {"kind": "SealedSecret", "spec": {"encryptedData": {"token": value}}}
    extra.write_text(json.dumps(document))
    found = [one for one in _values(root) if one["code"]]
    path = "overlays/staging/namespace/extra/token.yaml"
    assert [(one["key"], one["state"]) for one in found] == [(SECRET, "malformed")]
    assert found[0]["reason"] == f"the same ciphertext as {path}"
    assert path in generate(root).out


def test_a_whole_file_copied_to_another_environment(tmp_path: Path) -> None:
    root = _sealed(tmp_path, "strict")
    _file(root, "far").write_bytes(_file(root, "production").read_bytes())
    found = [value for value in _values(root) if value["code"] == "K715"]
    assert {(one["environment"], one["state"]) for one in found} == {
        ("production", "malformed"),
        ("far", "malformed"),
    }
    assert len(found) == 2 * len(KEYS)
    assert "production: 5 sealed values copied by hand" in generate(root).out


def test_a_file_copied_with_its_old_namespace_is_a_copy_too(tmp_path: Path) -> None:
    root = _sealed(tmp_path, "strict")
    _file(root, "staging").write_bytes(_file(root, "production").read_bytes())
    codes = {one["environment"]: one["code"] for one in _values(root) if "hub" in one["secret"]}
    assert (codes["production"], codes["staging"]) == ("K715", "K715")
    assert generate(root).code == 3


def test_nothing_of_a_copy_is_changed(tmp_path: Path) -> None:
    root = _sealed(tmp_path, "strict")
    put(root, "production", ID, _held(sealed_file(root, "production"), SECRET))
    before = copies.sealed(root)
    assert generate(root).code == 0
    assert copies.sealed(root) == before


def test_a_second_file_with_the_same_value_is_no_copy(tmp_path: Path) -> None:
    root = _sealed(tmp_path, "strict")
    file = _file(root, "production")
    file.with_name("sealed-old.yaml").write_bytes(file.read_bytes())
    moved = root / "apps/moved.yaml"
    moved.write_bytes(file.read_bytes())
    assert not [one for one in _values(root) if one["code"] == "K715"]


def test_placeholders_and_plain_texts_are_no_copies(tmp_path: Path) -> None:
    copies.made(tmp_path, _site("strict"))
    for environment, key in product(("production", "staging"), (ID, SECRET)):
        put(tmp_path, environment, key, "hunter2")
    assert {one["code"] for one in _values(tmp_path)} == {"K711", "K712"}


def test_reseal_seals_both_again(tmp_path: Path) -> None:
    site = copies.protocoast()
    del site["environments"]["staging"], site["clusters"]["fedcloud-staging"]
    copies.made(tmp_path, site)
    certificates.install(tmp_path)
    person = Person({ID: b"coast-hub", SECRET: b"a-client-secret"})
    assert seal(tmp_path, person=person).code == 0
    put(tmp_path, "production", ID, _held(sealed_file(tmp_path, "production"), SECRET))
    assert seal(tmp_path, person=person, mode=SealMode.RESEAL).code == 0
    assert b"coast-hub" in copies.opened(tmp_path).values()
    assert {one["code"] for one in _values(tmp_path)} == {""}


def _rendering(*secrets: tuple[int, str, dict[str, str]]) -> Rendering:
    site = protocoast()
    return Rendering(
        site=site,
        folders=(),
        releases=tuple(
            Rendered(
                environment=site.environments[number],
                cluster=site.clusters[site.environments[number].cluster],
                app="namespace",
                application={},
                folder=Folder(
                    path=f"overlays/{site.environments[number].name}/namespace",
                    objects=(
                        {
                            "kind": "SealedSecret",
                            "metadata": {"name": name},
                            "spec": {"encryptedData": values},
                        },
                    ),
                ),
            )
            for number, name, values in secrets
        ),
        helms={},
    )


def test_validate_finds_copies_also_among_the_users_own_files() -> None:
    value, other = ciphertext(1), ciphertext(2)
    found = list(
        ciphertext_copied.check(
            _rendering(
                (0, "hub-secrets", {ID: value, SECRET: other}), (1, "of-extra", {"token": other})
            )
        )
    )
    assert all(isinstance(one, Diagnostic) for one in found)
    assert [(one.code, one.at.file, one.message) for one in found] == [
        (
            "M941",
            "overlays/production/namespace/kustomization.yaml",
            f"production: hub-secrets/{SECRET} is the same ciphertext as of-extra/token of "
            "staging: one is a copy",
        ),
        (
            "M941",
            "overlays/staging/namespace/kustomization.yaml",
            f"staging: of-extra/token is the same ciphertext as hub-secrets/{SECRET} of "
            "production: one is a copy",
        ),
    ]


def test_a_thousand_copies_are_named_in_few_words() -> None:
    found = copies_in((number, ciphertext(7)) for number in range(1000))
    assert len(found) == 1000
    assert len(found[0]) == 999


@pytest.mark.parametrize("left", ["", "placeholder-seal-me"], ids=["exchanged", "moved"])
def test_value_under_the_key_of_another_is_refused(tmp_path: Path, left: str) -> None:
    site = copies.protocoast()
    del site["environments"]["staging"], site["clusters"]["fedcloud-staging"]
    copies.made(tmp_path, site)
    certificates.install(tmp_path)
    person = Person({ID: b"coast-hub", SECRET: b"a-client-secret"})
    assert seal(tmp_path, person=person).code == 0
    file = sealed_file(tmp_path, "production")
    client, secret = _held(file, ID), _held(file, SECRET)
    put(tmp_path, "production", ID, secret)
    put(tmp_path, "production", SECRET, left or client)
    before = file.read_bytes()
    for run in (secrets(tmp_path), generate(tmp_path)):
        assert run.code == 3
        assert f"'{ID}' holds what was sealed for '{SECRET}'" in run.error
    assert file.read_bytes() == before
