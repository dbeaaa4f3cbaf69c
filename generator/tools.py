"""The one door for other programs: git, helm, kubectl.

A program gets its arguments as a list, never through a shell, and nothing on its standard input
unless something is handed in. One that hangs is ended with all that it started.
"""

import os
import signal
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from generator.diagnostics import ToolError

# Seconds; what git and kubectl do here takes milliseconds.
PATIENCE = 60.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """How a program ended: its exit code, what it printed, and its complaints as text."""

    code: int
    out: bytes
    complaint: str


def run(
    command: Sequence[str],
    *,
    folder: Path,
    patience: float = PATIENCE,
    fed: bytes = b"",
    environment: Mapping[str, str] | None = None,
) -> Outcome:
    """The outcome of a program run in a folder; `environment` is added to this process' own.

    ToolError when the program is missing, can't be started, or goes on for `patience` seconds.
    """
    with _started(command, folder, environment) as process:
        try:
            out, complaint = process.communicate(fed, timeout=patience)
        except subprocess.TimeoutExpired:
            _end(process)
            raise ToolError(
                f"{command[0]} did not end within {patience:g} seconds and was stopped",
                "run it by hand to see what it waits for",
                (" ".join(command), *_text(process.communicate()[1]).splitlines()),
            ) from None
        except BaseException:
            _end(process)
            raise
    return Outcome(code=process.returncode, out=out, complaint=_text(complaint))


def _started(
    command: Sequence[str], folder: Path, environment: Mapping[str, str] | None
) -> subprocess.Popen[bytes]:
    """The running program, in a process group of its own so that it can be ended as a whole."""
    try:
        return subprocess.Popen(
            list(command),
            cwd=folder,
            env={**os.environ, **(environment or {})},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            start_new_session=True,
        )
    except FileNotFoundError:
        if not folder.is_dir():
            raise ToolError(f"{folder}: no such folder", "") from None
        raise ToolError(
            f"{command[0]} was not found", f"install {command[0]}, or put it on the PATH"
        ) from None
    except OSError as error:
        raise ToolError(
            f"{command[0]} can't be started: {(error.strerror or str(error)).lower()}", ""
        ) from None


def _end(process: subprocess.Popen[bytes]) -> None:
    try:
        os.killpg(process.pid, signal.SIGKILL)
    except ProcessLookupError:
        process.kill()


def _text(complaint: bytes) -> str:
    return complaint.decode("utf-8", "replace")
