"""The secrets of a cluster's app: placeholders, sealed values, and none of them ever lost."""

from pathlib import Path

import pytest

from generator.secrets.targets import SealMode
from tests.support import certificates, copies
from tests.support.copies import Person
from tests.support.unsealing import private_key, unsealed

PLACE, PATH = "fedcloud/cinder-csi", "clusters/fedcloud/cinder-csi/sealed-cloud-config.yaml"
APP = {
    "scope": "cluster",
    "chart": {"name": "csi", "repository": "https://c.example.org", "version": "2.31.7"},
    "namespace": "kube-system",
    "secrets": {"cloud-config": {"keys": ["cloud.conf"]}},
}
VALUE = b"[Global]\nauth-url=https://x\n"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    copies.made(tmp_path, copies.one_hub() | {"apps": {"cinder-csi": APP}})
    certificates.install(tmp_path)
    return tmp_path


def ciphertext(root: Path) -> str:
    document = copies.data((root / PATH).read_bytes())
    return str(document["spec"]["encryptedData"]["cloud.conf"])


def sealed(root: Path) -> str:
    run = copies.seal(root, PLACE, person=Person({"cloud.conf": VALUE}))
    assert run.code == 0, run.said
    return ciphertext(root)


def test_value_is_sealed_for_its_own_namespace_and_secret(root: Path) -> None:
    assert unsealed(sealed(root), b"kube-system/cloud-config", private_key()) == VALUE.strip()


def test_new_value_gives_its_application_a_new_spec(root: Path) -> None:
    path = root / "clusters/fedcloud/namespace-cinder-csi.yaml"
    before = path.read_bytes()
    sealed(root)
    assert path.read_bytes() != before


def test_generate_keeps_it_to_the_byte(root: Path) -> None:
    held = sealed(root)
    assert copies.generate(root).code == 0
    assert ciphertext(root) == held
    assert copies.check(root).code == 0


@pytest.mark.parametrize(
    "changed",
    [
        {"namespace": "csi"},
        {"secrets": {"cloud-config": {"keys": ["other"]}}},
        {"clusters": ["west"]},
    ],
    ids=["another namespace", "another key", "not in the cluster"],
)
def test_change_that_would_lose_it_is_refused(root: Path, changed: dict[str, object]) -> None:
    held = sealed(root)
    raw = copies.one_hub() | {"apps": {"cinder-csi": APP | changed}}
    raw["clusters"]["west"] = {**raw["clusters"]["fedcloud"], "server": "https://west.example.org"}
    copies.write_site(root, raw)
    run = copies.generate(root)
    assert run.code == 3, run.said
    assert "cinder-csi: cloud-config/cloud.conf" in run.said
    assert ciphertext(root) == held


def test_app_must_be_sealed_where_an_environment_of_its_cluster_must_be(root: Path) -> None:
    raw = copies.one_hub() | {"apps": {"cinder-csi": APP}}
    copies.put_all(root, "production")
    for required in (False, True):
        raw["environments"]["production"]["requireSealed"] = required
        copies.write_site(root, raw)
        assert copies.secrets(root).code == int(required)
    sealed(root)
    assert copies.secrets(root).code == 0


def test_secrets_lists_it_with_its_place(root: Path) -> None:
    lines = [line.split() for line in copies.secrets(root).out.splitlines()]
    assert [PLACE, "cloud-config", "cloud.conf", "placeholder"] in lines


def test_new_value_says_that_its_pods_restart_and_not_the_hub(root: Path) -> None:
    sealed(root)
    person = Person({"cloud.conf": b"other"})
    run = copies.seal(root, PLACE, "cloud.conf", mode=SealMode.ROTATE, person=person)
    assert run.code == 0, run.said
    assert "restart its pods" in run.out
    assert "hub" not in run.out
