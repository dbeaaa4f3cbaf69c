"""Reading the sealed values of a working copy: whose they are, and which files hold them."""

import pytest

from generator.secrets import sealed_values
from generator.site.sealed import SealedKey, SealedValue
from generator.yaml.write import HEADER

PATH = "overlays/production/namespace/sealed-hub-secrets.yaml"


def sealed_secret(annotations: str = "{}", value: str = "x") -> bytes:
    return (
        f"{HEADER}kind: SealedSecret\n"
        f"metadata: {{name: hub-secrets, namespace: hub, annotations: {annotations}}}\n"
        f"spec: {{encryptedData: {{a: {value}}}, template: {{}}}}\n"
    ).encode()


NAMESPACE_WIDE = "sealedsecrets.bitnami.com/namespace-wide"
CLUSTER_WIDE = "sealedsecrets.bitnami.com/cluster-wide"


@pytest.mark.parametrize(
    ("annotations", "scope"),
    [
        ("{}", "strict"),
        (f'{{{NAMESPACE_WIDE}: "true"}}', "namespace-wide"),
        (f'{{{CLUSTER_WIDE}: "true"}}', "cluster-wide"),
        (f'{{{NAMESPACE_WIDE}: "true", {CLUSTER_WIDE}: "true"}}', "cluster-wide"),
        (f'{{{CLUSTER_WIDE}: "false"}}', "strict"),
    ],
)
def test_a_value_with_its_owner(annotations: str, scope: str) -> None:
    owner = SealedKey(
        environment="production", namespace="hub", scope=scope, name="hub-secrets", key="a"
    )
    value = SealedValue(owner=owner, ciphertext="x", path=PATH)
    assert tuple(sealed_values.in_place({PATH: sealed_secret(annotations)}, {})) == (value,)


@pytest.mark.parametrize(
    ("path", "own", "listed", "read"),
    [
        pytest.param(PATH, True, False, 1, id="its own place"),
        pytest.param(PATH, False, True, 1, id="listed by its folder"),
        pytest.param(PATH, False, False, 0, id="a user's"),
        pytest.param("overlays/production/sealed-a.yaml", True, True, 0, id="elsewhere"),
    ],
)
def test_whose_a_file_without_the_header_is(path: str, own: bool, listed: bool, read: int) -> None:
    files = {path: sealed_secret().removeprefix(HEADER.encode())}
    if listed:
        folder = path.rpartition("/")[0]
        listing = f"{HEADER}resources:\n  - {path.rpartition('/')[2]}\n"
        files[f"{folder}/kustomization.yaml"] = listing.encode()
    assert len(list(sealed_values.in_place(files, {path: ("a",)} if own else {}))) == read


@pytest.mark.parametrize(
    ("path", "content", "found"),
    [
        pytest.param("overlays/a/b/c/sealed-a.yaml", sealed_secret(), 1, id="a moved one"),
        pytest.param(PATH, sealed_secret(), 0, id="one in a place for such"),
        pytest.param("overlays/a/quota.yaml", sealed_secret(), 1, id="in another file's place"),
        pytest.param("apps/a.yaml", sealed_secret()[2:], 0, id="one without the header"),
        pytest.param(
            "apps/a.yaml", f"{HEADER}kind: Other\na: encryptedData\n".encode(), 0, id="no such kind"
        ),
    ],
)
def test_misplaced(path: str, content: bytes, found: int) -> None:
    assert len(list(sealed_values.misplaced({path: content}))) == found
