"""A command does what is asked for: to look at one map, it builds no tree."""

import sys
from collections.abc import Callable
from pathlib import Path
from types import FrameType
from typing import Any

import pytest

from bench.sites import hubs, site_text
from generator.cli import lint, values
from generator.cli.terminal import Terminal

SIZE = 300


def calls(work: Callable[[], int]) -> int:
    """How many Python functions a run calls, until it ends with exit code 0."""
    count = 0

    def counted(frame: FrameType, event: str, argument: Any) -> None:
        nonlocal count
        count += event == "call"

    sys.setprofile(counted)
    try:
        assert work() == 0
    finally:
        sys.setprofile(None)
    return count


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("fleet") / "site.yaml"
    path.write_text(site_text(hubs(SIZE)))
    return path


def test_values_cost_little_more_than_lint(site: Path) -> None:
    terminal = Terminal(out=lambda text: None, note=lambda text: None)
    name = hubs(SIZE)[-1].name
    calls(lambda: lint.run(site, terminal))  # what is made once and kept
    least = calls(lambda: lint.run(site, terminal))
    assert (
        calls(lambda: values.run(site, terminal, name, "jupyterhub", origins=False))
        < least * 3 // 2
    )
