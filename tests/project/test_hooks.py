"""The hooks for pre-commit: what they run, on which commits, and that their words stop one."""

import re
import shlex
import tomllib
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.support import copies
from tests.support.copies import hubops
from tests.support.sites import ROOT

HOOKS: dict[str, dict[str, Any]] = {
    hook["id"]: hook for hook in yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text())
}
ON_EVERY_HOOK = pytest.mark.parametrize("name", HOOKS)


def _run(name: str, root: Path) -> tuple[int, str]:
    """What a hook says of a working copy: pre-commit adds no names of files to its command."""
    program, *arguments = shlex.split(HOOKS[name]["entry"])
    scripts = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["scripts"]
    assert program in scripts
    run = hubops(*arguments, cwd=root)
    return run.returncode, run.stdout


def test_the_hooks_there_are() -> None:
    assert list(HOOKS) == ["hubops-lint", "hubops-check"]


@ON_EVERY_HOOK
def test_hook_is_installed_with_its_own_python_and_gets_no_names(name: str) -> None:
    hook = HOOKS[name]
    assert (hook["language"], hook["pass_filenames"]) == ("python", False)
    # Two at once would do the same work twice.
    assert hook["require_serial"] is True
    assert hook["minimum_pre_commit_version"] == "3.0.0"
    assert hook["description"].endswith(".")


@pytest.mark.parametrize(
    ("path", "runs"),
    [
        ("site.yaml", True),
        ("sites/coast/site.yaml", False),
        ("site_yaml", False),
        ("site.yaml.orig", False),
        ("apps/jupyterhub/application.yaml", False),
    ],
)
def test_lint_runs_when_site_yaml_changes(path: str, runs: bool) -> None:
    assert bool(re.search(HOOKS["hubops-lint"]["files"], path)) is runs


def test_check_runs_with_each_commit_for_one_may_only_delete() -> None:
    assert HOOKS["hubops-check"]["always_run"] is True
    assert "files" not in HOOKS["hubops-check"]


@ON_EVERY_HOOK
def test_a_good_commit_passes(settled: Path, name: str) -> None:
    code, said = _run(name, settled)
    assert (code, "error[" in said) == (0, False)


@ON_EVERY_HOOK
def test_a_bad_site_yaml_stops_the_commit(settled: Path, name: str) -> None:
    site = copies.one_hub()
    site["environments"]["production"]["cluster"] = "fedclod"
    copies.write_site(settled, site)
    code, said = _run(name, settled)
    assert (code, "error[R201]: cluster 'fedclod' is not defined" in said) == (1, True)


def test_a_tree_edited_by_hand_stops_the_commit(settled: Path) -> None:
    path = settled / "overlays/production/kustomization.yaml"
    path.write_text(path.read_text() + "# by hand\n")
    said = "differs   overlays/production/kustomization.yaml\n"
    assert _run("hubops-check", settled) == (1, said)


def test_a_deleted_file_stops_the_commit(settled: Path) -> None:
    (settled / "apps/jupyterhub/application.yaml").unlink()
    said = "missing   apps/jupyterhub/application.yaml\n"
    assert _run("hubops-check", settled) == (1, said)


@ON_EVERY_HOOK
def test_hook_is_documented(name: str) -> None:
    operations = (ROOT / "docs/operations.md").read_text()
    (example,) = re.findall(r"^```yaml\n(repos:\n.*?)^```$", operations, re.MULTILINE | re.DOTALL)
    (repository,) = yaml.safe_load(example)["repos"]
    assert name in [hook["id"] for hook in repository["hooks"]]
