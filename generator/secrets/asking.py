"""Where secret values come from: a file, an environment variable, standard input, a person.

Never an argument: everyone on a machine can read those of every process. What is said of a source
repeats neither a value nor what was given in its place: somebody may have put a value there.
"""

import getpass
import os
import sys
import warnings
from collections.abc import Callable
from pathlib import Path

from generator.diagnostics import GeneratorError
from generator.records import record
from generator.secrets.keys import MAX_BYTES
from generator.secrets.plaintext import Plaintext

# A terminal hands over a line in pieces of this size, and cuts off what is longer (termios, N_TTY).
_TERMINAL_LINE = 4095
# One byte more than a value may have, and its line end, are enough to see that there is too much.
_BOUND = MAX_BYTES + 3

STANDARD_INPUT = Path("-")


@record
class Sources:
    """What a command line names as the source of values, and how to ask a person.

    `ask` is None without a terminal; `read_input` gives what stands on standard input.
    """

    file: Path | None = None
    variable: str | None = None
    generate: bool = False
    ask: Callable[[str], Plaintext] | None = None
    read_input: Callable[[], Plaintext] = lambda: Plaintext(b"")


def from_file(path: Path) -> Plaintext:
    """A file's content; a pipe will do as well."""
    try:
        with path.open("rb") as file:
            return Plaintext(file.read(_BOUND))
    except (OSError, ValueError) as error:
        reason = (error.strerror if isinstance(error, OSError) else None) or "no path of a file"
        raise GeneratorError(
            f"the file given with --from-file: {reason.lower()}; nothing was written",
            "give the path of a file that holds the value and nothing else, or '-'",
        ) from None


def from_variable(name: str) -> Plaintext:
    """An environment variable's value; it is removed, so that no other program inherits it."""
    try:
        return Plaintext(os.environb.pop(os.fsencode(name)))
    except (KeyError, ValueError):
        raise GeneratorError(
            "there is no environment variable of the name given with --from-env; nothing was "
            "written",
            "give the variable's name, without '$', and export the variable",
        ) from None


def from_standard_input() -> Plaintext:
    """All that stands on standard input; nothing where that is closed."""
    if sys.stdin is None:
        return Plaintext(b"")
    try:
        return Plaintext(sys.stdin.buffer.read(_BOUND))
    except OSError as error:
        raise GeneratorError.refused("standard input", error, "give --from-file PATH") from None


def has_terminal() -> bool:
    """Whether a person can be asked."""
    return sys.stdin is not None and sys.stdin.isatty()


def from_person(prompt: str) -> Plaintext:
    """What a person types, without showing it. GeneratorError where it would be shown or cut."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", getpass.GetPassWarning)
            typed = getpass.getpass(prompt)
    except getpass.GetPassWarning:
        raise GeneratorError(
            "this terminal would show what is typed; nothing was written",
            "use --from-file, --from-env or another terminal",
        ) from None
    except UnicodeDecodeError:
        raise GeneratorError(
            "what was typed is not text in the terminal's encoding; nothing was written",
            "put the value into a file and give --from-file PATH",
        ) from None
    except EOFError:
        raise GeneratorError(
            "the input ended before the value; nothing was written", "type the value, then Enter"
        ) from None
    value = typed.encode(errors="surrogateescape")
    if len(value) >= _TERMINAL_LINE:
        raise GeneratorError(
            "the value is longer than what a terminal takes in one line; nothing was written",
            "put it into a file and give --from-file PATH",
        )
    return Plaintext(value)
