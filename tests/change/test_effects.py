"""What a change does: for every effect a site before, a site after, and the exact review.

`tests/effects/<CODE>-<slug>.before.yaml`, `.after.yaml` and `.expected`; dropping in three files
adds a test. `UPDATE_EFFECTS=1 pytest tests/change/test_effects.py` rewrites the reviews: read each
change as a reviewer would.
"""

import os
import re
from pathlib import Path

import pytest

from generator.change import effects, review_text
from generator.change.effects import EFFECTS, FELT_BY, PAGES
from generator.change.review import Review, review
from generator.change.sides import Side
from tests.support.sites import site_of

FOLDER = Path(__file__).parents[1] / "effects"
CASES = sorted(path.name.removesuffix(".before.yaml") for path in FOLDER.glob("*.before.yaml"))


def reviewed(name: str) -> Review:
    """The review of one case."""
    before, after = (
        Side(site=site_of((FOLDER / f"{name}.{side}.yaml").read_text("utf-8")))
        for side in ("before", "after")
    )
    return review(before, after, lambda place, app, change: "")


def codes(found: Review) -> set[str]:
    """The codes of all effects of a review."""
    chapters = (*found.environments, *found.clusters)
    return {one.code for chapter in chapters for one in chapter.consequences}


@pytest.mark.parametrize("name", CASES)
def test_review_is_as_expected(name: str) -> None:
    found = reviewed(name)
    code = name.partition("-")[0]
    assert code == "none" or code in codes(found)
    printed = review_text.review(found)
    expected = FOLDER / f"{name}.expected"
    if os.environ.get("UPDATE_EFFECTS"):
        expected.write_text(printed, encoding="utf-8", newline="\n")
    assert printed == expected.read_text(encoding="utf-8")


def test_nothing_is_left_over() -> None:
    ends = (".before.yaml", ".after.yaml", ".expected")
    assert {path.name for path in FOLDER.iterdir()} == {f"{n}{end}" for n in CASES for end in ends}


def test_every_file_is_registered_with_a_code_of_its_own() -> None:
    files = {path.stem for path in Path(effects.__file__).parent.glob("*.py")} - {"__init__"}
    rows = {
        (code, effect.__name__.rpartition(".")[2])
        for registered in EFFECTS.values()
        for code, effect in registered.items()
    }
    assert sorted(name for _, name in rows) == sorted(files)
    assert len({code for code, _ in rows}) == len(rows) == len(PAGES)
    assert all(re.fullmatch(r"E0\d\d", code) for code in PAGES)
    assert all(list(registered) == sorted(registered) for registered in EFFECTS.values())


def test_who_feels_an_effect_is_said_of_known_codes_once() -> None:
    codes = [code for group in FELT_BY.values() for code in group]
    assert len(codes) == len(set(codes))
    assert set(codes) <= set(PAGES)


@pytest.mark.parametrize("code", PAGES)
def test_docstring_is_a_page(code: str) -> None:
    first, blank, *rest = PAGES[code].splitlines()
    assert re.fullmatch(r"[A-Z].{10,90}\.", first)
    assert blank == ""
    assert len(" ".join(rest).split()) >= 15


def test_every_code_has_a_case_of_exact_text() -> None:
    """E006 is of sealed values, E026 and E032 of `extra/`, which a site alone does not have."""
    rotation = (FOLDER.parent / "change" / "history" / "05-rotate.md").read_text("utf-8")
    assert "(E006)" in rotation
    assert {name.partition("-")[0] for name in CASES} | {"E006", "E026", "E032"} >= set(PAGES)
