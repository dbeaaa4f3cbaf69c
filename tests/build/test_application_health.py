"""The health check that argocd-cm gets, run by a Lua 5.1 interpreter as Argo CD runs it."""

import json
from typing import Any

import pytest
from lupa import lua51

from generator.build.applications import LUA
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


def verdict(code: str, found: dict[str, Any]) -> dict[str, Any]:
    """What a health check says of an object."""
    lua = lua51.LuaRuntime()
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
