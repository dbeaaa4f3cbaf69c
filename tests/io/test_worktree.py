"""Reading the working copy: what counts as hubops' own, as a user's extra file, and as nothing."""

import os
from pathlib import Path

import pytest

from generator.diagnostics import GeneratorError
from generator.io.worktree import WorkingCopy, read_copy, read_site
from generator.yaml.read import MAX_BYTES
from generator.yaml.write import HEADER

EXTRA = "overlays/production/namespace/extra"


def write(root: Path, path: str, content: bytes = b"x") -> None:
    (root / path).parent.mkdir(parents=True, exist_ok=True)
    (root / path).write_bytes(content)


def test_a_folder_without_anything(tmp_path: Path) -> None:
    assert read_copy(tmp_path) == WorkingCopy(files={}, extras={}, staged=())


def test_only_the_three_folders_count(tmp_path: Path) -> None:
    for path in ("site.yaml", "docs/a.md", "apps.yaml", "certificates/a.pem", ".git/config"):
        write(tmp_path, path, HEADER.encode())
    assert read_copy(tmp_path) == WorkingCopy(files={}, extras={}, staged=())


def test_of_a_file_without_the_header_only_the_beginning_is_read(tmp_path: Path) -> None:
    generated = HEADER.encode() + b"a: b\n" * 1000
    write(tmp_path, "apps/a/application.yaml", generated)
    write(tmp_path, "overlays/film.mp4", bytes(10**6))
    write(tmp_path, "overlays/a/namespace/sealed-hub-secrets.yaml", b"a: b\n" * 1000)
    files = read_copy(tmp_path).files
    assert files["apps/a/application.yaml"] == generated
    assert len(files["overlays/film.mp4"]) < 100
    assert len(files["overlays/a/namespace/sealed-hub-secrets.yaml"]) == 5000


def test_generated_is_what_carries_the_header_or_stands_in_a_place_of_its_own() -> None:
    files = {"a": HEADER.encode(), "b": b"mine", "c": b"mine"}
    copy = WorkingCopy(files=files, extras={}, staged=())
    assert copy.generated({"b", "d"}) == {"a": HEADER.encode(), "b": b"mine"}


@pytest.mark.parametrize(
    ("name", "counts"),
    [
        ("kustomization.yaml", True),
        ("README.md", True),
        ("deep/er/role.yaml", True),
        ("file.yaml~", False),
        ("file.yaml.swp", False),
        (".file.yaml.swp", False),
        (".DS_Store", False),
        ("#file.yaml#", False),
        (".idea/workspace.xml", False),
        ("deep/.git/config", False),
    ],
)
def test_what_counts_in_extra(tmp_path: Path, name: str, counts: bool) -> None:
    write(tmp_path, f"{EXTRA}/{name}", HEADER.encode())
    expected = {"production": {name: HEADER.encode()}} if counts else {}
    assert read_copy(tmp_path) == WorkingCopy(files={}, extras=expected, staged=())


def test_extra_is_a_folder_of_the_namespace_alone(tmp_path: Path) -> None:
    for path in ("overlays/a/extra/x", "apps/a/namespace/extra/x", "overlays/a/namespace/extra"):
        write(tmp_path, path)
    assert sorted(read_copy(tmp_path).files) == [
        "apps/a/namespace/extra/x",
        "overlays/a/extra/x",
        "overlays/a/namespace/extra",
    ]


def test_leftovers_of_an_interrupted_run(tmp_path: Path) -> None:
    for path in (
        "apps/a/.application.yaml.hubops-staged",
        f"{EXTRA}/.a.hubops-staged",
        "apps/mine.hubops-staged",
    ):
        write(tmp_path, path)
    copy = read_copy(tmp_path)
    assert copy.staged == (
        "apps/a/.application.yaml.hubops-staged",
        f"{EXTRA}/.a.hubops-staged",
    )
    assert list(copy.files) == ["apps/mine.hubops-staged"]


def test_no_link_is_followed(tmp_path: Path) -> None:
    write(tmp_path, "elsewhere/file.yaml", HEADER.encode())
    (tmp_path / "apps").symlink_to("elsewhere")
    (tmp_path / "overlays").mkdir()
    (tmp_path / "overlays/folder").symlink_to("../elsewhere")
    (tmp_path / "overlays/file").symlink_to("../elsewhere/file.yaml")
    (tmp_path / "overlays/itself").symlink_to("itself")
    (tmp_path / "overlays/round").symlink_to(".")
    assert read_copy(tmp_path) == WorkingCopy(files={}, extras={}, staged=())


def test_links_in_extra_count_by_where_they_lead(tmp_path: Path) -> None:
    write(tmp_path, f"{EXTRA}/kustomization.yaml", b"k")
    (tmp_path / EXTRA / "shared").symlink_to("../../shared")
    (tmp_path / "overlays/staging/namespace").mkdir(parents=True)
    (tmp_path / "overlays/staging/namespace/extra").symlink_to("../../shared")
    assert read_copy(tmp_path).extras == {
        "production": {"kustomization.yaml": b"k", "shared": b"../../shared"},
        "staging": {"": b"../../shared"},
    }


def test_pipes_are_not_read(tmp_path: Path) -> None:
    write(tmp_path, f"{EXTRA}/kustomization.yaml", b"k")
    os.mkfifo(tmp_path / EXTRA / "pipe")
    os.mkfifo(tmp_path / "overlays/pipe")
    copy = read_copy(tmp_path)
    assert copy.extras == {"production": {"kustomization.yaml": b"k", "pipe": b""}}
    assert copy.files == {}


def test_names_that_are_no_text(tmp_path: Path) -> None:
    write(tmp_path, f"{EXTRA}/kustomization.yaml", b"k")
    try:
        write(tmp_path, f"{EXTRA}/{os.fsdecode(bytes([255]))}", b"x")
    except OSError:
        pytest.skip(
            "file names here must be text: set TMPDIR to a folder on Linux's own file system"
        )
    assert len(read_copy(tmp_path).extras["production"]) == 2


def test_folders_deeper_than_any_recursion(tmp_path: Path) -> None:
    folders = [tmp_path / "overlays"]
    for _ in range(1200):
        folders.append(folders[-1] / "d")
    for folder in folders:
        folder.mkdir()
    (folders[-1] / "file").write_bytes(b"")
    try:
        assert len(read_copy(tmp_path).files) == 1
    finally:
        (folders[-1] / "file").unlink()
        for folder in reversed(folders):  # pytest's own cleaning recurses
            folder.rmdir()


def test_a_file_where_a_folder_belongs(tmp_path: Path) -> None:
    write(tmp_path, "overlays")
    with pytest.raises(GeneratorError, match="overlays: a file stands where a folder belongs"):
        read_copy(tmp_path)


def test_no_site(tmp_path: Path) -> None:
    with pytest.raises(GeneratorError, match=r"site.yaml: no such file or directory") as raised:
        read_site(tmp_path / "site.yaml")
    assert "--site" in raised.value.help


def test_a_big_site_is_read_to_its_bound(tmp_path: Path) -> None:
    (tmp_path / "site.yaml").write_bytes(bytes(MAX_BYTES + 10))
    assert len(read_site(tmp_path / "site.yaml")) == MAX_BYTES + 1


def test_a_pipe_is_no_site(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "site.yaml")
    with pytest.raises(GeneratorError, match=r"site.yaml: not a regular file"):
        read_site(tmp_path / "site.yaml")
