"""What `diff` tells of an upgrade of a chart is what `bump` tells of it."""

from typing import Any

import pytest

from generator.change import effects
from generator.change.effects import UPGRADE
from generator.change.sides import Side, Step
from generator.change.upgrade import facts, upgrades
from generator.merge import merge
from tests.support.sites import protocoast_with

OLD, NEW = "3.3.8", "4.4.0"
ESCAPE = {"slug_scheme": "escape"}


def sides(old: str, new: str, values: dict[str, Any]) -> tuple[Side, Side]:
    """A site before and after somebody changed the chart's version, and these values with it."""
    before, after = (
        Side(site=protocoast_with(merge({"charts": {"jupyterhub": {"version": version}}}, own)))
        for version, own in ((old, {}), (new, {"jupyterhub": {"values": values}}))
    )
    return before, after


def told(before: Side, after: Side) -> list[str]:
    step = Step(before=before.environments["production"], after=after.environments["production"])
    found = [one for one in effects.consequences(step) if one.code == UPGRADE]
    return [" ".join((one.sentence, *(act.text for act in one.acts))) for one in found]


MOVED = {
    "hub": {
        "allowNamedServers": True,
        "extraConfig": {"own": "c.JupyterHub.log_level = 10"},
        "config": {"GenericOAuthenticator": {"allowed_groups": ["a"]}},
    },
    "singleuser": {"extraLabels": {"who": "{username}"}},
}


@pytest.mark.parametrize("values", [{}, MOVED], ids=["plain", "values that moved"])
def test_diff_tells_what_bump_tells(values: dict[str, Any]) -> None:
    before, after = sides(OLD, NEW, values)
    [upgrade] = upgrades(before, after, str)
    by_title = dict(facts(upgrade))
    wanted = [*by_title["fixes"], *(line.split(": ", 2)[2] for line in by_title.get("values", ()))]
    said = "\n".join(told(before, after))
    assert [one for one in wanted if one not in said] == []
    assert len(wanted) >= 3 + 4 * bool(values)
    assert "Stop All" in said
    assert "Stop All" in " ".join(by_title["home volumes"])


def storage(template: str) -> dict[str, Any]:
    return {"singleuser": {"storage": {"dynamic": {"pvcNameTemplate": template}}}}


def spawner(section: str = "KubeSpawner", **settings: str) -> dict[str, Any]:
    return {"hub": {"config": {section: settings}}}


HOMES: dict[str, tuple[str, str, dict[str, Any], bool]] = {
    "across the change": (OLD, NEW, {}, True),
    "after it": ("4.0.0", NEW, {}, False),
    "before it": ("3.1.0", OLD, {}, False),
    "old names kept": (OLD, NEW, spawner(slug_scheme="escape"), False),
    "old names kept in Spawner": (OLD, NEW, spawner("Spawner", slug_scheme="escape"), False),
    "new names asked for": (OLD, NEW, spawner(slug_scheme="safe"), True),
    "names by the user's number": (OLD, NEW, storage("home-{userid}"), False),
    "names that are escaped": (OLD, NEW, storage("claim-{escaped_username}"), False),
    "names as they were spelled": (OLD, NEW, storage("claim-{username}{servername}"), True),
    "names in the spawner's settings": (OLD, NEW, spawner(pvc_name_template="x-{userid}"), False),
    "one volume for all": (OLD, NEW, {"singleuser": {"storage": {"type": "static"}}}, False),
    "no volume": (OLD, NEW, {"singleuser": {"storage": {"type": "none"}}}, False),
}


@pytest.mark.parametrize("name", HOMES)
def test_homes_are_at_stake_where_claims_get_other_names(name: str) -> None:
    old, new, values, is_lost = HOMES[name]
    said = [one for one in told(*sides(old, new, values)) if "empty home" in one]
    assert bool(said) is is_lost


def test_homes_of_a_hub_that_moves_are_not_at_stake() -> None:
    before, after = sides(OLD, NEW, {})
    moved = protocoast_with(
        {
            "charts": {"jupyterhub": {"version": NEW}},
            "environments": {"production": {"namespace": "other"}},
        }
    )
    assert [one for one in told(before, Side(site=moved)) if "empty home" in one] == []
    assert [one for one in told(before, after) if "empty home" in one]
