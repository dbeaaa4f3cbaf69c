"""No path and no stream of the world is taken for a bug: each ends with a message and its code."""

import json
import os
import subprocess
import sys
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from tests.support.copies import environment, made, protocoast
from tests.support.sites import ROOT

# Fine, findings, wrong usage, a wrong world, a missing program.
CODES = {0, 1, 2, 3, 4}
NOBODY = 65534
SHARE = 5


def site(folder: Path) -> Path:
    """A site with a file of values, in a folder that every user may enter."""
    folder.mkdir()
    for above in (folder, *folder.parents[:3]):
        if above.owner() == folder.owner():
            above.chmod(0o755)
    made(folder, protocoast())
    (folder / "values.yaml").write_text("singleuser: {image: {name: lab/nb, tag: v1}}\n")
    return folder


def asked(module: str, *arguments: str) -> Any:
    """What a module of the tests prints about its runs; no one sits at a terminal."""
    run = subprocess.run(
        [sys.executable, "-m", f"tests.support.{module}", *arguments],
        cwd=ROOT,
        env=environment({}),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        start_new_session=True,
        timeout=600,
        check=False,
    )
    assert run.returncode == 0, run.stderr.decode("utf-8", "replace")
    return json.loads(run.stdout)


def test_odd_paths_in_every_option(tmp_path: Path) -> None:
    """As whoever runs the tests; where that is root, as an ordinary user too."""
    users = [os.getuid()] if os.getuid() else [0, NOBODY]
    folders = [f"{site(tmp_path / str(user))}={user}" for user in users]
    for runs in asked("odd_paths", str(SHARE), *folders):
        assert len(runs) > 550
        bad = [(arguments, code, said) for arguments, code, said in runs if code not in CODES]
        assert bad == []
        silent = [arguments for arguments, code, said in runs if code in {2, 3, 4} and not said]
        assert silent == []


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no /dev/full: run on Linux")
def test_odd_streams_of_every_command(tmp_path: Path) -> None:
    runs = asked("odd_streams", str(site(tmp_path / "site")))
    assert [run for run in runs if run[2] not in CODES] == []
    # What can't be said of a full disk is a failure; what nobody reads is none.
    helps = Counter(
        (out, code) for asked, (_, out, _), code in runs if asked and asked[-1] == "--help"
    )
    assert {code for out, code in helps if out == "full"} == {3}
    assert {code for out, code in helps if out != "full" and out != "no writing"} == {0}
