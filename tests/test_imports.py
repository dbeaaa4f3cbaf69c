"""What a command loads: the help and a clean site pay for nothing that they do not use."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests import copies


def _loaded(*arguments: str, cwd: Path) -> set[str]:
    """The top-level packages that a run of the command imports."""
    run = subprocess.run(
        [sys.executable, "-X", "importtime", "-m", "generator", *arguments],
        cwd=cwd,
        env=copies.environment({}),
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    lines = (line for line in run.stderr.splitlines() if line.startswith("import time:"))
    return {line.rpartition("|")[2].strip().partition(".")[0] for line in lines}


HEAVY = {"jsonschema", "kubernetes_validate", "cryptography", "yaml", "referencing"}


@pytest.mark.parametrize(
    "arguments",
    [("--help",), ("generate", "--help"), ("check", "--help"), ("lint", "-h"), ("--version",)],
    ids=" ".join,
)
def test_help_loads_next_to_nothing(arguments: tuple[str, ...], tmp_path: Path) -> None:
    loaded = _loaded(*arguments, cwd=tmp_path)
    assert "click" in loaded
    assert loaded & HEAVY == set()


def test_generating_loads_what_it_uses(protocoast_folder: Path) -> None:
    for command in ("generate", "check", "lint"):
        loaded = _loaded(command, cwd=protocoast_folder)
        assert loaded & HEAVY == {"yaml"}
        assert "difflib" not in loaded
