"""Random edits of random sites: the effects tell what differs after Helm, no more and no less.

`told.json` records what real charts made of the edits; tests/support/rendered_facts.py writes it.
"""

import json
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.support.random_edits import Edit, applied
from tests.support.random_sites import as_text
from tests.support.rendered_facts import step_of, untold

RECORDED = json.loads(Path(__file__).with_name("told.json").read_text("utf-8"))


def test_edits_are_of_many_kinds() -> None:
    assert len(RECORDED["edits"]) >= 60
    facts = {fact for row in RECORDED["edits"] for fact in row["facts"]}
    assert len(facts) >= 12


@pytest.mark.parametrize("row", RECORDED["edits"], ids=range(len(RECORDED["edits"])))
def test_effects_tell_what_differs_after_helm(row: dict[str, Any]) -> None:
    base = RECORDED["bases"][row["base"]]
    after = as_text(applied(yaml.safe_load(base), row["made"]))
    step = step_of(Edit(before=base, after=after, environment=row["at"]))
    assert untold(step, row["facts"]) == []
