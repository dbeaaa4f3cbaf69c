"""The same site gives the same bytes on any machine, and a second run writes nothing."""

import subprocess
import sys
from pathlib import Path

import pytest

from generator.build.repository import Inputs, build
from tests.support import copies
from tests.support.sites import PROTOCOAST, ROOT, protocoast, site_of

GOLDEN = ROOT / "tests" / "golden"

BUILD = """
import hashlib, sys
from pathlib import Path
from generator.build.repository import Inputs, build
from generator.lint.load import load
from generator.io.resources import known_versions, site_schema
digest = hashlib.sha256()
for path in sys.argv[1:]:
    site = load(Path(path).read_bytes(), "site.yaml", site_schema(), known_versions()).site
    for name, content in build(site, Inputs()).items():
        digest.update(f"{name}:{len(content)}:".encode() + content)
print(digest.hexdigest())
"""

WORLDS: dict[str, dict[str, str]] = {
    "hash-seed-0": {"PYTHONHASHSEED": "0", "LC_ALL": "C", "TZ": "UTC"},
    "hash-seed-1": {"PYTHONHASHSEED": "1", "LC_ALL": "C.UTF-8", "TZ": "Asia/Kathmandu"},
    "hash-seed-42": {"PYTHONHASHSEED": "42", "LANG": "tr_TR.UTF-8", "TZ": "America/St_Johns"},
    "latin-1": {"PYTHONHASHSEED": "7", "PYTHONUTF8": "0", "LC_ALL": "de_DE.ISO-8859-1"},
}


def _digest(world: dict[str, str], cwd: Path) -> str:
    sites = [str(path) for path in sorted(GOLDEN.glob("*/site.yaml"))]
    run = subprocess.run(
        [sys.executable, "-c", BUILD, *sites],
        cwd=cwd,
        env=copies.environment(world),
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    return run.stdout


def test_every_world_gives_the_same_bytes(tmp_path: Path) -> None:
    folders = [tmp_path, Path("/"), ROOT, tmp_path]
    digests = {
        world: _digest(settings, folder)
        for (world, settings), folder in zip(WORLDS.items(), folders, strict=True)
    }
    assert len(set(digests.values())) == 1, digests


@pytest.mark.parametrize("world", WORLDS)
def test_the_command_writes_the_same_files_in_every_world(world: str, tmp_path: Path) -> None:
    (tmp_path / "site.yaml").write_bytes(PROTOCOAST.read_bytes())
    run = copies.hubops("generate", cwd=tmp_path, env=WORLDS[world])
    assert run.returncode == 0, run.stderr
    assert copies.files(tmp_path) == dict(build(protocoast(), Inputs()))


def test_building_twice_is_equal() -> None:
    for path in sorted(GOLDEN.glob("*/site.yaml")):
        text = path.read_text("utf-8")
        one, other = build(site_of(text), Inputs()), build(site_of(text), Inputs())
        assert list(one.items()) == list(other.items())


def test_nothing_of_this_machine_is_in_the_files(protocoast_folder: Path) -> None:
    assert copies.generate(protocoast_folder).code == 0
    whole = b"".join(copies.files(protocoast_folder).values()).decode()
    for trace in (str(protocoast_folder), str(ROOT), sys.version.split()[0]):
        assert trace not in whole


def _marks(root: Path) -> dict[str, tuple[int, int, int]]:
    found = {path.relative_to(root).as_posix(): path.lstat() for path in root.rglob("*")}
    return {name: (seen.st_ino, seen.st_mtime_ns, seen.st_size) for name, seen in found.items()}


def test_a_second_run_writes_nothing(protocoast_folder: Path) -> None:
    first = copies.generate(protocoast_folder)
    before = _marks(protocoast_folder)
    count = len(copies.files(protocoast_folder))
    assert f"\n{count} created, 0 updated, 0 deleted, 0 unchanged\n" in first.out
    second = copies.generate(protocoast_folder)
    assert second.code == 0
    assert second.out.startswith(f"0 created, 0 updated, 0 deleted, {count} unchanged\n")
    assert _marks(protocoast_folder) == before


def test_the_site_may_be_anywhere(protocoast_folder: Path, tmp_path: Path) -> None:
    expected = dict(build(protocoast(), Inputs()))
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    run = copies.hubops("generate", "--site", "../site/site.yaml", cwd=elsewhere)
    assert run.returncode == 0, run.stderr
    assert copies.files(protocoast_folder) == expected
    assert list(elsewhere.iterdir()) == []


def test_another_name_of_the_file_changes_nothing(tmp_path: Path) -> None:
    (tmp_path / "Mein Standort.yml").write_bytes(PROTOCOAST.read_bytes())
    run = copies.hubops("generate", "--site", "Mein Standort.yml", cwd=tmp_path)
    assert run.returncode == 0, run.stderr
    tree = {name: content for name, content in copies.files(tmp_path).items() if "/" in name}
    assert tree == dict(build(protocoast(), Inputs()))
