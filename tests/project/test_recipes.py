"""What CONTRIBUTING promises of small additions, done in a copy of the program, with its commands.

Each test makes the edits that the recipe names, and no others.
"""

import json
import shutil
import subprocess
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.support.copies import environment
from tests.support.sites import PROTOCOAST, ROOT

OVERRIDES = "tests/site/test_schema.py::test_overrides_follow_from_what_they_override"
PARTS = ("generator", "schema", "tests/support", "tests/site", "tests/charts", "tests/golden")
FILES = ("pyproject.toml", "site.yaml", "tests/__init__.py", "tests/conftest.py")


@dataclass(frozen=True, slots=True)
class Copy:
    """A copy of the program in `root`, and a site to try it on beside it."""

    root: Path
    site: Path

    def edit(self, path: str, old: str, new: str) -> None:
        """Replaces a text that is there once."""
        text = (self.root / path).read_text("utf-8")
        assert text.count(old) == 1, (path, old)
        (self.root / path).write_text(text.replace(old, new), "utf-8")

    def describe(self, change: Callable[[dict[str, Any]], None]) -> None:
        """Changes the schema, then does what `make golden` does with it."""
        path = self.root / "schema/site.schema.json"
        schema = json.loads(path.read_text("utf-8"))
        change(schema)
        path.write_text(json.dumps(schema, indent=2) + "\n", "utf-8")
        assert self.pytest("--update-golden", OVERRIDES).returncode == 0

    def pytest(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Some tests of the copy."""
        return self._run("pytest", "-q", "-p", "no:cacheprovider", *arguments, cwd=self.root)

    def hubops(self, *arguments: str, code: int = 0) -> str:
        """What a command of the copy says; it must end with this code."""
        done = self._run("generator", *arguments, cwd=self.site)
        assert done.returncode == code, done.stdout + done.stderr
        return done.stdout + done.stderr

    def write(self, changes: Mapping[str, str], name: str = "site.yaml") -> None:
        """ProtoCoast's site with some texts replaced."""
        text = PROTOCOAST.read_text("utf-8")
        for old, new in changes.items():
            assert text.count(old) == 1, old
            text = text.replace(old, new)
        (self.site / name).write_text(text, "utf-8")

    def _run(self, module: str, *arguments: str, cwd: Path) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", module, *arguments],
            cwd=cwd,
            env=environment({"PYTHONPATH": str(self.root)}),
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )


@pytest.fixture
def copy(tmp_path: Path) -> Copy:
    root, site = tmp_path / "program", tmp_path / "site"
    ignored = shutil.ignore_patterns("__pycache__")
    for part in PARTS:
        shutil.copytree(ROOT / part, root / part, symlinks=True, ignore=ignored)
    for name in FILES:
        shutil.copy(ROOT / name, root / name)
    site.mkdir()
    return Copy(root, site)


HOME = "  home: {capacity: 50Gi}\n"
SERVERS = f"{HOME}  servers:\n"
GRACE_PERIOD = {
    "$ref": "#/$defs/duration",
    "title": "time to stop",
    "description": "How long a user's server may take to stop. Left out: 30 seconds.",
    "examples": ["5m"],
}


def test_a_key_is_an_entry_of_the_schema_and_a_row(copy: Copy) -> None:
    def described(schema: dict[str, Any]) -> None:
        servers = schema["$defs"]["jupyterhub"]["properties"]["servers"]
        servers["properties"]["gracePeriod"] = GRACE_PERIOD

    copy.describe(described)
    assert "servers.gracePeriod" in copy.pytest("tests/charts/test_rows.py").stdout
    table = "generator/charts/server_rows.py"
    path = "singleuser extraPodConfig terminationGracePeriodSeconds"
    row = f'    row("{path}", "jupyterhub.servers.gracePeriod", SECONDS),\n'
    copy.edit(table, "\nROWS = (\n", f"\nROWS = (\n{row}")
    assert copy.pytest("tests/charts/test_rows.py").returncode == 0

    copy.write({SERVERS: f"{SERVERS}    gracePeriod: 5m\n"})
    copy.hubops("generate")
    assert (
        "terminationGracePeriodSeconds: 300\n"
        in (copy.site / "apps/jupyterhub/application.yaml").read_text()
    )
    line = PROTOCOAST.read_text("utf-8").splitlines().index(HOME.rstrip()) + 3
    [told] = [
        one
        for one in copy.hubops("values", "production", "jupyterhub", "--origins").splitlines()
        if one.startswith("singleuser.extraPodConfig.terminationGracePeriodSeconds")
    ]
    place = f"site.yaml:{line}:18"
    assert told.split()[1:] == ["300", "#", place, "jupyterhub.servers.gracePeriod"]

    values = copy.hubops("values", "production", "jupyterhub")
    (copy.site / "running.yaml").write_text(values[values.index("hub:") :], "utf-8")
    copy.hubops(*("import", "--jupyterhub", "running.yaml", "--output", "imported.yaml"), code=0)
    assert "    gracePeriod: 5m\n" in (copy.site / "imported.yaml").read_text("utf-8")

    raw = "{singleuser: {extraPodConfig: {terminationGracePeriodSeconds: 600}}}"
    override = f"  values: {raw}\n{SERVERS}    gracePeriod: 5m\n"
    copy.write({SERVERS: override, "  values: {}\n\n": "\n"})
    said = copy.hubops("lint")
    assert "C313" in said
    assert "jupyterhub.servers.gracePeriod" in said


def test_a_release_is_one_line(copy: Copy) -> None:
    line = (
        '  "4.4.1": {"jupyterhub": "5.6.0", "kubespawner": "7.1.0", "oauthenticator": "17.5.0", '
        '"kubernetes": "1.28", "database": "4621fec11365"},\n'
    )
    last = '  "4.4.0": {'
    copy.edit("generator/charts/versions.json", last, line + last)
    answers = ("--url", "https://git.example.org/hub.git", "--host", "hub.example.org")
    more = ("--storage-class", "standard", "--provider", "github", "--organizations", "coast")
    pinned = ("--jupyterhub", "4.4.1", "--dask-gateway", "2026.3.0")
    for dask in ("--dask", "--no-dask"):
        copy.hubops(
            "init",
            f"new{dask}",
            *answers,
            *more,
            dask,
            *pinned[: 4 if dask == "--dask" else 2],
            "--yes",
        )
        text = (copy.site / f"new{dask}/site.yaml").read_text("utf-8")
        assert "4.4.1" in text
        assert ("quay.io/pangeo/base-notebook" if dask == "--dask" else "4.4.1") in text
    copy.write({"3.3.8": "4.4.1", "2022.6.1": "2026.3.0"})
    assert "C303" not in copy.hubops("lint")
    assert "4.4.1" in copy.hubops("bump", "--list")
    assert copy.pytest("tests/charts/test_known_charts.py").returncode == 0


TOY = '''\
"""Toy: a chart with two values."""

from generator.charts.chart import Chart, keys
from generator.charts.rows import fixed, row
from generator.charts.spellings import QUANTITY

CHART = Chart(
    name="toy-box",
    repository="https://charts.example.org/",
    supported=">=1.0.0",
    wave=9,
    roots=keys("store replicas"),
    rows=(
        row("store size", "toyBox.store", QUANTITY),
        fixed("replicas", 1, "one is enough"),
    ),
)
'''
STORE = {
    "$ref": "#/$defs/quantity",
    "title": "the size of the store",
    "description": "How much there is room for.",
    "examples": ["1Gi"],
}


def test_a_chart_is_a_file_a_line_and_its_words(copy: Copy) -> None:
    (copy.root / "generator/charts/toy_box.py").write_text(TOY, "utf-8")
    door = "generator/charts/__init__.py"
    copy.edit(
        door, "import dask_gateway, jupyterhub\n", "import dask_gateway, jupyterhub, toy_box\n"
    )
    gateway = '    "dask-gateway": dask_gateway.CHART,\n'
    copy.edit(door, gateway, f'{gateway}    "toy-box": toy_box.CHART,\n')

    def described(schema: dict[str, Any]) -> None:
        parts, pins = schema["$defs"], schema["$defs"]["charts"]["properties"]
        pins["toy-box"] = {**pins["dask-gateway"], "title": "the toy-box chart"}
        parts["toyBox"] = {
            "title": "Toy",
            "description": "A chart.",
            "type": "object",
            "additionalProperties": False,
            "required": ["store"],
            "properties": {"store": STORE, "values": parts["daskGateway"]["properties"]["values"]},
        }
        parts["toyBoxOverride"] = {}
        schema["properties"]["toyBox"] = {"$ref": "#/$defs/toyBox"}
        parts["environment"]["properties"]["toyBox"] = {"$ref": "#/$defs/toyBoxOverride"}

    copy.describe(described)
    pins = "  dask-gateway: {version: 2022.6.1}\n"
    site = {pins: f"{pins}  toy-box: {{version: 1.2.3}}\n"}
    copy.write({**site, "\ndaskGateway:\n": "\ntoyBox: {store: 1Gi}\n\ndaskGateway:\n"})
    copy.hubops("generate")
    assert "store:\n" in (copy.site / "apps/toy-box/application.yaml").read_text("utf-8")
    copy.hubops("check")
    said = copy.hubops("values", "staging", "toy-box", "--origins")
    assert "store.size" in said
    assert "toy-box" in copy.hubops("bump", "--list")
    for command in (("init", "-q"), ("add", "."), ("commit", "-qm", "first")):
        run_git(copy.site, *command)
    copy.write({**site, "\ndaskGateway:\n": "\ntoyBox: {store: 2Gi}\n\ndaskGateway:\n"})
    assert "store.size: 1Gi -> 2Gi" in copy.hubops("diff", "--base", "HEAD")
    copy.hubops("bump", "toy-box", "1.3.0")
    assert "toy-box: {version: 1.3.0}" in (copy.site / "site.yaml").read_text("utf-8")
    override = "\ntoyBox: {store: 2Gi, values: {store: {size: 3Gi}}}\n\ndaskGateway:\n"
    copy.write({**site, "\ndaskGateway:\n": override})
    assert "toyBox.store" in copy.hubops("lint")
    assert copy.pytest("tests/charts/test_rows.py").returncode == 0


def run_git(folder: Path, *arguments: str) -> None:
    identity = ("-c", "user.name=test", "-c", "user.email=test@example.org")
    subprocess.run(["git", *identity, *arguments], cwd=folder, check=True, capture_output=True)
