"""What a command loads: the list of commands and a clean site pay for no more than they use."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.support import copies

_RUN = """
import sys
before = set(sys.modules)
from generator.cli import main
code = main.run()
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
# What a clean run has no use for; dataclasses compile methods, the others are slow.
NEVER = (HEAVY - {"yaml"}) | {
    *("dataclasses", "asyncio", "socket", "ssl", "traceback", "subprocess", "selectors"),
    *("concurrent.futures", "tempfile", "random", "locale", "_hashlib"),
    *("tarfile", "gzip", "zipfile", "lzma", "logging", "argparse", "difflib", "pprint", "html"),
    *("xml", "email", "urllib.request", "http.client", "unittest", "pydoc", "doctest"),
    *("generator.io.tools", "generator.report.markdown", "generator.adopt"),
    *("generator.change.effects", "generator.proof.checks", "generator.secrets.sealing"),
}


def test_the_list_of_commands_loads_no_command(tmp_path: Path) -> None:
    loaded = _loaded("--help", cwd=tmp_path)
    assert loaded & (HEAVY | {"pathlib"}) == set()
    own = {name for name in loaded if name.startswith("generator.")}
    files = {f"generator.cli.{name}" for name in ("console", "help", "main")}
    assert own == {"generator.cli", *files}


@pytest.mark.parametrize("name", ["generate", "check", "lint"])
def test_the_help_of_a_command_loads_no_parser_of_texts(name: str, tmp_path: Path) -> None:
    assert _loaded(name, "--help", cwd=tmp_path) & (HEAVY - {"yaml"}) == set()


@pytest.mark.parametrize("arguments", ["generate", "check", "lint", "check --site site.yaml"])
def test_a_run_loads_what_it_uses(arguments: str, protocoast_folder: Path) -> None:
    copies.hubops("generate", cwd=protocoast_folder)
    loaded = _loaded(*arguments.split(), cwd=protocoast_folder)
    assert loaded & (NEVER | {"yaml"}) == {"yaml"}
