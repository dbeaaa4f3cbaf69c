"""docs/rules.md and docs/site-reference.md: what the program prints, with links that lead."""

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml
from click.testing import CliRunner
from jsonschema import Draft202012Validator

from generator.charts import CHARTS
from generator.cli.main import hubops
from generator.io import resources
from generator.lint import pages
from generator.proof import checks
from generator.report import markdown
from generator.secrets import findings
from generator.yaml.read import read
from tests.project.test_docs import blocks
from tests.support.schema_keys import below
from tests.support.sites import ROOT, load_text

RULES = ROOT / "docs" / "rules.md"
REFERENCE = ROOT / "docs" / "site-reference.md"
COMMANDS = {
    RULES: ["lint", "--explain", "all"],
    ROOT / "docs" / "checks.md": ["lint", "--explain", "checks"],
    ROOT / "docs" / "effects.md": ["lint", "--explain", "effects"],
    REFERENCE: ["schema", "--format", "markdown"],
}
ON_BOTH = pytest.mark.parametrize("document", COMMANDS, ids=lambda path: path.stem)
EXPECTED = sorted((ROOT / "tests" / "invalid").glob("*.expected"))

Part = Mapping[str, Any]


def _anchors(document: Path) -> set[str]:
    """The anchors that GitHub gives to the headings of a document."""
    prose = re.sub(r"^```.*?^```$", "", document.read_text(), flags=re.MULTILINE | re.DOTALL)
    headings = re.findall(r"^#+ (.+)$", prose, re.MULTILINE)
    return {re.sub(r"[^\w -]", "", heading).lower().replace(" ", "-") for heading in headings}


@ON_BOTH
def test_document_is_what_the_program_prints(document: Path) -> None:
    printed = CliRunner().invoke(hubops, COMMANDS[document]).output
    assert document.read_text() == printed, "run: make docs"


@ON_BOTH
def test_make_docs_writes_the_document(document: Path) -> None:
    command = " ".join(["hubops", *COMMANDS[document]])
    assert f"{command} > {document.relative_to(ROOT)}\n" in (ROOT / "Makefile").read_text()


@ON_BOTH
def test_link_inside_a_document_leads_to_a_heading(document: Path) -> None:
    inside = set(re.findall(r"\]\(#([^)]+)\)", document.read_text()))
    assert inside <= _anchors(document)


@ON_BOTH
def test_nothing_of_the_prose_is_taken_for_html(document: Path) -> None:
    text = re.sub(r"^```.*?^```$", "", document.read_text(), flags=re.MULTILINE | re.DOTALL)
    assert re.findall(r"(?<!\\)<[a-z/]\S*", re.sub(r"`[^`]*`", "", text)) == []


@pytest.mark.parametrize("code", sorted(pages.codes()))
def test_link_of_a_code_leads_to_its_page(code: str) -> None:
    path, anchor = pages.link(code).split("#")
    assert ROOT / path == RULES
    assert anchor in _anchors(RULES)


@pytest.mark.parametrize("code", [*checks.PAGES, *findings.CODES])
def test_link_of_what_is_found_elsewhere_leads_to_a_heading(code: str) -> None:
    path, anchor = pages.link(code).split("#")
    assert anchor in _anchors(ROOT / path)


@pytest.mark.parametrize("expected", EXPECTED, ids=lambda path: path.stem)
def test_link_of_a_finding_leads_to_a_heading(expected: Path) -> None:
    linked = re.findall(r"docs/rules\.md#(\w+)", expected.read_text())
    assert linked
    assert set(linked) <= _anchors(RULES)


def test_every_code_is_in_the_table_of_contents_once() -> None:
    listed = re.findall(
        r"^\| .+? \| \[(\w+)\]\(#\w+\) \| (\w+) \|", RULES.read_text(), re.MULTILINE
    )
    assert sorted(listed) == [(page.code, page.severity) for page in pages.pages()]


def test_page_is_printed_whole() -> None:
    page = pages.page("R201")
    assert markdown.rule(page) == (
        "### R201\n\n"
        "**An environment names a cluster that is not defined.** (error)\n\n"
        "Every environment runs in one entry of `clusters`. Correct the name, or add the "
        "cluster there. Where\n"
        "several environments name the same missing cluster, and no environment "
        "uses an entry with a similar\n"
        "name, that entry is most likely misspelt, and hubops reports it there, once.\n\n"
        "Bad:\n\n```yaml\n"
        "environments:\n"
        "  production: {cluster: fedclod, namespace: hub, host: hub.example.org}\n```\n\n"
        "Good:\n\n```yaml\n"
        "environments:\n"
        "  production: {cluster: fedcloud, namespace: hub, host: hub.example.org}\n```\n\n"
        "It can't be silenced by a comment.\n"
    )


EXAMPLE, OVERRIDES = blocks(REFERENCE.read_text(), "yaml")


def test_the_whole_site_in_the_reference_has_no_mistake() -> None:
    loaded = load_text(EXAMPLE)
    assert loaded.site is not None
    assert loaded.report.diagnostics == ()


def test_overrides_in_the_reference_fit_the_whole_site() -> None:
    whole = yaml.safe_load(EXAMPLE)
    (name,) = yaml.safe_load(OVERRIDES)["environments"]
    environment = whole["environments"][name] | yaml.safe_load(OVERRIDES)["environments"][name]
    whole["environments"][name] = environment
    loaded = load_text(yaml.safe_dump(whole, sort_keys=False))
    assert loaded.report.diagnostics == ()
    assert loaded.site is not None
    settings = loaded.site.environments[1].settings
    assert settings.dask is None
    assert settings.hub is not None
    assert settings.hub.home_capacity == "10Gi"
    assert (settings.hub.memory.guarantee, settings.hub.memory.limit) == ("5Gi", "6Gi")
    assert [profile.name for profile in settings.hub.profiles] == ["Stable", "Next"]


SCHEMA = resources.site_schema()


def _followed(part: Part) -> Part:
    while "$ref" in part:
        part = SCHEMA["$defs"][part["$ref"].removeprefix("#/$defs/")]
    return part


def _paths(part: Part, path: str) -> Iterator[str]:
    """Every key of the schema; what an environment overrides is not spelled out again."""
    for name, child in _followed(part).get("properties", {}).items():
        below = f"{path}.{name}" if path else name
        yield below
        if not child.get("$ref", "").endswith("Override"):
            yield from _paths(child, below)
    for keyword, step in (("additionalProperties", ".<name>"), ("items", "[]")):
        child = _followed(part).get(keyword)
        if isinstance(child, Mapping) and "properties" in _followed(child):
            yield f"{path}{step}"
            yield from _paths(child, f"{path}{step}")


def _rows() -> dict[str, list[str]]:
    """The cells of the reference's rows behind the first, by key."""
    rows = re.findall(r"^\| `([\w.<>\[\]-]+)` \| (.*) \|$", REFERENCE.read_text(), re.MULTILINE)
    return {key: re.split(r" ?\| ", cells) for key, cells in rows}


ROWS = _rows()


def test_every_key_has_a_row_or_a_section() -> None:
    sections = re.findall(r"^## `(\w+)`$", REFERENCE.read_text(), re.MULTILINE)
    assert sorted(_paths(SCHEMA, "")) == sorted([*ROWS, *sections])


def _part(key: str) -> Part:
    part: Part = SCHEMA
    for step in key.replace("[]", ".[]").split("."):
        part = dict(below(part))[{"<name>": "<>"}.get(step, step)]
    return part


@pytest.mark.parametrize("key", ROWS)
def test_row_has_an_example_that_the_schema_takes(key: str) -> None:
    (shown,) = re.findall(r"`(.+)`", ROWS[key][2])
    part = {**_part(key), "$defs": SCHEMA["$defs"]}
    assert list(Draft202012Validator(part).iter_errors(read(shown.encode(), "").data)) == []


@pytest.mark.parametrize("key", ROWS)
def test_row_says_what_a_key_takes_and_what_it_is(key: str) -> None:
    takes, _, _, meaning = ROWS[key]
    assert takes
    assert meaning.endswith(".")


@pytest.mark.parametrize(
    "section", ["charts", "sync", *(chart.section for chart in CHARTS.values())]
)
def test_environment_refers_to_the_section_that_it_overrides(section: str) -> None:
    takes = ROWS[f"environments.<name>.{section}"][0]
    assert takes == (
        f"keys of [{section}](#{section.lower()}), [in part](#what-an-environment-overrides)"
    )


CELLS = {
    "schemaVersion": ["`1`", "**required**", "`1`"],
    "repository.revision": ["text", "`main`", "`main`"],
    "clusters.<name>.argocd": ["a map", "", '`{version: "2.14"}`'],
    "clusters.<name>.kubernetes": ["[a version in quotes](#forms)", "**required**", '`"1.30"`'],
    "environments.<name>.sealingScope": [
        "`strict`, `namespace-wide` or `cluster-wide`",
        "`strict`",
        "`namespace-wide`",
    ],
    "sync.prune": ["`true` or `false`", "`true`", "`false`"],
    "jupyterhub.authentication.tokenUrl": [
        "[a URL](#forms)",
        "**required** with `generic-oauth`",
        "`https://aai-demo.egi.eu/auth/realms/egi/protocol/openid-connect/token`",
    ],
    "jupyterhub.authentication.allow": [
        "a map",
        "**required** with `generic-oauth` or `dummy`",
        "`{everyone: true}`",
    ],
    "jupyterhub.authentication.organizations": [
        "a list; each an organisation, or a team of one",
        "`[]`",
        "`[tides-lab, coast-lab:hub-users]`",
    ],
    "jupyterhub.home.capacity": [
        "[a Kubernetes quantity with its unit](#forms)",
        "`10Gi`",
        "`50Gi`",
    ],
    "jupyterhub.servers.environment": [
        "a map",
        "",
        '`{SCRATCH_BUCKET: "s3://scratch/{username}"}`',
    ],
    "jupyterhub.servers.profiles": [
        "a list of maps",
        "",
        "`[{name: Main, slug: main, image: quay.io/globalcoast/protocoast-notebook:main, "
        "default: true}]`",
    ],
    "jupyterhub.servers.profiles[].name": [
        "text of at most 200 characters",
        "**required**",
        "`ProtoCoast - main`",
    ],
    "jupyterhub.values": ["a map", "`{}`", "`{hub: {revisionHistoryLimit: 3}}`"],
    "daskGateway.limits.workers": [
        "a whole number from 1 to 1,000,000",
        "**required**",
        "`3`",
    ],
}


@pytest.mark.parametrize("key", CELLS)
def test_cells_of_a_row(key: str) -> None:
    assert ROWS[key][:3] == CELLS[key]


def test_row_names_the_providers_that_take_a_key() -> None:
    assert " Only with " not in ROWS["jupyterhub.authentication.admins"][3]
    organizations = ROWS["jupyterhub.authentication.organizations"][3]
    assert organizations.endswith(" Only with `github`.")
