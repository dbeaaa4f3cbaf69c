"""When the hub stops servers, or how many there may be, changes.

Both hold once the hub has restarted. A time that is shorter holds for servers that run too: files
in homes stay, and what a notebook holds only in memory is lost. A lower number stops no server: the
next one waits, or is refused.
"""

from typing import Any

from generator.change.difference import arrows
from generator.change.sides import EnvironmentSide, Step
from generator.charts import rows
from generator.charts.chart_defaults import LEFT_OUT
from generator.charts.spellings import duration
from generator.lint.consequences import Consequences, Weight, before

_NEVER, _ANY = float("inf"), "any number"
# Below `cull`: 0 seconds are never.
_TIMES = {
    "timeout": "time without activity until the hub stops a server",
    "maxAge": "age at which the hub stops a server",
}
# Below `hub`.
_COUNTS = {
    "concurrentSpawnLimit": "servers that start at once",
    "activeServerLimit": "servers that run at once",
}
_NAMED = "servers of each user beside the default one"


def check(step: Step) -> Consequences:
    """One effect for when servers are stopped, one for how many there may be."""
    times = {words: [_time(side, key) for side in step.sides] for key, words in _TIMES.items()}
    told = (("enabled",), *((key,) for key in _TIMES))
    said = [
        *arrows({words: (_spelled(old), _spelled(new)) for words, (old, new) in times.items()}),
        *(change.spelled for change in step.changed("jupyterhub", "cull", but=told)),
    ]
    if any(new < old for old, new in times.values()):
        yield Weight.CUT.of(
            f"{', '.join(said)}: this holds for servers that run too; what a notebook holds only "
            "in memory is lost",
            before("tell the users when their servers are stopped"),
        )
    elif said:
        yield Weight.NOTE.of(", ".join(said))
    was, now = (_counts(side) for side in step.sides)
    if many := arrows({words: (was[words], now[words]) for words in was}):
        yield Weight.NEXT_START.of(
            f"how many servers there may be: {', '.join(many)}; those that run stay"
        )


def _at(side: EnvironmentSide, *path: str) -> Any:
    """A value as it takes effect."""
    said = rows.at(side.values["jupyterhub"], path)
    return LEFT_OUT["jupyterhub"].get(path) if said is None else said


def _time(side: EnvironmentSide, key: str) -> float:
    """Seconds until a server is stopped."""
    seconds = _at(side, "cull", key)
    is_off = _at(side, "cull", "enabled") is False or not isinstance(seconds, int)
    return _NEVER if is_off or seconds == 0 else seconds


def _spelled(seconds: float) -> str:
    return "none" if seconds == _NEVER else duration(int(seconds))


def _counts(side: EnvironmentSide) -> dict[str, object]:
    """How many there may be, by what is counted."""
    counts = {words: _at(side, "hub", key) or _ANY for key, words in _COUNTS.items()}
    has_named = _at(side, "hub", "allowNamedServers") is True
    named = (_at(side, "hub", "namedServerLimitPerUser") or _ANY) if has_named else "none"
    return {**counts, _NAMED: named}
