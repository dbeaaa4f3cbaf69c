"""The proof finds what has no reason."""

from typing import Any

import pytest

from generator.adopt.proof import Sides, compared
from generator.adopt.remainder import Remainder

_NOTHING = Remainder()
_DEFAULTS = {"hub": {"db": {"pvc": {"storage": "1Gi"}}}, "proxy": {"service": {"type": "X"}}}


def sides(before: dict[str, Any], after: dict[str, Any], *, defaults: bool = True) -> Sides:
    """Both sides of a hub's values."""
    base = _DEFAULTS if defaults else None
    return Sides(chart="jupyterhub", version="4.4.0", before=before, after=after, defaults=base)


def storage(size: str) -> dict[str, Any]:
    return {"hub": {"db": {"pvc": {"storage": size}}}}


def test_what_equals_a_default_is_equal() -> None:
    proof = compared(sides({}, storage("1Gi")), _NOTHING)
    assert (proof.equal, proof.on_purpose, proof.unexplained) == (2, (), ())


UNEXPLAINED: dict[str, tuple[dict[str, Any], dict[str, Any], bool]] = {
    "changed": ({"cull": {"every": 1}}, {"cull": {"every": 2}}, True),
    "lost": ({"cull": {"every": 1}}, {}, True),
    "unknown": ({}, {"cull": {"every": 1}}, True),
    "no-default": ({}, storage("2Gi"), True),
    "another-kind": ({"debug": True}, {"debug": 1}, True),
    "changed-though-known": (
        {"proxy": {"service": {"type": "NodePort"}}},
        {"proxy": {"service": {"type": "ClusterIP"}}},
        False,
    ),
}


@pytest.mark.parametrize("name", UNEXPLAINED)
def test_difference_without_a_reason_is_said(name: str) -> None:
    before, after, with_defaults = UNEXPLAINED[name]
    proof = compared(sides(before, after, defaults=with_defaults), _NOTHING)
    assert len(proof.unexplained) == 1
    assert proof.on_purpose == ()


def test_reasons_are_those_of_the_nearest_path() -> None:
    said = Remainder(left={("a", "b"): "because"}, secret={("s",)}, longer=[("l",)])
    before = {"a": {"b": {"c": 1}}, "s": "x", "l": [1]}
    proof = compared(sides(before, {"l": [1, 2]}, defaults=False), said)
    assert [row.text for row in proof.on_purpose] == [
        "because",
        "a secret: sealed or left out, never copied",
        "hubops adds its own entries",
    ]
    assert proof.unexplained == ()
