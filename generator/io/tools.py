"""The one place that runs other programs: git, helm, kubectl.

A program gets its arguments as a list, never through a shell, and on its standard input only what
the caller gives. A program that hangs, or prints without end, is killed with all that it started;
so is every program that still runs when a user interrupts.
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
# Seconds for what is left in the pipes of a killed program.
_LAST_WORDS = 2.0

T = TypeVar("T")

_running: set[subprocess.Popen[bytes]] = set()
_lock = threading.Lock()

# The environment variables that a program inherits, and the beginnings of others' names.
_NEEDED = {
    *("PATH", "HOME", "USER", "LOGNAME", "TZ", "LANG", "TMPDIR", "TMP", "TEMP"),
    *("LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH", "GOGC"),
}
_NEEDED_KINDS = ("LC_", "GIT_", "XDG_")


@record
class Outcome:
    """How a program ended: exit code, standard output, and standard error as text."""

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
    return Outcome(code=process.returncode, out=bytes(pipes.out), complaint=pipes.words())


def at_once(tasks: Iterable[Callable[[], T]], workers: int | None = None) -> list[T]:
    """What the tasks return, in their order; they run side by side on the cores there are.

    When one raises, or a user interrupts, no other task starts and every program is killed.
    """
    from concurrent.futures import ThreadPoolExecutor, wait  # Git needs one program at a time

    with ThreadPoolExecutor(max_workers=workers or max(2, os.cpu_count() or 1)) as pool:
        futures = [pool.submit(task) for task in tasks]
        try:
            return [future.result() for future in futures]
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            while not all(future.done() for future in futures):
                with _lock:
                    running = tuple(_running)
                for process in running:
                    _end(process)
                wait(futures, timeout=0.1)
            raise


class _Pipes:
    """Feeds a program and reads what it prints, in threads: so no full pipe blocks it."""

    def __init__(self, process: subprocess.Popen[bytes], fed: bytes) -> None:
        self.process, self.out, self.complaint = process, bytearray(), bytearray()
        self.is_flooded = False
        self._readers = [
            threading.Thread(target=self._collect, args=collected, daemon=True)
            for collected in ((process.stdout, self.out), (process.stderr, self.complaint))
        ]
        feeder = threading.Thread(target=self._feed, args=(process.stdin, fed), daemon=True)
        for thread in (feeder, *self._readers):
            thread.start()

    def _feed(self, pipe: IO[bytes], fed: bytes) -> None:
        # The program may have ended; the pipe is closed after a timeout.
        with contextlib.suppress(OSError, ValueError), pipe:
            pipe.write(fed)

    def _collect(self, pipe: IO[bytes], into: bytearray) -> None:
        with contextlib.suppress(OSError, ValueError):  # closed after a timeout
            while chunk := os.read(pipe.fileno(), 2**16):
                into += chunk
                if len(into) > MOST_OUTPUT:
                    self.is_flooded = True
                    _end(self.process)
                    return

    def ended(self, patience: float) -> bool:
        """Waits until the program has ended and all is read; False when that takes too long."""
        # `wait` with a timeout polls at growing intervals, and notices a short program's end late.
        waiter = threading.Thread(target=self.process.wait, daemon=True)
        waiter.start()
        waiter.join(patience)
        if not waiter.is_alive():
            self.rest()
        return not waiter.is_alive()

    def rest(self) -> None:
        """Waits for the readers, with a limit: a child that lives on may hold the pipes open."""
        for reader in self._readers:
            reader.join(_LAST_WORDS)

    def words(self) -> str:
        """What it printed on standard error."""
        return self.complaint.decode("utf-8", "replace")


def _stopped(command: Sequence[str], pipes: _Pipes, why: str) -> ToolError:
    _end(pipes.process)
    pipes.rest()
    return ToolError(
        f"{command[0]} {why} and was stopped",
        "run it by hand to see what it waits for",
        (" ".join(command), *pipes.words().splitlines()[-20:]),
    )


def on_path(*names: str) -> str | None:
    """The path of the first of some programs that is on the PATH; None where there is none.

    A relative folder in the PATH does not count: programs run in folders that can be anyone's.
    """
    paths = (f"{folder}/{name}" for name in names for folder in _folders())
    return next(filter(is_program, paths), None)


def is_program(path: str) -> bool:
    """Whether there is a file that this user may run."""
    return Path(path).is_file() and os.access(path, os.X_OK)


def _folders() -> list[str]:
    folders = os.environ.get("PATH", os.defpath).split(os.pathsep)
    return [folder for folder in folders if folder.startswith("/")]


def _started(
    command: Sequence[str], folder: Path, environment: Mapping[str, str] | None
) -> subprocess.Popen[bytes]:
    """The running program, in its own process group, so that its children can be killed too."""
    # Helm and kubectl take a fifth less time when they collect garbage more seldom.
    inherited = {"GOGC": "400"} | {
        name: text
        for name, text in os.environ.items()
        if name in _NEEDED or name.startswith(_NEEDED_KINDS)
    }
    name, *arguments = command
    path = name if "/" in name else on_path(name)
    if path is None:
        raise ToolError(f"{name} was not found", f"install {name}, or put it on the PATH")
    try:
        process = subprocess.Popen(
            [path, *arguments],
            cwd=folder,
            env={**inherited, "PATH": os.pathsep.join(_folders()), **(environment or {})},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            start_new_session=True,
        )
    except FileNotFoundError:
        if not folder.is_dir():
            raise ToolError(f"{folder}: no such folder", "") from None
        raise ToolError(f"{name} was not found", f"install {name}, or give its path") from None
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise ToolError(f"{name} can't be started: {reason}", "") from None
    with _lock:
        _running.add(process)
    return process


def _end(process: subprocess.Popen[bytes]) -> None:
    """Kills a program that still runs, and all that it started."""
    if process.poll() is not None:
        return
    try:
        os.killpg(process.pid, signal.SIGKILL)
    except (ProcessLookupError, PermissionError):
        process.kill()
