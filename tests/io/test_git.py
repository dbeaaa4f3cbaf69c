"""What Git knows of a working copy, asked of real repositories."""

import os
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from generator.diagnostics import GeneratorError
from generator.io import git
from tests.support.sites import ROOT

IDENTITY = ("-c", "user.name=Ada", "-c", "user.email=ada@example.org")


def run_git(folder: Path, *arguments: str) -> str:
    """What a git command prints; it must succeed."""
    command = ("git", *IDENTITY, *arguments)
    done = subprocess.run(command, cwd=folder, check=True, capture_output=True, text=True)
    return done.stdout.strip()


def committed(folder: Path, text: str, path: str = "site.yaml") -> str:
    """The commit that holds this text."""
    (folder / path).parent.mkdir(parents=True, exist_ok=True)
    (folder / path).write_text(text)
    run_git(folder, "add", "-A")
    run_git(folder, "commit", "-q", "-m", "change")
    return run_git(folder, "rev-parse", "HEAD")


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    folder = tmp_path / "site"
    folder.mkdir()
    run_git(folder, "init", "-q", "-b", "main")
    return folder


def test_base_is_where_the_branch_left_the_followed_one(repository: Path) -> None:
    first = committed(repository, "one")
    run_git(repository, "switch", "-q", "-c", "bigger")
    committed(repository, "two")
    run_git(repository, "switch", "-q", "main")
    committed(repository, "three", "other.txt")
    run_git(repository, "switch", "-q", "bigger")
    assert git.main_base(repository, "refs/heads/main") == first


def test_remote_branch_counts_before_the_local_one(repository: Path, tmp_path: Path) -> None:
    first = committed(repository, "one")
    clone = tmp_path / "clone"
    run_git(tmp_path, "clone", "-q", str(repository), str(clone))
    committed(clone, "two")
    assert git.main_base(clone, "refs/heads/main") == first


def test_tag_or_unknown_branch_or_no_repository_gives_no_base(
    repository: Path, tmp_path: Path
) -> None:
    assert git.main_base(repository, "refs/heads/main") is None
    committed(repository, "one")
    assert git.main_base(repository, "refs/heads/trunk") is None
    assert git.main_base(tmp_path, "refs/heads/main") is None


def test_without_git_the_base_is_unknown(repository: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    committed(repository, "one")
    monkeypatch.setenv("PATH", "")
    with pytest.raises(GeneratorError, match="git was not found"):
        git.main_base(repository, "refs/heads/main")


def test_content_is_the_files_as_it_was_seen_from_the_folder(repository: Path) -> None:
    first = committed(repository, "tide: höher\n", "sites/coast/site.yaml")
    committed(repository, "changed", "sites/coast/site.yaml")
    folder = repository / "sites" / "coast"
    assert git.content(folder, first, "site.yaml") == "tide: höher\n".encode()
    assert git.content(folder, first, "nothing.yaml") is None
    with pytest.raises(GeneratorError, match="Git can't read this repository"):
        git.content(folder, "0" * 40, "site.yaml")


def test_commit_is_found_by_any_name(repository: Path) -> None:
    first = committed(repository, "one")
    run_git(repository, "tag", "v1")
    committed(repository, "two")
    for name in ("v1", "HEAD~1", first[:10], "main~1"):
        assert git.commit(repository, name) == first


def test_unknown_revision_is_said(repository: Path) -> None:
    committed(repository, "one")
    for name in ("nowhere", "--all", ""):
        with pytest.raises(GeneratorError, match=f"no revision '{name}' in this repository"):
            git.commit(repository, name)


def test_shallow_clone_says_how_to_fetch_the_rest(repository: Path, tmp_path: Path) -> None:
    committed(repository, "one")
    committed(repository, "two")
    clone = tmp_path / "shallow"
    run_git(tmp_path, "clone", "-q", "--depth", "1", repository.as_uri(), str(clone))
    with pytest.raises(GeneratorError, match="no revision 'HEAD~1'") as raised:
        git.commit(clone, "HEAD~1")
    assert "git fetch --unshallow" in raised.value.help


def test_folder_without_repository_is_said(tmp_path: Path) -> None:
    with pytest.raises(GeneratorError, match="no Git repository"):
        git.commit(tmp_path, "HEAD")


# --- whether Git has to be asked at all


def plain(root: Path) -> Path:
    return root


def inside(root: Path) -> Path:
    run_git(root, "init", "-q")
    (root / "sites" / "coast").mkdir(parents=True)
    return root / "sites" / "coast"


def top(root: Path) -> Path:
    return inside(root).parent.parent


def git_folder(root: Path) -> Path:
    return top(root) / ".git" / "objects"


def linked_into(root: Path) -> Path:
    (root / "real").mkdir()
    (root / "link").symlink_to(inside(root / "real"))
    return root / "link"


def linked_out_of(root: Path) -> Path:
    outside, repository = root / "outside", root / "repository"
    outside.mkdir()
    repository.mkdir()
    run_git(repository, "init", "-q")
    (repository / "link").symlink_to(outside)
    return repository / "link"


def worktree(root: Path) -> Path:
    (root / "main").mkdir()
    run_git(root / "main", "init", "-q")
    committed(root / "main", "one")
    run_git(root / "main", "worktree", "add", "-q", str(root / "other"))
    return root / "other"


def bare(root: Path) -> Path:
    run_git(root, "init", "-q", "--bare")
    return root


def below_a_bare_one(root: Path) -> Path:
    return bare(root) / "hooks"


def absent(root: Path) -> Path:
    return root / "absent"


PLACES = (
    *(plain, inside, top, git_folder, linked_into, linked_out_of, worktree, bare),
    *(below_a_bare_one, absent),
)


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize(
    "variables",
    [
        {},
        {"GIT_DIR": str(ROOT / ".git")},
        {"GIT_WORK_TREE": str(ROOT), "GIT_COMMON_DIR": str(ROOT / ".git")},
        {"GIT_OBJECT_DIRECTORY": str(ROOT / ".git/objects"), "GIT_INDEX_FILE": "index"},
        {"GIT_DISCOVERY_ACROSS_FILESYSTEM": "1", "GIT_CONFIG_PARAMETERS": "'core.bare=true'"},
    ],
    ids=["", "GIT_DIR", "GIT_WORK_TREE", "GIT_OBJECT_DIRECTORY", "GIT_CONFIG_PARAMETERS"],
)
def test_git_finds_no_repository_where_it_is_not_asked(
    place: Callable[[Path], Path],
    variables: dict[str, str],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    folder = place(tmp_path)
    for name in [name for name in os.environ if name.startswith("GIT_")]:
        monkeypatch.delenv(name)
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    asked = ("git", "rev-parse", "--git-dir")
    is_found = (
        folder.is_dir()
        and subprocess.run(asked, cwd=folder, capture_output=True, check=False).returncode == 0
    )
    assert not (is_found and git.is_outside(folder))
    # What is not asked is worth it: outside all of them it knows by itself.
    knows = place in (plain, linked_out_of, absent) and "GIT_DIR" not in variables
    assert git.is_outside(folder) == knows
