"""Runs the benchmark: `python -m bench`, or `make bench`.

It prints the targets with their verdicts, then every figure. A whole run also writes them into
docs/performance.md, and the plot beside it.
"""

import argparse
import sys
from collections.abc import Mapping, Sequence

from bench import cases, equal, places, plot, tables
from bench.measure import CaseFailed, measured
from bench.targets import verdicts

SIZES = (1, 10, 100, 1000)
RUNS = 5

_PLOT = cases.PAGE.with_suffix(".svg")


def main(arguments: Sequence[str] | None = None) -> int:
    """0 when everything ran, whatever the verdicts; 1 when a program failed."""
    given = _arguments(arguments)
    found = cases.programs(given.without)
    try:
        with places.made() as where:
            equal.check(where.working / "equal", found, _say)
            _say(f"writing sites, and the same for the peers, in {where.told}")
            results = measured(_cases(where, given.sizes, found), given.runs, _say)
    except CaseFailed as error:
        _say(str(error))
        return 1
    shown = (
        f"{tables.targets(verdicts(results))}\n"
        f"{tables.figures(results)}\n{tables.surroundings(found, where.told)}"
    )
    sys.stdout.write(shown)
    whole = given.sizes == SIZES and given.runs >= RUNS and not given.without
    if whole or given.write:
        text = cases.PAGE.read_text(encoding="utf-8")
        cases.PAGE.write_text(tables.document(text, tables.RESULTS, shown), encoding="utf-8")
        _PLOT.write_text(plot.svg(results), encoding="utf-8")
        _say(f"written: {cases.PAGE.relative_to(cases.ROOT)} and {_PLOT.relative_to(cases.ROOT)}")
    else:
        _say("a part of a run: docs/performance.md stays as it is (--write changes it)")
    return 0


def _cases(
    where: places.Places, sizes: Sequence[int], found: Mapping[str, str]
) -> list[cases.Case]:
    listed = list(cases.startup(where.working))
    for size in sizes:
        listed += cases.with_sites(where.working / str(size), size, found)
        if where.disk is not None:
            listed += cases.on_disk(where.disk / str(size), size)
    return listed


def _arguments(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="make bench", description=__doc__)
    parser.add_argument(
        "--sizes", type=_numbers, default=SIZES, help="environments, for example 1,10"
    )
    parser.add_argument(
        "--runs", type=_number, default=RUNS, help=f"how often each is run (default: {RUNS})"
    )
    parser.add_argument(
        "--without",
        type=_names,
        default=frozenset(),
        help=f"peers to leave out: {','.join(cases.PEERS)}",
    )
    parser.add_argument(
        "--write", action="store_true", help="write docs/performance.md after a part of a run too"
    )
    return parser.parse_args(arguments)


def _numbers(text: str) -> tuple[int, ...]:
    return tuple(sorted({_number(number) for number in text.split(",")}))


def _number(text: str) -> int:
    if (number := int(text)) < 1:
        raise ValueError
    return number


def _names(text: str) -> frozenset[str]:
    names = frozenset(text.split(","))
    if unknown := names.difference(cases.PEERS):
        raise argparse.ArgumentTypeError(f"no such peer: {', '.join(sorted(unknown))}")
    return names


def _say(text: str) -> None:
    sys.stderr.write(f"bench: {text}\n")
    sys.stderr.flush()


if __name__ == "__main__":
    sys.exit(main())
