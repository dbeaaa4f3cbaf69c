"""Which Helm and Kustomize render: found, asked for their versions, compared with Argo CD's own."""

import os
import shutil
from collections.abc import Mapping
from pathlib import Path

from generator.diagnostics import ToolError
from generator.packaged.helm import HELP, Helm, executable, path_of, with_version
from generator.records import record
from generator.versions import Version, pick

# Argo CD hack/installers and hack/tool-versions.sh, at each release's tag.
BUNDLED: tuple[tuple[str, str], ...] = (
    (">=3.5", "4.2.1"),
    (">=3.3", "3.19.4"),
    (">=3.1", "3.18.4"),
    (">=3.0", "3.17.1"),
    ("", "3.16.3"),
)


@record
class Programs:
    """The programs of one run: `helms` by Argo CD version, and the command that builds a folder."""

    helms: Mapping[Version, Helm]
    kustomize: tuple[str, ...]


def bundled_helm(argocd: Version) -> Version:
    """The Helm that an Argo CD release carries."""
    return Version.parse(pick(BUNDLED, argocd))


def found(root: Path, argocds: frozenset[Version], helm: str | None = None) -> Programs:
    """The programs for these Argo CD versions; ToolError when one is missing or too old.

    `--helm`, HELM, `.tools/helm3` or `.tools/helm4` as the Argo CD's own, then the PATH.
    """
    paths = {
        argocd: path_of(root, helm, f"helm{bundled_helm(argocd).numbers[0]}", "helm")
        for argocd in argocds
    }
    helms = {path: with_version(path) for path in set(paths.values())}
    return Programs(
        helms={argocd: helms[path] for argocd, path in paths.items()}, kustomize=_kustomize(root)
    )


def _kustomize(root: Path) -> tuple[str, ...]:
    """The command that builds a folder: KUSTOMIZE, `.tools/kubectl`, or kustomize or kubectl."""
    named = os.environ.get("KUSTOMIZE")
    if named:
        path = executable(named, "kustomize")
        return (path, "kustomize") if Path(path).name.startswith("kubectl") else (path, "build")
    tool = root / ".tools" / "kubectl"
    if os.access(tool, os.X_OK):
        return (str(tool.absolute()), "kustomize")
    for name, word in (("kustomize", "build"), ("kubectl", "kustomize")):
        on_path = shutil.which(name)
        if on_path is not None:
            return (on_path, word)
    raise ToolError("neither kustomize nor kubectl was found", HELP)
