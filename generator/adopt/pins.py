"""Which chart versions the site pins: given, found, or the nearest that hubops makes values for."""

from collections.abc import Callable, Mapping

from generator.adopt.base import DASK_GATEWAY, JUPYTERHUB, Facts, Foreign, Question, Taken
from generator.charts import CHARTS
from generator.credentials import shown
from generator.diagnostics import UsageError
from generator.records import record
from generator.site.releases import Versions
from generator.versions import Version

# What the last release of the umbrella chart, 2024.1.1, brings.
_UMBRELLA = {JUPYTERHUB: "3.2.1", DASK_GATEWAY: "2024.1.0"}


@record
class Pin:
    """The version to run, and the one that runs today where that is known."""

    text: str
    running: Version | None = None


def pins(
    taken: Taken, flags: Facts, known: Versions, ask: Callable[[Question], None]
) -> dict[str, Pin]:
    """The pin of each chart that has values."""
    found: dict[str, Pin] = {}
    for chart, foreign in taken.charts.items():
        found[chart] = _pin(chart, foreign, taken, flags, known, found, ask)
    return found


def _pin(
    chart: str,
    foreign: Foreign,
    taken: Taken,
    flags: Facts,
    known: Versions,
    others: Mapping[str, Pin],
    ask: Callable[[Question], None],
) -> Pin:
    where = ("charts", chart)
    given = flags.versions.get(chart)
    if given is not None and _version(given) is None:
        raise UsageError(
            f"--{chart}-version: no version such as {known.pairs[-1][chart != JUPYTERHUB]}",
            "give the chart's version as `helm list` shows it",
        )
    told = given or foreign.version or taken.hints.versions.get(chart)
    if told is None:
        text = _default(chart, taken, known, others)
        why = "what the last release of daskhub brings" if taken.is_umbrella else "a guess"
        ask(
            Question(
                text=f"no file tells which version of {chart} runs: {text} is {why}; write "
                f"what `helm list` shows, or give --{chart}-version",
                at=where,
            )
        )
        return Pin(text=text)
    version = _version(told)
    if version is None:
        text = _default(chart, taken, known, others)
        ask(
            Question(
                text=f"'{shown(told)}' is no exact version of {chart}; write the one that runs",
                at=where,
            )
        )
        return Pin(text=text)
    if not CHARTS[chart].supports(version):
        text = known.nearest(chart, version).version
        ask(
            Question(
                text=f"{chart} {told} is older than what hubops makes values for: {text} is the "
                "nearest, and an upgrade; upgrade the release first, or read the charts' own "
                "upgrade notes",
                at=where,
            )
        )
        return Pin(text=text, running=version)
    if given is None and foreign.version is None:
        ask(
            Question(
                text=f"a comment in the values speaks of {chart} {told}; is it what `helm list` "
                "shows?",
                at=where,
            )
        )
    return Pin(text=told, running=version)


def _default(chart: str, taken: Taken, known: Versions, others: Mapping[str, Pin]) -> str:
    """The version of a chart where nothing tells it; beside a known hub, one seen to go with it."""
    if taken.is_umbrella:
        return _UMBRELLA[chart]
    hub = others.get(JUPYTERHUB)
    newest = known.pairs[-1]
    if chart == JUPYTERHUB or hub is None:
        return newest[0] if chart == JUPYTERHUB else newest[1]
    version = _version(hub.text)
    near = known.nearest_pairs(version, Version.parse("0.0.0")) if version is not None else ()
    return near[-1][1] if near else newest[1]


def _version(text: str) -> Version | None:
    try:
        return Version.parse(text)
    except ValueError:
        return None
