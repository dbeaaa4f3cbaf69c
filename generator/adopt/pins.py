"""Which chart versions the site pins: given, found, or the nearest that hubops supports."""

from generator.adopt import umbrella
from generator.adopt.base import JUPYTERHUB, Ask, Facts
from generator.adopt.sources import RunningReleases
from generator.charts import CHARTS
from generator.credentials import shown
from generator.diagnostics import UsageError
from generator.records import record
from generator.site.releases import Versions
from generator.versions import Version


@record
class VersionChoice:
    """The chart version to run, and the one that runs today where that is known."""

    text: str
    running: Version | None = None


def pins(
    running: RunningReleases, flags: Facts, known: Versions, ask: Ask
) -> dict[str, VersionChoice]:
    """The pin of each chart that has values. UsageError for a flag that is not a version."""
    pinned: dict[str, VersionChoice] = {}
    for chart, foreign in running.charts.items():
        given = flags.versions.get(chart)
        if given is not None and _version(given) is None:
            raise UsageError(
                f"--{chart}-version: not a version such as {known.pairs[-1][chart != JUPYTERHUB]}",
                "give the chart version that `helm list` shows",
            )
        told = given or foreign.version
        commented = running.hints.versions.get(chart)
        if running.umbrella == umbrella.NAME:
            guess, why = umbrella.VERSIONS[chart], "from the last release of daskhub"
        else:
            # The newest; beside a hub, one that is known to work with it.
            hub = _version(pinned[JUPYTERHUB].text) if pinned else None
            near = known.nearest_pairs(hub, Version.parse("0.0.0")) if hub is not None else ()
            guess, why = (near or known.pairs)[-1][chart != JUPYTERHUB], "a guess"
        pinned[chart], question = _pin(chart, told or commented, guess, why, known)
        if not question and told is None:
            question = f"a comment in the values names {chart} {commented}; is it the version that "
            question += "`helm list` shows?"
        if question:
            ask(question, ("charts", chart))
    return pinned


def _pin(
    chart: str, told: str | None, guess: str, why: str, known: Versions
) -> tuple[VersionChoice, str]:
    version = _version(told or "")
    if told is None:
        text = (
            f"no file names the version of {chart} that runs: {guess} is {why}; write the version "
            f"that `helm list` shows, or give --{chart}-version"
        )
    elif version is None:
        text = f"'{shown(told)}' is not an exact version of {chart}; write the one that runs"
    elif CHARTS[chart].supports(version):
        return VersionChoice(text=told, running=version), ""
    else:
        guess = known.nearest(chart, version).version
        text = (
            f"hubops does not support {chart} {told}: {guess} is the nearest version, and an "
            "upgrade; upgrade the release first, or read the chart's upgrade notes"
        )
    return VersionChoice(text=guess, running=version), text


def _version(text: str) -> Version | None:
    try:
        return Version.parse(text)
    except ValueError:
        return None
