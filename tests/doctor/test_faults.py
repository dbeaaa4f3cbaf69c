"""Faults that were planted in a real cluster: each is named as the first cause, and alone."""

from pathlib import Path

import pytest

from generator.diagnostics import Severity
from generator.doctor import checks
from generator.doctor.diagnosis import Diagnosis
from generator.doctor.examination import Condition
from generator.doctor.formats import summary
from tests.support import live

# What is always said of this cluster: its storage class deletes volumes.
ALWAYS = "D142"
ON_EVERY_FAULT = pytest.mark.parametrize("path", live.FAULTS, ids=lambda path: path.stem)


def firsts(found: tuple[Diagnosis, ...]) -> list[Diagnosis]:
    """The most serious of what was found."""
    told = [one for one in found if one.code != ALWAYS or one.severity is not Severity.INFO]
    worst = max((one.rank for one in told), default=-1)
    return [one for one in told if one.rank == worst]


def test_a_healthy_cluster_gives_no_finding() -> None:
    found = live.judged(live.healthy())
    assert [(one.code, one.severity) for one in found.found] == [(ALWAYS, Severity.INFO)]
    assert not found.has_findings
    (health,) = found.healths
    assert (health.condition, health.is_settled) == (Condition.UP, True)
    assert summary(found) == (f"production is up at {health.commit}",)


@ON_EVERY_FAULT
def test_a_fault_is_named_as_the_first_cause(path: Path) -> None:
    fault, document = live.planted(path)
    found = live.judged(document, fault.get("site", ""))
    assert [one.code for one in firsts(found.found)] == [fault["code"]]


@ON_EVERY_FAULT
def test_a_fault_comes_with_what_to_do(path: Path) -> None:
    fault, document = live.planted(path)
    (first,) = firsts(live.judged(document, fault.get("site", "")).found)
    assert first.help
    assert all("None" not in command for command in first.commands)


def test_there_are_forty_faults_of_many_kinds() -> None:
    codes = [live.planted(path)[0]["code"] for path in live.FAULTS]
    assert len(codes) >= 40
    assert set(codes) <= set(checks.PAGES)
    assert len(set(codes)) >= 25
