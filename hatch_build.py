"""Puts the commit that a package was built from into it, as generator/commit.txt.

A source archive carries that file, and what is built from it keeps it. `HUBOPS_COMMIT` names the
commit where there is neither Git nor such a file.
"""

import os
import subprocess
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

_FILE = "generator/commit.txt"


class CommitHook(BuildHookInterface[Any]):
    """Adds the file to a wheel and to a source archive; an editable install asks Git itself."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """What is in the archive besides the checkout's own files."""
        if version == "editable" or (Path(self.root) / _FILE).exists():
            return
        made = Path(self.directory) / "commit.txt"
        made.parent.mkdir(parents=True, exist_ok=True)
        made.write_text(f"{_commit(self.root)}\n", "utf-8")
        build_data["force_include"][str(made)] = _FILE

    def finalize(self, version: str, build_data: dict[str, Any], artifact_path: str) -> None:
        """Leaves nothing beside the archives."""
        (Path(self.directory) / "commit.txt").unlink(missing_ok=True)


def _commit(root: str) -> str:
    """The commit of a checkout, with `+` where its program was changed since; empty without Git."""
    if named := os.environ.get("HUBOPS_COMMIT"):
        return named
    try:
        name = _git(root, "rev-parse", "HEAD")
        changed = _git(root, "status", "--porcelain", "--", "generator", "schema", "pyproject.toml")
    except (OSError, subprocess.CalledProcessError):
        return ""
    return f"{name}+" if changed else name


def _git(root: str, *arguments: str) -> str:
    ran = subprocess.run(
        ("git", *arguments), cwd=root, check=True, capture_output=True, text=True, timeout=60
    )
    return ran.stdout.strip()
