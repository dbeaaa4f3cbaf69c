"""The door for other programs: what they print, how they end, and that none outlives its limit."""

import os
import sys
import time
from functools import partial
from pathlib import Path

import pytest

from generator.diagnostics import ToolError
from generator.io.tools import Outcome, at_once, run

PYTHON = sys.executable


def test_outcome_is_what_the_program_printed_and_its_exit_code(tmp_path: Path) -> None:
    program = "import sys; print(sys.stdin.read()); print('no', file=sys.stderr); sys.exit(3)"
    outcome = run((PYTHON, "-c", program), folder=tmp_path, fed=b"tide")
    assert outcome == Outcome(code=3, out=b"tide\n", complaint="no\n")


def test_program_runs_in_the_folder_with_the_environment_added(tmp_path: Path) -> None:
    program = "import os; print(os.getcwd(), os.environ['TIDE'], 'PATH' in os.environ)"
    outcome = run((PYTHON, "-c", program), folder=tmp_path, environment={"TIDE": "high"})
    assert outcome.out.decode() == f"{tmp_path.resolve()} high True\n"


def test_variable_that_may_hold_a_secret_is_not_inherited(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OAUTH_CLIENT_SECRET", "tides")
    monkeypatch.setenv("GIT_DIR", "/somewhere")
    program = "import os; print('OAUTH_CLIENT_SECRET' in os.environ, os.environ['GIT_DIR'])"
    assert run((PYTHON, "-c", program), folder=tmp_path).out == b"False /somewhere\n"


def test_program_that_hangs_is_ended_with_its_children(tmp_path: Path) -> None:
    child = "import time; time.sleep(600)"
    program = (
        "import subprocess, sys, time, pathlib; "
        f"child = subprocess.Popen([sys.executable, '-c', {child!r}]); "
        "pathlib.Path('child').write_text(str(child.pid)); "
        "print('waiting for the tide', file=sys.stderr, flush=True); time.sleep(600)"
    )
    with pytest.raises(ToolError, match="did not end within 2 seconds") as raised:
        run((PYTHON, "-c", program), folder=tmp_path, patience=2)
    assert raised.value.exit_code == 4
    assert "waiting for the tide" in raised.value.details
    assert _ends(int((tmp_path / "child").read_text()))


def _ends(process: int) -> bool:
    """Whether a process is gone, or only waits to be noticed as ended, within two seconds."""
    for _ in range(40):
        try:
            os.kill(process, 0)
        except ProcessLookupError:
            return True
        status = Path(f"/proc/{process}/stat")
        if status.exists() and status.read_text().rpartition(")")[2].split()[0] == "Z":
            return True
        time.sleep(0.05)
    return False


def test_missing_program_is_named(tmp_path: Path) -> None:
    with pytest.raises(ToolError, match=r"^helmet was not found$") as raised:
        run(("helmet",), folder=tmp_path)
    assert "PATH" in raised.value.help


def test_missing_folder_is_not_taken_for_a_missing_program(tmp_path: Path) -> None:
    with pytest.raises(ToolError, match="no such folder"):
        run((PYTHON, "-V"), folder=tmp_path / "nowhere")


def test_program_that_may_not_be_run_is_said(tmp_path: Path) -> None:
    script = tmp_path / "script"
    script.write_text("#!/bin/sh\n")
    with pytest.raises(ToolError, match="can't be started: permission denied"):
        run((str(script),), folder=tmp_path)


def test_child_that_left_its_group_and_holds_the_pipes_holds_nobody_up(tmp_path: Path) -> None:
    child = "import os, time; os.setsid(); time.sleep(20)"
    program = (
        f"import subprocess, sys; subprocess.Popen([sys.executable, '-c', {child!r}]); print(1)"
    )
    begun = time.monotonic()
    assert run((PYTHON, "-c", program), folder=tmp_path).out == b"1\n"
    assert time.monotonic() - begun < 15


def test_program_that_prints_without_end_is_stopped(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("generator.io.tools.MOST_OUTPUT", 10**6)
    with pytest.raises(ToolError, match="printed more than 1,000,000 bytes"):
        run((PYTHON, "-c", "while True: print('tide' * 1000)"), folder=tmp_path)


def test_program_that_reads_nothing_blocks_nobody(tmp_path: Path) -> None:
    assert run((PYTHON, "-c", "print(1)"), folder=tmp_path, fed=bytes(10**7)).out == b"1\n"


def test_tasks_run_side_by_side_and_come_back_in_order(tmp_path: Path) -> None:
    def task(number: int) -> int:
        program = f"import time; time.sleep(1); print({number})"
        return int(run((PYTHON, "-c", program), folder=tmp_path).out)

    begun = time.monotonic()
    assert at_once([partial(task, number) for number in range(4)], workers=4) == [0, 1, 2, 3]
    assert time.monotonic() - begun < 3.9


def test_failing_task_ends_the_programs_of_the_others(tmp_path: Path) -> None:
    def hang() -> None:
        program = "import os, pathlib, time; pathlib.Path('pid').write_text(str(os.getpid())); "
        run((PYTHON, "-c", f"{program}time.sleep(600)"), folder=tmp_path)

    def fail() -> None:
        while not (tmp_path / "pid").exists() or not (tmp_path / "pid").read_text():
            time.sleep(0.05)
        raise KeyboardInterrupt

    begun = time.monotonic()
    with pytest.raises(KeyboardInterrupt):
        at_once([fail, hang], workers=2)
    assert time.monotonic() - begun < 30
    assert _ends(int((tmp_path / "pid").read_text()))
