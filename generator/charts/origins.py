"""Which line of site.yaml a chart value comes from: raw values, a setting, or hubops itself."""

from collections.abc import Mapping, Sequence
from typing import Any

from generator.charts import CHARTS
from generator.diagnostics import Pointer
from generator.site.model import Environment

SECTIONS = {"jupyterhub": "jupyterhub", "dask-gateway": "daskGateway"}


def origin(environment: Environment, chart: str, path: Pointer) -> Pointer | None:
    """The place in site.yaml of a value of an environment's chart; None where hubops chose it."""
    if chart not in CHARTS:
        return None
    raw = CHARTS[chart].raw_values(environment.settings)
    if _stands(raw, path):
        return environment.settings.origin.at(SECTIONS[chart], "values", *path)
    table = CHARTS[chart].ORIGINS
    fitting = [pattern for pattern in table if _fits(pattern.split(" "), path)]
    if not fitting:
        return None
    pattern = max(fitting, key=lambda one: one.count(" "))
    return _setting(environment, table[pattern], pattern.split(" "), path)


def pin(environment: Environment, chart: str) -> Pointer:
    """Where site.yaml pins the chart's version for an environment."""
    return environment.settings.origin.at("charts", chart, "version")


def _stands(raw: Any, path: Pointer) -> bool:
    """Whether raw values write what stands at a path, or a list that holds it."""
    for step in path:
        if isinstance(raw, list):
            return True
        if not isinstance(raw, Mapping) or step not in raw:
            return False
        raw = raw[step]
    return True


def _fits(pattern: Sequence[str], path: Pointer) -> bool:
    return len(pattern) <= len(path) and all(
        wanted in ("*", step) or (wanted == "#" and isinstance(step, int))
        for wanted, step in zip(pattern, path, strict=False)
    )


def _setting(
    environment: Environment, target: str, pattern: Sequence[str], path: Pointer
) -> Pointer:
    """The pointer of a setting; `>` at its end stands for what follows the pattern in the path."""
    index = next((step for step, part in zip(path, pattern, strict=False) if part == "#"), 0)
    first, *others = target.split(" ")
    rest = path[len(pattern) :] if others[-1:] == [">"] else ()
    steps = (*(index if part == "#" else part for part in others if part != ">"), *rest)
    if first == "@environment":
        return (*environment.at, *steps)
    if first == "@cluster":
        return ("clusters", environment.cluster, *steps)
    return environment.settings.origin.at(first, *steps)
