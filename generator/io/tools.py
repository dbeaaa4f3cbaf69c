"""The one door for other programs: git, helm, kubectl.

A program gets its arguments as a list, never through a shell, and nothing on its standard input
unless something is handed in. One that hangs, or prints without end, is ended with all that it
started; so is every one that still runs when somebody interrupts.
"""

import contextlib
import os
import resource
import signal
import subprocess
import threading
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import IO, TypeVar

from generator.diagnostics import ToolError
from generator.records import record

# Seconds; what git and kubectl do here takes milliseconds.
PATIENCE = 60.0
# Bytes; the largest chart prints two megabytes.
MOST_OUTPUT = 64 * 2**20
# Seconds for what is left in the pipes of a program that was ended.
_LAST_WORDS = 2.0

T = TypeVar("T")

_running: set[subprocess.Popen[bytes]] = set()
_lock = threading.Lock()

# What of this process' environment a program inherits: these variables, and those of these kinds.
_NEEDED = {
    *("PATH", "HOME", "USER", "LOGNAME", "TZ", "LANG", "TMPDIR", "TMP", "TEMP"),
    *("LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH"),
}
_NEEDED_KINDS = ("LC_", "GIT_", "XDG_")


@record
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
    memory: int = 0,
) -> Outcome:
    """The outcome of a program run in a folder; `environment` is added to what it inherits.

    It inherits what programs need to work, and nothing else: a variable may hold a secret. `memory`
    is how many bytes it may take, where the system can bound that (Linux); 0 for any number.

    ToolError when the program is missing, can't be started, goes on for `patience` seconds, or
    prints more than a program here ever does.
    """
    with _started(command, folder, environment) as process:
        if memory and hasattr(resource, "prlimit"):
            with contextlib.suppress(OSError):  # it has ended already
                resource.prlimit(process.pid, resource.RLIMIT_DATA, (memory, memory))
        pipes = _Pipes(process, fed)
        try:
            if not pipes.ended(patience):
                raise _stopped(command, pipes, f"did not end within {patience:g} seconds")
            if pipes.is_flooded:
                raise _stopped(command, pipes, f"printed more than {MOST_OUTPUT:,} bytes")
        finally:
            _end(process)
            with _lock:
                _running.discard(process)
    return Outcome(code=process.returncode, out=bytes(pipes.out), complaint=_text(pipes.complaint))


def at_once(tasks: Iterable[Callable[[], T]], workers: int | None = None) -> list[T]:
    """What the tasks return, in their order; they run side by side on the cores there are.

    When one raises, or somebody interrupts, those not begun are left and every program is ended.
    """
    from concurrent.futures import ThreadPoolExecutor, wait  # Git needs one program at a time

    with ThreadPoolExecutor(max_workers=workers or max(2, os.cpu_count() or 1)) as pool:
        futures = [pool.submit(task) for task in tasks]
        try:
            return [future.result() for future in futures]
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            while not all(future.done() for future in futures):
                _end_all()
                wait(futures, timeout=0.1)
            raise


class _Pipes:
    """Feeds a program and collects what it prints, both in threads: a full pipe blocks nobody."""

    def __init__(self, process: subprocess.Popen[bytes], fed: bytes) -> None:
        self.process, self.out, self.complaint = process, bytearray(), bytearray()
        self.is_flooded = False
        self._readers = [
            threading.Thread(target=self._collect, args=collected, daemon=True)
            for collected in ((process.stdout, self.out), (process.stderr, self.complaint))
        ]
        feeder = threading.Thread(target=self._feed, args=(fed,), daemon=True)
        for thread in (feeder, *self._readers):
            thread.start()

    def _feed(self, fed: bytes) -> None:
        assert self.process.stdin is not None
        # Refused when it reads no more, or has ended; closed when it was given up.
        with contextlib.suppress(OSError, ValueError), self.process.stdin as stdin:
            stdin.write(fed)

    def _collect(self, pipe: IO[bytes], into: bytearray) -> None:
        with contextlib.suppress(OSError, ValueError):  # closed, after the wait for it was given up
            while chunk := os.read(pipe.fileno(), 2**16):
                into += chunk
                if len(into) > MOST_OUTPUT:
                    self.is_flooded = True
                    _end(self.process)
                    return

    def ended(self, patience: float) -> bool:
        """Waits until the program has ended and all is read; False when that takes too long."""
        # `wait` with a time limit looks again after ever longer pauses: a short program is then
        # noticed to have ended after twice the time that it took.
        waiter = threading.Thread(target=self.process.wait, daemon=True)
        waiter.start()
        waiter.join(patience)
        if waiter.is_alive():
            return False
        self.rest()
        return True

    def rest(self) -> None:
        """Waits for the readers: a child that lives on may hold the pipes, for ever."""
        for reader in self._readers:
            reader.join(_LAST_WORDS)


def _stopped(command: Sequence[str], pipes: _Pipes, why: str) -> ToolError:
    _end(pipes.process)
    pipes.rest()
    return ToolError(
        f"{command[0]} {why} and was stopped",
        "run it by hand to see what it waits for",
        (" ".join(command), *_text(pipes.complaint).splitlines()[-20:]),
    )


def _inherited() -> dict[str, str]:
    return {
        name: text
        for name, text in os.environ.items()
        if name in _NEEDED or name.startswith(_NEEDED_KINDS)
    }


def _started(
    command: Sequence[str], folder: Path, environment: Mapping[str, str] | None
) -> subprocess.Popen[bytes]:
    """The running program, in a process group of its own so that it can be ended as a whole."""
    try:
        process = subprocess.Popen(
            list(command),
            cwd=folder,
            env={**_inherited(), **(environment or {})},
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
    with _lock:
        _running.add(process)
    return process


def _end_all() -> None:
    with _lock:
        running = tuple(_running)
    for process in running:
        _end(process)


def _end(process: subprocess.Popen[bytes]) -> None:
    """Ends a program that still runs, and all that it started."""
    if process.poll() is not None:
        return
    try:
        os.killpg(process.pid, signal.SIGKILL)
    except (ProcessLookupError, PermissionError):
        process.kill()


def _text(complaint: bytes | bytearray) -> str:
    return complaint.decode("utf-8", "replace")
