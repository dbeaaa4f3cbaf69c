"""What an editor with a YAML language server makes of site.yaml: it knows the schema alone."""

import json
import re
from pathlib import Path
from typing import Any

import pytest
import yaml
from click.testing import CliRunner
from jsonschema import Draft202012Validator, ValidationError

from generator.cli.main import hubops
from generator.merge import merge
from tests.project.test_docs import DOCUMENTS
from tests.support.sites import PROTOCOAST, ROOT

HEADER = re.compile(r"# yaml-language-server: \$schema=([\w./-]+)")
# A document may tell how the schema comes into a repository of one's own.
WRITTEN = re.compile(r"hubops schema > ([\w./-]+)")
PRINTED = CliRunner().invoke(hubops, ["schema"]).output
SCHEMA: dict[str, Any] = json.loads(PRINTED)


def _faults(overrides: dict[str, Any]) -> list[ValidationError]:
    """What the schema alone says of ProtoCoast's site with some of it changed."""
    site = merge(yaml.safe_load(PROTOCOAST.read_text()), overrides)
    return list(Draft202012Validator(SCHEMA).iter_errors(site))


def test_first_line_of_site_yaml_names_the_schema_that_is_printed() -> None:
    first = PROTOCOAST.read_text().splitlines()[0]
    header = HEADER.fullmatch(first)
    assert header is not None
    assert json.loads((PROTOCOAST.parent / header[1]).read_text()) == SCHEMA


def test_schema_is_of_the_draft_that_it_names() -> None:
    assert SCHEMA["$schema"] == Draft202012Validator.META_SCHEMA["$id"]
    Draft202012Validator.check_schema(SCHEMA)


def test_protocoast_has_no_fault_in_an_editor() -> None:
    assert _faults({}) == []


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_header_in_a_document_names_a_schema_that_is_there(document: Path) -> None:
    text = document.read_text()
    named = set(HEADER.findall(text))
    there = {path for path in named if (ROOT / path).is_file()}
    assert named - there <= set(WRITTEN.findall(text))


def test_header_in_the_help_names_what_its_example_writes() -> None:
    help = CliRunner().invoke(hubops, ["schema", "--help"]).output
    named = re.findall(r"\$schema=([\w./-]+[\w])", help)
    assert named == WRITTEN.findall(help)


FAULTS: dict[str, tuple[dict[str, Any], str, str]] = {
    "misspelt": (
        {"jupyterhub": {"servres": {}}},
        "$.jupyterhub",
        "'servres' was unexpected",
    ),
    "misspelt in an environment": (
        {"environments": {"staging": {"jupyterhub": {"servres": {}}}}},
        "$.environments.staging.jupyterhub",
        "'servres' was unexpected",
    ),
    "wrong type": (
        {"clusters": {"fedcloud": {"kubernetes": 1.30}}},
        "$.clusters.fedcloud.kubernetes",
        "1.3 is not of type 'string'",
    ),
    "wrong type in an environment": (
        {"environments": {"staging": {"sync": {"prune": "no"}}}},
        "$.environments.staging.sync.prune",
        "'no' is not of type 'boolean', 'null'",
    ),
    "wrong word": (
        {"jupyterhub": {"authentication": {"provider": "ldap"}}},
        "$.jupyterhub.authentication.provider",
        "'ldap' is not one of",
    ),
    "not the provider's": (
        {"jupyterhub": {"authentication": {"organizations": ["coast-lab"]}}},
        "$.jupyterhub.authentication.organizations",
        "should not be valid",
    ),
    "missing": (
        {"environments": {"production": {"host": None}}},
        "$.environments.production",
        "'host' is a required property",
    ),
}


@pytest.mark.parametrize(("overrides", "place", "words"), FAULTS.values(), ids=FAULTS)
def test_schema_alone_marks_a_fault_at_its_place(
    overrides: dict[str, Any], place: str, words: str
) -> None:
    (fault,) = _faults(overrides)
    assert fault.json_path == place
    assert words in fault.message


HOVERS = {
    "at the top": ("site", "Begins the name of every object in Argo CD"),
    "in a map of one's own names": ("clusters.*.storageClass", "For the hub database"),
    "beside a reference": ("jupyterhub.servers.memory.limit", "What a server can use at most"),
    "only in the reference": ("jupyterhub.values", "Values of the chart itself, merged last"),
    "in a list": ("jupyterhub.servers.profiles.[].slug", "A short name for URLs and diffs"),
    "in an environment": ("environments.*.jupyterhub.home.capacity", "Size of a new user's volume"),
}


@pytest.mark.parametrize(("path", "words"), HOVERS.values(), ids=HOVERS)
def test_hovering_over_a_key_explains_it(path: str, words: str) -> None:
    part = SCHEMA
    for step in path.split("."):
        holder = part if "$ref" not in part else SCHEMA["$defs"][part["$ref"].rpartition("/")[2]]
        below = {"*": "additionalProperties", "[]": "items"}
        part = holder[below[step]] if step in below else holder["properties"][step]
    whole = part if "description" in part else SCHEMA["$defs"][part["$ref"].rpartition("/")[2]]
    assert whole["description"].startswith(words)
    assert whole["examples"]
