"""Where values break the schema that a packaged chart carries, at the value that breaks it."""

import json
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml

from generator.charts.values_schema import NoSchemaError, violations
from generator.diagnostics import Report
from generator.io.resources import known_versions, site_schema
from generator.lint.load import load
from generator.lint.rules.base import PackagedChart, Surroundings
from generator.lint.rules.packaged import values_break_chart_schema
from generator.merge import merge
from tests.support import facts
from tests.support.sites import PROTOCOAST, protocoast, site_of
from tests.support.variants import VARIANTS

Values = dict[str, Any]
Charts = dict[tuple[str, str], PackagedChart]

GOLDEN = sorted((Path(__file__).parents[1] / "golden").glob("*/site.yaml"))
PINS = (("jupyterhub", "3.3.8"), ("dask-gateway", "2022.6.1"))


def _map(**properties: Any) -> Values:
    return {"type": "object", "additionalProperties": False, "properties": properties}


WRONG: dict[str, tuple[Values, Any, str, str]] = {
    "type": (
        _map(a={"type": ["integer", "null"]}),
        {"a": "x"},
        "'a' is 'x', and chart c 1 wants a whole number",
        "write a whole number",
    ),
    "several types": (
        _map(a={"type": ["object", "array"]}),
        {"a": True},
        "'a' is true, and chart c 1 wants a map or a list",
        "write a map or a list",
    ),
    "number for text": (
        _map(a={"type": "string"}),
        {"a": 3.1},
        "'a' is the number 3.1, and chart c 1 wants text",
        "put it in quotes",
    ),
    "quoted switch": (
        _map(a={"type": "boolean"}),
        {"a": "true"},
        "'a' is 'true', and chart c 1 wants true or false",
        "remove the quotes",
    ),
    "unknown key": (
        _map(a=_map(limit={}, guarantee={})),
        {"a": {"limits": 1}},
        "chart c 1 knows no 'a.limits'",
        "did you mean 'limit'?",
    ),
    "key off its pattern": (
        {"additionalProperties": False, "patternProperties": {"^[A-Z]": {}}},
        {"Spawner": 1, "spawner": 2},
        "chart c 1 knows no 'spawner'",
        "nothing is defined there yet",
    ),
    "lacking key": (
        _map(a={"required": ["b", "c"]}),
        {"a": {"b": 1}},
        "'a' lacks 'c', which chart c 1 wants",
        "add what it lacks, or remove it",
    ),
    "enum": (
        _map(a={"enum": ["", "ClusterIP", "NodePort", None]}),
        {"a": "nodeport"},
        "'a' is 'nodeport', and chart c 1 wants one of ClusterIP, NodePort",
        "did you mean 'NodePort'?",
    ),
    "pattern": (
        _map(a={"type": "string", "pattern": "^/"}),
        {"a": "x"},
        "'a' is 'x', and chart c 1 wants text of the form ^/",
        "write text of the form ^/",
    ),
    "bound": (
        _map(a={"minimum": 2}),
        {"a": 1},
        "'a' is the number 1, and chart c 1 wants 2 or more",
        "write 2 or more",
    ),
    "what is never wanted": (
        _map(a={"not": {}}),
        {"a": []},
        "'a' is an empty list, and chart c 1 wants something else",
        "write something else",
    ),
    "alternatives": (
        _map(a={"oneOf": [{"type": "string"}, _map(b={"type": "string"})]}),
        {"a": {"b": 1}},
        "'a.b' is the number 1, and chart c 1 wants text",
        "put it in quotes",
    ),
    "entry of a list": (
        _map(a={"items": {"type": "string"}}),
        {"a": ["x", 2]},
        "'a.1' is the number 2, and chart c 1 wants text",
        "put it in quotes",
    ),
    "credential": (
        _map(a=_map(password={"type": "integer"})),
        {"a": {"password": "hunter2-tides"}},
        "'a.password' is '********', and chart c 1 wants a whole number",
        "write a whole number",
    ),
}


@pytest.mark.parametrize("case", WRONG)
def test_violation_is_worded(case: str) -> None:
    schema, values, message, help = WRONG[case]
    [found] = violations(values, schema)
    assert (found.message("c 1"), found.cure()) == (message, help)


NO_SCHEMA: dict[str, Values] = {
    "unknown type": {"properties": {"a": {"type": "text"}}},
    "no pattern": {"properties": {"a": {"pattern": "("}}},
    "list for a map": {"properties": ["a"]},
    "number for a map": {"properties": {"a": 5}},
    "reference to nothing": {"properties": {"a": {"$ref": "#/definitions/b"}}},
    "reference to itself": {"$ref": "#"},
}


@pytest.mark.parametrize("case", NO_SCHEMA)
def test_what_is_no_schema_is_said_to_be_none(case: str) -> None:
    with pytest.raises(NoSchemaError):
        violations({"a": "x"}, NO_SCHEMA[case])


@pytest.mark.parametrize("case", NO_SCHEMA)
def test_what_is_no_schema_is_not_judged_by(case: str) -> None:
    packaged = PackagedChart(schema=NO_SCHEMA[case], defaults={})
    assert _codes(_hub(a="x"), dict.fromkeys(PINS, packaged)) == []


def _real(*pins: facts.Pin) -> Charts:
    """Schemas and defaults of real charts."""
    return {pin: facts.chart(*pin) for pin in pins}


# Closed where the tests below make mistakes, and as the charts of PINS are there.
OWN_HUB = _map(
    **{key: {} for key in ("custom", "hub", "prePuller", "proxy", "scheduling")},
    cull=_map(
        enabled={"type": "boolean"},
        every={"type": "integer"},
        timeout={"type": "integer"},
    ),
    ingress={"properties": {"pathSuffix": {"type": ["string", "null"]}}},
    singleuser={
        "type": "object",
        "additionalProperties": False,
        "patternProperties": {"^(cloudMetadata|cpu|extraEnv|image|memory|networkPolicy)": {}},
        "properties": {
            "$patch": {},
            "defaultUrl": {"type": ["string", "null"]},
            "extraResource": {},
            "profileList": {},
            "startTimeout": {"type": ["integer", "null"]},
            "storage": {},
        },
    },
)
OWN = {
    PINS[0]: PackagedChart(schema=OWN_HUB, defaults={}),
    PINS[1]: PackagedChart(schema={}, defaults={}),
}


def _hub(**values: Any) -> Values:
    return {"jupyterhub": {"values": values}}


def _text(part: Mapping[str, Any]) -> str:
    return json.dumps(merge(yaml.safe_load(PROTOCOAST.read_text()), part), ensure_ascii=False)


def _report(text: str, charts: Charts) -> Report:
    around = Surroundings(charts=charts)
    return load(
        text.encode(), "site.yaml", site_schema(), known_versions(), lambda _: around
    ).report


def _codes(part: Mapping[str, Any], charts: Charts) -> list[str]:
    found = _report(_text(part), charts).diagnostics
    return [one.code for one in found if one.code.startswith("C")]


@facts.charts(*PINS)
def test_protocoast_fits_the_real_charts() -> None:
    site, around = protocoast(), Surroundings(charts=_real(*PINS))
    assert values_break_chart_schema.can_judge(site, around)
    assert list(values_break_chart_schema.check(site, around)) == []


@facts.recorded("charts")
@pytest.mark.parametrize("path", GOLDEN, ids=lambda path: path.parent.name)
def test_golden_sites_fit_the_real_charts(path: Path) -> None:
    site = site_of(path.read_text("utf-8"))
    pins = {
        (chart, pin.text)
        for settings, _ in site.variants
        for chart, pin in settings.charts.items()
        if pin.text in facts.versions(chart)
    }
    assert pins
    around = Surroundings(charts=_real(*pins))
    assert list(values_break_chart_schema.check(site, around)) == []


@facts.charts(*PINS)
@pytest.mark.parametrize("variant", VARIANTS)
def test_variants_fit_the_real_charts(variant: str) -> None:
    assert "C314" not in _codes(VARIANTS[variant], _real(*PINS))


OF_CHARTS: dict[str, tuple[Values, list[str]]] = {
    "unknown key": (_hub(singleuser={"defaultURL": "/lab"}), ["C314"]),
    "unknown root key": (_hub(singeluser={"defaultUrl": "/lab"}), ["C314"]),
    "two unknown keys": (_hub(cull={"timeOut": 1, "evry": 2}), ["C314", "C314"]),
    "wrong type": (_hub(cull={"enabled": "yes"}), ["C314"]),
    "free map": (_hub(custom={"a": [1, {"b": None}]}), ["C310"]),
    "quoted number": (_hub(cull={"timeout": "1"}), ["C318"]),
    "quoted number, deeper": (_hub(hub={"pdb": {"minAvailable": "1"}}), ["C318"]),
    "word for a number": (_hub(cull={"timeout": "never"}), ["C314"]),
    "null in a list": (_hub(ingress={"pathSuffix": [None]}), ["C310", "C314", "C321"]),
    "instruction": (_hub(singleuser={"$patch": "delete"}), ["C311"]),
    "umbrella's name elsewhere": (_hub(cull={"jupyterhub": {}}), ["C314"]),
    "umbrella": (_hub(jupyterhub={"cull": {}}), ["C312"]),
    "map replaced": (_hub(singleuser={"storage": "none"}), ["C320"]),
    "text for Dask's map": (
        {"daskGateway": {"values": {"gateway": {"backend": {"image": "x"}}}}},
        ["C320"],
    ),
}


@pytest.mark.parametrize("case", OF_CHARTS)
def test_one_mistake_under_a_schema_is_said_by_one_rule(case: str) -> None:
    part, codes = OF_CHARTS[case]
    assert sorted(_codes(part, OWN)) == codes


@facts.charts(*PINS)
@pytest.mark.parametrize("case", OF_CHARTS)
def test_one_mistake_under_a_real_schema_is_said_by_one_rule(case: str) -> None:
    part, codes = OF_CHARTS[case]
    assert sorted(_codes(part, _real(*PINS))) == codes


SITE = """\
  values:
    singleuser:
      defaultUrl: 7

daskGateway:"""


def test_finding_points_at_an_environments_own_value_and_at_a_shared_one_once() -> None:
    own = "    jupyterhub:\n      values: {singleuser: {startTimeout: soon}}\n"
    text = PROTOCOAST.read_text().replace("  values: {}\n\ndaskGateway:", SITE)
    text = text.replace("    jupyterhub:\n", own)
    found = [one for one in _report(text, OWN).diagnostics if one.code == "C314"]
    lines = text.splitlines()
    assert [lines[one.at.line - 1].strip() for one in found] == [
        "values: {singleuser: {startTimeout: soon}}",
        "defaultUrl: 7",
    ]


def test_silence_means_nothing_while_a_chart_is_missing() -> None:
    text = PROTOCOAST.read_text().replace(
        "  home: {", "  # a comment\n  values: {} # hubops: ignore[C314] not yet\n  home: {"
    )
    text = text.replace("  values: {}\n\ndaskGateway:", "daskGateway:")
    hub, _ = PINS
    both = [one.code for one in _report(text, OWN).diagnostics]
    one = [found.code for found in _report(text, {hub: OWN[hub]}).diagnostics]
    assert "Y016" in both
    assert "Y016" not in one


def test_what_is_at_hand_is_judged_while_another_chart_is_missing() -> None:
    assert _codes(_hub(cull={"timeOut": 1}), {PINS[0]: OWN[PINS[0]]}) == ["C314"]
    assert _codes(_hub(cull={"timeOut": 1}), {PINS[1]: OWN[PINS[1]]}) == []


def test_a_fleet_is_judged_in_seconds() -> None:
    production = yaml.safe_load(PROTOCOAST.read_text())["environments"]["production"]
    fleet = {
        f"e{number}": {
            **production,
            "cluster": "fedcloud",
            "host": f"e{number}.example.org",
            "namespace": f"n{number}",
            "jupyterhub": {"home": {"capacity": f"{number % 9 + 1}Gi"}},
        }
        for number in range(1000)
    }
    part = {"environments": fleet, "daskGateway": None, **_hub(cull={"timeOut": 1})}
    site, around = site_of(_text(part)), Surroundings(charts=OWN)
    started = time.perf_counter()
    found = list(values_break_chart_schema.check(site, around))
    assert time.perf_counter() - started < 10
    assert {one.at for one in found} == {("jupyterhub", "values", "cull", "timeOut")}
