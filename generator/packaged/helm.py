"""The programs at hand: which Helm, where it is, and which version it is.

A site file may be a stranger's, and so may the folder that it is in. A program comes from an option
or a variable, from `.tools/` of the checkout that the user stands in and owns, or from the PATH.
"""

import os
import re
import stat
from pathlib import Path

from generator.diagnostics import GeneratorError, ToolError
from generator.io import git
from generator.io.tools import is_program, on_path, run
from generator.records import record
from generator.versions import Version, VersionRange

HELP = (
    "'make tools' puts Helm and kubectl into .tools/ of the checkout that you are in; or install "
    "them, or name a Helm with --helm"
)
_TOOLS = ".tools"
_SUPPORTED = VersionRange.parse(">=3.8 <5.0")
_VERSION = re.compile(r"\bv?(\d+\.\d+\.\d+)", re.ASCII)
_PATIENCE = 20.0


@record
class Helm:
    """A Helm program and its version."""

    path: str
    version: Version


def path_of(given: str | None, *names: str) -> str:
    """What --helm or HELM names, the first of the names in `.tools/`, or the one on the PATH.

    ToolError when there is none.
    """
    named = given or os.environ.get("HELM")
    if named:
        return executable(named, "helm")
    path = own_tool(*names) or on_path("helm")
    if path is None:
        raise ToolError("helm was not found", HELP, unused(*names))
    return path


def own_tool(*names: str) -> str | None:
    """The first of some programs in `.tools/` of the user's own checkout; None without one."""
    tool = _tool(names)
    return None if tool is None or _doubt(tool) else str(tool)


def unused(*names: str) -> tuple[str, ...]:
    """Why a program in `.tools/` is not used, as a line; nothing where there is none."""
    tool = _tool(names)
    return () if tool is None else (f"{tool} is not used: {_doubt(tool)}",)


def _tool(names: tuple[str, ...]) -> Path | None:
    """Such a program in `.tools/` of the current folder, or above it within the same checkout."""
    here = _here()
    top = git.checkout(here) or here
    folders = [folder for folder in (here, *here.parents) if folder.is_relative_to(top)]
    tools = (folder / _TOOLS / name for folder in folders for name in names)
    return next((tool for tool in tools if is_program(str(tool))), None)


def _here() -> Path:
    """The current folder; GeneratorError where someone deleted it."""
    try:
        return Path.cwd()
    except OSError as error:
        help = "go to a folder that exists"
        raise GeneratorError.refused("the current folder", error, help) from None


def _doubt(tool: Path) -> str:
    """Why a program may be a stranger's; nothing for the user's own."""
    real, folder = tool.resolve(), tool.parents[1]
    for path in (folder, tool.parent, real.parent, real):
        status = path.stat()
        if status.st_uid != os.geteuid():
            return f"{path} is another user's"
        if status.st_mode & stat.S_IWOTH:
            return f"every user may change {path}"
    # `make tools` leaves it out of the repository: what is in it came with someone's commit.
    return f"{_TOOLS} is part of the repository" if git.tracks(folder, _TOOLS) else ""


def scratch_environment(scratch: Path) -> dict[str, str]:
    """Variables that keep the user's plugins and cluster out, and what Helm writes in a folder."""
    homes = ("CACHE_HOME", "DATA_HOME", "PLUGINS", "REPOSITORY_CACHE")
    variables = {f"HELM_{name}": str(scratch / "helm" / name.lower()) for name in homes}
    return {**variables, "HELM_DEBUG": "false", "KUBECONFIG": os.devnull}


def executable(named: str, program: str) -> str:
    """The path of a program that a user named; ToolError when it can't be run."""
    path = named if "/" in named else on_path(named)
    if path is None or not is_program(path):
        raise ToolError(f"{named}: not a {program} that can be run", HELP)
    return str(Path(path).absolute())


def with_version(path: str) -> Helm:
    """The Helm at a path; ToolError when it is not one, or not one of the supported versions."""
    outcome = run((path, "version", "--short"), folder=_here(), patience=_PATIENCE)
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
