"""What is run: hubops, what it is compared with, and where each finds its input."""

import os
import shutil
import subprocess
import sys
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from bench import peers
from bench.sites import Hub, hubs, site_text

ROOT = Path(__file__).resolve().parent.parent
PAGE = ROOT / "docs" / "performance.md"

# What the console script does.
HUBOPS = (sys.executable, "-c", "from generator.__main__ import main; main()")

GENERATED = ("apps", "clusters", "overlays")

IMPORT_CLICK = "import click"
IMPORT_BOTH = "import click, yaml"
HELP = "hubops --help"
VERSION = "hubops --version"
FRESH = "hubops generate, fresh"
NO_CHANGE = "hubops generate, no change"
CHECK = "hubops check"
LINT = "hubops lint"
# What making the files alone takes.
COPY = "cp -r of what it writes"
# The same on a disk, where all else is in memory.
FRESH_ON_DISK = f"{FRESH}, on disk"
COPY_ON_DISK = f"{COPY}, on disk"
HELM_3 = "Helm 3 template"
HELM_4 = "Helm 4 template"
HELM_3_TEXT = "Helm 3 template, text"
HELM_4_TEXT = "Helm 4 template, text"
KUSTOMIZE = "kustomize build"
KAPITAN = "kapitan compile"
MAKE_ARGOCD_FLY = "make-argocd-fly"

HUBOPS_CASES = (FRESH, NO_CHANGE, CHECK, LINT)
# In the order of tables.
WITH_SITES = (
    *HUBOPS_CASES,
    *(COPY, FRESH_ON_DISK, COPY_ON_DISK),
    *(HELM_3, HELM_4, HELM_3_TEXT, HELM_4_TEXT, KUSTOMIZE, KAPITAN, MAKE_ARGOCD_FLY),
)
PEERS = ("helm3", "helm4", "kustomize", "kapitan", "make-argocd-fly")

# Kustomize takes time with the square, at least, of what it holds: a minute for 400 environments.
_KUSTOMIZE_UP_TO = 100

# The name of what is run, and the environments of its site; 0 where there is no site.
Key = tuple[str, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One command in one folder. `removed` are the folders that are out of the way at each run."""

    name: str
    size: int = 0
    command: tuple[str, ...]
    folder: Path
    removed: tuple[str, ...] = ()

    @property
    def key(self) -> Key:
        """What results are found by."""
        return (self.name, self.size)

    @property
    def title(self) -> str:
        """The case as people read it."""
        return f"{self.name} (environments: {self.size:,})" if self.size else self.name

    def variables(self) -> dict[str, str]:
        """Its environment: next to nothing; what runs this project's code finds it."""
        kept = {name: os.environ[name] for name in ("PATH", "HOME", "TMPDIR") if name in os.environ}
        own = {"PYTHONPATH": str(ROOT)} if self.command[0] == sys.executable else {}
        return {**kept, **own, "LANG": "C.UTF-8"}

    @property
    def output(self) -> Path:
        """Where its standard output goes."""
        return self.folder / ".output"

    @property
    def errors(self) -> Path:
        """Where its standard error goes."""
        return self.folder / ".errors"


def programs(without: Collection[str]) -> dict[str, str]:
    """The path of each peer that is here, by its name in PEERS."""
    beside = Path(sys.executable).parent / "kubectl"
    places = {
        "helm3": _first(ROOT / ".tools/helm3"),
        "helm4": _first(ROOT / ".tools/helm4"),
        "kustomize": _first(ROOT / ".tools/kubectl", beside),
        "kapitan": _first(ROOT / ".environments/kapitan/bin/kapitan"),
        "make-argocd-fly": _first(ROOT / ".environments/make-argocd-fly/bin/make-argocd-fly"),
    }
    on_path = {"kustomize": "kubectl"}
    found = {
        name: place or shutil.which(on_path.get(name, name)) or "" for name, place in places.items()
    }
    return {name: place for name, place in found.items() if place and name not in without}


def startup(folder: Path) -> Iterator[Case]:
    """What it takes to start, and what the imports alone take."""
    for name in (IMPORT_CLICK, IMPORT_BOTH):
        yield Case(name=name, command=(sys.executable, "-c", name), folder=folder)
    for name, option in ((HELP, "--help"), (VERSION, "--version")):
        yield Case(name=name, command=(*HUBOPS, option), folder=folder)


def with_sites(folder: Path, size: int, found: Mapping[str, str]) -> list[Case]:
    """The product and its peers, on a site with that many environments; writes their input."""
    environments = hubs(size)
    sample = sample_objects(folder / "sample")
    return [
        *_own(folder / "hubops", size, environments),
        *_helm(folder, size, peers.helm(sample, environments), found, ""),
        *_helm(folder, size, peers.helm_text(sample, environments), found, ", text"),
        *_others(folder, size, environments, sample, found),
    ]


def on_disk(folder: Path, size: int) -> list[Case]:
    """What makes files, in a folder on a disk."""
    renamed = {FRESH: FRESH_ON_DISK, COPY: COPY_ON_DISK}
    own = _own(folder, size, hubs(size))
    return [replace(case, name=renamed[case.name]) for case in own if case.name in renamed]


def generate(folder: Path, site: str) -> None:
    """Writes a site and generates its tree."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "site.yaml").write_text(site, encoding="utf-8")
    case = Case(name="hubops", command=(*HUBOPS, "generate"), folder=folder)
    subprocess.run(case.command, cwd=folder, env=case.variables(), check=True, capture_output=True)


def sample_objects(folder: Path) -> dict[str, list[peers.Object]]:
    """The objects that peers' templates are made from."""
    generate(folder, peers.SAMPLE_SITE)
    return peers.objects(folder, peers.SAMPLE)


def _first(*places: Path) -> str:
    return next((str(place) for place in places if place.exists()), "")


def _own(folder: Path, size: int, environments: tuple[Hub, ...]) -> Iterator[Case]:
    fresh, standing = folder / "fresh", folder / "standing"
    for place in (fresh, standing):
        generate(place, site_text(environments))
    generated = (*HUBOPS, "generate")
    yield Case(name=FRESH, size=size, command=generated, folder=fresh, removed=GENERATED)
    for name, command in (
        (NO_CHANGE, generated),
        (CHECK, (*HUBOPS, "check")),
        (LINT, (*HUBOPS, "lint")),
    ):
        yield Case(name=name, size=size, command=command, folder=standing)
    copied = folder / "copied"
    copied.mkdir(parents=True, exist_ok=True)
    copy = ("cp", "-r", *(str(standing / name) for name in GENERATED), ".")
    yield Case(name=COPY, size=size, command=copy, folder=copied, removed=GENERATED)


def _helm(
    folder: Path, size: int, chart: peers.Files, found: Mapping[str, str], kind: str
) -> Iterator[Case]:
    for program, name in (("helm3", HELM_3), ("helm4", HELM_4)):
        if program in found:
            place = folder / f"{program}{kind.replace(', ', '-')}"
            peers.write(place / "chart", chart)
            command = (found[program], "template", "chart")
            yield Case(name=f"{name}{kind}", size=size, command=command, folder=place)


def _others(
    folder: Path,
    size: int,
    environments: tuple[Hub, ...],
    sample: peers.Sample,
    found: Mapping[str, str],
) -> Iterator[Case]:
    if "kustomize" in found and size <= _KUSTOMIZE_UP_TO:
        place = folder / "kustomize"
        generate(place, site_text(environments))
        peers.write(place, peers.kustomize(environments))
        together = (found["kustomize"], "kustomize", "together")
        yield Case(name=KUSTOMIZE, size=size, command=together, folder=place)
    if "kapitan" in found:
        place = folder / "kapitan"
        peers.write(place, peers.kapitan(sample, environments))
        compiled = (found["kapitan"], "compile")
        yield Case(name=KAPITAN, size=size, command=compiled, folder=place, removed=("compiled",))
    if "make-argocd-fly" in found:
        place = folder / "make-argocd-fly"
        peers.write(place, peers.make_argocd_fly(sample, environments))
        made = (found["make-argocd-fly"], "--skip-latest-version-check")
        yield Case(name=MAKE_ARGOCD_FLY, size=size, command=made, folder=place, removed=("output",))
