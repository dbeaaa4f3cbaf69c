"""How often a command builds the tree: `secrets` looks at files alone, `seal` builds once."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import Any

import pytest

from generator.build import repository
from tests.support import certificates, copies
from tests.support.copies import KEYS, made, one_hub


@contextmanager
def counting(function: Callable[..., Any]) -> Iterator[list[str]]:
    """The calls of a function in this thread, by its name."""
    calls: list[str] = []

    def profile(frame: FrameType, event: str, _: object) -> None:
        if event == "call" and frame.f_code is function.__code__:
            calls.append(function.__name__)

    before = sys.getprofile()
    sys.setprofile(profile)
    try:
        yield calls
    finally:
        sys.setprofile(before)


COMMANDS: dict[str, tuple[Callable[[Path], copies.Run], int]] = {
    "secrets": (copies.secrets, 0),
    "seal": (lambda root: copies.seal(root, key=KEYS[1], given=b"a-client-secret"), 1),
    "generate": (copies.generate, 1),
}


@pytest.mark.parametrize("name", COMMANDS)
def test_tree_is_built_no_more_than_needed(tmp_path: Path, name: str) -> None:
    run, times = COMMANDS[name]
    made(tmp_path, one_hub())
    certificates.install(tmp_path)
    with counting(repository.build) as calls:
        ended = run(tmp_path)
    assert ended.code == 0, ended.said
    assert len(calls) == times
