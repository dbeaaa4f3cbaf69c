"""A container fails, restarts again and again, or is not ready.

How it ended last says why: OOMKilled is a memory limit that is too low, exit code 1 an error in its
log, 137 a kill, 143 a stop.
"""

from generator.doctor.checks.base import ERROR, WARNING, Diagnoses, sentence
from generator.doctor.diagnosis import Diagnosis
from generator.doctor.look import LiveEnvironment, Look, component_of
from generator.doctor.parts import NEEDED, about
from generator.doctor.reading import Object, containers, is_true, minutes, name, number, part, text

CODE = "D133"
_MANY = 5  # restarts
_DAY = 24 * 60  # minutes
_SOON = 5  # minutes
_CONFIG = ("CreateContainerConfigError", "CreateContainerError", "RunContainerError")


def check(look: Look) -> Diagnoses:
    """One for each component."""
    for place in look.places:
        told: set[str] = set()
        for pod in place.all("Pod"):
            for one in containers(pod):
                found = _fault(place, pod, one)
                key = f"{component_of(pod)} {text(one, 'name')}"
                if found is not None and key not in told:
                    told.add(key)
                    yield found


def _fault(place: LiveEnvironment, pod: Object, one: Object) -> Diagnosis | None:
    waiting, said = text(one, "state.waiting.reason"), text(one, "state.waiting.message")
    last = part(one, "state.terminated") or part(one, "lastState.terminated")
    restarts, it = number(one, "restartCount"), text(one, "name")
    if waiting in _CONFIG:
        return _found(
            place,
            pod,
            f"container '{it}' can't start: {sentence(said)}",
            "see what it lacks",
            ("hub secret",),
        )
    ended = f"; it ended with {_ending(last)}" if last else ""
    if waiting == "CrashLoopBackOff":
        return _found(
            place,
            pod,
            f"container '{it}' fails again and again, {restarts} restarts{ended}",
            _cure(last),
            ("log",),
        )
    if text(last, "reason") == "OOMKilled" and _is_recent(place, last):
        return _found(
            place,
            pod,
            f"container '{it}' was killed: it needs more memory than its limit",
            _cure(last),
            (),
            is_running=True,
        )
    if restarts >= _MANY and _is_recent(place, last):
        return _found(
            place,
            pod,
            f"container '{it}' restarted {restarts} times{ended}",
            _cure(last),
            ("log",),
            is_running=True,
        )
    started = text(one, "state.running.startedAt")
    is_running = text(pod, "status.phase") == "Running" and not is_true(pod, "Ready")
    is_slow = bool(started) and minutes(started, place.look.now) > _SOON
    if is_running and is_slow and one.get("ready") is False:
        return _found(
            place, pod, f"container '{it}' runs and is not ready", "see its log", ("log",)
        )
    return None


def _found(
    place: LiveEnvironment,
    pod: Object,
    what: str,
    help: str,
    follows: tuple[str, ...],
    *,
    is_running: bool = False,
) -> Diagnosis:
    component, namespace = component_of(pod), place.environment.namespace
    kind = about(component)
    return place.found(
        CODE,
        WARNING if is_running or kind == "user pods" else ERROR,
        f"pod '{name(pod)}': {what}",
        help,
        about=f"{kind} restart" if is_running else kind,
        breaks=component in NEEDED and not is_running,
        follows=follows,
        commands=(
            f"{place.kubectl} logs {name(pod)} -n {namespace} --previous --tail=50",
            f"{place.kubectl} describe pod {name(pod)} -n {namespace}",
        ),
        at=place.settings_at("jupyterhub", "servers", "memory")
        if component == "singleuser-server"
        else place.environment.at,
        subject=name(pod),
    )


def _ending(last: Object) -> str:
    reason, code = text(last, "reason"), number(last, "exitCode")
    return f"{reason or 'an error'}, exit code {code}"


def _cure(last: Object) -> str:
    return "raise its memory limit" if text(last, "reason") == "OOMKilled" else "see its log"


def _is_recent(place: LiveEnvironment, last: Object) -> bool:
    return 0 < minutes(text(last, "finishedAt"), place.look.now) < _DAY
