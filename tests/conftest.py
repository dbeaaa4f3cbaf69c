"""Settings of all tests: how hypothesis searches, and the option that rewrites expected files."""

import gc
import importlib
import os
import pkgutil
import signal
import sys
from collections.abc import Generator
from functools import partial
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import HealthCheck, settings

import bench
import generator

# On a shared machine a slow example says nothing about the code.
settings.register_profile("local", deadline=None)
# The same examples in every run: a red build is one that anybody can repeat.
settings.register_profile(
    "ci",
    deadline=None,
    derandomize=True,
    database=None,
    print_blob=True,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.load_profile("ci" if os.environ.get("CI") else "local")
# Hypothesis also draws the constants of the modules that are loaded, so the same ones have to be.
for package in (bench, generator):
    for module in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
        if module.name != "generator.__main__":  # It switches the garbage collector off.
            importlib.import_module(module.name)


# Tests read many documents, and libyaml takes a tenth of the time for the same result.
yaml.safe_load = partial(yaml.load, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))
# What the `make` that runs the tests was told is not for the `make` that a test starts.
for name in ("ARGS", "MAKEFLAGS", "MAKEOVERRIDES", "MFLAGS", "GNUMAKEFLAGS", "MAKELEVEL"):
    os.environ.pop(name, None)
# A process that may not keep what it compiled takes three times as long to start.
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
sys.dont_write_bytecode = False
# What hubops sets for Helm and kubectl, for those that tests start themselves.
os.environ.setdefault("GOGC", "400")
# `make test &` and nohup start it with an ignored ^C, and what a test starts would inherit that.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--update-golden",
        action="store_true",
        help="rewrite the expected files of golden tests instead of comparing with them",
    )


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leaves out comparisons with what is not here (tests/support/facts.py)."""
    left_out = [item for item in items if not _can_be_compared(item)]
    items[:] = [item for item in items if _can_be_compared(item)]
    config.hook.pytest_deselected(items=left_out)


@pytest.hookimpl(optionalhook=True, wrapper=True)
def pytest_xdist_auto_num_workers() -> Generator[None, int, int]:
    """One more than there are cores: many tests wait for a server, a clock or a program."""
    return (yield) + 1


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Any:
    """Sends the tests of a group to one process (tests/support/groups.py)."""
    from tests.support.groups import Grouped

    return Grouped(config, log) if config.getvalue("dist") == "loadgroup" else None


def pytest_collection_finish() -> None:
    """Lets the garbage collector pass over the tests, and come seldom, as hubops itself does."""
    gc.freeze()
    gc.set_threshold(100_000, 20, 50)


def _can_be_compared(item: pytest.Item) -> bool:
    return all(is_here for mark in item.iter_markers("comparison") for is_here in mark.args)


@pytest.fixture(scope="session")
def update_golden(request: pytest.FixtureRequest) -> bool:
    """Whether expected files are to be rewritten."""
    return bool(request.config.getoption("--update-golden"))


@pytest.fixture
def protocoast_folder(tmp_path: Path) -> Path:
    """A folder of its own that holds nothing but ProtoCoast's site.yaml."""
    from tests.support.sites import PROTOCOAST

    folder = tmp_path / "site"
    folder.mkdir()
    (folder / "site.yaml").write_bytes(PROTOCOAST.read_bytes())
    return folder


@pytest.fixture
def settled(tmp_path: Path) -> Path:
    """The smallest site with everything done: certificate there, every value sealed."""
    from tests.support import copies

    copies.made(tmp_path, copies.one_hub())
    certificate = tmp_path / "certificates/fedcloud.pem"
    certificate.parent.mkdir()
    certificate.write_text("-----BEGIN CERTIFICATE-----\n")
    copies.put_all(tmp_path, "production")
    assert copies.generate(tmp_path).code == 0
    return tmp_path
