"""Running cases in turns, and the figures of each."""

import json
import os
import signal
import statistics
import subprocess
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from bench import places
from bench.cases import Case, Key

_LAUNCH = Path(__file__).with_name("launch.py")
# A case whose run takes this long is run only so often.
_SLOW = 15.0
_SLOW_RUNS = 3
_PATIENCE = 900
MIB = 1024 * 1024


class CaseFailed(Exception):
    """A program did not do its work; the text says which, and what it said."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """What one run of a program cost; its peak memory is in bytes."""

    seconds: float
    cpu: float
    peak: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """The medians of a case's runs; memory is in MiB, what it wrote in bytes."""

    seconds: float
    fastest: float
    cpu: float
    memory: float
    written: int
    runs: int

    @classmethod
    def of(cls, runs: Sequence[Run], written: int) -> "Figures":
        """The figures of some runs."""
        return cls(
            seconds=statistics.median(run.seconds for run in runs),
            fastest=min(run.seconds for run in runs),
            cpu=statistics.median(run.cpu for run in runs),
            memory=statistics.median(run.peak for run in runs) / MIB,
            written=written,
            runs=len(runs),
        )


Results = Mapping[Key, Figures]


def measured(cases: Sequence[Case], rounds: int, say: Callable[[str], None]) -> dict[Key, Figures]:
    """The figures of each case: a run that does not count, then rounds in which all take turns."""
    runs: dict[Key, list[Run]] = {case.key: [] for case in cases}
    written: dict[Key, int] = {}
    for case in cases:
        say(f"warming up: {case.title}")
        once(case)
        written[case.key] = _written(case)
    for number in range(rounds):
        for case in cases:
            done = runs[case.key]
            if len(done) < _SLOW_RUNS or done[0].seconds < _SLOW:
                say(f"round {number + 1} of {rounds}: {case.title}")
                done.append(once(case))
    return {key: Figures.of(done, written[key]) for key, done in runs.items()}


def once(case: Case) -> Run:
    """One run of a case. CaseFailed where it does not end well."""
    for name in case.removed:
        places.set_aside(case.folder, name)
    command = [
        *(sys.executable, "-I", "-S", str(_LAUNCH), str(case.folder)),
        *(str(case.output), str(case.errors), *case.command),
    ]
    told = json.loads(_answer(case, command))
    if told["code"] != 0:
        raise CaseFailed(f"{case.title}: exit code {told['code']}\n{_said(case.errors)}")
    return Run(seconds=told["seconds"], cpu=told["cpu"], peak=told["peak"])


def _answer(case: Case, command: Sequence[str]) -> bytes:
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, env=case.variables(), start_new_session=True
    ) as started:
        try:
            answer, _ = started.communicate(timeout=_PATIENCE)
        except BaseException as error:
            os.killpg(started.pid, signal.SIGKILL)
            if isinstance(error, subprocess.TimeoutExpired):
                raise CaseFailed(f"{case.title}: no end after {_PATIENCE} s") from None
            raise
    if started.returncode:
        raise CaseFailed(f"{case.title}: {case.command[0]} can't be started")
    return answer


def _written(case: Case) -> int:
    return case.output.stat().st_size + _size(case.folder / name for name in case.removed)


def _size(folders: Iterable[Path]) -> int:
    return sum(
        path.stat().st_size for folder in folders for path in folder.rglob("*") if path.is_file()
    )


def _said(errors: Path) -> str:
    return errors.read_text(encoding="utf-8", errors="replace")[-2000:]
