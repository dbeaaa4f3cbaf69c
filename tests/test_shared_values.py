"""Environments share what they can of the values; each has what it would have by itself."""

import pytest

from generator.build import Shared, apps_in
from generator.charts import CHARTS
from generator.model import Settings
from generator.records import replace
from tests import random_sites
from tests.random_values import examples
from tests.sites import protocoast


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


def with_home(settings: Settings, capacity: str) -> Settings:
    assert settings.hub is not None
    return replace(settings, hub=replace(settings.hub, home_capacity=capacity))


def test_what_is_alike_is_one_object() -> None:
    settings, shared = protocoast().shared, Shared()
    one, other = (shared.values("jupyterhub", with_home(settings, size)) for size in ("1Gi", "2Gi"))
    assert one["hub"] is other["hub"]
    assert one["singleuser"]["profileList"] is other["singleuser"]["profileList"]
    sizes = [values["singleuser"]["storage"]["capacity"] for values in (one, other)]
    assert sizes == ["1Gi", "2Gi"]


def test_raw_values_and_the_release_name_make_no_other_values() -> None:
    settings, shared = protocoast().shared, Shared()
    assert settings.hub is not None
    assert settings.dask is not None
    other = replace(
        settings,
        hub=replace(settings.hub, values={"cull": {"timeout": 1}}),
        dask=replace(settings.dask, release_name="another", install_crds=False),
    )
    for app in CHARTS:
        assert shared.values(app, settings) is shared.values(app, other)
