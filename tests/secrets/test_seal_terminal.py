"""`hubops seal` in a process of its own: a terminal, none, Ctrl-C, and the end by the system."""

import os
import pty
import random
import select
import shutil
import signal
import subprocess
import termios
import time
from pathlib import Path

import pytest

from tests.support import copies
from tests.support.copies import KEYS, command, environment, files, generate, made, one_hub, opened
from tests.support.unsealing import CERTIFICATE

ANSWER = "hunter2-in-plain-sight"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """The smallest site with a certificate that is good today."""
    made(tmp_path, one_hub())
    shutil.copy(CERTIFICATE, tmp_path / "certificates.pem")
    (tmp_path / "certificates").mkdir()
    (tmp_path / "certificates.pem").rename(tmp_path / "certificates/fedcloud.pem")
    return tmp_path


class Terminal:
    """A terminal that a command runs on, as its controlling one."""

    def __init__(self, root: Path, *arguments: str) -> None:
        self.ours, theirs = pty.openpty()
        self.settings = termios.tcgetattr(theirs)
        self.process = subprocess.Popen(
            command(*arguments),
            cwd=root,
            env=environment({}),
            stdin=theirs,
            stdout=theirs,
            stderr=theirs,
            start_new_session=True,
            preexec_fn=lambda: _control(theirs),
        )
        self.theirs = theirs
        self.shown = ""

    def wait_for(self, text: str) -> None:
        """Reads until a text is shown."""
        end = time.monotonic() + 30
        while text not in self.shown:
            assert time.monotonic() < end, self.shown
            self._read()

    def _read(self) -> None:
        if select.select([self.ours], [], [], 0.1)[0]:
            self.shown += os.read(self.ours, 4096).decode()

    def type(self, text: str | bytes) -> None:
        os.write(self.ours, text if isinstance(text, bytes) else text.encode())

    def end(self) -> int:
        """The exit code, when all has been read."""
        while self.process.poll() is None:
            self._read()
        while select.select([self.ours], [], [], 0.1)[0]:
            self.shown += os.read(self.ours, 4096).decode()
        assert termios.tcgetattr(self.theirs)[3] == self.settings[3], "the terminal shows no input"
        os.close(self.theirs)
        os.close(self.ours)
        return self.process.returncode


def _control(terminal: int) -> None:
    import fcntl

    fcntl.ioctl(terminal, termios.TIOCSCTTY, 0)


def test_what_is_typed_is_not_shown(root: Path) -> None:
    terminal = Terminal(root, "seal", "production")
    for key, answer in zip(KEYS, (ANSWER, ANSWER, "", ""), strict=False):
        terminal.wait_for(f"{key} (Enter ")
        time.sleep(0.1)
        terminal.type(f"{answer}\n")
    assert terminal.end() == 0, terminal.shown
    assert ANSWER not in terminal.shown
    found = opened(root)
    assert [found[f"hub-secrets/{key}"] for key in KEYS[:2]] == [ANSWER.encode()] * 2
    assert len(found) == 4


@pytest.mark.parametrize("before", ["", f"{ANSWER}\n", ANSWER], ids=["first", "second", "typing"])
def test_ctrl_c_at_the_prompt(root: Path, before: str) -> None:
    kept = files(root)
    terminal = Terminal(root, "seal", "production")
    terminal.wait_for(KEYS[0])
    time.sleep(0.1)
    terminal.type(before)
    if before.endswith("\n"):
        terminal.wait_for(KEYS[1])
    time.sleep(0.1)
    terminal.type("\x03")
    assert terminal.end() == 130
    assert ANSWER not in terminal.shown
    assert "Traceback" not in terminal.shown
    assert "interrupted" in terminal.shown
    assert files(root) == kept


def test_ctrl_d_at_the_prompt(root: Path) -> None:
    kept = files(root)
    terminal = Terminal(root, "seal", "production")
    terminal.wait_for(KEYS[0])
    time.sleep(0.1)
    terminal.type("\x04")
    assert terminal.end() == 3
    assert "the input ended before the value; nothing was written" in terminal.shown
    assert files(root) == kept


@pytest.mark.parametrize("typed", [b"\xff\n", b"caf\xe9\n", b"\xed\xa0\x80\n"])
def test_bytes_that_are_no_text_at_the_prompt(root: Path, typed: bytes) -> None:
    kept = files(root)
    terminal = Terminal(root, "seal", "production")
    terminal.wait_for(KEYS[0])
    time.sleep(0.1)
    terminal.type(typed)
    assert terminal.end() == 3
    assert "is not text in the terminal's encoding; nothing was written" in terminal.shown
    assert files(root) == kept


def run(
    root: Path, *arguments: str, stdin: str = "/dev/null", env: dict[str, str] | None = None
) -> subprocess.CompletedProcess[str]:
    given = "<&-" if stdin == "closed" else f"<{stdin}"
    return subprocess.run(
        ["sh", "-c", f'exec "$@" {given}', "sh", *command(*arguments)],
        cwd=root,
        env=environment(env or {}),
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
        start_new_session=True,
    )


@pytest.mark.parametrize("stdin", ["/dev/null", "closed"])
@pytest.mark.parametrize("key", [[], [KEYS[0]], [KEYS[0], "--from-file", "-"]])
def test_no_terminal(root: Path, stdin: str, key: list[str]) -> None:
    kept = files(root)
    ended = run(root, "seal", "production", *key, stdin=stdin)
    assert ended.returncode in (2, 3)
    assert "nothing was written" in ended.stderr
    assert "Traceback" not in ended.stderr
    assert files(root) == kept


def test_a_pipe(root: Path) -> None:
    (root / "value").write_text(f"{ANSWER}\n")
    ended = run(root, "seal", "production", KEYS[0], stdin="value")
    assert ended.returncode == 0, ended.stderr
    assert opened(root) == {f"hub-secrets/{KEYS[0]}": ANSWER.encode()}
    assert ANSWER not in ended.stdout + ended.stderr


def test_all_options_reach_their_command(root: Path) -> None:
    assert run(root, "seal", "production", "--generate").returncode == 0
    before = opened(root)
    rotated = run(root, "seal", "production", "--rotate", KEYS[2], "--generate")
    assert "signed out" in rotated.stdout
    assert {name for name, value in opened(root).items() if before[name] != value} == {
        f"hub-secrets/{KEYS[2]}"
    }
    assert run(root, "seal", "production", "--reseal").returncode == 0
    value = {"HUBOPS_TEST_VALUE": ANSWER}
    ended = run(root, "seal", "production", KEYS[0], "--from-env", "HUBOPS_TEST_VALUE", env=value)
    assert ended.returncode == 0, ended.stderr
    assert run(root, "secrets").returncode == 0
    assert '"secrets": [' in run(root, "secrets", "--format", "json").stdout
    in_actions = run(root, "secrets", env={"GITHUB_ACTIONS": "true"})
    assert "::warning file=" in in_actions.stdout
    shown = run(root, "certificate", "fedcloud")
    assert (shown.returncode, "RSA 2048 bits" in shown.stdout) == (0, True)
    pem = str(CERTIFICATE)
    assert run(root, "certificate", "fedcloud", pem, "--install").returncode == 0
    assert run(root, "certificate", "fedcloud", "-", "--replace", stdin=pem).returncode == 0


@pytest.mark.parametrize(
    "arguments",
    [
        ["production", KEYS[0], ANSWER],
        ["production", ANSWER],
        [ANSWER],
        ["production", "--rotate", ANSWER],
        ["production", KEYS[0], "--from-file", ANSWER],
        ["production", KEYS[0], "--from-env", ANSWER],
        ["production", "--rotate", KEYS[0], KEYS[0]],
        ["production", "--rotate", KEYS[0], "--reseal"],
    ],
)
def test_a_value_in_a_wrong_place_is_refused_and_not_repeated(
    root: Path, arguments: list[str]
) -> None:
    kept = files(root)
    ended = run(root, "seal", *arguments)
    assert ended.returncode in (2, 3)
    assert "Traceback" not in ended.stderr
    assert ANSWER not in ended.stdout + ended.stderr
    assert files(root) == kept


@pytest.mark.parametrize("seed", range(6))
def test_killed_by_the_system_while_it_seals(root: Path, seed: int) -> None:
    assert run(root, "seal", "production", "--generate").returncode == 0
    kept = copies.sealed(root)
    process = subprocess.Popen(
        command("seal", "production", KEYS[0]),
        cwd=root,
        env=environment({}),
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    assert process.stdin is not None
    process.stdin.write(ANSWER.encode())
    process.stdin.close()
    while not (root / ".hubops.lock").exists() and process.poll() is None:
        time.sleep(0.001)
    time.sleep(random.Random(seed).uniform(0, 0.08))
    process.send_signal(signal.SIGKILL)
    process.wait()
    assert copies.sealed(root).items() >= kept.items()
    assert not any(ANSWER.encode() in content for content in files(root).values())
    assert generate(root, patience=1).code == 0
    assert copies.sealed(root).items() >= kept.items()
    assert opened(root).get(f"hub-secrets/{KEYS[0]}", ANSWER.encode()) == ANSWER.encode()
