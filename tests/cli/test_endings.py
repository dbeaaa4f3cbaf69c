"""How a process ends: exit code, both streams, and the files that it leaves."""

import fcntl
import os
import pty
import re
import signal
import subprocess
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest

from generator import __version__
from generator.cli import main
from generator.cli.console import SITE
from generator.io import resources
from tests.support.copies import command, environment, files, hubops, made, one_hub
from tests.support.sites import PROTOCOAST

COMMANDS = ("generate", "check", "lint")


@dataclass(frozen=True, slots=True, kw_only=True)
class Ended:
    """All that a run leaves."""

    code: int
    out: bytes
    notes: bytes
    left: Mapping[str, bytes]


Start = Callable[[Path, list[str]], tuple[int, bytes, bytes]]


def piped(root: Path, arguments: list[str], **variables: str) -> tuple[int, bytes, bytes]:
    run = subprocess.run(
        command(*arguments),
        cwd=root,
        env=environment(variables),
        capture_output=True,
        timeout=60,
        check=False,
    )
    return run.returncode, run.stdout, run.stderr


def started(root: Path, start: str, arguments: list[str]) -> tuple[int, bytes, bytes]:
    """The same, begun by a line of Python."""
    run = subprocess.run(
        [sys.executable, "-c", start, *arguments],
        cwd=root,
        env=environment({}),
        capture_output=True,
        timeout=60,
        check=False,
    )
    return run.returncode, run.stdout, run.stderr


def with_output_to(root: Path, arguments: list[str], target: int) -> tuple[int, bytes, bytes]:
    run = subprocess.run(
        command(*arguments),
        cwd=root,
        env=environment({}),
        stdout=target,
        stderr=subprocess.PIPE,
        timeout=60,
        check=False,
    )
    return run.returncode, b"", run.stderr


def to_a_full_disk(root: Path, arguments: list[str]) -> tuple[int, bytes, bytes]:
    with Path("/dev/full").open("wb") as full:
        return with_output_to(root, arguments, full.fileno())


def to_nobody(root: Path, arguments: list[str]) -> tuple[int, bytes, bytes]:
    reader, writer = os.pipe()
    os.close(reader)
    with os.fdopen(writer, "wb") as gone:
        return with_output_to(root, arguments, gone.fileno())


def to_a_closed_stream(root: Path, arguments: list[str]) -> tuple[int, bytes, bytes]:
    run = subprocess.run(
        ["sh", "-c", 'exec "$@" >&-', "sh", *command(*arguments)],
        cwd=root,
        env=environment({}),
        stderr=subprocess.PIPE,
        timeout=60,
        check=False,
    )
    return run.returncode, b"", run.stderr


def to_a_terminal(root: Path, arguments: list[str], **variables: str) -> tuple[int, bytes, bytes]:
    """Only results go to the terminal: notes in colour must then lose it."""
    ours, theirs = pty.openpty()
    process = subprocess.Popen(
        command(*arguments),
        cwd=root,
        env=environment({"TERM": "xterm-256color", "NO_COLOR": "", **variables}),
        stdout=theirs,
        stderr=subprocess.PIPE,
    )
    os.close(theirs)
    shown = b""
    while True:
        try:
            part = os.read(ours, 4096)
        except OSError:  # Linux says EIO when the other side is closed
            break
        if not part:
            break
        shown += part
    _, notes = process.communicate(timeout=60)
    os.close(ours)
    return process.returncode, shown, notes


def while_another_run_goes_on(root: Path, arguments: list[str]) -> tuple[int, bytes, bytes]:
    """Ctrl-C as soon as the run says that it waits."""
    with (root / ".hubops.lock").open("w") as other:
        fcntl.flock(other, fcntl.LOCK_EX)
        process = subprocess.Popen(
            command(*arguments),
            cwd=root,
            env=environment({}),
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )
        assert process.stderr is not None
        first = process.stderr.readline()
        process.send_signal(signal.SIGINT)
        out, notes = process.communicate(timeout=60)
    return process.returncode, out, first + notes


def ended(root: Path, name: str, start: Start = piped) -> Ended:
    """How a command ends."""
    code, out, notes = start(root, [name])
    left = files(root) if os.access(root / SITE, os.R_OK) else {}
    return Ended(code=code, out=out, notes=notes, left=left)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """The smallest site, generated, and then one file gone and one changed."""
    root = tmp_path / "site"
    root.mkdir()
    made(root, one_hub())
    (root / "apps/jupyterhub/application.yaml").unlink()
    with (root / "apps/namespace/application.yaml").open("a") as file:
        file.write("# more\n")
    return root


def broken(root: Path) -> Path:
    (root / SITE).write_text('site: 7\n"sité\U0001f600\\u001b[31m": 1\n')
    return root


@pytest.mark.parametrize("name", COMMANDS)
def test_a_site_that_is_fine(root: Path, name: str) -> None:
    run = ended(root, name)
    assert (run.code, bool(run.notes)) == (int(name == "check"), True)
    assert ("apps/jupyterhub/application.yaml" in run.left) == (name == "generate")


@pytest.mark.parametrize("name", COMMANDS)
def test_a_site_with_warnings(root: Path, name: str) -> None:
    (root / SITE).write_bytes(PROTOCOAST.read_bytes())
    assert ended(root, name).code in (0, 1)


@pytest.mark.parametrize("name", COMMANDS)
def test_a_site_that_is_broken(root: Path, name: str) -> None:
    assert ended(broken(root), name).code == 1


@pytest.mark.parametrize("name", COMMANDS)
def test_no_site(root: Path, name: str) -> None:
    (root / SITE).unlink()
    run = ended(root, name)
    assert (run.code, run.out) == (3, b"")
    assert run.notes.startswith(b"error: site.yaml: no such file or directory\n  help: ")


@pytest.mark.parametrize("name", COMMANDS)
def test_a_site_that_is_a_folder(root: Path, name: str) -> None:
    (root / SITE).unlink()
    (root / SITE).mkdir()
    assert ended(root, name).code == 3


@pytest.mark.parametrize("name", COMMANDS)
def test_a_site_that_may_not_be_read(root: Path, name: str) -> None:
    (root / SITE).chmod(0)
    # Root may read every file: the process becomes nobody, once what it runs is loaded.
    start = (
        f"import os, generator.cli.{name}, generator.cli.main as m\n"
        "if os.geteuid() == 0: os.seteuid(65534)\n"
        "m.main()"
    )
    run = ended(root, name, lambda root, what: started(root, start, what))
    assert (run.code, run.out) == (3, b"")
    assert run.notes.startswith(b"error: site.yaml: permission denied\n")


@pytest.mark.parametrize("name", COMMANDS)
@pytest.mark.parametrize(
    "variables",
    [
        {"GITHUB_ACTIONS": "true"},
        {"GITHUB_ACTIONS": "true", "GITHUB_WORKSPACE": ".."},
        {"NO_COLOR": "1", "FORCE_COLOR": "1"},
        {"LC_ALL": "C", "PYTHONIOENCODING": "ascii"},
        {"LC_ALL": "C", "PYTHONIOENCODING": "latin-1"},
        {"LC_ALL": "C", "PYTHONIOENCODING": "utf-8:strict"},
    ],
    ids=["workflow", "workflow below", "no colour", "ascii", "latin-1", "utf-8"],
)
def test_variables(root: Path, name: str, variables: dict[str, str]) -> None:
    run = ended(broken(root), name, lambda root, what: piped(root, what, **variables))
    assert run.code == 1
    assert run.out.startswith(b"::error" if "GITHUB_ACTIONS" in variables else b"site.yaml:")


@pytest.mark.parametrize("name", COMMANDS)
@pytest.mark.parametrize("plain", ["", "1"])
def test_a_terminal(root: Path, name: str, plain: str) -> None:
    (root / SITE).write_text("site: 7\n")
    run = ended(root, name, lambda root, what: to_a_terminal(root, what, NO_COLOR=plain, CI=""))
    assert run.code == 1
    assert (b"\x1b[" in run.out, b"\x1b[" in run.notes) == (not plain, False)


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no /dev/full: run on Linux")
@pytest.mark.parametrize(("name", "code"), [("generate", 3), ("check", 3), ("lint", 3)])
def test_output_that_can_not_be_written(root: Path, name: str, code: int) -> None:
    assert ended(root, name, to_a_full_disk).code == code


@pytest.mark.parametrize(("name", "code"), [("generate", 0), ("check", 1), ("lint", 0)])
@pytest.mark.parametrize("start", [to_nobody, to_a_closed_stream])
def test_output_that_nobody_reads(root: Path, name: str, code: int, start: Start) -> None:
    assert ended(root, name, start).code == code


def test_ctrl_c(root: Path) -> None:
    run = ended(root, "generate", while_another_run_goes_on)
    assert run.code == 130
    assert run.notes.endswith(b"\n\ninterrupted; every file is whole, run again to finish\n")


@pytest.mark.parametrize("name", COMMANDS)
def test_a_bug(root: Path, name: str) -> None:
    broken = "import generator.lint.load as l; l.load = None"
    bug = f"{broken}; from generator.cli.main import main; main()"

    run = ended(root, name, lambda root, what: started(root, bug, what))
    assert run.code == 70
    assert b"Traceback" in run.notes
    assert run.notes.rpartition(b"\n\n")[2].startswith(b"This is a bug in hubops")


@pytest.mark.parametrize("arguments", [("--version",), ("--version", "--version")])
def test_version(tmp_path: Path, arguments: tuple[str, ...]) -> None:
    built = resources.commit()
    assert re.fullmatch(r"[0-9a-f]{10}", built)
    run = hubops(*arguments, cwd=tmp_path)
    assert (run.returncode, run.stdout, run.stderr) == (0, f"hubops {__version__} ({built})\n", "")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no /dev/full")
def test_version_on_a_full_disk_is_refused(tmp_path: Path) -> None:
    assert to_a_full_disk(tmp_path, ["--version"])[0] == 3


def test_a_shell_that_completes_words_gets_its_answer(tmp_path: Path) -> None:
    asked = {"_HUBOPS_COMPLETE": "bash_complete", "COMP_WORDS": "hubops che", "COMP_CWORD": "1"}
    for arguments in ((), ("check",)):
        run = hubops(*arguments, cwd=tmp_path, env=asked)
        assert (run.returncode, run.stdout, run.stderr) == (0, "plain,check\n", "")


# --- the list of commands


@pytest.mark.parametrize("name", main.ABOUT)
def test_the_list_says_of_a_command_what_its_help_says(name: str) -> None:
    described = main.command(name)
    assert described.name == name
    assert described.get_short_help_str(200) == main.ABOUT[name][1]


def test_a_misspelled_command_is_corrected(tmp_path: Path) -> None:
    run = hubops("genrate", cwd=tmp_path)
    assert (run.returncode, run.stdout) == (2, "")
    assert "Did you mean 'generate'?" in run.stderr
