"""Waits after a merge until every Application is Synced and Healthy: a line for each transition."""

import time
from collections.abc import Callable

from generator.credentials import printable
from generator.diagnostics import GeneratorError
from generator.doctor.examination import states, transitions
from generator.doctor.kubectl import Kubectl, program
from generator.doctor.look import Look
from generator.doctor.observe import Request, argocd_objects
from generator.doctor.snapshot import Snapshot
from generator.doctor.sync_state import SyncTrouble, trouble
from generator.records import replace

# Seconds between two looks, and those that are kept for the last, whole one.
_PAUSE = 5.0
_LAST = 60.0


def settled(request: Request, note: Callable[[str], None]) -> Request:
    """The request for the last look, when all is settled or the time is over.

    Each transition is noted. GeneratorError where Argo CD's cluster can't be reached from the
    beginning; a server that goes away later is noted, and asked again.
    """
    from datetime import UTC, datetime

    began, contexts = time.monotonic(), request.contexts
    ends = began + request.timeout
    path, before = program(), dict[str, str]()
    while True:
        kubectl = Kubectl(
            path=path,
            context=contexts.argocd or contexts.any,
            kubeconfig=contexts.kubeconfig,
            ends=min(ends, time.monotonic() + _LAST),
        )
        try:
            side = argocd_objects(kubectl, request.site)
        except GeneratorError as error:
            if not before or time.monotonic() + _PAUSE >= ends:
                raise
            note(f"{_clock()} {printable(error.message)}\n")
            time.sleep(_PAUSE)
            continue
        seen = Snapshot(site=request.site.name, taken=datetime.now(UTC), argocd=side)
        look = Look(site=request.site, snapshot=seen, environments=request.environments)
        now = states(look)
        for line in transitions(before, now):
            note(f"{_clock()} {printable(line)}\n")
        before = now
        passed = time.monotonic() - began
        if all(trouble(app) is SyncTrouble.NONE for app in look.apps):
            note(f"all is Synced and Healthy after {passed:.0f} s\n")
            return replace(request, timeout=_LAST)
        if time.monotonic() + _PAUSE >= ends:
            note(f"not settled after {passed:.0f} s\n")
            return replace(request, timeout=max(10.0, min(_LAST, request.timeout / 10)))
        time.sleep(_PAUSE)


def _clock() -> str:
    return time.strftime("%H:%M:%S")
