"""Sharing work between processor cores; what comes out never depends on it.

The second half of the items is worked on in a copy of the process (`fork`), which sends its results
through a pipe and ends. Where that can't be, or the copy fails in whatever way, this process does
that half too: an error is raised where it would have been raised without a copy.
"""

import contextlib
import marshal
import os
from collections.abc import Callable, Sequence
from typing import Any, NoReturn, TypeVar

from generator.io import interrupts

T = TypeVar("T")

# Making a copy takes some milliseconds, as long as working on so many environments.
FEWEST = 40


def mapped(work: Callable[[T], Any], items: Sequence[T]) -> list[Any]:
    """What `work` makes of each item, in their order.

    Results are what `marshal` takes: text, bytes, numbers, and tuples, lists and dicts of them.
    """
    middle = len(items) // 2
    if len(items) < FEWEST or not _has_two_cores():
        return [work(item) for item in items]
    copy: _Copy | None = None
    try:
        with interrupts.put_off():  # the copy itself never hears of one
            copy = _started(work, items[middle:])
        first = [work(item) for item in items[:middle]]
        second = copy.results() if copy is not None else None
    except BaseException:  # an interrupt, too
        if copy is not None:
            copy.stop()
        raise
    if second is None:
        second = [work(item) for item in items[middle:]]
    return first + second


class _Copy:
    """A copy of this process that works on some items."""

    def __init__(self, number: int, pipe: int) -> None:
        self._number, self._pipe = number, os.fdopen(pipe, "rb")

    def results(self) -> list[Any] | None:
        """What it made; None when it failed."""
        with self._pipe as pipe:
            sent = pipe.read()
        _, status = os.waitpid(self._number, 0)
        made: list[Any] | None = marshal.loads(sent) if status == 0 else None
        return made

    def stop(self) -> None:
        """Ends it, for nobody wants its results any more."""
        import signal  # loaded by then

        self._pipe.close()
        with contextlib.suppress(ProcessLookupError, ChildProcessError):  # it has ended already
            os.kill(self._number, signal.SIGKILL)
            os.waitpid(self._number, 0)


def _started(work: Callable[[T], Any], items: Sequence[T]) -> _Copy | None:
    """A copy at work; None when the system refuses one."""
    reading, writing = os.pipe()
    try:
        number = os.fork()
    except OSError:
        os.close(reading)
        os.close(writing)
        return None
    if number == 0:
        os.close(reading)
        _work_and_end(work, items, writing)
    os.close(writing)
    return _Copy(number, reading)


def _work_and_end(work: Callable[[T], Any], items: Sequence[T], pipe: int) -> NoReturn:
    """What the copy does. It says nothing: the process that it is a copy of will, if it must."""
    try:
        with os.fdopen(pipe, "wb") as results:
            results.write(marshal.dumps([work(item) for item in items]))
    except BaseException:
        os._exit(1)
    os._exit(0)


def _has_two_cores() -> bool:
    if not hasattr(os, "fork"):
        return False
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0)) > 1
    return (os.cpu_count() or 1) > 1
