"""Registries of images: what opens one is asked for, sealed as its Secret wants it, and checked."""

import base64
import json
from pathlib import Path
from typing import Any

import pytest

from generator.secrets import registry
from tests.support import certificates, copies
from tests.support.copies import Person, made, opened, protocoast, seal

NAME, KEY = "registry", "registry/.dockerconfigjson"
SERVER = "registry.example.org"
PATH = "overlays/production/namespace/sealed-registry.yaml"
PASSWORD = b"hunter2:with-a-colon"
OPENS = {
    "auths": {
        SERVER: {
            "username": "robot$coast",
            "password": PASSWORD.decode(),
            "auth": base64.b64encode(b"robot$coast:" + PASSWORD).decode(),
        }
    }
}


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """ProtoCoast with a registry."""
    site: Any = protocoast()
    site["secrets"] = {NAME: {"kind": "registry", "server": SERVER}}
    site["jupyterhub"]["pullSecrets"] = [NAME]
    made(tmp_path, site)
    certificates.install(tmp_path)
    return tmp_path


def found(root: Path) -> Any:
    return json.loads(opened(root)[KEY])


def test_user_and_password_are_asked_for_one_after_the_other(root: Path) -> None:
    user = f"production: {KEY}, user name at {SERVER}: "
    person = Person({user: b"robot$coast", "password or token": PASSWORD})
    run = seal(root, key=KEY, person=person)
    assert run.code == 0, run.said
    assert found(root) == OPENS
    assert b"type: kubernetes.io/dockerconfigjson" in (root / PATH).read_bytes()
    assert copies.check(root).code == 0


@pytest.mark.parametrize(
    "given",
    [b"robot$coast:" + PASSWORD, b"robot$coast:" + PASSWORD + b"\n", json.dumps(OPENS).encode()],
    ids=["words", "words with a line end", "a configuration"],
)
def test_standard_input_holds_the_words_or_the_configuration(root: Path, given: bytes) -> None:
    run = seal(root, key=KEY, given=given)
    assert run.code == 0, run.said
    assert found(root) == OPENS
    assert PASSWORD.decode() not in run.said


@pytest.mark.parametrize(
    ("given", "complaint"),
    [
        (b"only-a-password", "is neither USER:PASSWORD nor the JSON of a Docker configuration"),
        (b'{"auths": {"other.example.org": {"auth": "eDp5"}}}', f"says nothing of {SERVER}"),
        (b'{"auths": {"registry.example.org": {}}, "credsStore": "desktop"}', "has no user name"),
        (b'{"auths": []}', f"says nothing of {SERVER}"),
        (b"[1]", f"says nothing of {SERVER}"),
    ],
    ids=["one word", "another registry", "kept by a program", "a list", "no map"],
)
def test_what_no_kubelet_could_use_is_refused(root: Path, given: bytes, complaint: str) -> None:
    run = seal(root, key=KEY, given=given)
    assert run.code == 3
    assert complaint in run.said
    assert KEY not in opened(root)


def test_images_without_a_host_come_from_docker_hub() -> None:
    made_of = json.loads(registry.configuration("docker.io", b"ada:token"))
    assert [*made_of["auths"]] == ["https://index.docker.io/v1/"]
    assert registry.complaint("docker.io", json.dumps(made_of).encode()) == ""
