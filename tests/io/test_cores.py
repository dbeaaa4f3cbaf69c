"""Work is shared between cores, and nothing but the time shows it."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from bench.sites import hubs, site_text
from generator.build.repository import Inputs, build
from generator.io import cores
from tests.support.sites import ROOT, site_of

ITEMS = tuple(range(2 * cores.FEWEST + 1))


def _square(number: int) -> dict[str, bytes]:
    return {str(number): str(number * number).encode()}


@pytest.fixture
def two_cores(monkeypatch: pytest.MonkeyPatch) -> None:
    if not hasattr(os, "fork"):
        pytest.skip("this system can't copy a process: all work is done in one")
    monkeypatch.setattr(os, "sched_getaffinity", lambda _: {0, 1}, raising=False)


def _open_files() -> int:
    return len(list(Path("/proc/self/fd").iterdir())) if Path("/proc/self/fd").exists() else 0


@pytest.mark.usefixtures("two_cores")
@pytest.mark.parametrize("count", [0, 1, cores.FEWEST - 1, cores.FEWEST, len(ITEMS)])
def test_results_come_in_the_order_of_their_items(count: int) -> None:
    open_before = _open_files()
    assert cores.mapped(_square, ITEMS[:count]) == [_square(item) for item in ITEMS[:count]]
    assert _open_files() == open_before


@pytest.mark.usefixtures("two_cores")
def test_half_of_the_work_is_done_elsewhere() -> None:
    ran = cores.mapped(lambda _: os.getpid(), ITEMS)
    middle = len(ITEMS) // 2
    assert set(ran[:middle]) == {os.getpid()}
    assert len(set(ran[middle:])) == 1
    assert os.getpid() not in ran[middle:]


def test_one_core_does_it_all(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "sched_getaffinity", lambda _: {0}, raising=False)
    monkeypatch.setattr(os, "cpu_count", lambda: 1)
    assert set(cores.mapped(lambda _: os.getpid(), ITEMS)) == {os.getpid()}


@pytest.mark.usefixtures("two_cores")
@pytest.mark.parametrize("way", ["raises", "is killed", "sends what can't be sent"])
def test_a_copy_that_fails_changes_nothing(way: str, capfd: pytest.CaptureFixture[str]) -> None:
    own = os.getpid()

    def work(item: int) -> object:
        if os.getpid() != own:
            if way == "raises":
                raise RuntimeError
            if way == "is killed":
                os.kill(os.getpid(), 9)
            return object()
        return _square(item)

    assert cores.mapped(work, ITEMS) == [_square(item) for item in ITEMS]
    assert capfd.readouterr() == ("", "")


@pytest.mark.usefixtures("two_cores")
@pytest.mark.parametrize("wrong", [ITEMS[0], ITEMS[-1]], ids=["here", "in the copy"])
def test_an_error_is_raised_here(wrong: int) -> None:
    def work(item: int) -> int:
        if item == wrong:
            raise ValueError(item)
        return item

    open_before = _open_files()
    with pytest.raises(ValueError, match=str(wrong)):
        cores.mapped(work, ITEMS)
    assert _open_files() == open_before
    with pytest.raises(ChildProcessError):
        os.waitpid(-1, os.WNOHANG)


# In a process of its own: where there are threads, as in a test runner, any of them may be told.
INTERRUPTED = """
import os, signal, time
from generator.io import cores

os.sched_getaffinity = lambda _: {0, 1}
own = os.getpid()

def work(item):
    if os.getpid() != own:
        print(os.getpid(), flush=True)
        os.kill(own, signal.SIGINT)
        time.sleep(60)
    return item

try:
    cores.mapped(work, range(2 * cores.FEWEST))
except KeyboardInterrupt:
    print("interrupted")
"""


@pytest.mark.usefixtures("two_cores")
def test_an_interrupt_while_waiting_ends_the_copy() -> None:
    told = subprocess.run(
        [sys.executable, "-c", INTERRUPTED], cwd=ROOT, capture_output=True, text=True, timeout=50
    )
    copy, ended = told.stdout.split()
    assert (told.returncode, told.stderr, ended) == (0, "", "interrupted")
    with pytest.raises(ProcessLookupError):
        os.kill(int(copy), 0)


@pytest.mark.usefixtures("two_cores")
def test_a_system_that_refuses_a_copy(monkeypatch: pytest.MonkeyPatch) -> None:
    def refused() -> int:
        raise BlockingIOError

    monkeypatch.setattr(os, "fork", refused)
    open_before = _open_files()
    assert cores.mapped(_square, ITEMS) == [_square(item) for item in ITEMS]
    assert _open_files() == open_before


@pytest.mark.usefixtures("two_cores")
def test_a_tree_is_the_same_however_it_is_built() -> None:
    site = site_of(site_text(hubs(2 * cores.FEWEST)))
    assert dict(build(site, Inputs(), cores.mapped)) == dict(build(site, Inputs()))
