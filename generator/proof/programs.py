"""Which Helm and Kustomize render: their paths and versions, Argo CD's own, and a folder built."""

import os
from collections.abc import Mapping, Sequence
from pathlib import Path

from generator.diagnostics import ToolError
from generator.io import git
from generator.io.tools import on_path, run
from generator.packaged.helm import HELP, Helm, executable, own_tool, path_of, unused, with_version
from generator.proof.rendering import Failure, Folder, Stage
from generator.records import record
from generator.versions import Version, pick
from generator.yaml.stream import Unreadable, read, split

# Argo CD hack/installers and hack/tool-versions.sh, at each release's tag.
BUNDLED: tuple[tuple[str, str], ...] = (
    (">=3.5", "4.2.1"),
    (">=3.3", "3.19.4"),
    (">=3.1", "3.18.4"),
    (">=3.0", "3.17.1"),
    ("", "3.16.3"),
)

# Kustomize runs Git for what a kustomization names at another address: never from this machine.
_REMOTES = {**git.VARIABLES, "GIT_ALLOW_PROTOCOL": "https:ssh"}


@record
class Programs:
    """The programs of one run: `helms` by Argo CD version, and the command that builds a folder."""

    helms: Mapping[Version, Helm]
    kustomize: tuple[str, ...]


def bundled_helm(argocd: Version) -> Version:
    """The Helm that an Argo CD release carries."""
    return Version.parse(pick(BUNDLED, argocd))


def programs_for(argocds: frozenset[Version], helm: str | None = None) -> Programs:
    """The programs for these Argo CD versions; ToolError when one is missing or too old.

    `--helm`, HELM, `helm3` or `helm4` in `.tools/` as the Argo CD's own, then the PATH.
    """
    paths = {
        argocd: path_of(helm, f"helm{bundled_helm(argocd).numbers[0]}", "helm")
        for argocd in argocds
    }
    helms = {path: with_version(path) for path in set(paths.values())}
    return Programs(
        helms={argocd: helms[path] for argocd, path in paths.items()}, kustomize=_kustomize()
    )


def _kustomize() -> tuple[str, ...]:
    """The command that builds a folder: KUSTOMIZE, kubectl in `.tools/`, kustomize or kubectl."""
    named = os.environ.get("KUSTOMIZE")
    if named:
        path = executable(named, "kustomize")
        return (path, "kustomize") if Path(path).name.startswith("kubectl") else (path, "build")
    if (tool := own_tool("kubectl")) is not None:
        return (tool, "kustomize")
    for name, word in (("kustomize", "build"), ("kubectl", "kustomize")):
        if (program := on_path(name)) is not None:
            return (program, word)
    raise ToolError("neither kustomize nor kubectl was found", HELP, unused("kubectl"))


def build(command: Sequence[str], root: Path, path: str) -> Folder:
    """What Kustomize makes of one folder. Never raises for what it does."""
    try:
        outcome = run(
            (*command, str(root / path)), folder=root, patience=60.0, environment=_REMOTES
        )
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
