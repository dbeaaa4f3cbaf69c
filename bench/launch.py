"""Runs one program and prints what it cost, as JSON: seconds, seconds of CPU, peak memory in bytes.

    python -I -S launch.py FOLDER OUTPUT ERRORS COMMAND...

It stands alone and imports next to nothing: Linux counts what a parent holds when it starts a child
into the child's peak, so the parent must be smaller than whatever is measured.
"""

import os
import sys
import time


def _run(folder: str, output: str, errors: str, command: list[str]) -> str:
    os.chdir(folder)
    flags = os.O_WRONLY | os.O_CREAT | os.O_TRUNC
    redirected = [
        (os.POSIX_SPAWN_OPEN, 0, os.devnull, os.O_RDONLY, 0),
        (os.POSIX_SPAWN_OPEN, 1, output, flags, 0o644),
        (os.POSIX_SPAWN_OPEN, 2, errors, flags, 0o644),
    ]
    before = time.perf_counter()
    child = os.posix_spawnp(command[0], command, os.environ, file_actions=redirected)
    _, status, used = os.wait4(child, 0)
    seconds = time.perf_counter() - before
    peak = used.ru_maxrss * (1 if sys.platform == "darwin" else 1024)
    return (
        f'{{"code": {os.waitstatus_to_exitcode(status)}, "seconds": {seconds!r}, '
        f'"cpu": {used.ru_utime + used.ru_stime!r}, "peak": {peak}}}\n'
    )


if __name__ == "__main__":
    sys.stdout.write(_run(sys.argv[1], sys.argv[2], sys.argv[3], sys.argv[4:]))
