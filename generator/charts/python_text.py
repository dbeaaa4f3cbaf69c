"""Python text in values as a syntax tree: read with `ast`, never run."""

import ast
import warnings

from generator.credentials import masked, printable

_LONGEST = 100_000


def parsed(text: str) -> ast.Module | str:
    """The syntax tree, or what is wrong with the text and in which line."""
    if len(text) > _LONGEST:
        return "it is too long to read"
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return ast.parse(text)
    except SyntaxError as fault:
        return f"line {fault.lineno or 1}: {printable(masked(fault.msg))}"
    except (ValueError, RecursionError, MemoryError):
        return "it is nested too deeply, or has invalid characters"
