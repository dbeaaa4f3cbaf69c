"""Every rule is registered, has a code of its own, a page, and an example of both kinds."""

import re
from pathlib import Path

import pytest

from generator.lint.rules import base as rule_base
from generator.lint.rules import every_comparison, every_rule
from generator.lint.rules.base import Comparison, Rule
from generator.lint.rules.subjects import CONCERNS

FOLDER = Path(rule_base.__file__).parent
EXAMPLES = Path(__file__).parents[1] / "invalid"
# The families whose findings are judgements about a site; the digit goes with the letter.
FAMILIES = {"R": "2", "C": "3", "L": "4", "A": "5", "I": "6", "K": "7", "G": "8"}


ALL: tuple[Rule | Comparison, ...] = (*every_rule(), *every_comparison())
CODES = {rule.finding.code: rule for rule in ALL}


def test_every_file_is_a_rule_in_a_folder_that_is_known() -> None:
    files = {path for path in FOLDER.glob("*/*.py") if path.name != "__init__.py"}
    assert {Path(str(vars(rule)["__file__"])) for rule in ALL} == files
    assert sorted(path.parent.name for path in FOLDER.glob("*/__init__.py")) == sorted(CONCERNS)


def test_no_code_is_used_twice() -> None:
    assert len(CODES) == len(ALL)


@pytest.mark.parametrize("code", CODES)
def test_code_belongs_to_a_family(code: str) -> None:
    assert re.fullmatch(r"[A-Z]\d{3}", code)
    assert FAMILIES.get(code[0]) == code[1]


@pytest.mark.parametrize("code", CODES)
def test_docstring_is_a_page(code: str) -> None:
    first, blank, *rest = (CODES[code].__doc__ or "").splitlines()
    assert re.fullmatch(r"[A-Z].{10,90}\.", first)
    assert blank == ""
    assert len(" ".join(rest).split()) >= 15


@pytest.mark.parametrize("code", CODES)
def test_rule_has_a_bad_and_a_good_example(code: str) -> None:
    bad = [path for path in EXAMPLES.glob(f"{code}-*.yaml") if "." not in path.stem]
    assert bad
    assert all(path.with_suffix(".good.yaml").exists() for path in bad)


def test_every_example_belongs_to_a_rule_or_to_reader_and_schema() -> None:
    used = {path.name.partition("-")[0] for path in EXAMPLES.iterdir()}
    assert {code for code in used if code[0] not in "YS"} == CODES.keys()
