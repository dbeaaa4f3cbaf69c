"""Dumps: what is in one, what is never in one, and which are refused."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from generator.diagnostics import GeneratorError
from generator.doctor import snapshot
from generator.doctor.cleaning import clean_text, cleaned
from generator.doctor.logs import known_lines
from tests.support import live

NOW = datetime(2026, 12, 1, tzinfo=UTC)


def refusal(content: bytes, site: str = "protocoast") -> str:
    with pytest.raises(GeneratorError) as caught:
        snapshot.loaded(content, "seen.json", site, NOW)
    assert caught.value.exit_code == 3
    assert caught.value.help
    return caught.value.message


def changed(**fields: Any) -> bytes:
    return json.dumps({**live.healthy(), **fields}).encode()


WHOLE = json.dumps(live.healthy()).encode()
REFUSED = {
    "cut": (WHOLE[: len(WHOLE) // 2], "not whole JSON"),
    "empty": (b"", "not whole JSON"),
    "not text": (b"\xff\xfe\x00", "not whole JSON"),
    "nested without end": (b"[" * 200_000, "not whole JSON"),
    "another document": (b'{"kind": "List"}', "not a dump"),
    "a list": (b"[]", "not a dump"),
    "of a newer hubops": (changed(version=2), "a dump of form 2"),
    "of another site": (changed(site="tides"), "a dump of site 'tides'"),
    "of the future": (changed(taken=(NOW + timedelta(hours=1)).isoformat()), "in the future"),
    "without a time": (changed(taken="yesterday"), "when it was taken"),
}


@pytest.mark.parametrize(("content", "said"), REFUSED.values(), ids=REFUSED)
def test_dump_that_is_refused(content: bytes, said: str) -> None:
    assert said in refusal(content)


def test_a_dump_is_read_as_it_was_written() -> None:
    seen = live.seen(live.healthy())
    assert live.seen(json.loads(snapshot.dumped(seen))) == seen
    assert snapshot.dumped(seen) == snapshot.dumped(live.seen(json.loads(snapshot.dumped(seen))))


JUNK: list[Any] = [None, 1, "text", [], {}, [[1]], {"a": 1}, True]
FIELDS = ("argocd", "clusters", "behind", "certificates", "addresses", "answers", "lines")


@pytest.mark.parametrize("field", FIELDS)
@pytest.mark.parametrize("junk", JUNK, ids=repr)
def test_a_dump_of_any_form_is_judged(field: str, junk: Any) -> None:
    assert live.judged({**live.healthy(), field: junk}) is not None


@pytest.mark.parametrize("junk", JUNK, ids=repr)
@pytest.mark.parametrize("field", ["metadata", "spec", "status", "kind"])
def test_objects_of_any_form_are_judged(field: str, junk: Any) -> None:
    document = live.healthy()
    for side in (document["argocd"], *document["clusters"].values()):
        side["objects"] = [{**one, field: junk} for one in side["objects"]]
    assert live.judged(document) is not None


# Of each kind of place, what people put there.
PLANTED = {
    "a GitHub token": "ghp_" + "16C7e42F292c6912E7710c838347Ae178B4a",
    "an AWS key": "AKIA" + "IOSFODNN7EXAMPLE",
    "random words": "xK9" + "vQ2mZ7pL4wR8tY1nB6cD3fG5h",
    "hexadecimal": "9f86d081884c7d659a2feaa0c55ad015" + "a3bf4f1b",
}


def _pod(secret: str) -> dict[str, Any]:
    annotations = {"token": secret, "kubectl.kubernetes.io/last-applied-configuration": secret}
    return {
        "kind": "Pod",
        "metadata": {
            "name": "hub",
            "namespace": "daskhub",
            "annotations": annotations,
            "labels": {"password": secret, "hub.jupyter.org/username": "lovelace"},
            "managedFields": [{"manager": secret}],
        },
        "spec": {
            "containers": [
                {
                    "name": "hub",
                    "image": f"registry.example.org/{'a'}:1",
                    "env": [{"name": "TOKEN", "value": secret}],
                    "args": ["--token", secret],
                }
            ]
        },
        "status": {
            "message": f"pull failed: https://user:{secret}@registry.example.org/v2",
            "containerStatuses": [
                {"name": "hub", "state": {"waiting": {"message": f"password={secret}"}}}
            ],
        },
    }


def _others(secret: str) -> list[dict[str, Any]]:
    metadata = {"name": "a", "namespace": "daskhub"}
    return [
        {"kind": "Secret", "metadata": metadata, "data": {"key": secret}, "keys": ["key"]},
        {"kind": "Event", "metadata": metadata, "message": f"env TOKEN={secret} is refused"},
        {"kind": "ConfigMap", "metadata": metadata, "data": {"oidc.config": secret}},
        {"kind": "SealedSecret", "metadata": metadata, "spec": {"encryptedData": {"k": secret}}},
        {
            "kind": "Application",
            "metadata": metadata,
            "spec": {"source": {"helm": {"valuesObject": {"a": secret}}}},
            "status": {"operationState": {"message": f"authorization: Bearer {secret}"}},
        },
    ]


@pytest.mark.parametrize("secret", PLANTED.values(), ids=PLANTED)
def test_no_credential_is_kept(secret: str) -> None:
    kept = snapshot.objects([_pod(secret), *_others(secret)])
    assert len(kept) == 6
    assert secret not in json.dumps(kept)
    assert "lovelace" not in json.dumps(kept)


@pytest.mark.parametrize("secret", PLANTED.values(), ids=PLANTED)
def test_no_credential_comes_in_with_a_dump(secret: str) -> None:
    document = live.healthy()
    side = document["clusters"]["fedcloud"]
    side["objects"] += [_pod(secret), *_others(secret)]
    side["unasked"] = [{"kind": "pods", "namespace": "", "reason": f"token={secret}"}]
    document["lines"] = {"production": {"hub": [f"Can't locate revision; token={secret}"]}}
    document["answers"] = {"https://a": {"location": f"https://b/?token={secret}"}}
    assert secret not in snapshot.dumped(live.seen(document))


def test_only_known_lines_of_a_log_are_kept() -> None:
    secret = PLANTED["random words"]
    log = f"""\
[I] user lovelace logged in with token {secret}
alembic.util.exc.CommandError: Can't locate revision identified by '4621fec11365' token={secret}
Missing required environment $JUPYTERHUB_SERVICE_URL
"""
    lines = known_lines(log)
    assert [line.partition(":")[0].split("'")[0] for line in lines] == [
        "alembic.util.exc.CommandError",
        "Missing required environment $JUPYTERHUB_SERVICE_URL",
    ]
    assert secret not in "".join(lines)


def test_a_commit_that_argo_cd_names_stays_readable() -> None:
    commit = "7a093c519e52d8022b37d76af95448daf438cab0"
    found = {
        "kind": "Application",
        "metadata": {"name": "a"},
        "status": {
            "sync": {"revision": commit},
            "conditions": [{"type": "SyncError", "message": f"failed sync attempt to {commit}"}],
        },
    }
    kept = cleaned(found)
    assert kept is not None
    assert kept["status"]["sync"]["revision"] == commit
    assert kept["status"]["conditions"][0]["message"] == "failed sync attempt to 7a093c519e"


def test_a_long_name_takes_no_time() -> None:
    assert clean_text("a-" * 5000 + "!") != ""
    assert clean_text("a" * 5000) != ""
