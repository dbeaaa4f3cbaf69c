"""The command line in a process of its own: exit codes, streams, colour, help, interruption."""

import fcntl
import os
import pty
import re
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from generator import __version__
from tests.support import copies
from tests.support.copies import command, environment, files, hubops, made, one_hub


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """The smallest site, generated."""
    made(tmp_path, one_hub())
    return tmp_path


# --- exit codes


def test_0_and_1(root: Path) -> None:
    assert [hubops(name, cwd=root).returncode for name in ("generate", "check", "lint")] == [0] * 3
    (root / "apps/jupyterhub/application.yaml").unlink()
    drift = hubops("check", cwd=root)
    assert (drift.returncode, drift.stdout) == (1, "missing   apps/jupyterhub/application.yaml\n")
    (root / "site.yaml").write_text("site: a\n")
    for name in ("generate", "check", "lint"):
        run = hubops(name, cwd=root)
        assert run.returncode == 1
        assert run.stdout.startswith("site.yaml:1:1: error[S102]: ")
        assert "Traceback" not in run.stderr


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("frob",), "No such command 'frob'"),
        (("generate", "site.yaml"), "unexpected extra argument (site.yaml)"),
        (("check", "--discard-sealed"), "No such option '--discard-sealed'"),
        (("--frob",), "No such option '--frob'"),
        (("lint", "--site"), "Option '--site' requires an argument"),
    ],
    ids=["command", "argument", "option of another", "option", "no value"],
)
def test_2_wrong_usage(tmp_path: Path, arguments: tuple[str, ...], said: str) -> None:
    run = hubops(*arguments, cwd=tmp_path)
    assert run.returncode == 2
    assert run.stdout == ""
    assert said.replace("'", "").lower() in run.stderr.replace("'", "").lower()


def test_3_the_world_is_wrong(root: Path) -> None:
    values = copies.put_all(root, "production")
    site = one_hub()
    site["environments"]["other"] = site["environments"].pop("production")
    copies.write_site(root, site)
    run = hubops("generate", cwd=root)
    assert (run.returncode, run.stdout) == (3, "")
    path = "overlays/production/namespace/sealed-hub-secrets.yaml"
    assert run.stderr.splitlines()[0] == "error: 4 sealed values would be lost; nothing was written"
    assert run.stderr.splitlines()[1].startswith(
        f"  {path}: production: hub-secrets/oauth.client_id"
    )
    assert run.stderr.splitlines()[-1].startswith("  help: ")
    assert not any(value in run.stderr for value in values.values())
    assert hubops("generate", "--discard-sealed", cwd=root).returncode == 0


def test_70_a_bug(root: Path) -> None:
    broken = "import generator.build.repository as b; b.build = None"
    start = f"{broken}; import generator.cli.main as e; e.main()"
    run = subprocess.run(
        [sys.executable, "-c", start, "generate"],
        cwd=root,
        env=environment({}),
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert run.returncode == 70
    assert "Traceback (most recent call last)" in run.stderr
    assert f"This is a bug in hubops {__version__} (Python {sys.version.split()[0]}" in run.stderr
    assert "/issues" in run.stderr


# --- help


def test_hubops_alone_prints_its_help(tmp_path: Path) -> None:
    run = hubops(cwd=tmp_path)
    assert (run.returncode, run.stderr) == (0, "")
    assert run.stdout == hubops("--help", cwd=tmp_path).stdout
    assert run.stdout.startswith("Usage: hubops [OPTIONS] COMMAND [ARGS]...\n")


@pytest.mark.parametrize(
    "name", [None, "generate", "check", "lint", "seal", "secrets", "certificate"]
)
def test_examples_stand_before_the_options(tmp_path: Path, name: str | None) -> None:
    run = hubops(*([name] if name else []), "-h", cwd=tmp_path)
    assert run.returncode == 0
    assert 0 < run.stdout.index("\n  Examples:\n") < run.stdout.index("\nOptions:\n")
    example = re.search(r"Examples:\n    (hubops .*)\n", run.stdout)
    assert example is not None
    assert (name or "lint") in example[1]


def test_the_exit_codes_stand_in_the_help(tmp_path: Path) -> None:
    out = " ".join(hubops("--help", cwd=tmp_path).stdout.split())
    assert "Exit codes: 0 fine, 1 findings or drift, 2 wrong usage, 3 " in out


def test_version(tmp_path: Path) -> None:
    assert re.fullmatch(
        rf"hubops {re.escape(__version__)}( \([0-9a-f]{{10}}\))?\n",
        hubops("--version", cwd=tmp_path).stdout,
    )


def test_help_loads_nothing_heavy(tmp_path: Path) -> None:
    run = subprocess.run(
        [sys.executable, "-X", "importtime", "-m", "generator", "--help"],
        cwd=tmp_path,
        env=environment({}),
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    loaded = {line.rpartition("|")[2].strip() for line in run.stderr.splitlines()}
    assert "click" in loaded
    assert not loaded & {"yaml", "jsonschema", "kubernetes_validate", "cryptography"}


# --- where it works


def test_another_folder(root: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    elsewhere = tmp_path_factory.mktemp("elsewhere")
    (root / "apps/jupyterhub/application.yaml").unlink()
    drift = hubops("check", "--site", str(root / "site.yaml"), cwd=elsewhere)
    assert drift.stdout == "missing   apps/jupyterhub/application.yaml\n"
    made = hubops(
        "generate", "--site", os.path.relpath(root / "site.yaml", elsewhere), cwd=elsewhere
    )
    assert made.stdout.startswith("created   apps/jupyterhub/application.yaml\n")
    assert list(elsewhere.iterdir()) == []


def test_the_folder_of_the_package_means_nothing(tmp_path: Path) -> None:
    run = hubops("generate", cwd=tmp_path)
    assert (run.returncode, run.stdout) == (3, "")
    assert run.stderr.startswith("error: site.yaml: no such file or directory\n  help: ")


@pytest.mark.parametrize("locale", ["C", "C.UTF-8", "en_US.ISO-8859-1"])
def test_any_locale(root: Path, locale: str) -> None:
    before = files(root)
    shutil.rmtree(root / "overlays")
    variables = {"LC_ALL": locale, "PYTHONIOENCODING": "ascii", "PYTHONHASHSEED": "7"}
    assert hubops("generate", cwd=root, env=variables).returncode == 0
    assert files(root) == before
    (root / "site.yaml").write_text('"sité\U0001f600": 1\n')
    run = hubops("lint", cwd=root, env=variables)
    assert run.returncode == 1
    assert "Traceback" not in run.stderr


# --- streams


def test_results_go_to_stdout_and_notes_to_stderr(root: Path) -> None:
    run = hubops("check", cwd=root)
    assert (run.stdout, run.stderr) == ("", "17 files match site.yaml\n")


@pytest.mark.parametrize(
    ("arguments", "code"), [("generate", 0), ("check", 1), ("--help", 0), ("generate -h", 0)]
)
def test_a_reader_that_has_gone(root: Path, arguments: str, code: int) -> None:
    (root / "apps/jupyterhub/application.yaml").unlink()
    if arguments == "generate":
        shutil.rmtree(root / "overlays")
    reader, writer = os.pipe()
    os.close(reader)
    with os.fdopen(writer, "wb") as gone:
        run = subprocess.run(
            command(*arguments.split()),
            cwd=root,
            env=environment({}),
            stdout=gone,
            stderr=subprocess.PIPE,
            text=True,
            timeout=60,
            check=False,
        )
    assert run.returncode == code, run.stderr
    assert "Traceback" not in run.stderr
    assert "BrokenPipe" not in run.stderr
    if arguments == "generate":
        assert hubops("check", cwd=root).returncode == 0


@pytest.mark.parametrize("stream", ["stdout", "stderr"])
def test_a_stream_that_is_closed(root: Path, stream: str) -> None:
    (root / "apps/jupyterhub/application.yaml").unlink()
    close = {"stdout": ">&-", "stderr": "2>&-"}[stream]
    script = f'exec "$@" {close}'
    for name, code in (("check", 1), ("generate", 0)):
        run = subprocess.run(
            ["sh", "-c", script, "sh", *command(name)],
            cwd=root,
            env=environment({}),
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
        assert run.returncode == code
        assert "Traceback" not in run.stderr


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no /dev/full: run on Linux")
def test_output_that_can_not_be_written(root: Path) -> None:
    (root / "apps/jupyterhub/application.yaml").unlink()
    with Path("/dev/full").open("wb") as full:
        run = subprocess.run(
            command("check"),
            cwd=root,
            env=environment({}),
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
            timeout=60,
            check=False,
        )
    assert run.returncode == 3
    assert run.stderr.startswith("error: the output: no space left on device\n")


def on_a_terminal(root: Path, *arguments: str, **variables: str) -> str:
    """What a command shows on a terminal."""
    ours, theirs = pty.openpty()
    process = subprocess.Popen(
        command(*arguments),
        cwd=root,
        env=environment({"TERM": "xterm-256color", **variables}),
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
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
    process.wait()
    os.close(ours)
    return shown.decode()


def test_colour_only_on_a_terminal(root: Path) -> None:
    (root / "site.yaml").write_text("site: a\n")
    plain = dict.fromkeys(("NO_COLOR", "CI", "FORCE_COLOR"), "")
    assert "\x1b[" in on_a_terminal(root, "lint", **plain)
    assert "\x1b[" not in on_a_terminal(root, "lint", **(plain | {"NO_COLOR": "1"}))
    assert "\x1b[" not in hubops("lint", cwd=root).stdout
    assert "error[S102]" in on_a_terminal(root, "lint", **(plain | {"NO_COLOR": "1"}))


# --- interruption


def test_ctrl_c_while_it_waits_for_another_run(root: Path) -> None:
    before = files(root)
    with (root / ".hubops.lock").open("w") as other:
        fcntl.flock(other, fcntl.LOCK_EX)
        process = subprocess.Popen(
            command("generate"),
            cwd=root,
            env=environment({}),
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        assert process.stderr is not None
        assert process.stderr.readline() == "waiting for another hubops to end\n"
        process.send_signal(signal.SIGINT)
        _, notes = process.communicate(timeout=60)
    assert process.returncode == 130
    assert notes.endswith("interrupted; every file is whole, run again to finish\n")
    assert "Traceback" not in notes
    (root / ".hubops.lock").unlink()
    assert files(root) == before


@pytest.mark.parametrize("delay", [0.0, 0.02, 0.04])
def test_ctrl_c_at_any_time(root: Path, delay: float) -> None:
    copies.write_site(root, copies.protocoast())
    process = subprocess.Popen(
        command("generate"),
        cwd=root,
        env=environment({}),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    )
    for _ in range(20_000):
        if (root / ".hubops.lock").exists() or process.poll() is not None:
            break
        time.sleep(0.001)
    time.sleep(delay)
    process.send_signal(signal.SIGINT)
    _, notes = process.communicate(timeout=60)
    # Once Python is ending, the signal ends it; a shell says 130 then, too.
    assert process.returncode in (0, 130, -signal.SIGINT), notes
    assert "Traceback" not in notes
    assert not [path for path in files(root) if path.endswith((".lock", "-staged"))]
    assert hubops("generate", cwd=root).returncode == 0
    assert hubops("check", cwd=root).returncode == 0
