"""Where the time of one run goes: `python -m bench.phases`, by default with 1,000 environments."""

import argparse
import json
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from bench import places, tables
from bench.cases import HUBOPS, PAGE, ROOT, Case
from bench.sites import hubs, site_text

_SAMPLE = ROOT / "bench" / "sample.py"
# Places that are shown of a phase.
_SHOWN = 3

Phases = Mapping[str, Mapping[str, float]]


def main(arguments: Sequence[str] | None = None) -> int:
    """Prints the phases of a fresh run, of one that changes nothing, and of `check`."""
    parser = argparse.ArgumentParser(prog="python -m bench.phases", description=__doc__)
    parser.add_argument("--size", type=int, default=1000, help="environments (default: 1000)")
    parser.add_argument("--write", action="store_true", help="write it into docs/performance.md")
    given = parser.parse_args(arguments)
    size, shown = given.size, []
    with places.made() as where:
        root = where.working
        (root / "site.yaml").write_text(site_text(hubs(size)), encoding="utf-8")
        for title, command in (
            ("`generate`, fresh", "generate"),
            ("`generate`, no change", "generate"),
            ("`check`", "check"),
        ):
            shown.append(f"{title}, {size:,} environments:\n\n{table(ran(root, command))}")
            sys.stdout.write(f"{shown[-1]}\n")
    if given.write:
        text = PAGE.read_text(encoding="utf-8")
        PAGE.write_text(tables.document(text, tables.PROFILE, "\n".join(shown)), encoding="utf-8")
    return 0


def ran(root: Path, command: str) -> Phases:
    """The phases of one run of a command in a folder with a site."""
    case = Case(name=command, command=(*HUBOPS, command), folder=root)
    result = root / ".phases.json"
    subprocess.run(
        [sys.executable, str(_SAMPLE), str(result), command],
        cwd=root,
        env=case.variables(),
        check=True,
        capture_output=True,
    )
    found: Phases = json.loads(result.read_text(encoding="utf-8"))
    return found


def table(phases: Phases) -> str:
    """Phases as Markdown, the longest first, with the functions that take most of each."""
    sums = {name: sum(places.values()) for name, places in phases.items()}
    total = sum(sums.values()) or 1.0
    rows = [
        f"| {name} | {seconds:.2f} s | {seconds / total:.0%} | {_places(phases[name])} |\n"
        for name, seconds in sorted(sums.items(), key=lambda item: -item[1])
    ]
    head = "| Phase | Wall | Share | Most of it in |\n| --- | --- | --- | --- |\n"
    return f"{head}{''.join(rows)}| all | {total:.2f} s | 100% | |\n"


def _places(places: Mapping[str, float]) -> str:
    longest = sorted(places, key=lambda place: -places[place])[:_SHOWN]
    return ", ".join(f"`{place}`" for place in longest if place)


if __name__ == "__main__":
    sys.exit(main())
