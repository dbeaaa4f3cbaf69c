"""A site's own Secrets: their placeholders, how their values reach pods, and sealing them."""

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from generator.build import repository
from generator.secrets.asking import STANDARD_INPUT
from generator.secrets.targets import SealMode
from tests.support import certificates, copies, releases
from tests.support.copies import Person, files, generate, made, opened, protocoast, seal
from tests.support.sites import protocoast_with

KEYS = ["AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"]
PATH = "overlays/production/namespace/sealed-ocean-bucket.yaml"


def using(used: Any, keys: list[str] | None = None) -> dict[str, Any]:
    return {"ocean-bucket": {"keys": keys or KEYS, "usedBy": used}}


def values(used: Any, keys: list[str] | None = None) -> dict[str, Any]:
    """What the hub's chart gets for a Secret in production."""
    site = protocoast_with({"secrets": using(used, keys)})
    return releases.chart_values(site, "production", "jupyterhub")


def reference(key: str) -> dict[str, Any]:
    return {"valueFrom": {"secretKeyRef": {"name": "ocean-bucket", "key": key}}}


def test_variables_of_servers_stand_beside_hubops_own() -> None:
    found = values({"servers": "environment"})
    without = releases.chart_values(protocoast_with({}), "production", "jupyterhub")
    own = without["singleuser"]["extraEnv"]
    assert found["singleuser"]["extraEnv"] == {**own, **{key: reference(key) for key in KEYS}}
    assert found["hub"]["extraEnv"] == without["hub"]["extraEnv"]


def test_variables_of_the_hub_stand_beside_hubops_own() -> None:
    found = values({"hub": "environment"}, ["SMTP_PASSWORD"])
    assert list(found["hub"]["extraEnv"]) == [
        "OAUTH_CLIENT_ID",
        "OAUTH_CLIENT_SECRET",
        "SMTP_PASSWORD",
    ]
    assert "SMTP_PASSWORD" not in found["singleuser"]["extraEnv"]


def test_files_are_mounted_read_only() -> None:
    storage = values({"servers": {"mount": "/etc/ocean"}}, ["a.json"])["singleuser"]["storage"]
    volume = {"name": "secret-ocean-bucket", "secret": {"secretName": "ocean-bucket"}}
    mount = {"name": "secret-ocean-bucket", "mountPath": "/etc/ocean", "readOnly": True}
    assert storage["extraVolumes"] == [volume]
    assert storage["extraVolumeMounts"] == [mount]
    assert storage["type"] == "dynamic"


def test_dask_workers_get_nothing() -> None:
    site = protocoast_with({"secrets": using({"servers": "environment"})})
    without = protocoast_with({})
    for found in (site, without):
        assert "AWS" not in str(releases.chart_values(found, "production", "dask-gateway"))
    gateway = (releases.chart_values(one, "production", "dask-gateway") for one in (site, without))
    assert next(gateway) == next(gateway)


def test_every_environment_has_its_own_placeholder_and_the_base_the_wiring() -> None:
    site = protocoast_with({"secrets": using({"servers": "environment"})})
    tree = releases.tree_of(site)
    for name in ("production", "staging"):
        folder = f"overlays/{name}/namespace"
        secret = yaml.safe_load(tree[f"{folder}/sealed-ocean-bucket.yaml"])
        assert list(secret["spec"]["encryptedData"]) == KEYS
        entries = yaml.safe_load(tree[f"{folder}/kustomization.yaml"])["resources"]
        assert entries[-2:] == ["sealed-hub-secrets.yaml", "sealed-ocean-bucket.yaml"]
        assert "ocean-bucket" not in tree[f"overlays/{name}/kustomization.yaml"].decode()
    assert b"ocean-bucket" in tree["apps/jupyterhub/application.yaml"]


def test_a_new_value_restarts_the_hub() -> None:
    site = protocoast_with({"secrets": using({"servers": "environment"})})
    release = next(
        one for one in releases.releases(site, site.environments[0]) if one.app == "jupyterhub"
    )
    encrypted = dict(repository.ciphertexts(release.environment, {}))
    before = repository.release_values(release, encrypted)["hub"]["annotations"]
    encrypted["ocean-bucket"] = {**encrypted["ocean-bucket"], KEYS[0]: "Ag"}
    assert repository.release_values(release, encrypted)["hub"]["annotations"] != before


# --- sealing


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """ProtoCoast with a Secret of each kind."""
    site = protocoast()
    site["secrets"] = {
        **using({"servers": "environment"}),
        "ocean-files": {"keys": ["key.bin"], "usedBy": {"servers": {"mount": "/etc/ocean"}}},
    }
    made(tmp_path, site)
    certificates.install(tmp_path)
    return tmp_path


def test_they_are_asked_for_as_well(root: Path) -> None:
    person = Person(dict.fromkeys((*KEYS, "oauth", "key.bin"), b"x"))
    assert seal(root, person=person).code == 0
    assert [prompt.split()[1].rstrip(":") for prompt in person.asked[5:]] == [
        f"ocean-bucket/{KEYS[0]}",
        f"ocean-bucket/{KEYS[1]}",
        "ocean-files/key.bin",
    ]
    assert len(opened(root)) == 8
    assert copies.check(root).code == 0


BYTES = b"\0\xff\n\n"


def test_a_file_is_kept_to_the_byte(root: Path) -> None:
    run = seal(root, key="ocean-files/key.bin", file=STANDARD_INPUT, given=BYTES)
    assert run.code == 0, run.said
    assert opened(root) == {"ocean-files/key.bin": BYTES}
    assert "line end" not in run.said


def test_a_variable_may_have_lines_but_no_bytes(root: Path) -> None:
    assert seal(root, key=KEYS[0], given=b"one\ntwo\n").code == 0
    assert opened(root) == {f"ocean-bucket/{KEYS[0]}": b"one\ntwo"}
    run = seal(root, key=KEYS[1], given=BYTES)
    assert (run.code, "is binary" in run.error) == (3, True)


def test_rotation_says_when_servers_have_it(root: Path) -> None:
    assert seal(root, key=KEYS[0], given=b"one").code == 0
    run = seal(root, key=KEYS[0], mode=SealMode.ROTATE, given=b"two")
    assert "users' servers have the new value from their next start on" in run.out
    assert "signed out" not in run.out


def test_what_is_to_be_sealed_is_said(root: Path) -> None:
    out = generate(root).out
    assert f"- production: seal 2 values in {PATH}\n" in out
    assert "  hubops seal production\n" in out


def test_a_secret_that_goes_takes_no_sealed_value_along_unasked(root: Path) -> None:
    assert seal(root, key=KEYS[0], given=b"one").code == 0
    before = files(root)
    copies.write_site(root, protocoast())
    run = generate(root)
    assert (run.code, len(run.details)) == (3, 1)
    assert "production: ocean-bucket/AWS_ACCESS_KEY_ID" in run.details[0]
    assert files(root) == before
    assert generate(root, discard_sealed=True).code == 0
    assert not (root / PATH).exists()


def test_a_long_keys_record_has_a_short_name_and_comes_back(tmp_path: Path) -> None:
    site = protocoast()
    key = "K" * 200
    site["secrets"] = using({"servers": "environment"}, [key])
    made(tmp_path, site)
    certificates.install(tmp_path)
    assert seal(tmp_path, key=key, given=b"x").code == 0
    before = files(tmp_path)
    (name,) = re.findall(r"hubops.io/(sealed-for\.\S+):", before[PATH].decode())
    assert len(name) <= 63
    assert generate(tmp_path).code == 0
    assert files(tmp_path) == before
    entry = f"ocean-bucket  {key}"
    assert certificates.certificate().fingerprint[:19] in next(
        line for line in copies.secrets(tmp_path).out.splitlines() if entry in line
    )
