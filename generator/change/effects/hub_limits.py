"""How many servers there may be changes.

The new number holds once the hub has restarted. A lower one stops no server: the next one waits, or
is refused.
"""

from typing import Any

from generator.change.difference import arrows
from generator.change.sides import EnvironmentSide, Step
from generator.charts import rows
from generator.lint.consequences import Consequences, Weight

_ANY = "any number"


def check(step: Step) -> Consequences:
    """One effect that names each number."""
    was, now = (_counts(side) for side in step.sides)
    if many := arrows({words: (was[words], now[words]) for words in was}):
        yield Weight.NEXT_START.of(
            f"how many servers there may be: {', '.join(many)}; those that run stay"
        )


def _counts(side: EnvironmentSide) -> dict[str, object]:
    """How many there may be, by what is counted; without a value as jupyterhub values.yaml says."""
    starting, active, has_named, named = (
        _at(side, key)
        for key in (
            *("concurrentSpawnLimit", "activeServerLimit"),
            *("allowNamedServers", "namedServerLimitPerUser"),
        )
    )
    return {
        "servers that start at once": 64 if starting is None else starting or _ANY,
        "servers that run at once": active or _ANY,
        "servers of each user beside the default one": named or _ANY if has_named else "none",
    }


def _at(side: EnvironmentSide, key: str) -> Any:
    return rows.at(side.values["jupyterhub"], ("hub", key))
