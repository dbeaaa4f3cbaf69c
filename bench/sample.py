"""Runs one command of hubops and writes where its time went, as JSON: phase -> place -> seconds.

    python bench/sample.py RESULT generate

Many times a second it looks at the stack. The innermost module that a phase names gets the time
since the last look, so what libraries and shared modules do counts for whom they do it.
"""

import json
import signal
import sys
import time
from types import FrameType
from typing import NoReturn

# What a phase is, by the modules it runs in; a package stands for all that is in it.
PHASES = {
    "read": ("yaml.read", "yaml.places", "yaml.stream"),
    "schema": ("site.schema", "site.acceptance", "site.schema_words", "io.resources"),
    "parse": ("site.parse", "site.parse_settings", "site.written"),
    "rules": ("lint",),
    "read the tree": ("io.worktree", "secrets"),
    "build": ("build", "charts"),
    "emit": ("yaml.write",),
    "compare": ("build.tree", "change"),
    "write": ("io.writer", "io.staging"),
    "report": ("report",),
}
_INTERVAL = 0.001
_PHASE_OF = {module: phase for phase, modules in PHASES.items() for module in modules}


def phase(frame: FrameType | None) -> tuple[str, str]:
    """The phase that a stack is in, and the function that stands for it."""
    found = ("other", "")
    while frame is not None:
        module = frame.f_globals.get("__name__", "")
        if module == "importlib._bootstrap":
            return ("imports", "")
        own = module.removeprefix("generator.")
        named = _PHASE_OF.get(own) or _PHASE_OF.get(own.partition(".")[0])
        if module.startswith("generator.") and found[0] == "other":
            place = f"{own}.{frame.f_code.co_name}"
            if named:
                found = (named, place)
            elif not found[1]:
                found = ("other", place)
        frame = frame.f_back
    return found


def main(result: str, arguments: list[str]) -> NoReturn:
    """Runs the command to its end."""
    seconds: dict[str, dict[str, float]] = {}
    last = time.perf_counter()

    def look(_: int, frame: FrameType | None) -> None:
        nonlocal last
        now = time.perf_counter()
        name, place = phase(frame)
        places = seconds.setdefault(name, {})
        places[place] = places.get(place, 0.0) + now - last
        last = now

    signal.signal(signal.SIGALRM, look)
    signal.setitimer(signal.ITIMER_REAL, _INTERVAL, _INTERVAL)
    try:
        import generator.__main__  # noqa: F401, as the command begins
        from generator.cli.main import run as hubops

        sys.argv = ["hubops", *arguments]
        hubops()
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        with open(result, "w", encoding="utf-8") as file:  # noqa: PTH123
            json.dump(seconds, file)
    sys.exit(0)


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2:])
