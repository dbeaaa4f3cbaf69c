"""Which of several diagnoses comes first."""

from typing import Any

from generator.diagnostics import Severity
from generator.doctor.diagnosis import Diagnosis, first_causes

ERROR, WARNING = Severity.ERROR, Severity.WARNING


def one(about: str, *follows: str, severity: Severity = ERROR, **more: Any) -> Diagnosis:
    given = {"where": "a", "scope": "a", "cluster": "c", **more}
    return Diagnosis.of("D1", severity, about, "", about=about, follows=follows, **given)


def told(*found: Diagnosis) -> list[tuple[str, tuple[str, ...]]]:
    return [(each.message, each.explains) for each in first_causes(found)]


def test_a_chain_ends_at_its_cause() -> None:
    found = (one("root", "namespace"), one("namespace", "sealed"), one("sealed"))
    assert told(*found) == [("sealed", ("root", "namespace"))]


def test_a_follower_without_a_cause_is_told() -> None:
    assert told(one("root", "namespace")) == [("root", ())]


def test_what_is_less_serious_is_no_cause() -> None:
    found = (one("root", "sealed"), one("sealed", severity=WARNING))
    assert told(*found) == [("root", ()), ("sealed", ())]


def test_a_cause_of_another_environment_explains_nothing() -> None:
    other = one("sealed", scope="b", where="b")
    assert told(one("root", "sealed"), other) == [("root", ()), ("sealed", ())]


def test_a_cause_of_the_cluster_explains_its_environments() -> None:
    cause = one("storage class", scope="c", where="cluster c")
    assert told(one("claim", "storage class"), cause) == [("storage class", ("claim",))]


def test_a_cause_of_argo_cd_explains_all() -> None:
    assert told(one("root", "argocd"), one("argocd", scope="")) == [("argocd", ("root",))]


def test_what_follows_itself_in_a_circle_is_told() -> None:
    assert told(one("a", "b"), one("b", "a")) == [("a", ()), ("b", ())]


def test_errors_come_before_warnings() -> None:
    assert [each[0] for each in told(one("w", severity=WARNING), one("e"))] == ["e", "w"]


def test_each_is_told_once() -> None:
    assert told(one("a"), one("a")) == [("a", ())]
