"""What a process and its commands share: streams, endings, exit codes. It loads little."""

import codecs
import contextlib
import io
import os
import re
import sys
from collections.abc import Callable
from typing import NoReturn, TextIO

from generator import HOME, __version__

SITE = "site.yaml"
BUG = 70
INTERRUPTED = 130


def progress(text: str) -> None:
    """Shows one line in place of the one before, on a terminal only."""
    if sys.stderr is not None and sys.stderr.isatty():
        from generator.credentials import printable  # loads little, see above

        with contextlib.suppress(OSError):
            _print(f"\r\x1b[K{printable(text)[:79]}", sys.stderr)


def say(text: str, *, err: bool = False) -> None:
    """Prints; a reader that has gone (`| head`) changes neither the run nor its exit code.

    Nor do notes and errors that can't be written: no one could be told.
    Foreign text in it has been made `printable`; where one was forgotten, no terminal obeys it.
    """
    stream = sys.stderr if err else sys.stdout
    if stream is None:
        return
    try:
        if not text.replace("\n", "").isprintable():
            from generator.credentials import harmless  # most texts need none of it

            text = harmless(text)
        _print(text, stream)
    except OSError as error:
        # Drops what is left in the stream, also what is flushed when the process ends.
        os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())
        if err or isinstance(error, BrokenPipeError):
            return
        from generator.diagnostics import GeneratorError

        help = "make room for it and run again"
        raise GeneratorError.refused("the output", error, help) from None


def _print(text: str, stream: TextIO) -> None:
    """Prints at once; a file gets no colors."""
    if "\x1b[" in text and not stream.isatty():
        text = re.sub(r"\x1b\[[0-?]*[ -/]*[@-~]", "", text)
    if text:  # a full disk refuses even nothing
        stream.write(text)
    stream.flush()


def run(command: Callable[[], int]) -> int:
    """The exit code of what this process was asked for; every failure is reported."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            # A character that the terminal's encoding lacks is escaped. ASCII is what Python falls
            # back to, not what a terminal asks for.
            is_ascii = codecs.lookup(stream.encoding).name == "ascii"
            encoding = "utf-8" if is_ascii else stream.encoding
            stream.reconfigure(encoding=encoding, errors="backslashreplace")
    try:
        return command()
    except KeyboardInterrupt:
        say("interrupted; every file is whole, run again to finish\n", err=True)
        return INTERRUPTED
    except Exception as error:
        return _failure(error)


def end(code: int) -> NoReturn:
    """Ends the process at once, without freeing each object first.

    Whoever prints flushes, and whoever opens a file closes it.
    """
    for stream in (sys.stdout, sys.stderr):
        # click wraps also a stream that is not there.
        with contextlib.suppress(OSError, AttributeError):
            stream.flush()
    os._exit(code)


def _failure(error: Exception) -> int:
    from generator.diagnostics import GeneratorError

    if isinstance(error, OSError):
        # What no one expected of the system: of a path, or else of a stream.
        is_gone = isinstance(error, FileNotFoundError)
        stream = "the current folder" if is_gone else "the input or the output"
        place = error.filename or stream
        error = GeneratorError.refused(place, error, "see what is there, and run again")
    if isinstance(error, GeneratorError):
        from generator.credentials import printable

        lines = [f"error: {error.message}", *(f"  {detail}" for detail in error.details)]
        lines += [f"  help: {error.help}"] if error.help else []
        say("".join(f"{printable(line)}\n" for line in lines), err=True)
        return error.exit_code
    import platform
    import traceback

    say(traceback.format_exc(), err=True)
    say(
        f"\nThis is a bug in hubops {__version__} (Python {platform.python_version()}, "
        f"{platform.system()}). Please report it with the lines above: {HOME}/issues\n",
        err=True,
    )
    return BUG
