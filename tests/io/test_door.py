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

PEM = b"-----BEGIN CERTIFICATE-----\nb2xk\n-----END CERTIFICATE-----\n"
NEW = PEM.replace(b"b2xk", b"bmV3")
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
        (CHARTS_LOCK, "other.lock"),
        (CHARTS_LOCK, "../charts.lock"),
        (PACKAGED_CHART, "deep/a.tgz"),
        (SITE, "../site.yaml"),
        (SITE, ".."),
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
        pytest.param(SITE, "notes.md", b"# Notes\n", id="notes"),
        pytest.param(CHARTS_LOCK, "charts.lock", b"mine", id="another lock"),
        pytest.param(MANIFESTS, "production/a.yaml", b"mine: 1\n", id="not a manifest"),
    ],
)
def test_file_of_another_kind_is_kept(tmp_path: Path, kind: Kind, path: str, there: bytes) -> None:
    (tmp_path / path).parent.mkdir(exist_ok=True)
    (tmp_path / path).write_bytes(there)
    with pytest.raises(GeneratorError, match=f"not {kind.what}; nothing was written"):
        writer.put(tmp_path, path, NEW, kind)
    assert files(tmp_path) | {path: (tmp_path / path).read_bytes()} == {path: there}


@pytest.mark.parametrize("there", [b"", PEM, PEM[:40], b"Certificate:\n  Data:\n" + PEM])
def test_file_of_the_kind_is_replaced(tmp_path: Path, there: bytes) -> None:
    (tmp_path / "certificates").mkdir()
    (tmp_path / PATH).write_bytes(there)
    assert writer.put(tmp_path, PATH, NEW, CERTIFICATE)
    assert files(tmp_path) == {PATH: NEW}


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
