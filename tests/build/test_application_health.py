"""The health check that argocd-cm gets, run by a Lua 5.1 interpreter as Argo CD runs it."""

import json
from typing import Any

import pytest
from lupa import lua51

from generator.build.applications import LUA, SEALED_SECRET_LUA
from tests.support import facts

SOURCE = {"repoURL": "https://example.org/site.git", "targetRevision": "refs/heads/main"}
VALUES = {"helm": {"valuesObject": {"hub": {"services": [{"a": 1}, {"b": [True, False]}]}}}}
OLDER = {**SOURCE, "targetRevision": "refs/heads/old"}


def application(
    sync: str | None = "Synced",
    health: str = "Healthy",
    compared: object = SOURCE,
    operation: object = None,
    **spec: object,
) -> dict[str, Any]:
    """An Application as the API server has it."""
    status: dict[str, Any] = {"health": {"status": health, "message": f"is {health}"}}
    if sync is not None:
        status["sync"] = {"status": sync, "revision": "abc", "comparedTo": {"source": compared}}
    if operation is not None:
        status["operationState"] = operation
    return {"spec": {"source": SOURCE, **spec}, "status": status}


def failed(source: object = SOURCE, revision: str = "abc", phase: str = "Failed") -> dict[str, Any]:
    """An operation that failed on a source."""
    result = {"source": source, "revision": revision}
    return {"phase": phase, "message": "boom", "syncResult": result}


SOURCES = [SOURCE, OLDER]


def several(compared: object) -> dict[str, Any]:
    """An Application with two sources."""
    found = application()
    found["spec"] = {"sources": SOURCES}
    found["status"]["sync"]["comparedTo"] = {"sources": compared}
    return found


VALUED = {**SOURCE, **VALUES}
OUT = "OutOfSync"

CASES: tuple[tuple[str, dict[str, Any], str], ...] = (
    ("no status", {"spec": {"source": SOURCE}}, "Progressing"),
    ("an empty status", {"spec": {"source": SOURCE}, "status": {}}, "Progressing"),
    ("no comparison", application(sync=None), "Progressing"),
    ("a status of an older spec", application(compared=OLDER), "Progressing"),
    ("a field more in the spec", application(source=VALUED), "Progressing"),
    ("a field less in the spec", application(compared=VALUED), "Progressing"),
    ("a sync running", application(operation={"phase": "Running"}), "Progressing"),
    ("out of sync", application(OUT), "Progressing"),
    ("out of sync, degraded", application(OUT, "Degraded"), "Progressing"),
    ("failed on this source", application(OUT, operation=failed()), "Degraded"),
    ("errored here", application(OUT, operation=failed(phase="Error")), "Degraded"),
    ("failed on an older source", application(OUT, operation=failed(OLDER)), "Progressing"),
    ("failed on an older commit", application(OUT, operation=failed(revision="o")), "Progressing"),
    ("failed before it began", application("Unknown", operation={"phase": "Error"}), "Degraded"),
    ("failed once, synced since", application(operation=failed(OLDER)), "Healthy"),
    ("synced, healthy", application(), "Healthy"),
    ("synced, degraded", application(health="Degraded"), "Degraded"),
    ("synced, progressing", application(health="Progressing"), "Progressing"),
    ("synced, missing", application(health="Missing"), "Missing"),
    ("equal nested values", application(source=VALUED, compared=VALUED), "Healthy"),
    ("several sources, compared", several(SOURCES), "Healthy"),
    ("several sources, one older", several([SOURCE, SOURCE]), "Progressing"),
    ("several sources, one more", several([*SOURCES, SOURCE]), "Progressing"),
)
CASE = pytest.mark.parametrize(
    ("found", "expected"), [case[1:] for case in CASES], ids=[case[0] for case in CASES]
)


NO_CHART = "Failed to load target state: chart not found: version 9.9.9"


def with_condition(kind: str, message: str, found: dict[str, Any]) -> dict[str, Any]:
    """The Application with one condition that Argo CD gave it."""
    found["status"]["conditions"] = [
        {"type": "OrphanedResourceWarning", "message": "two orphans"},
        {"type": kind, "message": message},
    ]
    return found


def never_compared() -> dict[str, Any]:
    """A new Application that Argo CD refuses before it compares."""
    status = {"health": {"status": "Unknown"}, "sync": {"status": "Unknown"}}
    return {"spec": {"source": SOURCE}, "status": status}


RUNNING = {"phase": "Running"}
CONDITIONS = {
    "no such chart": ("ComparisonError", application("Unknown"), "Degraded"),
    "no such chart, on retries": (
        "ComparisonError",
        application("Unknown", operation=RUNNING),
        "Degraded",
    ),
    "no such chart before the fix": (
        "ComparisonError",
        application("Unknown", compared=OLDER),
        "Progressing",
    ),
    "an error that Argo CD can't name": ("UnknownError", application("Unknown"), "Degraded"),
    "a spec that is refused": ("InvalidSpecError", never_compared(), "Degraded"),
    "a newer spec that is refused": (
        "InvalidSpecError",
        application("Unknown", compared=OLDER),
        "Degraded",
    ),
    "no automated sync, for it would wipe all out": (
        "SyncError",
        application(OUT),
        "Degraded",
    ),
    "an error of the sync before, on retries": (
        "SyncError",
        application(OUT, operation=RUNNING),
        "Progressing",
    ),
    "a warning": ("SharedResourceWarning", application(OUT), "Progressing"),
    "synced with a warning": ("RepeatedResourceWarning", application(), "Healthy"),
}


@pytest.mark.parametrize("name", CONDITIONS)
def test_an_application_that_can_not_be_compared_is_degraded(name: str) -> None:
    kind, found, expected = CONDITIONS[name]
    said = verdict(LUA, with_condition(kind, NO_CHART, found))
    assert said["status"] == expected
    assert (said["message"] == NO_CHART) == (expected == "Degraded")


def sealed_secret(
    *conditions: tuple[str, str], generation: int = 2, observed: int | None = 2
) -> dict[str, Any]:
    """A SealedSecret as its controller leaves it."""
    status: dict[str, Any] = {
        "conditions": [{"type": kind, "status": status} for kind, status in conditions]
    }
    if observed is not None:
        status["observedGeneration"] = observed
    return {"metadata": {"generation": generation}, "status": status}


DECRYPTED, REFUSED = ("Synced", "True"), ("Synced", "False")
SEALED = {
    "new": ({"metadata": {"generation": 1}}, "Progressing"),
    "without conditions": (sealed_secret(), "Progressing"),
    "decrypted": (sealed_secret(DECRYPTED), "Healthy"),
    "refused": (sealed_secret(REFUSED), "Degraded"),
    "decrypted before a rotation": (sealed_secret(DECRYPTED, generation=3), "Progressing"),
    "refused before it was sealed again": (sealed_secret(REFUSED, generation=3), "Progressing"),
    "of a controller that names no generation": (
        sealed_secret(DECRYPTED, observed=None),
        "Healthy",
    ),
    "with another condition first": (sealed_secret(("Ready", "False"), DECRYPTED), "Healthy"),
    "with another condition alone": (sealed_secret(("Ready", "True")), "Progressing"),
}


@pytest.mark.parametrize("name", SEALED)
def test_a_sealed_secret_is_healthy_when_its_newest_values_are_decrypted(name: str) -> None:
    found, expected = SEALED[name]
    said = verdict(SEALED_SECRET_LUA, found)
    assert said["status"] == expected
    assert said["message"]


def test_a_sealed_secret_passes_on_why_it_is_not_decrypted() -> None:
    found = sealed_secret(REFUSED)
    found["status"]["conditions"][0]["message"] = "no key could decrypt secret (token)"
    said = verdict(SEALED_SECRET_LUA, found)
    assert said == {"status": "Degraded", "message": "no key could decrypt secret (token)"}


def verdict(code: str, found: dict[str, Any]) -> dict[str, Any]:
    """What a health check says of an object."""
    lua = lua51.LuaRuntime()
    # Argo CD opens no more than the basic functions, `table`, and parts of `os`.
    lua.execute("string, math, io, debug, os, require = nil")
    # Through JSON: no two places share one object, as in an answer of the API server.
    lua.globals()["obj"] = lua.table_from(json.loads(json.dumps(found)), recursive=True)
    return dict(lua.execute(code))


@CASE
def test_health(found: dict[str, Any], expected: str) -> None:
    assert verdict(LUA, found)["status"] == expected


@CASE
def test_every_verdict_says_why(found: dict[str, Any], expected: str) -> None:
    assert verdict(LUA, found)["message"]


@facts.recorded("facts", "application-health.lua")
@CASE
def test_agrees_with_the_reference(found: dict[str, Any], expected: str) -> None:
    reference = facts.path("facts", "application-health.lua").read_text()
    assert verdict(reference, found)["status"] == expected


def test_a_failed_sync_says_what_failed() -> None:
    found = application(sync="OutOfSync", operation=failed())
    assert verdict(LUA, found) == {"status": "Degraded", "message": "boom"}
