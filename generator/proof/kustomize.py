"""Real Kustomize on a folder of the tree."""

from collections.abc import Sequence
from pathlib import Path

from generator.diagnostics import ToolError
from generator.io.tools import run
from generator.proof.rendering import Failure, Folder, Stage
from generator.yaml.stream import Unreadable, read, split

_PATIENCE = 60.0


def build(command: Sequence[str], root: Path, path: str) -> Folder:
    """What Kustomize makes of one folder. Never raises for what it does."""
    try:
        outcome = run((*command, str(root / path)), folder=root, patience=_PATIENCE)
    except ToolError as error:
        return Folder(path=path, failure=Failure.of(Stage.PROGRAM, error))
    if outcome.code != 0:
        lines = [line.replace(f"{root}/", "") for line in outcome.complaint.splitlines() if line]
        first, *rest = lines or [f"ended with code {outcome.code}"]
        message = first.removeprefix("error: ")
        failure = Failure(stage=Stage.KUSTOMIZE, message=message, lines=tuple(rest))
        return Folder(path=path, failure=failure)
    try:
        objects = tuple(read(text) for text in split(outcome.out.decode("utf-8")))
    except (Unreadable, UnicodeDecodeError) as error:
        message = f"{command[0]} does not print YAML: {error}"
        return Folder(path=path, failure=Failure(stage=Stage.PROGRAM, message=message))
    return Folder(path=path, objects=tuple(one for one in objects if isinstance(one, dict)))
