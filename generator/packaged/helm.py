"""The Helm at hand: where it is, and which version it is."""

import os
import re
import shutil
from pathlib import Path

from generator.diagnostics import ToolError
from generator.io.tools import run
from generator.records import record
from generator.versions import Version, VersionRange

HELP = (
    "'make tools' puts Helm and kubectl into .tools/; or install them, or name a Helm with --helm"
)
_SUPPORTED = VersionRange.parse(">=3.8 <5.0")
_VERSION = re.compile(r"\bv?(\d+\.\d+\.\d+)", re.ASCII)
_PATIENCE = 20.0


@record
class Helm:
    """A Helm program and its version."""

    path: str
    version: Version


def path_of(root: Path, given: str | None, *names: str) -> str:
    """What --helm or HELM names, the first of the names in .tools/, or the one on the PATH.

    ToolError when there is none.
    """
    named = given or os.environ.get("HELM")
    if named:
        return executable(named, "helm")
    tools = (root / ".tools" / name for name in names)
    path = next((str(tool.absolute()) for tool in tools if os.access(tool, os.X_OK)), None)
    path = path or shutil.which("helm")
    if path is None:
        raise ToolError("helm was not found", HELP)
    return path


def scratch_environment(scratch: Path) -> dict[str, str]:
    """Variables that keep the user's plugins and cluster out, and what Helm writes in a folder."""
    homes = ("CACHE_HOME", "DATA_HOME", "PLUGINS", "REPOSITORY_CACHE")
    variables = {f"HELM_{name}": str(scratch / "helm" / name.lower()) for name in homes}
    return {**variables, "HELM_DEBUG": "false", "KUBECONFIG": os.devnull}


def executable(named: str, program: str) -> str:
    """The path of a program that a user named; ToolError when it can't be run."""
    path = shutil.which(named)
    if path is None:
        raise ToolError(f"{named}: not a {program} that can be run", HELP)
    return str(Path(path).absolute())


def with_version(path: str) -> Helm:
    """The Helm at a path; ToolError when it is not one, or not one of the supported versions."""
    outcome = run((path, "version", "--short"), folder=Path.cwd(), patience=_PATIENCE)
    text = outcome.out.decode("utf-8", "replace")
    # Helm 3 and 4 print `v3.17.3+ge4da497`.
    match = _VERSION.search(text) if outcome.code == 0 else None
    if match is None:
        lines = tuple(f"{text}\n{outcome.complaint}".splitlines()[:5])
        raise ToolError(f"{path} does not say its version: is it Helm?", HELP, lines)
    version = Version.parse(match[1])
    if version not in _SUPPORTED:
        raise ToolError(f"{path} is Helm {version}; hubops needs 3.8 or newer, below 5", HELP)
    return Helm(path=path, version=version)
