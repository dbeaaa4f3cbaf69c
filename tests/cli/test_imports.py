"""What a command loads: the help and a clean site pay for nothing that they do not use."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.support import copies

_RUN = """
import sys
before = set(sys.modules)
from generator.cli import entry
code = entry.run()
sys.stderr.write(chr(10) + " ".join(set(sys.modules) - before))
sys.exit(code)
"""


def _loaded(*arguments: str, cwd: Path) -> set[str]:
    """The modules that a run of the command imports."""
    run = subprocess.run(
        [sys.executable, "-c", _RUN, *arguments],
        cwd=cwd,
        env=copies.environment({}),
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    return set(run.stderr.rpartition("\n")[2].split())


HEAVY = {"jsonschema", "kubernetes_validate", "cryptography", "yaml", "referencing"}
# What a run without an option has no use for; dataclasses compile methods, the others are slow.
NEVER = (HEAVY - {"yaml"}) | {
    *("click", "dataclasses", "inspect", "dis", "gettext", "uuid", "platform", "traceback"),
    *("subprocess", "selectors", "threading", "concurrent.futures", "asyncio", "socket", "ssl"),
    *("shutil", "tempfile", "random", "zlib", "tarfile", "gzip", "zipfile", "lzma"),
    *("logging", "argparse", "difflib", "textwrap", "pprint", "html", "xml", "email"),
    *("urllib.request", "http.client", "unittest", "pydoc", "doctest"),
    *("generator.cli.main", "generator.cli.options", "generator.cli.site", "generator.io.tools"),
    *(
        "generator.change.effects",
        "generator.proof.checks",
        "generator.proof.rendering",
        "generator.secrets.sealing",
    ),
    *("generator.adopt", "generator.adopt.new_site", "generator.report.markdown"),
}


@pytest.mark.parametrize(
    "arguments",
    [("--help",), ("generate", "--help"), ("check", "--help"), ("lint", "-h")],
    ids=" ".join,
)
def test_help_loads_next_to_nothing(arguments: tuple[str, ...], tmp_path: Path) -> None:
    loaded = _loaded(*arguments, cwd=tmp_path)
    assert "click" in loaded
    assert loaded & (HEAVY | {"pathlib"}) == set()


def test_the_list_of_commands_loads_no_command(tmp_path: Path) -> None:
    own = {name for name in _loaded("--help", cwd=tmp_path) if name.startswith("generator.")}
    assert own == {
        "generator.cli.entry",
        "generator.cli.console",
        "generator.cli.main",
        "generator.cli",
    }


def test_version_loads_no_command_line(tmp_path: Path) -> None:
    loaded = _loaded("--version", cwd=tmp_path)
    assert loaded & (NEVER | {"yaml", "pathlib"}) == set()
    own = {name for name in loaded if name.startswith("generator.")}
    assert own == {"generator.cli.entry", "generator.cli.console", "generator.cli"}


def test_a_run_without_an_option_loads_what_it_uses(protocoast_folder: Path) -> None:
    for command in ("generate", "check", "lint"):
        assert _loaded(command, cwd=protocoast_folder) & (NEVER | {"yaml"}) == {"yaml"}, command


def test_an_option_costs_the_reading_of_options_alone(protocoast_folder: Path) -> None:
    copies.hubops("generate", cwd=protocoast_folder)
    loaded = _loaded("check", "--site", "site.yaml", cwd=protocoast_folder)
    assert loaded & HEAVY == {"yaml"}
    assert loaded >= {"generator.cli.main", "generator.cli.site", "generator.cli.options"}
