"""`hubops certificate`: how to fetch one, what a file holds, putting it in its place."""

from pathlib import Path
from typing import Any

import pytest

from generator.secrets.asking import STANDARD_INPUT
from tests.support import certificates, copies
from tests.support.certificates import BEFORE, NOW, ec_key, pem, private_pem, rsa_key
from tests.support.copies import files, made, one_hub

OLDER = pem(rsa_key(2048), BEFORE)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """The smallest site, generated."""
    made(tmp_path, one_hub())
    return tmp_path


def test_how_to_fetch_it(root: Path) -> None:
    run = copies.certificate(root)
    assert run.code == 0
    assert run.out.splitlines()[:4] == [
        "with kubectl's context on fedcloud:",
        "  mkdir -p certificates",
        "  kubeseal --fetch-cert > certificates/fedcloud.pem",
        "(a controller that Helm installed: add --controller-name and --controller-namespace)",
    ]
    assert run.notes == "certificates/fedcloud.pem: there is no such file yet\n"


def test_what_the_clusters_own_holds(root: Path) -> None:
    certificates.install(root)
    run = copies.certificate(root)
    assert run.code == 0
    fingerprint = certificates.certificate().fingerprint
    assert run.out.splitlines()[-1] == (
        f"certificates/fedcloud.pem: {fingerprint}, RSA 2048 bits, valid from 2026-05-22 to "
        "2036-05-29, 10 days old"
    )


def test_a_cluster_that_names_none(root: Path) -> None:
    site = one_hub()
    del site["clusters"]["fedcloud"]["sealingCertificate"]
    copies.write_site(root, site)
    run = copies.certificate(root)
    assert run.code == 0
    assert run.notes == (
        "write  sealingCertificate: certificates/fedcloud.pem  under cluster fedcloud in "
        "site.yaml\n"
    )


@pytest.mark.parametrize("given", ["file", "standard input"])
def test_a_file_is_checked_and_not_written(root: Path, tmp_path: Path, given: str) -> None:
    path = tmp_path / "new.pem"
    path.write_bytes(pem())
    before = files(root)
    if given == "file":
        run = copies.certificate(root, file=path)
    else:
        run = copies.certificate(root, file=STANDARD_INPUT, given=pem())
    assert run.code == 0, run.said
    assert "RSA 2048 bits, valid from 2026-05-22 to 2036-05-29, 10 days old" in run.out
    assert files(root) == before


BAD: dict[str, tuple[bytes, str]] = {
    "expired": (pem(begins=BEFORE, ends=NOW), "expired"),
    "an elliptic curve": (pem(ec_key()), "its key is not an RSA key"),
    "truncated": (pem()[:400], "is cut off or damaged"),
    "a private key": (private_pem(), "it holds a private key"),
    "empty": (b"", "the file is empty"),
}


@pytest.mark.parametrize("options", [{}, {"install": True}, {"replace": True}])
@pytest.mark.parametrize("name", BAD)
def test_a_file_of_no_use(root: Path, name: str, options: dict[str, Any]) -> None:
    content, said = BAD[name]
    before = files(root)
    run = copies.certificate(root, file=STANDARD_INPUT, given=content, **options)
    assert run.code == 1
    assert said in run.out
    assert files(root) == before
    assert not any(line in run.said for line in private_pem().decode().splitlines()[1:-1])


def test_it_is_put_in_its_place(root: Path) -> None:
    run = copies.certificate(root, file=STANDARD_INPUT, given=OLDER, install=True)
    assert run.code == 0, run.said
    path = root / "certificates/fedcloud.pem"
    assert path.read_bytes() == OLDER
    run = copies.certificate(root, file=STANDARD_INPUT, given=pem(), install=True)
    assert "written   certificates/fedcloud.pem, 2 certificates\n" in run.out
    assert path.read_bytes() == pem() + OLDER
    assert copies.certificate(root).out.count("RSA 2048 bits") == 2
    run = copies.certificate(root, file=STANDARD_INPUT, given=pem(), replace=True)
    assert path.read_bytes() == pem()
    assert not [name for name in files(root) if name.endswith(("-staged", ".lock"))]


def test_a_damaged_one_is_not_kept_by_accident(root: Path) -> None:
    certificates.install(root, OLDER[:300])
    before = files(root)
    run = copies.certificate(root, file=STANDARD_INPUT, given=pem(), install=True)
    assert run.code == 3
    assert "--replace" in run.help
    assert files(root) == before
    run = copies.certificate(root, file=STANDARD_INPUT, given=pem(), replace=True)
    assert run.code == 0


def test_nothing_is_written_through_a_link(root: Path, tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    (root / "certificates").symlink_to(tmp_path / "elsewhere")
    run = copies.certificate(root, file=STANDARD_INPUT, given=pem(), install=True)
    assert run.code == 3
    assert list((tmp_path / "elsewhere").iterdir()) == []


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        pytest.param({"cluster": "fedclod"}, "no cluster of that name", id="no such cluster"),
        pytest.param({"install": True}, "no file was given", id="nothing to install"),
    ],
)
def test_wrong_usage(root: Path, arguments: dict[str, str], said: str) -> None:
    run = copies.certificate(root, **arguments)  # type: ignore[arg-type]
    assert run.code == 2
    assert said in run.error


def test_a_file_that_is_not_there(root: Path) -> None:
    run = copies.certificate(root, file=Path("nowhere.pem"))
    assert (run.code, run.error) == (3, "nowhere.pem: no such file or directory")
