"""What the tests take from the environment of the person who starts them, and what not."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.support import facts
from tests.support.sites import ROOT

# A `make` that starts a test, and the `make` that this test starts.
OUTER = """\
plain:
\t@$(MAKE) -s -f inner.mk
cleaned:
\t@{python} -c 'import subprocess, tests.conftest; \\
\t\tsubprocess.run(["make", "-s", "-f", "inner.mk"], check=True)'
"""
INNER = "told:\n\t@echo 'ARGS=$(ARGS) LEVEL=$(MAKELEVEL)'\n"


def _told(folder: Path, target: str) -> str:
    """What the inner make has heard of the outer one's command line."""
    (folder / "outer.mk").write_text(OUTER.format(python=sys.executable))
    (folder / "inner.mk").write_text(INNER)
    return subprocess.run(
        ["make", "-s", "-f", "outer.mk", target, "ARGS=-k nothing"],
        cwd=folder,
        env={"PATH": "/usr/local/bin:/usr/bin:/bin", "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=True,
    ).stdout


@pytest.mark.tools
def test_args_of_make_test_reach_no_make_that_a_test_starts(tmp_path: Path) -> None:
    assert _told(tmp_path, "plain") == "ARGS=-k nothing LEVEL=1\n"
    assert _told(tmp_path, "cleaned") == "ARGS= LEVEL=0\n"


def test_folder_that_facts_names_wrongly_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FACTS", "no/such/folder")
    with pytest.raises(pytest.UsageError, match="no/such/folder"):
        facts.folder()


def test_without_facts_there_is_no_folder(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("FACTS", raising=False)
    assert facts.folder() is None
    assert facts.recorded("schemas").args == (False,)


def test_comparison_is_collected_only_with_what_it_compares_with(tmp_path: Path) -> None:
    (tmp_path / "test_comparison.py").write_text(
        "import pytest\n\n"
        "@pytest.mark.comparison(False)\ndef test_without(): pass\n\n"
        "@pytest.mark.comparison(True)\ndef test_with(): pass\n"
    )
    command = [
        sys.executable,
        "-m",
        "pytest",
        "-q",
        "-p",
        "tests.conftest",
        "-p",
        "no:cacheprovider",
    ]
    ran = subprocess.run(
        [*command, "-o", f"pythonpath={ROOT}", "--collect-only", str(tmp_path)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    assert "test_with\n" in ran
    assert "test_without" not in ran
    assert "1/2 tests collected (1 deselected)" in ran
