"""The door for single files: known kinds, in their places, over nothing else, through no link."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from generator.build.tree import STAGED_SUFFIX
from generator.diagnostics import GeneratorError
from generator.io import writer
from generator.io.writer import CERTIFICATE, CHARTS_LOCK, MANIFESTS, PACKAGED_CHART, SITE, Kind
from generator.yaml.write import HEADER
from tests.support.copies import Killed, files, listening

OLD_BYTES, NEW_BYTES = b"b2xk" * 12, b"bmV3" * 12
PEM = b"-----BEGIN CERTIFICATE-----\n" + OLD_BYTES + b"\n-----END CERTIFICATE-----\n"
NEW = PEM.replace(OLD_BYTES, NEW_BYTES)
PRIVATE = b"-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n"
PATH = "certificates/a.pem"


def test_file_and_its_folders_are_created(tmp_path: Path) -> None:
    assert writer.put(tmp_path, "certificates/deep/a.pem", PEM, CERTIFICATE)
    assert files(tmp_path) == {"certificates/deep/a.pem": PEM}


def test_equal_content_is_not_written(tmp_path: Path) -> None:
    writer.put(tmp_path, PATH, PEM, CERTIFICATE)
    steps: list[str] = []
    with listening(tmp_path, steps.append):
        assert not writer.put(tmp_path, PATH, PEM, CERTIFICATE)
    assert steps == []


def test_mode_is_kept(tmp_path: Path) -> None:
    path = tmp_path / "site.yaml"
    path.write_text("schemaVersion: 1\n")
    path.chmod(0o640)
    assert writer.put(tmp_path, "site.yaml", b"schemaVersion: 1 # new\n", SITE)
    assert path.stat().st_mode & 0o777 == 0o640


@pytest.mark.parametrize(
    ("kind", "path"),
    [
        (CERTIFICATE, "site.yaml"),
        (CERTIFICATE, "a.pem"),
        (CERTIFICATE, ".git/config"),
        (CERTIFICATE, "certificates/a.crt"),
        (CERTIFICATE, "certificates/../overlays/a.pem"),
        (CERTIFICATE, "certificates/./a.pem"),
        (CERTIFICATE, "certificates//a.pem"),
        (CERTIFICATE, "/certificates/a.pem"),
        (CERTIFICATE, "overlays/production/namespace/sealed-hub-secrets.yaml"),
        (CERTIFICATE, "certificates/.git/a.pem"),
        (CERTIFICATE, "certificates/.a.pem"),
        (CERTIFICATE, "certificates/a.pem\n"),
        (CHARTS_LOCK, "other.lock"),
        (CHARTS_LOCK, "../charts.lock"),
        (PACKAGED_CHART, "../a.tgz"),
        (SITE, "../site.yaml"),
        (SITE, ".."),
        (SITE, "README.md"),
        (MANIFESTS, "a.yaml"),
        (MANIFESTS, "../a.yaml"),
        (SITE, ""),
    ],
)
def test_path_of_another_kind_is_refused(tmp_path: Path, kind: Kind, path: str) -> None:
    root = tmp_path / "site"
    root.mkdir()
    with pytest.raises(GeneratorError, match=f"not a path for {kind.what}"):
        writer.put(root, path, PEM, kind)
    assert files(tmp_path) == {}


@pytest.mark.parametrize(
    ("kind", "path", "there"),
    [
        pytest.param(CERTIFICATE, PATH, b"mine", id="text"),
        pytest.param(CERTIFICATE, PATH, f"{HEADER}a: b\n".encode(), id="generated"),
        pytest.param(CERTIFICATE, PATH, PRIVATE, id="private key"),
        pytest.param(CERTIFICATE, PATH, PEM + PRIVATE, id="certificate with its private key"),
        pytest.param(CERTIFICATE, PATH, b"a: |\n  " + PEM, id="certificate in YAML"),
        pytest.param(SITE, "site.yaml", b"apiVersion: v1\n", id="another YAML file"),
        pytest.param(SITE, "notes.yaml", b"# Notes\n", id="notes"),
        pytest.param(CHARTS_LOCK, "charts.lock", b"mine", id="another lock"),
        pytest.param(SITE, "schema.json", b'{"schemaVersion": {"const": 1}}', id="a schema"),
        pytest.param(SITE, "a.yaml", b"a:\n  schemaVersion: 1\n", id="a deeper key"),
        pytest.param(SITE, "a.yaml", b"# schemaVersion: 1\n", id="a comment"),
        pytest.param(CHARTS_LOCK, "charts.lock", b"# charts\n", id="a comment on charts"),
        pytest.param(MANIFESTS, "production/a.yaml", b"mine: 1\n", id="not a manifest"),
        pytest.param(MANIFESTS, "production/a.yaml", b"apiVersion: v1\n", id="own manifest"),
        pytest.param(MANIFESTS, "production/a.yaml", b"---\napiVersion: v1\n", id="own documents"),
        pytest.param(MANIFESTS, "production/a.yaml", b"# Notes\n", id="a comment alone"),
        pytest.param(MANIFESTS, "production/a.yaml", f"{HEADER}a: b\n".encode(), id="of the tree"),
    ],
)
def test_file_of_another_kind_is_kept(tmp_path: Path, kind: Kind, path: str, there: bytes) -> None:
    (tmp_path / path).parent.mkdir(exist_ok=True)
    (tmp_path / path).write_bytes(there)
    with pytest.raises(GeneratorError, match=f"not {kind.what}; nothing was written"):
        writer.put(tmp_path, path, NEW, kind)
    assert files(tmp_path) | {path: (tmp_path / path).read_bytes()} == {path: there}


@pytest.mark.parametrize("there", [b"", PEM, PEM[:-20], b"Certificate:\n  Data:\n" + PEM])
def test_file_of_the_kind_is_replaced(tmp_path: Path, there: bytes) -> None:
    (tmp_path / "certificates").mkdir()
    (tmp_path / PATH).write_bytes(there)
    assert writer.put(tmp_path, PATH, NEW, CERTIFICATE)
    assert files(tmp_path) == {PATH: NEW}


@pytest.mark.parametrize(
    "there",
    [
        b"---\n# Source: jupyterhub/templates/hub.yaml\napiVersion: v1\n",
        b'{\n  "apiVersion": "v1",\n  "kind": "Namespace"\n}\n',
        b"",
        b"\n",
    ],
    ids=["helm", "kustomize", "empty", "nothing rendered"],
)
def test_manifests_are_rendered_again(tmp_path: Path, there: bytes) -> None:
    (tmp_path / "production").mkdir()
    (tmp_path / "production/a.yaml").write_bytes(there)
    assert writer.put(tmp_path, "production/a.yaml", b"---\n", MANIFESTS)


@pytest.mark.parametrize(
    "there",
    [
        b"schemaVersion: 1\n",
        b'{\n "schemaVersion": 1,\n',
        b"---\nschemaVersion: 1",
        b"site: a\nschemaVersion: 1",
        b'schemaVersion: "1"\n',
        b"# mine\n{schemaVersion: 1, site: a}\n",
        b'{"site": "a", "schemaVersion": 1}\n',
    ],
)
def test_site_file_is_replaced(tmp_path: Path, there: bytes) -> None:
    (tmp_path / "a.yaml").write_bytes(there)
    assert writer.put(tmp_path, "a.yaml", b"schemaVersion: 1 # new\n", SITE)


@pytest.mark.parametrize(
    "root", [".git", ".git/deep", "a/.git/refs", ".GIT", "linked", "a/../.git"]
)
def test_nothing_is_written_into_gits_folder(tmp_path: Path, root: str) -> None:
    (tmp_path / ".git/deep").mkdir(parents=True)
    (tmp_path / "a").mkdir()
    (tmp_path / "linked").symlink_to(".git/deep")
    for path, kind in (("site.yaml", SITE), (PATH, CERTIFICATE), ("production/a.yaml", MANIFESTS)):
        with pytest.raises(GeneratorError, match="a folder of Git's own; nothing was written"):
            writer.put(tmp_path / root, path, b"", kind)
    with pytest.raises(GeneratorError, match="Git's own"), writer.lock(tmp_path / root):
        pass
    with pytest.raises(GeneratorError, match="something else is in a place"):
        writer.put(tmp_path, ".git/a.yaml", b"", MANIFESTS)
    assert files(tmp_path) == {}


def linked_file(root: Path, mine: Path) -> None:
    (root / "certificates").mkdir()
    (root / PATH).symlink_to(mine / "a.pem")


def linked_folder(root: Path, mine: Path) -> None:
    (root / "certificates").symlink_to(mine)


def linked_staging(root: Path, mine: Path) -> None:
    (root / "certificates").mkdir()
    (root / f"certificates/.a.pem{STAGED_SUFFIX}").symlink_to(mine / "a.pem")


def folder(root: Path, mine: Path) -> None:
    (root / PATH).mkdir(parents=True)


def pipe(root: Path, mine: Path) -> None:
    (root / "certificates").mkdir()
    os.mkfifo(root / PATH)


@pytest.mark.parametrize("place", [linked_file, linked_folder, linked_staging, folder, pipe])
def test_nothing_is_written_through_another_entry(
    tmp_path: Path, place: Callable[[Path, Path], None]
) -> None:
    root, mine = tmp_path / "site", tmp_path / "mine"
    root.mkdir()
    mine.mkdir()
    (mine / "a.pem").write_bytes(PEM)
    place(root, mine)
    with pytest.raises(GeneratorError, match="nothing was changed"):
        writer.put(root, PATH, NEW, CERTIFICATE)
    assert files(mine) == {"a.pem": PEM}


def test_killed_at_every_step(tmp_path: Path) -> None:
    for count in range(20):
        root = tmp_path / str(count)
        (root / "certificates").mkdir(parents=True)
        (root / PATH).write_bytes(PEM)
        steps: list[str] = []

        def kill(step: str, steps: list[str] = steps, count: int = count) -> None:
            steps.append(step)
            if len(steps) > count:
                raise Killed(step)

        try:
            with listening(root, kill):
                writer.put(root, PATH, NEW, CERTIFICATE)
        except Killed:
            assert (root / PATH).read_bytes() in (PEM, NEW)
        writer.put(root, PATH, NEW, CERTIFICATE)
        assert files(root) == {PATH: NEW}
        if len(steps) <= count:
            break
    assert count > 1
