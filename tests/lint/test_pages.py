"""Every code has its page, and every example on it is what the page says it is.

An example is a part of site.yaml: it is laid over a small good site and loaded. One with another
login provider brings the whole login. What the Git base says is judged with the good example as the
base.
"""

import inspect
import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml

from generator.diagnostics import Report, Severity
from generator.io import resources
from generator.lint import load, pages
from generator.lint.rules import every_comparison, every_rule
from generator.lint.rules.base import PackagedChart, Surroundings
from generator.site import schema, schema_pages, schema_words
from generator.site.model import Site
from generator.yaml import pages as yaml_pages
from generator.yaml.messages import MESSAGES
from generator.yaml.read import MAX_BYTES, read
from tests.support.sites import load_text

INVALID = Path(__file__).parents[1] / "invalid"
BASE_TEXT = (INVALID / "C304-two-charts.good.yaml").read_text(encoding="utf-8")
BASE = yaml.safe_load(BASE_TEXT)

# What an example leaves out, and the small good site has.
LEFT_OUT = {"C307": ("charts", "dask-gateway")}
# Judged by the chart's own schema.
OF_A_CHART = "C314"
# The rules that judge by a day, and the day that their examples are judged by.
BY_DAY, DAY = ("C340", "C341"), "2026-10-01"
# What silences a finding stands in a comment: such examples are laid over the text, not the data.
COMMENTS = ("Y016", "Y017")
# Too large to be shown: the example says in a comment what the text would be.
DESCRIBED = {"Y012": b"#" * (MAX_BYTES + 1)}
DESCRIBED_PART = {"G807": ('"256 KiB of HTML"', json.dumps("<p>" * 2**17))}
OF_THE_READER = sorted(yaml_pages.PAGES.keys() - set(COMMENTS) - DESCRIBED.keys())
OF_A_RULE = {
    *(rule.finding.code for rule in every_rule()),
    *(rule.finding.code for rule in every_comparison()),
}
OF_A_SITE = sorted(OF_A_RULE | schema_pages.PAGES.keys())


def _laid_over(base: Any, part: Any) -> Any:
    """Maps merge, all else replaces."""
    if not isinstance(part, Mapping) or not isinstance(base, Mapping):
        return part
    return {**base, **{key: _laid_over(base.get(key), value) for key, value in part.items()}}


def _base(code: str, example: Any) -> dict[str, Any]:
    """The small good site, without what an example leaves out or replaces as a whole."""
    base: dict[str, Any] = json.loads(json.dumps(BASE))
    if code in LEFT_OUT:
        section, key = LEFT_OUT[code]
        del base[section][key]
    login = base["jupyterhub"]["authentication"]
    written = example.get("jupyterhub", {}).get("authentication", {})
    if written.get("provider") not in (None, login["provider"]):
        base["jupyterhub"]["authentication"] = {"admins": login["admins"]}
    return base


def _site(code: str, example: str) -> bytes:
    """The small good site with an example laid over it."""
    document = read(example.replace(*DESCRIBED_PART.get(code, ("", ""))).encode(), code)
    assert not document.report.diagnostics
    site = _laid_over(_base(code, document.data), document.data)
    return json.dumps(site, ensure_ascii=False).encode()


def _small_charts(site: Site) -> dict[tuple[str, str], PackagedChart]:
    """The pinned charts, with a closed schema of what hubops writes and the examples show."""
    open_map = {"type": "object"}
    user = ("cloudMetadata", "defaultUrl", "extraEnv", "image", "networkPolicy", "profileList")
    servers: dict[str, Any] = {name: {} for name in (*user, "cpu", "memory", "storage")}
    known = {
        "singleuser": {"type": "object", "additionalProperties": False, "properties": servers},
        **dict.fromkeys(("cull", "hub", "ingress", "prePuller", "proxy", "scheduling"), open_map),
        **dict.fromkeys(("gateway", "traefik"), open_map),
    }
    small = {"type": "object", "additionalProperties": False, "properties": known}
    pins = site.shared.charts.values()
    return {(pin.name, pin.text): PackagedChart(schema=small, defaults={}) for pin in pins}


def _report(page: pages.Page, example: str) -> Report:
    """What lint says of an example, with the good one as what was there before."""
    base = load.as_far_as_read(
        _site(page.code, page.good), resources.site_schema(), resources.known_versions()
    )

    def around(site: Site) -> Surroundings:
        charts = _small_charts(site) if page.code == OF_A_CHART else {}
        return Surroundings(base=base, charts=charts, day=DAY if page.code in BY_DAY else "")

    content = _site(page.code, example)
    return load.load(
        content, "site.yaml", resources.site_schema(), resources.known_versions(), around
    ).report


def _codes(report: Report) -> set[str]:
    return {found.code for found in report.diagnostics}


@pytest.mark.parametrize("code", sorted(pages.codes()))
def test_page_has_the_form_of_pages(code: str) -> None:
    page = pages.page(code)
    assert re.fullmatch(r"[A-Z].{8,88}\.", page.title)
    assert len(page.why.split()) >= 15
    assert page.bad != page.good
    shown = (page.why, page.bad, page.good)
    assert all(len(line) <= 100 for part in shown for line in part.splitlines())


@pytest.mark.parametrize("code", sorted(pages.codes()))
def test_addresses_on_a_page_are_whole(code: str) -> None:
    addresses = [word for word in pages.page(code).see.split() if word not in ("See", "and")]
    assert all(re.fullmatch(r"https://[\w.-]+/[\w./~%#?=&-]*[\w/]", word) for word in addresses)


@pytest.mark.parametrize("code", OF_A_SITE)
def test_bad_example_gives_the_code_in_the_severity_of_the_page(code: str) -> None:
    page = pages.page(code)
    found = [one for one in _report(page, page.bad).diagnostics if one.code == code]
    assert {one.severity for one in found} == {page.severity}


@pytest.mark.parametrize("code", sorted(OF_A_RULE))
def test_bad_example_of_a_rule_is_well_formed(code: str) -> None:
    page = pages.page(code)
    assert not [one for one in _codes(_report(page, page.bad)) if one.startswith(("Y", "S"))]


@pytest.mark.parametrize("code", OF_A_SITE)
def test_good_example_is_a_site_without_errors(code: str) -> None:
    page = pages.page(code)
    report = _report(page, page.good)
    assert code not in _codes(report)
    assert [one for one in report.diagnostics if one.severity is Severity.ERROR] == []


@pytest.mark.parametrize("code", OF_THE_READER)
def test_examples_of_the_reader_are_read_as_their_page_says(code: str) -> None:
    page = pages.page(code)
    bad = read(page.bad.encode(), "site.yaml").report.diagnostics
    assert [(one.code, one.severity) for one in bad] == [(code, page.severity)]
    assert read(page.good.encode(), "site.yaml").report.diagnostics == ()


@pytest.mark.parametrize("code", COMMENTS)
def test_examples_with_a_comment_are_judged_as_their_page_says(code: str) -> None:
    page = pages.page(code)
    said = {
        example: [
            one.severity
            for one in load_text(_with_section(example)).report.diagnostics
            if one.code == code
        ]
        for example in (page.bad, page.good)
    }
    assert said == {page.bad: [page.severity], page.good: []}


def _with_section(example: str) -> str:
    """The small good site's text with an example in the place of its own `repository`."""
    before, own, after = re.split(r"^(repository: .*\n)", BASE_TEXT, flags=re.MULTILINE)
    assert example.startswith("repository:\n")
    assert own
    return f"{before}{example}\n{after}"


@pytest.mark.parametrize("code", DESCRIBED)
def test_example_that_can_not_be_shown_is_a_comment(code: str) -> None:
    page = pages.page(code)
    assert all(line.startswith("#") for line in page.bad.splitlines())
    found = read(DESCRIBED[code], "site.yaml").report.diagnostics
    assert [(one.code, one.severity) for one in found] == [(code, page.severity)]
    assert read(page.good.encode(), "site.yaml").report.diagnostics == ()


def test_everything_that_the_reader_says_has_a_page() -> None:
    assert yaml_pages.PAGES.keys() == MESSAGES.keys()


def test_everything_that_the_schema_says_has_a_page() -> None:
    source = inspect.getsource(schema) + inspect.getsource(schema_words)
    assert schema_pages.PAGES.keys() == set(re.findall(r'"(S\d{3})"', source))


def test_everything_that_is_found_in_an_example_file_has_a_page() -> None:
    assert {path.name.partition("-")[0] for path in INVALID.iterdir()} <= pages.codes()


def test_there_is_a_page_for_nothing_else() -> None:
    with pytest.raises(KeyError):
        pages.page("R999")
