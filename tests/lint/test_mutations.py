"""5,000 random edits of ProtoCoast's site.yaml: each is judged and reported, soon and clearly."""

import json
import random
import re
import time
from copy import deepcopy
from typing import Any

import pytest

from generator.build.repository import Inputs, build
from generator.diagnostics import Diagnostic, Report
from generator.io import resources
from generator.lint import load
from generator.lint.pages import codes
from generator.lint.rules.base import PackagedChart, Surroundings, every_settings
from generator.report.formats import FORMATS
from generator.site.model import Site
from tests.support import mutations, random_sites
from tests.support.random_values import examples
from tests.support.sites import PROTOCOAST, load_text

TEXT = PROTOCOAST.read_text("utf-8")
PATIENCE = 2.0
LINE_BREAK = re.compile(r"\r\n|\n|\r")
CHUNK = 125
# How many chunks of each kind; the sum is 5,000 texts.
CHUNKS = {"lines": 9, "words": 9, "meaning": 9, "cut": 3, "several": 10}
SEEDS = [(kind, seed) for kind, number in CHUNKS.items() for seed in range(number)]


@pytest.mark.parametrize(("kind", "seed"), SEEDS, ids=[f"{kind}-{seed}" for kind, seed in SEEDS])
def test_any_edit_is_judged_and_reported(kind: str, seed: int) -> None:
    chance = random.Random(f"{kind} {seed}")
    for _ in range(CHUNK):
        text = mutations.EDITS[kind](TEXT, chance)
        assert_judged(mutations.as_bytes(text, chance))


def test_five_thousand_are_edited() -> None:
    assert len(SEEDS) * CHUNK == 5_000
    assert CHUNKS.keys() == mutations.EDITS.keys()


def test_edits_break_sites_in_many_ways_and_leave_some_whole() -> None:
    chance = random.Random("variety")
    edited = [mutations.EDITS[kind](TEXT, chance) for kind in CHUNKS for _ in range(100)]
    loaded = list(map(load_text, edited))
    codes = {found.code for one in loaded for found in one.report.diagnostics}
    assert len(codes) > 20
    assert {code[0] for code in codes} >= set("YSRCLA")
    assert len(loaded) / 10 < sum(one.site is not None for one in loaded) < len(loaded) / 2


def test_an_edited_tree_never_holds_itself() -> None:
    chance = random.Random("one part in two places")
    for _ in range(500):
        part: dict[str, Any] = {"deep": {"deeper": {"deepest": 1}}}
        tree = {"one": part, "two": part, "list": [part["deep"], part]}
        json.dumps(mutations.edited_tree(tree, chance))


# 1,000 edits of 340 random sites, beside random surroundings; drawing a site costs most.
PARTS = 8
SITES = 42
EDITS_EACH = 3


@pytest.mark.parametrize("part", range(PARTS))
def test_any_site_is_judged_beside_any_other(part: int) -> None:
    chance = random.Random(f"sites {part}")
    sites = examples(random_sites.sites(), SITES, number=part + 1)
    for raw in sites * EDITS_EACH:
        edited, before = edited_text(raw, chance), chance.choice(sites)
        base = load.as_far_as_read(
            chance.choice((random_sites.as_text(before), edited_text(raw, chance))).encode(),
            resources.site_schema(),
            resources.known_versions(),
        )
        assert_judged(edited.encode("utf-8", "surrogatepass"), _beside(base, chance))


def edited_text(raw: Any, chance: random.Random) -> str:
    """A site's text with one or two edits, most of them of what it means."""
    tree = deepcopy(raw)
    for _ in range(chance.randint(1, 2)):
        tree = mutations.edited_tree(tree, chance)
    text = random_sites.as_text(tree)
    return text if chance.random() < 0.8 else mutations.in_words(text, chance)


CHART_SCHEMAS: tuple[dict[str, Any], ...] = (
    {},
    {"type": "object", "additionalProperties": False, "properties": {"hub": {"type": "object"}}},
    {"type": "array"},
    {
        "properties": {
            "hub": {"required": ["absent"], "additionalProperties": {"type": "string"}},
            "global": {"patternProperties": {"": {"type": ["number", "null"]}}},
            "custom": {"anyOf": [{"type": "integer"}, {"items": {"enum": ["a"]}}]},
            "gateway": {"oneOf": [{"required": ["replicas"]}, {"required": ["env"]}]},
        }
    },
    {"not": {}},
)


def _beside(base: Site | None, chance: random.Random) -> load.Around:
    """Surroundings with a Git base, and with packages of the pinned charts."""

    def around(site: Site) -> Surroundings:
        pins = {pin for settings in every_settings(site) for pin in settings.charts.values()}
        charts = {
            (pin.name, pin.text): PackagedChart(
                schema=chance.choice(CHART_SCHEMAS),
                defaults=chance.choice(({}, {"hub": {"x": 1}, "global": 1, "custom": [None]})),
            )
            for pin in sorted(pins, key=repr)
        }
        return Surroundings(base=base, charts=charts)

    return around


def assert_judged(content: bytes, around: load.Around = lambda _: Surroundings()) -> None:
    """Linting ends soon; all it says has a place, a code and a cure; what it lets pass is built."""
    started = time.process_time()
    loaded = load.load(
        content, "site.yaml", resources.site_schema(), resources.known_versions(), around
    )
    assert time.process_time() - started < PATIENCE
    lines = LINE_BREAK.split(content.decode("utf-8-sig", "replace"))
    for found in loaded.report.diagnostics:
        _assert_place(found, lines)
        _assert_words(found)
    assert (loaded.site is None) == loaded.report.has_errors
    _assert_formats(loaded.report, loaded.lines)
    if loaded.site is not None:
        assert build(loaded.site, Inputs())


def _assert_place(found: Diagnostic, lines: list[str]) -> None:
    at = found.at
    for line, column in ((at.line, at.column), (at.end_line, at.end_column)):
        assert 1 <= line <= len(lines)
        assert 1 <= column <= len(lines[line - 1]) + 1
    assert (at.line, at.column) <= (at.end_line, at.end_column)


def _assert_words(found: Diagnostic) -> None:
    assert found.code in codes()
    for words in (found.message, found.help):
        assert words.strip()
        assert "\n" not in words


def _assert_formats(report: Report, lines: tuple[str, ...]) -> None:
    """Every format says each finding once."""
    said = [f"site.yaml:{one.at.line}:{one.at.column}: " for one in report.diagnostics]
    heads = re.findall(r"(?m)^site\.yaml:\d+:\d+: ", FORMATS["text"](report, lines))
    assert heads == said
    assert FORMATS["github"](report, lines).count("\n") == len(said)
    assert len(json.loads(FORMATS["json"](report, lines))["findings"]) == len(said)
    (run,) = json.loads(FORMATS["sarif"](report, lines))["runs"]
    assert len(run["results"]) == len(said)
