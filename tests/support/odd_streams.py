"""Every command with streams that are closed, full, broken or a folder: `python -m` this FOLDER.

It prints a JSON list: of every case the arguments, the streams, and the exit code.
"""

import gc
import itertools
import json
import os
import sys
from collections.abc import Callable, Mapping
from contextlib import suppress
from importlib import import_module

from generator.cli import main

# What each command is asked for: results, notes, errors, help.
ASKED: tuple[tuple[str, ...], ...] = (
    *((), ("--help",), ("--version",), ("--nonsense",), ("nonsense",)),
    *((name, "--help") for name in main.ABOUT),
    *(("check", "--site", "nowhere"), ("lint", "--nonsense")),
    *(
        ("generate",),
        ("check",),
        ("lint",),
        ("lint", "--explain", "L401"),
        ("secrets",),
        ("graph",),
    ),
    *(("lint", "--format", format) for format in ("json", "sarif", "github")),
    *(("schema",), ("schema", "--format", "markdown"), ("values", "production", "jupyterhub")),
    *(("seal", "production"), ("seal", "production", "oauth.client_id", "--from-file", "-")),
    *(("certificate", "fedcloud"), ("certificate", "fedcloud", "-"), ("diff",), ("bump", "--list")),
    *(("bump", "jupyterhub", "4.4.0", "--dry-run", "--offline"), ("render",), ("validate",)),
    *(("promote", "production", "staging", "--dry-run"), ("charts", "add", "values.yaml")),
    *(("import", "--jupyterhub", "values.yaml", "--output", "-"), ("init", "new"), ("init",)),
)


def _closed(stream: int) -> None:
    os.close(stream)


def _to(path: str, flags: int) -> Callable[[int], None]:
    def opened(stream: int) -> None:
        target = os.open(path, flags)
        os.dup2(target, stream)
        os.close(target)

    return opened


def _gone(stream: int) -> None:
    ours, theirs = os.pipe()
    # Of standard input nobody writes, of the others nobody reads.
    os.dup2(ours if stream == 0 else theirs, stream)
    os.close(ours)
    os.close(theirs)


_NOTHING = _to(os.devnull, os.O_RDWR)
_INPUTS: Mapping[str, Callable[[int], None]] = {
    "nothing": _NOTHING,
    "closed": _closed,
    "gone": _gone,
    "folder": _to("/", os.O_RDONLY),
    "no reading": _to(os.devnull, os.O_WRONLY),
}
_OUTPUTS: Mapping[str, Callable[[int], None]] = {
    "nothing": _NOTHING,
    "closed": _closed,
    "gone": _gone,
    "full": _to("/dev/full", os.O_WRONLY),
    "no writing": _to(os.devnull, os.O_RDONLY),
}
_STREAMS = (
    *(("nothing", kind, "nothing") for kind in _OUTPUTS),
    *(("nothing", "nothing", kind) for kind in _OUTPUTS),
    *((kind, "nothing", "nothing") for kind in _INPUTS),
    *((kind, kind, kind) for kind in ("closed", "gone")),
    *(("nothing", "full", "full"), ("nothing", "gone", "closed"), ("nothing", "closed", "full")),
)


def _ran(arguments: tuple[str, ...], streams: tuple[str, str, str]) -> int:
    """The exit code of a child with these streams."""
    child = os.fork()
    if not child:
        for stream, (kinds, kind) in enumerate(
            zip((_INPUTS, _OUTPUTS, _OUTPUTS), streams, strict=True)
        ):
            kinds[kind](stream)
        for name, stream in {"stdin": 0, "stdout": 1, "stderr": 2}.items():
            setattr(sys, name, None)
            with suppress(OSError):  # closed: Python has none either
                setattr(sys, name, open(stream, "w" if stream else "r", closefd=False))  # noqa: SIM115
        sys.argv = ["hubops", *arguments]
        try:
            main.main()
        finally:
            os._exit(99)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


if __name__ == "__main__":
    for name in ["traceback", *(f"generator.cli.{module}" for module, _ in main.ABOUT.values())]:
        import_module(name)  # once, and not in each child
    os.chdir(sys.argv[1])
    os.environ |= {"HELM": "/bin/false", "KUSTOMIZE": "/bin/false"}
    gc.freeze()  # a child's collection of garbage writes into every page that it finds
    cases = list(itertools.product(ASKED, dict.fromkeys(_STREAMS)))
    json.dump([(*case, _ran(*case)) for case in cases], sys.stdout)
