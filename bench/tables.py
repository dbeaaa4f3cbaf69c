"""The run as Markdown: the targets with their verdicts, then every figure."""

import os
import platform
import re
import subprocess
from collections.abc import Iterable, Iterator, Mapping, Sequence
from importlib.metadata import version
from pathlib import Path

from bench import cases
from bench.measure import Figures, Results
from bench.targets import Verdict

# Parts of docs/performance.md that programs write, and what writes them.
RESULTS = "results"
PROFILE = "profile"
WRITERS = {RESULTS: "make bench", PROFILE: "python -m bench.phases --write"}

_VERSIONS = {
    "helm3": ("version", "--short"),
    "helm4": ("version", "--short"),
    "kustomize": ("version", "--client"),
    "kapitan": ("--version",),
    "make-argocd-fly": ("--version",),
}
_NUMBER = re.compile(r"\d+(?:\.\d+)+")


def targets(verdicts: Iterable[Verdict]) -> str:
    """Each target with its bound, what was found, and the verdict."""
    rows = [
        (verdict.target.text, verdict.target.bound, _found(verdict), verdict.word)
        for verdict in verdicts
    ]
    return _table(("Target", "Bound", "Found", "Verdict"), rows)


def figures(results: Results) -> str:
    """Every case: its figures, and its time in those of the imports and of Helm's fastest."""
    head = ("What", "Environments", "Wall", "CPU", "Peak memory", "Written")
    ratios = ("to `import click, yaml`", "to `helm template`", "Runs")
    return _table((*head, *ratios), _rows(results))


def surroundings(found: Mapping[str, str], place: str) -> str:
    """The machine, the versions and the load, as a list."""
    lines = [
        f"Machine: {_processor()}, {os.cpu_count()} cores, {platform.system()}",
        f"Sites and results in: {place}",
        f"Python {platform.python_version()}, click {version('click')}, PyYAML {version('pyyaml')}",
        f"Load average at the end of the run: {os.getloadavg()[0]:.1f}",
        *(f"{name}: {_version(name, path)}" for name, path in found.items()),
    ]
    missing = [name for name in cases.PEERS if name not in found]
    lines += [f"Not in this run: {', '.join(missing)}"] if missing else []
    return "".join(f"- {line}\n" for line in lines)


def document(text: str, part: str, written: str) -> str:
    """A document with one part replaced, from mark to mark."""
    begin, end = f"<!-- {part}: written by `{WRITERS[part]}` -->", f"<!-- end of {part} -->"
    before, _, rest = text.partition(f"{begin}\n")
    _, mark, after = rest.partition(f"{end}\n")
    if not mark:
        raise ValueError(f"no '{begin}' with '{end}' after it")
    return f"{before}{begin}\n\n{written}\n{end}\n{after}"


def _rows(results: Results) -> Iterator[tuple[str, ...]]:
    base = results.get((cases.IMPORT_BOTH, 0))
    for name, size in sorted(results, key=_place):
        found = results[name, size]
        yield (
            f"`{name}`" if not size else name,
            f"{size:,}" if size else "",
            f"{found.seconds:.3f} s",
            f"{found.cpu:.3f} s",
            f"{found.memory:.1f} MiB",
            f"{found.written / 1000:,.1f} kB" if found.written else "",
            f"{found.seconds / base.seconds:.1f} x" if base else "",
            _to_helm(found, results, size),
            str(found.runs),
        )


def _place(key: cases.Key) -> tuple[int, int, str]:
    name, size = key
    known = cases.WITH_SITES.index(name) if name in cases.WITH_SITES else -1
    return (size, known, name)


def _to_helm(found: Figures, results: Results, size: int) -> str:
    helms = [
        results[name, size].seconds
        for name in (cases.HELM_3, cases.HELM_4)
        if (name, size) in results
    ]
    return f"{found.seconds / min(helms):.2f} x" if helms else ""


def _found(verdict: Verdict) -> str:
    return "" if verdict.found is None else f"{verdict.found:.2f} {verdict.target.unit}"


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)


def _version(name: str, path: str) -> str:
    told = subprocess.run(
        [path, *_VERSIONS[name]], capture_output=True, text=True, check=False, timeout=60
    ).stdout
    numbers = _NUMBER.findall(told)
    if not numbers:
        return "unknown"
    # kubectl says its own version, then that of the Kustomize in it.
    return str(numbers[-1] if name == "kustomize" else numbers[0])


def _processor() -> str:
    known = Path("/proc/cpuinfo")
    lines = known.read_text().splitlines() if known.exists() else []
    names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.machine()
