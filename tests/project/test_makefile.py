"""The Makefile: what a run of it hands on."""

import os
import subprocess
from pathlib import Path

import pytest

from tests.support.sites import ROOT

MAKEFILE = f"""\
include {ROOT}/Makefile

outer:
\t@$(MAKE) -s -f '{{path}}' inner
inner:
\t@echo 'ARGS=$(ARGS)'
"""


@pytest.mark.parametrize(("target", "printed"), [("inner", "ARGS=-k one\n"), ("outer", "ARGS=\n")])
def test_args_reach_no_inner_make(target: str, printed: str, tmp_path: Path) -> None:
    path = tmp_path / "Makefile"
    path.write_text(MAKEFILE.format(path=path))
    command = ["make", "-s", "-f", str(path), target, "ARGS=-k one"]
    own = {key: text for key, text in os.environ.items() if key not in ("ARGS", "MAKEFLAGS")}
    run = subprocess.run(command, capture_output=True, text=True, env=own, check=True, timeout=60)
    assert run.stdout == printed
