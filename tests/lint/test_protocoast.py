"""What lint says of ProtoCoast's own site.yaml: no error, no warning, and infos worth reading."""

import os
import re
import shutil
from pathlib import Path

import pytest

from tests.support.copies import hubops
from tests.support.sites import PROTOCOAST

DAY = "2026-10-01"
EXPECTED = Path(__file__).parent / "protocoast.lint.expected"


@pytest.fixture
def printed(tmp_path: Path) -> str:
    """The findings, with no Git base and no chart at hand."""
    shutil.copy(PROTOCOAST, tmp_path / "site.yaml")
    run = hubops(
        "lint",
        "--strict",
        "--as-of",
        DAY,
        cwd=tmp_path,
        env={"HUBOPS_CACHE": str(tmp_path / "none")},
    )
    assert run.returncode == 0, run.stdout + run.stderr
    return run.stdout


def test_no_error_no_warning_and_these_infos(printed: str) -> None:
    if os.environ.get("UPDATE_INVALID"):
        EXPECTED.write_text(printed, encoding="utf-8", newline="\n")
    assert set(re.findall(r"^site\.yaml:\d+:\d+: (\w+)", printed, re.MULTILINE)) == {"info"}
    assert printed == EXPECTED.read_text(encoding="utf-8")
