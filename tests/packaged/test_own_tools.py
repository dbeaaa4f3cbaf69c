"""Which program is run: never one that came with a stranger's site."""

import os
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from generator.cli import charts as charts_command
from generator.cli import render as render_command
from generator.cli import validate as validate_command
from generator.cli.options import Means
from generator.diagnostics import ToolError
from generator.packaged import helm
from generator.packaged.pull import Download
from generator.proof import programs
from tests.io.test_git import run_git
from tests.support import copies
from tests.support.copies import Run, one_hub

NAMES = ("helm3", "helm4", "helm", "kubectl", "kustomize")


@pytest.fixture
def trace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where a program leaves a trace; no other Helm is at hand."""
    for name in ("HELM", "KUSTOMIZE", "HUBOPS_CACHE", "CI"):
        monkeypatch.delenv(name, raising=False)
    (tmp_path / "bin").mkdir()
    git = subprocess.run(("which", "git"), check=True, capture_output=True, text=True)
    (tmp_path / "bin/git").symlink_to(git.stdout.strip())
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))
    return tmp_path / "trace"


def trap(folder: Path, trace: Path) -> Path:
    """Puts programs into `.tools/` of a folder; returns it."""
    tools = folder / ".tools"
    tools.mkdir(parents=True)
    for name in NAMES:
        (tools / name).write_text(f"#!/bin/sh\necho ran >> '{trace}'\necho v3.18.4\n")
        (tools / name).chmod(0o755)
    return tools


def commands(path: Path) -> list[Run]:
    """Every command that starts Helm or Kustomize."""
    copies.write_site(path.parent, one_hub())
    return [
        copies.running(run)
        for run in (
            lambda terminal: render_command.run(path, terminal, Means()),
            lambda terminal: validate_command.run(path, terminal, Means(is_offline=False)),
            lambda terminal: charts_command.fetch(path, terminal, Download(tries=1)),
        )
    ]


def test_program_beside_a_site_elsewhere_is_not_run(
    tmp_path: Path, trace: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    evil, here = tmp_path / "evil", tmp_path / "here"
    here.mkdir()
    trap(evil, trace)
    monkeypatch.chdir(here)
    runs = commands(evil / "site.yaml")
    assert not trace.exists()
    assert {run.code for run in runs} == {4}
    assert all("helm was not found" in run.said for run in runs)
    assert all("--helm" in run.help for run in runs)


def test_program_of_the_checkout_that_one_stands_in_is_run(
    tmp_path: Path, trace: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run_git(tmp_path, "init", "-q")
    trap(tmp_path, trace)
    for folder in (tmp_path, tmp_path / "sites", tmp_path / "sites/coast"):
        folder.mkdir(exist_ok=True)
        monkeypatch.chdir(folder)
        assert helm.path_of(None, "helm3", "helm4") == str(tmp_path / ".tools/helm3")
    assert programs.programs_for(frozenset()).kustomize[0] == str(tmp_path / ".tools/kubectl")
    commands(tmp_path / "sites/coast/site.yaml")
    assert trace.exists()


def committed(tools: Path) -> None:
    run_git(tools.parent, "add", "-f", ".tools/helm3")


def linked_into_the_repository(tools: Path) -> None:
    tools.rename(tools.parent / "docs")
    tools.symlink_to("docs")
    run_git(tools.parent, "add", "-f", ".tools", "docs")


def writable_program(tools: Path) -> None:
    (tools / "helm3").chmod(0o777)


def writable_folder(tools: Path) -> None:
    tools.chmod(0o777)


def of_another_user(tools: Path) -> None:
    if os.geteuid() == 0:
        os.chown(tools / "helm3", 12345, -1)
    else:  # only root gives files away
        (tools / "helm3").unlink()
        (tools / "helm3").symlink_to("/bin/sh")


def folder_of_another_user(tools: Path) -> None:
    if os.geteuid() == 0:
        os.chown(tools.parent, 12345, -1)
    else:
        of_another_user(tools)


def damaged_repository(tools: Path) -> None:
    (tools.parent / ".git/HEAD").write_text("garbage\n")


DOUBTS: dict[str, tuple[Callable[[Path], None], str]] = {
    "committed": (committed, ".tools is part of the repository"),
    "a committed link": (linked_into_the_repository, ".tools is part of the repository"),
    "everyone may change the program": (writable_program, "every user may change"),
    "everyone may change the folder": (writable_folder, "every user may change"),
    "another user's program": (of_another_user, "is another user's"),
    "another user's checkout": (folder_of_another_user, "is another user's"),
    "Git does not say": (damaged_repository, ".tools is part of the repository"),
}


@pytest.mark.parametrize(("doubt", "reason"), DOUBTS.values(), ids=DOUBTS)
def test_program_that_may_be_a_strangers_is_not_run(
    tmp_path: Path,
    trace: Path,
    monkeypatch: pytest.MonkeyPatch,
    doubt: Callable[[Path], None],
    reason: str,
) -> None:
    root = tmp_path / "site"
    root.mkdir()
    run_git(root, "init", "-q")
    tools = trap(root, trace)
    monkeypatch.chdir(root)
    assert helm.path_of(None, "helm3") == str(tools / "helm3")
    doubt(tools)
    with pytest.raises(ToolError, match="helm was not found") as raised:
        helm.path_of(None, "helm3")
    assert "is not used: " in raised.value.details[0]
    assert reason in raised.value.details[0]
    commands(root / "site.yaml")
    assert not trace.exists()


def test_checkout_within_the_checkout_is_its_own(
    tmp_path: Path, trace: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also above a folder without Git nothing is looked for: that is anyone's."""
    trap(tmp_path, trace)
    (tmp_path / "plain").mkdir()
    (tmp_path / "inner/deep").mkdir(parents=True)
    run_git(tmp_path / "inner", "init", "-q")
    for folder in (tmp_path / "plain", tmp_path / "inner/deep"):
        monkeypatch.chdir(folder)
        assert helm.own_tool("helm3") is None


@pytest.mark.parametrize("path", [".", "", "tools", "../site/tools"])
def test_relative_folder_in_the_path_does_not_count(
    tmp_path: Path, trace: Path, monkeypatch: pytest.MonkeyPatch, path: str
) -> None:
    root = tmp_path / "site"
    tools = trap(root, trace)
    tools.rename(root / "tools")
    for name in NAMES:
        (root / name).symlink_to(root / "tools" / name)
    monkeypatch.chdir(root)
    monkeypatch.setenv("PATH", f"{path}:{tmp_path / 'bin'}")
    assert {run.code for run in commands(root / "site.yaml")} == {4}
    assert not trace.exists()


def test_current_folder_that_was_deleted_is_said(
    tmp_path: Path, trace: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder, site = tmp_path / "deleted", tmp_path / "site"
    folder.mkdir()
    site.mkdir()
    monkeypatch.chdir(folder)
    folder.rmdir()
    for run in commands(site / "site.yaml"):
        assert (run.code, bool(run.help)) == (3, True)


@pytest.mark.parametrize("named", ["option", "variable"])
def test_program_that_the_user_names_is_run(
    tmp_path: Path, trace: Path, monkeypatch: pytest.MonkeyPatch, named: str
) -> None:
    tools = trap(tmp_path / "elsewhere", trace)
    monkeypatch.chdir(tmp_path)
    path = "elsewhere/.tools/helm3"
    if named == "variable":
        monkeypatch.setenv("HELM", path)
    assert helm.path_of(path if named == "option" else None, "helm3") == str(tools / "helm3")


def test_kustomize_takes_nothing_from_a_repository_of_this_machine(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from tests.support.programs import kubectl

    base, overlay = tmp_path / "base", tmp_path / "overlay"
    for folder in (base, overlay):
        folder.mkdir()
    (base / "kustomization.yaml").write_text("resources: []\n")
    run_git(base, "init", "-q")
    run_git(base, "add", "-A")
    run_git(base, "commit", "-q", "-m", "one")
    (overlay / "kustomization.yaml").write_text(f"resources: ['file://{base}']\n")
    built = programs.build((kubectl(), "kustomize"), tmp_path, "overlay")
    assert built.failure is not None
    assert "transport 'file' not allowed" in "\n".join(
        (built.failure.message, *built.failure.lines)
    )
