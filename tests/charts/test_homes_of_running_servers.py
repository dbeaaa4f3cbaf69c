"""Servers that run while KubeSpawner 7 comes: it forgets their claims, and diff says so."""

from typing import Any

import pytest
import yaml

from generator.change.effects import consequences
from generator.change.sides import Side, Step
from tests.support import programs
from tests.support.random_sites import as_text
from tests.support.sites import ROOT, site_of

TEXT = (ROOT / "tests" / "golden" / "github" / "site.yaml").read_text("utf-8")
ESCAPE = {"hub": {"config": {"KubeSpawner": {"slug_scheme": "escape"}}}}
# KubeSpawner 6 of this user.
CLAIM = "claim-anna-40example-2eorg"


def claim(traits: dict[str, str], *, ran: bool) -> dict[str, Any]:
    asked = {"user": "anna@example.org", "ran": ran}
    asked["traits"] = {"pvc_name_template": "claim-{user_server}", **traits}
    found: dict[str, Any] = programs.probe("claim_probe.py", "jupyterhub-5.5.0", asked)
    return found


@pytest.mark.tools
def test_kubespawner_looks_for_the_old_claim_only_of_servers_that_were_stopped() -> None:
    assert claim({}, ran=False)["looks"]
    assert not claim({}, ran=True)["looks"]
    assert claim({}, ran=True)["claim"] != CLAIM
    assert claim({"slug_scheme": "escape"}, ran=True)["claim"] == CLAIM


@pytest.mark.parametrize(("values", "is_told"), [({}, True), (ESCAPE, False)], ids=["own", "old"])
def test_diff_says_to_stop_servers_unless_the_old_names_stay(
    values: dict[str, Any], is_told: bool
) -> None:
    sides = []
    for version in ("3.3.8", "4.4.0"):
        raw = yaml.safe_load(TEXT)
        raw["charts"]["jupyterhub"]["version"] = version
        raw["jupyterhub"]["values"] = values
        sides.append(next(iter(Side(site=site_of(as_text(raw))).environments.values())))
    told = consequences(Step(before=sides[0], after=sides[1]))
    acts = [act.purpose for one in told if one.code == "E009" for act in one.acts]
    assert any("stop all servers" in act for act in acts) is is_told
