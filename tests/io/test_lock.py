"""One run at a time: another waits, or gives up with a word; a killed one blocks nobody."""

import fcntl
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import IO

import pytest

from generator.diagnostics import GeneratorError
from generator.io import writer
from tests.support import copies
from tests.support.copies import check, files, generate, made, one_hub, protocoast


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """The smallest site, generated."""
    made(tmp_path, one_hub())
    return tmp_path


@pytest.fixture
def held(root: Path) -> Iterator[Path]:
    """A site that another run is writing in."""
    with (root / writer.LOCK_NAME).open("w") as other:
        fcntl.flock(other, fcntl.LOCK_EX)
        yield root


def test_a_run_gives_up_when_another_goes_on(held: Path) -> None:
    before = files(held)
    run = generate(held, patience=0.2)
    assert (run.code, run.error) == (3, f"another hubops is writing in {held}")
    assert run.notes == "waiting for another hubops to end\n"
    assert files(held) == before


def test_a_run_waits_for_another_and_then_reads_site_yaml_anew(root: Path) -> None:
    copies.write_site(root, protocoast())
    done: list[copies.Run] = []
    with writer.lock(root):
        waiting = threading.Thread(target=lambda: done.append(generate(root)))
        waiting.start()
        time.sleep(0.2)
        assert not done
        copies.write_site(root, one_hub())
    waiting.join()
    assert done[0].code == 0
    assert check(root).code == 0
    assert not (root / "overlays/staging").exists()


def test_the_lock_of_a_killed_run_does_not_block(root: Path) -> None:
    (root / writer.LOCK_NAME).write_text("")
    assert generate(root).code == 0
    assert not (root / writer.LOCK_NAME).exists()


@pytest.mark.parametrize(
    ("place", "reason"),
    [
        (lambda path: path.mkdir(), "is a directory"),
        (lambda path: path.symlink_to("site.yaml"), "too many levels of symbolic links"),
    ],
    ids=["a folder", "a link"],
)
def test_something_else_in_the_locks_place(
    root: Path, place: Callable[[Path], None], reason: str
) -> None:
    path = root / writer.LOCK_NAME
    place(path)
    before = (root / "site.yaml").read_bytes()
    run = generate(root)
    assert (run.code, run.error) == (3, f"{path}: {reason}")
    assert (root / "site.yaml").read_bytes() == before


def test_a_lock_file_that_is_no_longer_the_one_in_its_place(root: Path) -> None:
    """A third run made a new one after the first had removed the file that was waited for."""
    path = root / writer.LOCK_NAME
    third: list[IO[str]] = []
    watching = [True]

    def slip_in(event: str, _arguments: tuple[object, ...]) -> None:
        if event == "fcntl.flock" and watching and not third:
            path.unlink()
            third.append(path.open("w"))
            fcntl.flock(third[0], fcntl.LOCK_EX)

    sys.addaudithook(slip_in)
    try:
        with (
            pytest.raises(GeneratorError, match="another hubops is writing"),
            writer.lock(root, patience=0),
        ):
            pass
    finally:
        watching.clear()
    third[0].close()


def test_the_lock_is_let_go_when_a_run_fails(root: Path) -> None:
    with pytest.raises(GeneratorError, match="a reason"), writer.lock(root):
        raise GeneratorError("a reason")
    with writer.lock(root, patience=0):
        pass
    assert not (root / writer.LOCK_NAME).exists()
