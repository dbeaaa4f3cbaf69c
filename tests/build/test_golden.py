"""Whole generated trees: tests/golden/<case>/site.yaml gives tests/golden/<case>/expected/.

`make golden` rewrites the expected trees: read the difference before you commit it.
"""

import shutil
from pathlib import Path

import pytest
import yaml

from generator.build.repository import Inputs, build
from generator.diagnostics import Severity
from generator.io import resources
from generator.lint import load
from tests.support import schema_keys
from tests.support.sites import PROTOCOAST, site_of

FOLDER = Path(__file__).parents[1] / "golden"
CASES = sorted(path.name for path in FOLDER.iterdir() if path.is_dir())

# What the cases are there for; a case that is dropped by accident is missed.
COVERED = {
    "app-in-environments",
    "every-key",
    "extra-secrets",
    "github",
    "hub-only",
    "login-class",
    "logins",
    "monitoring",
    "newest",
    "older-argocd",
    "one-cluster",
    "overrides",
    "pangeo",
    "profiles",
    "platform",
    "platform-in-three-clusters",
    "protocoast",
    "three-clusters",
}

# Chart releases that nobody was seen to run together, and workers with an image of their own.
WARNED = {
    "app-in-environments": ["C305", "I605"],
    "one-cluster": ["C305", "I605"],
    "overrides": ["C305", "I605"],
    "platform-in-three-clusters": ["C305"],
    "three-clusters": ["C305"],
}


def _expected(case: str) -> dict[str, str]:
    root = FOLDER / case / "expected"
    return {
        path.relative_to(root).as_posix(): path.read_bytes().decode()
        for path in root.rglob("*")
        if not path.is_dir()
    }


def _rewrite(case: str, tree: dict[str, str]) -> None:
    root = FOLDER / case / "expected"
    shutil.rmtree(root, ignore_errors=True)
    for path, content in tree.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_bytes(content.encode())


@pytest.mark.parametrize("case", CASES)
def test_site_gives_the_expected_tree(case: str, update_golden: bool) -> None:
    if update_golden and case == "protocoast":
        shutil.copyfile(PROTOCOAST, FOLDER / case / "site.yaml")
    built = build(site_of((FOLDER / case / "site.yaml").read_text("utf-8")), Inputs())
    tree = {path: content.decode() for path, content in built.items()}
    if update_golden:
        _rewrite(case, tree)
    expected = _expected(case)
    assert sorted(tree) == sorted(expected)
    for path, content in tree.items():
        assert content == expected[path], path


@pytest.mark.parametrize("case", CASES)
def test_site_has_no_error_and_is_warned_of_what_it_tries(case: str) -> None:
    content = (FOLDER / case / "site.yaml").read_bytes()
    found = load.load(
        content, "site.yaml", resources.site_schema(), resources.known_versions()
    ).report.diagnostics
    said = [one.code for one in found if one.severity is not Severity.INFO]
    assert said == WARNED.get(case, [])


@pytest.mark.parametrize("case", CASES)
def test_case_holds_a_site_and_its_tree_and_nothing_else(case: str) -> None:
    assert sorted(path.name for path in (FOLDER / case).iterdir()) == ["expected", "site.yaml"]


def test_every_case_is_there() -> None:
    assert set(CASES) >= COVERED


def test_protocoast_is_the_site_of_this_repository() -> None:
    assert (FOLDER / "protocoast" / "site.yaml").read_bytes() == PROTOCOAST.read_bytes()


def test_one_case_has_every_key() -> None:
    site = yaml.safe_load((FOLDER / "every-key" / "site.yaml").read_text("utf-8"))
    used = {schema_keys.at_home(key) for key in schema_keys.written(site)}
    assert [".".join(key) for key in schema_keys.own_keys() if key not in used] == []
