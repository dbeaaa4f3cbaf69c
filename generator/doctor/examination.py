"""A snapshot judged: first causes, and how each environment is. Pure."""

from collections.abc import Mapping
from enum import StrEnum

from generator.diagnostics import Severity
from generator.doctor.checks import CHECKS
from generator.doctor.diagnosis import Diagnosis, first_causes
from generator.doctor.look import ROOT, LiveEnvironment, Look, component_of
from generator.doctor.parts import NEEDED
from generator.doctor.reading import is_true, text
from generator.doctor.sync_state import SyncTrouble, trouble
from generator.records import record
from generator.site.model import Environment


class Condition(StrEnum):
    """How an environment is: whether people can log in."""

    UP = "up"
    DOWN = "down"
    UNKNOWN = "unknown"


@record
class Health:
    """How one environment is, at which commit, and what is wrong with it, first causes alone."""

    environment: str
    condition: Condition
    commit: str
    is_settled: bool
    found: tuple[Diagnosis, ...]

    @property
    def worst(self) -> Diagnosis | None:
        """The most serious of them; None where only infos are left."""
        serious = [one for one in self.found if one.rank > 0]
        breaking = [one for one in serious if one.breaks]
        return next(iter(breaking or serious), None)


@record
class Examination:
    """Everything that was found, and the health of each environment that was asked about."""

    site: str
    found: tuple[Diagnosis, ...]
    healths: tuple[Health, ...]

    def count(self, severity: Severity) -> int:
        """How many diagnoses have this severity."""
        return sum(one.severity is severity for one in self.found)

    @property
    def has_findings(self) -> bool:
        """Whether there is an error or a warning."""
        return any(one.rank > 0 for one in self.found)


def examined(look: Look) -> Examination:
    """What all checks find, without what follows from something else."""
    found = first_causes(one for check in CHECKS for one in check.check(look))
    places = {place.environment.name: place for place in look.places}
    healths = tuple(_health(look, one, places.get(one.name), found) for one in look.environments)
    return Examination(site=look.site.name, found=found, healths=healths)


def _health(
    look: Look,
    environment: Environment,
    place: LiveEnvironment | None,
    found: tuple[Diagnosis, ...],
) -> Health:
    own = tuple(one for one in found if one.scope in (environment.name, environment.cluster, ""))
    roots = [app for app in look.apps if app.role == ROOT and app.environment is environment]
    every = [app for app in look.apps if app.environment is environment]
    return Health(
        environment=environment.name,
        condition=_condition(place, own),
        commit=next((text(app.live, "status.sync.revision")[:7] for app in roots), ""),
        is_settled=all(trouble(app) is SyncTrouble.NONE for app in every),
        found=own,
    )


def _condition(place: LiveEnvironment | None, found: tuple[Diagnosis, ...]) -> Condition:
    if any(one.breaks and one.rank == 2 for one in found):
        return Condition.DOWN
    if place is None or not place.is_known("pods"):
        return Condition.UNKNOWN
    ready = {component_of(pod) for pod in place.all("Pod") if is_true(pod, "Ready")}
    return Condition.UP if ready.issuperset(NEEDED) else Condition.DOWN


def transitions(before: Mapping[str, str], now: Mapping[str, str]) -> tuple[str, ...]:
    """What changed between two states of Applications: a line each."""
    return tuple(
        f"{name}: {before[name]} -> {state}" if name in before else f"{name}: {state}"
        for name, state in now.items()
        if before.get(name) != state
    )


def states(look: Look) -> dict[str, str]:
    """Each Application in a few words: its sync, its health, its commit, its operation."""
    found = {}
    for app in look.apps:
        if app.live is None:
            found[app.name] = "missing"
            continue
        parts = [
            text(app.live, "status.sync.status"),
            text(app.live, "status.health.status"),
            text(app.live, "status.sync.revision")[:7],
        ]
        if text(app.live, "status.operationState.phase") == "Running":
            parts.append("sync runs")
        found[app.name] = " ".join(one for one in parts if one) or "not compared yet"
    return found
