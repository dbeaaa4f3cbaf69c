"""What is known of further charts: complete facts, and blocks that lint accepts."""

import re
from collections.abc import Mapping
from typing import Any

import pytest
import yaml

from generator.charts import known
from generator.charts.known.block import block
from generator.merge import merge
from generator.site.apps import is_exact
from generator.versions import Version
from generator.yaml.edit import insert
from tests.support import copies
from tests.support.sites import load_text, site_of

CHARTS = {name: known.of(name) for name in known.NAMES}
TEXT = yaml.safe_dump(
    merge(
        copies.one_hub(),
        {"clusters": {"fedcloud": {"kubernetes": "1.33", "provided": ["cluster-issuers"]}}},
    )
)


def facts(name: str) -> Any:
    found = CHARTS[name]
    assert found is not None
    return found


@pytest.mark.parametrize("name", CHARTS)
def test_facts_say_when_and_from_where_they_are(name: str) -> None:
    chart = facts(name)
    assert chart.name == name
    assert re.fullmatch(r"20\d\d-\d\d-\d\d", chart.released)
    assert chart.source.startswith("github.com/")
    assert is_exact(chart.version)
    assert all(is_exact(version) for version in chart.by_minor.values())
    said = ("definitions", "random", "writes_back", "health", "restart", "survives")
    assert all(getattr(chart, fact) for fact in said)


@pytest.mark.parametrize("name", CHARTS)
def test_block_is_an_app_that_lint_has_nothing_against(name: str) -> None:
    chart = facts(name)
    version = chart.newest_for(Version.parse("1.33"))
    text = insert(TEXT, "apps", block(chart, version))
    before, after = (
        {(one.code, one.message) for one in load_text(each).report.diagnostics}
        for each in (TEXT, text)
    )
    assert {found for found in after - before if found[0] != "R236"} == set()
    (app,) = site_of(text).apps
    assert (app.name, app.pin.name, app.pin.text) == (chart.app, name, version)
    assert app.wave == chart.wave < 0


def test_platform_of_all_blocks_leaves_nothing_to_ask_for() -> None:
    text = TEXT.replace("className: nginx", "className: traefik")
    for name in (name for name in CHARTS if name != "ingress-nginx"):
        chart = facts(name)
        text = insert(text, "apps", block(chart, chart.newest_for(Version.parse("1.33"))))
    codes = [one.code for one in load_text(text).report.diagnostics]
    assert {"R236", "C350"} & {*codes} == set()
    site = site_of(text)
    waves = {app.pin.name: app.wave for app in site.apps}
    assert min(waves, key=lambda name: waves[name]) == "sealed-secrets"


@pytest.mark.parametrize(
    ("kubernetes", "version"),
    [("1.31", "2.31.8"), ("1.36", "2.36.0"), ("1.37", "2.36.0"), ("1.24", "2.36.0")],
)
def test_storage_driver_is_the_newest_for_this_kubernetes(kubernetes: str, version: str) -> None:
    assert facts("openstack-cinder-csi").newest_for(Version.parse(kubernetes)) == version


CLASSES: Mapping[str, tuple[str, dict[str, Any], str, str]] = {
    "nginx": ("ingress-nginx", {}, "anything", "nginx"),
    "another nginx": (
        "ingress-nginx",
        {"controller": {"ingressClassResource": {"name": "internal"}}},
        "anything",
        "internal",
    ),
    "traefik by its release": ("traefik", {}, "traefik", "traefik"),
    "traefik by another release": ("traefik", {}, "ingress", "ingress-traefik"),
    "traefik by its name": ("traefik", {"ingressClass": {"name": "web"}}, "ingress", "web"),
    "traefik by its full name": ("traefik", {"fullnameOverride": "edge"}, "ingress", "edge"),
}


@pytest.mark.parametrize(("name", "values", "release", "made"), CLASSES.values(), ids=CLASSES)
def test_class_follows_from_the_values_and_the_release(
    name: str, values: dict[str, Any], release: str, made: str
) -> None:
    assert facts(name).ingress_class(values, release) == made


@pytest.mark.parametrize(
    ("name", "values", "installs"),
    [
        ("cert-manager", {}, False),
        ("cert-manager", {"crds": {"enabled": True}}, True),
        ("kube-prometheus-stack", {}, True),
        ("kube-prometheus-stack", {"crds": {"enabled": False}}, False),
        ("sealed-secrets", {}, True),
    ],
)
def test_definitions_come_as_the_values_say(
    name: str, values: dict[str, Any], installs: bool
) -> None:
    assert facts(name).installs_crds(values) is installs


def test_chart_that_is_not_known_has_no_facts() -> None:
    assert known.of("redis") is None
    assert known.brings("redis") == ""
