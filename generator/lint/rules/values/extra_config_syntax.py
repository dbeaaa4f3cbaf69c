"""Code under `extraConfig` is not valid Python.

The hub, or the gateway, runs this code when it starts. Code that is not valid Python ends in a
crash loop: no one can log in, or no Dask cluster starts, and running ones stay without their
server. hubops checks the syntax and runs nothing, so it does not notice a wrong name. Syntax that
is newer than the Python that runs hubops counts as a mistake.

Bad:
    jupyterhub:
      values:
        hub: {extraConfig: {limit: "c.JupyterHub.active_server_limit = (20"}}
Good:
    jupyterhub:
      values:
        hub: {extraConfig: {limit: "c.JupyterHub.active_server_limit = 20"}}
"""

from collections.abc import Iterator, Mapping
from functools import lru_cache

from generator.charts.overrides import Place, Raw, reached
from generator.credentials import masked, printable
from generator.lint.rules.base import Findings, errors, written_values
from generator.site.model import Site

finding = errors("C319")

_LONGEST = 100_000


def check(site: Site) -> Findings:
    """A finding at each such piece, with the line in it."""
    for settings, written in written_values(site):
        for path, code in pieces(written):
            fault = _fault(code)
            if fault is not None:
                line, reason = fault
                where = f" in its line {line}" if "\n" in code.strip() else ""
                yield finding(
                    settings.origin.at(*written.place, *path),
                    f"not valid Python{where}: {reason}",
                    f"fix it: the {written.chart.python_of} runs it at its start, and fails",
                )


def pieces(written: Raw) -> Iterator[tuple[Place, str]]:
    """Each text that is run: the entries of a map, or the one text in its place."""
    place = (written.chart.python_of, "extraConfig")
    depth, code = reached(written.values, place)
    if depth < len(place):
        return
    entries = code.items() if isinstance(code, Mapping) else ()
    yield from (((*place, key), text) for key, text in entries if isinstance(text, str))
    if isinstance(code, str):
        yield place, code


@lru_cache(maxsize=256)
def _fault(code: str) -> tuple[int, str] | None:
    """The line, and what Python says of it; None where it can be read, or would take seconds."""
    import ast  # only raw configuration pays for these two
    import warnings

    if len(code) > _LONGEST:
        return None
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            ast.parse(code)
    except SyntaxError as fault:
        return fault.lineno or 1, printable(masked(fault.msg))
    except (ValueError, RecursionError, MemoryError):
        return 1, "it is nested too deeply, or holds something that is not a character"
    return None
