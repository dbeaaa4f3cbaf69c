"""A run without an option goes past click: it says and does what it would through click."""

import fcntl
import os
import pty
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest

from generator import __version__
from generator.cli import entry, main
from generator.cli.console import SITE
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


def both_ways(root: Path, name: str, start: Start = piped) -> Ended:
    """How a command ends; it ends the same with an option that changes nothing."""
    ends = []
    for way, arguments in (("plain", [name]), ("click", [name, "--site", SITE])):
        copy = root.parent / way / root.name
        shutil.copytree(root, copy, copy_function=shutil.copy)
        code, out, notes = start(copy, arguments)
        left = files(copy) if os.access(copy / SITE, os.R_OK) else {}
        ends.append(Ended(code=code, out=out, notes=notes, left=left))
    plain, click = ends
    assert plain == click
    return plain


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
    ended = both_ways(root, name)
    assert (ended.code, bool(ended.notes)) == (int(name == "check"), True)
    assert ("apps/jupyterhub/application.yaml" in ended.left) == (name == "generate")


@pytest.mark.parametrize("name", COMMANDS)
def test_a_site_with_warnings(root: Path, name: str) -> None:
    (root / SITE).write_bytes(PROTOCOAST.read_bytes())
    assert both_ways(root, name).code in (0, 1)


@pytest.mark.parametrize("name", COMMANDS)
def test_a_site_that_is_broken(root: Path, name: str) -> None:
    assert both_ways(broken(root), name).code == 1


@pytest.mark.parametrize("name", COMMANDS)
def test_no_site(root: Path, name: str) -> None:
    (root / SITE).unlink()
    ended = both_ways(root, name)
    assert (ended.code, ended.out) == (3, b"")
    assert ended.notes.startswith(b"error: site.yaml: no such file or directory\n  help: ")


@pytest.mark.parametrize("name", COMMANDS)
def test_a_site_that_is_a_folder(root: Path, name: str) -> None:
    (root / SITE).unlink()
    (root / SITE).mkdir()
    assert both_ways(root, name).code == 3


@pytest.mark.parametrize("name", COMMANDS)
def test_a_site_that_may_not_be_read(root: Path, name: str) -> None:
    (root / SITE).chmod(0)
    # Root may read every file: the process becomes nobody, once what it runs is loaded.
    start = (
        f"import os, generator.cli_site, generator.commands.{name}, generator.entry as e\n"
        "if os.geteuid() == 0: os.seteuid(65534)\n"
        "e.main()"
    )
    ended = both_ways(root, name, lambda copy, what: started(copy, start, what))
    assert (ended.code, ended.out) == (3, b"")
    assert ended.notes.startswith(b"error: site.yaml: permission denied\n")


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
    ended = both_ways(broken(root), name, lambda copy, what: piped(copy, what, **variables))
    assert ended.code == 1
    assert ended.out.startswith(b"::error" if "GITHUB_ACTIONS" in variables else b"site.yaml:")


@pytest.mark.parametrize("name", COMMANDS)
@pytest.mark.parametrize("plain", ["", "1"])
def test_a_terminal(root: Path, name: str, plain: str) -> None:
    (root / SITE).write_text("site: 7\n")
    ended = both_ways(
        root, name, lambda copy, what: to_a_terminal(copy, what, NO_COLOR=plain, CI="")
    )
    assert ended.code == 1
    assert (b"\x1b[" in ended.out, b"\x1b[" in ended.notes) == (not plain, False)


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no /dev/full: run on Linux")
@pytest.mark.parametrize(("name", "code"), [("generate", 3), ("check", 3), ("lint", 0)])
def test_output_that_can_not_be_written(root: Path, name: str, code: int) -> None:
    assert both_ways(root, name, to_a_full_disk).code == code


@pytest.mark.parametrize(("name", "code"), [("generate", 0), ("check", 1), ("lint", 0)])
@pytest.mark.parametrize("start", [to_nobody, to_a_closed_stream])
def test_output_that_nobody_reads(root: Path, name: str, code: int, start: Start) -> None:
    assert both_ways(root, name, start).code == code


def test_ctrl_c(root: Path) -> None:
    ended = both_ways(root, "generate", while_another_run_goes_on)
    assert ended.code == 130
    assert ended.notes.endswith(b"\n\ninterrupted; every file is whole, run again to finish\n")


@pytest.mark.parametrize("name", COMMANDS)
def test_a_bug(root: Path, name: str) -> None:
    broken = "import generator.lint.load as l; l.load = None"
    bug = f"{broken}; from generator.cli.entry import main; main()"

    def start(copy: Path, arguments: list[str]) -> tuple[int, bytes, bytes]:
        """Without the traceback: it names the way that was taken."""
        code, out, notes = started(copy, bug, arguments)
        said, _, end = notes.partition(b"Traceback")
        return code, out, said + end.rpartition(b"\n\n")[2]

    ended = both_ways(root, name, start)
    assert ended.code == 70
    assert ended.notes.startswith(b"This is a bug in hubops")


@pytest.mark.parametrize("arguments", [("--version",), ("--version", "--version")])
def test_version(tmp_path: Path, arguments: tuple[str, ...]) -> None:
    run = hubops(*arguments, cwd=tmp_path)
    assert (run.returncode, run.stdout, run.stderr) == (0, f"hubops {__version__}\n", "")


def test_version_on_a_full_disk_is_refused(tmp_path: Path) -> None:
    ends = [to_a_full_disk(tmp_path, ["--version"] * count) for count in (1, 2)]
    assert ends[0] == ends[1]
    assert ends[0][0] == 3


def test_a_shell_that_completes_words_gets_its_answer(tmp_path: Path) -> None:
    asked = {"_HUBOPS_COMPLETE": "bash_complete", "COMP_WORDS": "hubops che", "COMP_CWORD": "1"}
    for arguments in ((), ("check",)):
        run = hubops(*arguments, cwd=tmp_path, env=asked)
        assert (run.returncode, run.stdout, run.stderr) == (0, "plain,check\n", "")


def test_every_plain_run_is_one_that_click_knows() -> None:
    names = [arguments[0] for arguments in entry.PLAIN if arguments[0] != "--version"]
    assert names == list(COMMANDS)
    assert set(names) <= set(main.ORDER)


# --- the list of commands


@pytest.mark.parametrize("name", main.ORDER)
def test_the_list_says_of_a_command_what_its_help_says(name: str) -> None:
    described = main.hubops.commands[name]
    assert described.name == name
    assert described.get_short_help_str(200) == main.ABOUT[name][1]


def test_every_command_of_a_part_is_in_the_list() -> None:
    parts = {part for part, _ in main.ABOUT.values()}
    for part in parts:
        module = __import__(f"generator.cli.{part}", fromlist=["COMMANDS"])
        listed = {name for name, (where, _) in main.ABOUT.items() if where == part}
        assert {described.name for described in module.COMMANDS} == listed
