"""Which Helm and Kustomize render: found, asked for their versions, compared with Argo CD's own."""

import os
import re
import shutil
from collections.abc import Mapping
from pathlib import Path

from generator.diagnostics import ToolError
from generator.io.tools import run
from generator.records import record
from generator.versions import Version, VersionRange, pick

# Argo CD hack/installers and hack/tool-versions.sh, at each release's tag.
BUNDLED: tuple[tuple[str, str], ...] = (
    (">=3.5", "4.2.1"),
    (">=3.3", "3.19.4"),
    (">=3.1", "3.18.4"),
    (">=3.0", "3.17.1"),
    ("", "3.16.3"),
)
_SUPPORTED = VersionRange.parse(">=3.8 <5.0")
_VERSION = re.compile(r"\bv?(\d+\.\d+\.\d+)", re.ASCII)
_PATIENCE = 20.0
_HELP = (
    "'make tools' puts Helm and kubectl into .tools/; or give their paths, or put them on the PATH"
)


@record
class Helm:
    """A Helm program and its version."""

    path: str
    version: Version


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
    asked: dict[str, Helm] = {}
    helms = {}
    for argocd in argocds:
        path = _helm_path(root, argocd, helm)
        if path not in asked:
            asked[path] = Helm(path=path, version=_helm_version(path))
        helms[argocd] = asked[path]
    return Programs(helms=helms, kustomize=kustomize(root))


def _helm_path(root: Path, argocd: Version, given: str | None) -> str:
    named = given or os.environ.get("HELM")
    if named:
        return _existing(named, "helm")
    major = bundled_helm(argocd).numbers[0]
    for name in (f"helm{major}", "helm"):
        path = root / ".tools" / name
        if os.access(path, os.X_OK):
            return str(path.absolute())
    on_path = shutil.which("helm")
    if on_path is None:
        raise ToolError("helm was not found", _HELP)
    return on_path


def kustomize(root: Path) -> tuple[str, ...]:
    """The command that builds a folder: KUSTOMIZE, `.tools/kubectl`, or kustomize or kubectl."""
    named = os.environ.get("KUSTOMIZE")
    if named:
        path = _existing(named, "kustomize")
        return (path, "kustomize") if Path(path).name.startswith("kubectl") else (path, "build")
    tool = root / ".tools" / "kubectl"
    if os.access(tool, os.X_OK):
        return (str(tool.absolute()), "kustomize")
    for name, word in (("kustomize", "build"), ("kubectl", "kustomize")):
        on_path = shutil.which(name)
        if on_path is not None:
            return (on_path, word)
    raise ToolError("neither kustomize nor kubectl was found", _HELP)


def _existing(named: str, program: str) -> str:
    path = shutil.which(named)
    if path is None:
        raise ToolError(f"{named}: no {program} that can be run", _HELP)
    return str(Path(path).absolute())


def _helm_version(path: str) -> Version:
    """Helm 3 and 4 both print `v3.17.3+ge4da497` for `--short`; others are refused."""
    outcome = run((path, "version", "--short"), folder=Path.cwd(), patience=_PATIENCE)
    text = outcome.out.decode("utf-8", "replace")
    match = _VERSION.search(text) if outcome.code == 0 else None
    if match is None:
        raise ToolError(
            f"{path} does not say its version: is it Helm?", _HELP, _lines(text, outcome.complaint)
        )
    version = Version.parse(match[1])
    if version not in _SUPPORTED:
        raise ToolError(f"{path} is Helm {version}; 3.8 or newer is needed, below 5", _HELP)
    return version


def _lines(*texts: str) -> tuple[str, ...]:
    return tuple("\n".join(texts).splitlines()[:5])
