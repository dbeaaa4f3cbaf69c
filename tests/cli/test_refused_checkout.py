"""Where Git refuses a checkout, its own reason is said: no comparison vanishes without a word."""

import os
import shutil
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from generator.cli import diff as diff_command
from generator.cli import init as init_command
from generator.cli import lint as lint_command
from generator.io import git
from tests.io.test_git import committed, run_git
from tests.support import copies
from tests.support.copies import Run, Site, one_hub


def with_database(size: str) -> Site:
    """The smallest site with a volume for the hub's database."""
    site = one_hub()
    site["jupyterhub"]["database"] = {"storage": size}
    return site


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A checkout whose volume has shrunk since the base."""
    monkeypatch.delenv("CI", raising=False)
    folder = tmp_path / "site"
    folder.mkdir()
    run_git(folder, "init", "-q", "-b", "main")
    copies.made(folder, with_database("5Gi"))
    committed(folder, "tides\n", "README.md")
    copies.write_site(folder, with_database("1Gi"))
    return folder


def diff(root: Path, base: str | None = None) -> Run:
    return copies.running(
        lambda terminal: diff_command.run(root / "site.yaml", terminal, base=base)
    )


def requiring(root: Path) -> Run:
    return copies.running(
        lambda terminal: lint_command.run(root / "site.yaml", terminal, requires_base=True)
    )


Break = Callable[[Path, pytest.MonkeyPatch], object]


def damaged(revision: str) -> Break:
    """An object that is not what its name says."""

    def damage(git: Path, _: pytest.MonkeyPatch) -> None:
        name = run_git(git.parent, "rev-parse", revision)
        path = git / "objects" / name[:2] / name[2:]
        path.chmod(0o644)
        path.write_bytes(b"nothing\n")

    return damage


def lacking(revision: str) -> Break:
    def remove(git: Path, _: pytest.MonkeyPatch) -> None:
        name = run_git(git.parent, "rev-parse", revision)
        (git / "objects" / name[:2] / name[2:]).unlink()

    return remove


def written(name: str, text: str) -> Break:
    return lambda git, _: (git / name).write_text(text)


def set_to(name: str, value: str) -> Break:
    return lambda git, _: run_git(git.parent, "config", name, value)


def emptied(git: Path, _: pytest.MonkeyPatch) -> None:
    shutil.rmtree(git)
    git.mkdir()


def pointing_nowhere(git: Path, _: pytest.MonkeyPatch) -> None:
    git.rename(git.parent.parent / "moved")
    git.write_text("gitdir: ../nowhere\n")


# What is wrong with the checkout, and a part of Git's reason.
BROKEN: dict[str, tuple[Break, str]] = {
    "of another user": (
        lambda _, patch: patch.setenv("GIT_TEST_ASSUME_DIFFERENT_OWNER", "1"),
        "git config --global --add safe.directory",
    ),
    "HEAD is no ref": (written("HEAD", "garbage\n"), "not a git repository"),
    "HEAD is empty": (written("HEAD", ""), "not a git repository"),
    "HEAD is gone": (lambda git, _: (git / "HEAD").unlink(), "not a git repository"),
    "HEAD is a commit that is not here": (written("HEAD", f"{'12' * 20}\n"), "HEAD"),
    "HEAD is a branch that is not here": (written("HEAD", "ref: refs/heads/gone\n"), "HEAD"),
    "followed branch is no ref": (written("refs/heads/main", "zz\n"), "broken ref"),
    "commit is damaged": (damaged("HEAD"), "inflate"),
    "commit is missing": (lacking("HEAD"), ""),
    "tree is damaged": (damaged("HEAD^{tree}"), "is corrupt"),
    "tree is missing": (lacking("HEAD^{tree}"), ""),
    "site.yaml is damaged": (damaged("HEAD:site.yaml"), "is corrupt"),
    "site.yaml is missing": (lacking("HEAD:site.yaml"), ""),
    "configuration is damaged": (written("config", "[core\n"), "bad config"),
    "format of a later Git": (set_to("core.repositoryFormatVersion", "99"), "version"),
    "extension of a later Git": (
        written("config", "[core]\nrepositoryFormatVersion = 1\n[extensions]\ntides = high\n"),
        "tides",
    ),
    "objects are gone": (lambda git, _: shutil.rmtree(git / "objects"), "not a git repository"),
    "empty .git": (emptied, "not a git repository"),
    "a .git that leads nowhere": (pointing_nowhere, "not a git repository"),
    "no Git": (lambda _, patch: patch.setenv("PATH", ""), "git was not found"),
}
every_broken = pytest.mark.parametrize(("breaks", "reason"), BROKEN.values(), ids=BROKEN)


def test_whole_checkout_shows_what_can_not_be_done(root: Path) -> None:
    for run in (copies.lint(root), copies.generate(root), copies.check(root), requiring(root)):
        assert run.code == 1
        assert "5Gi -> 1Gi" in run.out
        assert "not compared" not in run.said


@every_broken
def test_reason_is_said(
    root: Path, monkeypatch: pytest.MonkeyPatch, breaks: Break, reason: str
) -> None:
    breaks(root / ".git", monkeypatch)
    for run, code in ((copies.lint(root), 0), (copies.check(root), 1), (copies.generate(root), 0)):
        assert run.code == code
        assert run.notes.startswith("site.yaml is not compared with its Git base: ")
        assert reason in run.notes
        assert "\n  help: " in run.notes
    for run in (diff(root), requiring(root)):
        assert (run.code, run.out) == (3, "")
        assert reason in run.said
        assert run.help
    for run in (diff(root, "HEAD"), copies.lint(root, base="HEAD")):
        assert (run.code, run.out) == (3, "")
        assert run.help


@every_broken
def test_in_ci_it_is_an_error(
    root: Path, monkeypatch: pytest.MonkeyPatch, breaks: Break, reason: str
) -> None:
    breaks(root / ".git", monkeypatch)
    monkeypatch.setenv("CI", "true")
    for run in (copies.lint(root), copies.check(root), copies.generate(root)):
        assert (run.code, run.out) == (3, "")
        assert reason in run.said
        assert run.help


@pytest.mark.parametrize("value", ["", "0", "false", "False"])
def test_ci_can_be_off(root: Path, monkeypatch: pytest.MonkeyPatch, value: str) -> None:
    monkeypatch.setenv("GIT_TEST_ASSUME_DIFFERENT_OWNER", "1")
    monkeypatch.setenv("CI", value)
    assert copies.lint(root).code == 0


def test_files_of_another_user(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    if os.geteuid() == 0:
        subprocess.run(("chown", "-R", "12345", root), check=True)
    else:  # only root gives files away
        monkeypatch.setenv("GIT_TEST_ASSUME_DIFFERENT_OWNER", "1")
    run = copies.lint(root)
    assert run.code == 0
    assert f"safe.directory {root}" in run.notes
    assert "if you trust whoever owns this folder" in run.notes


def test_command_line_takes_require_base(root: Path) -> None:
    run = copies.hubops("lint", "--require-base", cwd=root)
    assert (run.returncode, run.stdout.count("5Gi -> 1Gi")) == (1, 1)
    shutil.rmtree(root / ".git")
    run = copies.hubops("lint", "--require-base", cwd=root)
    assert (run.returncode, run.stdout) == (3, "")
    assert run.stderr.startswith("error: .: no Git repository\n")


# --- where there is nothing to say


@pytest.mark.parametrize("ci", ["", "true"])
def test_folder_without_git_and_new_repository_stay_silent(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, ci: str
) -> None:
    monkeypatch.setenv("CI", ci)
    copies.made(tmp_path, with_database("1Gi"))
    (tmp_path / "HEAD").write_text("The head of this document\n")
    clean = "site.yaml has no errors; next: hubops generate\n"
    assert copies.lint(tmp_path).notes == clean
    run_git(tmp_path, "init", "-q", "-b", "main")
    assert copies.lint(tmp_path).notes == clean
    committed(tmp_path, "tides\n", "README.md")
    assert copies.lint(tmp_path).notes == clean


def test_new_site_in_an_older_repository_stays_silent(root: Path) -> None:
    folder = root / "sites" / "new"
    folder.mkdir(parents=True)
    copies.write_site(folder, one_hub())
    assert copies.lint(folder).notes == "site.yaml has no errors; next: hubops generate\n"
    assert requiring(folder).code == 0


def test_shallow_clone_is_said(root: Path, tmp_path: Path) -> None:
    run_git(root, "switch", "-q", "-c", "topic")
    committed(root, "more tides\n", "README.md")
    clone = tmp_path / "clone"
    run_git(tmp_path, "clone", "-q", "--depth", "1", root.as_uri(), str(clone), "--branch", "topic")
    run = copies.lint(clone)
    assert run.code == 0
    assert "this clone is shallow" in run.notes
    assert "git fetch --unshallow" in run.notes
    assert (requiring(clone).code, requiring(clone).out) == (3, "")


@pytest.mark.parametrize("text", ["a: [", "- 1\n", "\0"])
def test_base_that_can_not_be_read_is_said(root: Path, text: str) -> None:
    (root / "site.yaml").write_text(text)
    committed(root, "tides again\n", "README.md")
    copies.write_site(root, with_database("1Gi"))
    run = copies.lint(root)
    assert run.code == 0
    assert "site.yaml of the base can't be read" in run.notes
    assert (requiring(root).code, requiring(root).out) == (3, "")


def test_bump_says_it_once(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GIT_TEST_ASSUME_DIFFERENT_OWNER", "1")
    words = ("bump", "jupyterhub", "4.4.0", "--dry-run", "--offline")
    run = copies.hubops(*words, cwd=root)
    assert run.stderr.count("is not compared with its Git base") == 1


def test_new_site_in_a_refused_checkout(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GIT_TEST_ASSUME_DIFFERENT_OWNER", "1")
    source = root / "site.yaml"
    run = copies.running(
        lambda terminal: init_command.run(root / "new", {}, None, terminal, source)
    )
    assert run.code == 0
    assert "no Git repository created: Git can't read this repository; " in run.notes
    assert "safe.directory" in run.notes
    assert not (root / "new/.git").exists()


@pytest.mark.parametrize(
    "prints",
    ["printf 'a\\0b\\n'", "printf '\\377\\n'", "echo 1 2 3", "yes | head -c 99999", "exit 7"],
)
def test_program_that_is_not_git(
    root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, prints: str
) -> None:
    (tmp_path / "git").write_text(f"#!/bin/sh\nPATH=/usr/bin:/bin\n{prints}\n")
    (tmp_path / "git").chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    copies.put_all(root, "production")
    for run in (copies.lint(root), copies.generate(root), copies.secrets(root)):
        assert run.code in (0, 1)
        assert not run.error
    for run in (diff(root), copies.lint(root, base="main"), requiring(root)):
        assert (run.code, bool(run.help)) == (3, True)


def test_git_that_hangs_is_waited_for_once(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As where the configuration includes a pipe."""
    os.mkfifo(root / "pipe")
    run_git(root, "config", "include.path", str(root / "pipe"))
    monkeypatch.setattr(git, "_PATIENCE", 0.3)
    begin = time.monotonic()
    run = copies.lint(root)
    assert time.monotonic() - begin < 2
    assert run.code == 0
    assert "git did not end within 0.3 seconds" in run.notes
    assert "\n  git merge-base HEAD refs/remotes/origin/main\n" in run.notes
