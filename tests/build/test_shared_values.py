"""Environments share what they can of the values; each has what it would have by itself."""

import json
from collections.abc import Callable, Mapping
from copy import deepcopy
from typing import Any

import pytest

from generator.build.repository import Shared, apps_in
from generator.charts import CHARTS
from generator.charts.chart import sorted_json
from generator.fixed import fixed
from generator.merge import merge
from generator.site.model import Settings
from generator.yaml.write import emit, emit_patch
from tests.support import random_sites
from tests.support.random_values import examples, maps
from tests.support.sites import protocoast, protocoast_with


@pytest.mark.parametrize("part", range(4))
def test_shared_values_are_those_of_the_settings_alone(part: int) -> None:
    shared, compared = Shared(), 0
    for site in examples(random_sites.loaded_sites(), 40, number=part):
        for environment in site.environments:
            for app in set(apps_in(environment)) & CHARTS.keys():
                settings = environment.settings
                # With the order of keys: the tree is written in it.
                assert repr(shared.values(app, settings)) == repr(
                    CHARTS[app].shared_values(settings)
                )
                compared += 1
    assert compared > 40


def settings_with(part: Mapping[str, Any]) -> Settings:
    return protocoast_with(part).shared


def test_what_is_alike_is_one_object() -> None:
    shared = Shared()
    homes = ({"jupyterhub": {"home": {"capacity": size}}} for size in ("1Gi", "2Gi"))
    one, other = (shared.values("jupyterhub", settings_with(home)) for home in homes)
    assert one["hub"] is other["hub"]
    assert one["singleuser"]["profileList"] is other["singleuser"]["profileList"]
    sizes = [values["singleuser"]["storage"]["capacity"] for values in (one, other)]
    assert sizes == ["1Gi", "2Gi"]


def test_raw_values_and_the_release_name_make_no_other_values() -> None:
    settings, shared = protocoast().shared, Shared()
    other = settings_with(
        {
            "jupyterhub": {"values": {"cull": {"timeout": 1}}},
            "daskGateway": {"releaseName": "another", "installCRDs": False},
        }
    )
    for app in CHARTS:
        assert shared.values(app, settings) is shared.values(app, other)


@pytest.mark.parametrize("part", range(2))
def test_a_fixed_map_is_written_as_any_other(part: int) -> None:
    for value in examples(maps(), 150, number=part):
        kept = fixed(value)
        for _ in range(2):  # made, and taken from what was made
            assert emit({"a": kept, "b": [{"c": kept}]}) == emit({"a": value, "b": [{"c": value}]})
            assert emit_patch({"d": {"a": kept}}) == emit_patch({"d": {"a": value}})
            plain = json.dumps(value, sort_keys=True, separators=(",", ":"))
            assert sorted_json(kept) == sorted_json(value) == plain
            assert repr(merge(kept, {"a": {"e": None}})) == repr(merge(value, {"a": {"e": None}}))


@pytest.mark.parametrize(
    "value", [{1: "a", 10: "b", 2: "c"}, {"a": {True: 1}}, {"a": [{"b": 1.5, "a": None}]}], ids=repr
)
def test_json_of_odd_keys_is_plain_json(value: Any) -> None:
    assert sorted_json(value) == json.dumps(value, sort_keys=True, separators=(",", ":"))


def test_nothing_in_a_fixed_map_can_be_changed() -> None:
    kept = fixed({"a": {"b": 1}})
    changes: tuple[Callable[[], object], ...] = (
        lambda: kept["a"].update(b=2),
        lambda: kept.pop("a"),
        lambda: kept.setdefault("c", 1),
        lambda: kept.__setitem__("c", 1),
        lambda: kept.__ior__({"c": 1}),
        kept.clear,
        kept.popitem,
    )
    for change in changes:
        with pytest.raises(TypeError, match="shared"):
            change()
    assert kept == {"a": {"b": 1}}
    assert type(kept | {"c": 1}) is dict
    copied = deepcopy(kept)
    copied["a"]["b"] = 2
    assert (copied, kept) == ({"a": {"b": 2}}, {"a": {"b": 1}})
