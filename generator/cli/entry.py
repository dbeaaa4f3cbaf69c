"""Where the process begins. A run without an option, which is most runs, goes past click."""

import gc
import os
import sys
from collections.abc import Callable
from typing import NoReturn

from generator.cli import console


def main() -> NoReturn:
    """Runs what the arguments ask for, and ends the process with the exit code of the contract."""
    console.end(run())


def run() -> int:
    """The exit code of what the arguments ask for."""
    # What a run makes lives until its end; looking for what does not takes an eighth of the time.
    gc.disable()
    return console.run(_asked)


def _asked() -> int:
    is_completion = "_HUBOPS_COMPLETE" in os.environ  # click answers a shell that completes words
    plain = None if is_completion else PLAIN.get(tuple(sys.argv[1:]))
    if plain is not None:
        return plain()
    from generator.cli import main

    return main.run()


def _generate() -> int:
    from pathlib import Path

    from generator.cli.commands.generate import run

    return run(Path(console.SITE), console.terminal())


def _check() -> int:
    from pathlib import Path

    from generator.cli.commands.check import run

    return run(Path(console.SITE), console.terminal())


def _lint() -> int:
    from pathlib import Path

    from generator.cli.commands.lint import run

    return run(Path(console.SITE), console.terminal())


# Whole command lines that need nobody to read them. Each does what `cli` makes of it.
PLAIN: dict[tuple[str, ...], Callable[[], int]] = {
    ("generate",): _generate,
    ("check",): _check,
    ("lint",): _lint,
    ("--version",): console.version,
}
