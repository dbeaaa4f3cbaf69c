"""No plaintext anywhere: a marker is given to every command and failure path, and searched for.

In what is said, in every file at every step of the writing, in temporary folders, in what is
logged, in exceptions with their tracebacks, and in arguments and environment of started programs.
"""

import base64
import logging
import os
import subprocess
import sys
import tempfile
import traceback
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from generator.build.tree import FOLDERS
from generator.diagnostics import GeneratorError
from generator.secrets.asking import STANDARD_INPUT
from generator.secrets.targets import SealMode
from generator.site.model import REGISTRY_KEY
from tests.support import certificates, copies
from tests.support.certificates import ec_key, pem, private_pem
from tests.support.copies import (
    KEYS,
    Person,
    Run,
    generate,
    listening,
    made,
    opened,
    protocoast,
    seal,
)

MARKER = b"hunter2-marker-in-plain-sight"
HEX = b"feedc0de" * 8
HUB = "hub-secrets"


def forms(value: bytes) -> tuple[bytes, ...]:
    """A value in the spellings that something might write it in."""
    shifted = (base64.b64encode(bytes(shift) + value)[4:-4] for shift in range(3))
    return value, *shifted, value.hex().encode(), value[::-1], repr(value).encode()[2:-1]


SEARCHED = tuple(form for value in (MARKER, HEX) for form in forms(value))


def found_in(content: bytes) -> list[bytes]:
    return [form for form in SEARCHED if form in content]


def test_the_search_finds_what_it_searches() -> None:
    for shift in range(3):
        assert found_in(base64.b64encode(b"x" * shift + MARKER + b"yyy"))
    assert found_in(b"client_secret: " + MARKER)
    assert found_in(b"client_secret: " + MARKER.hex().encode())
    assert not found_in(b"client_secret: hunter")


class Witness:
    """Sees what a run does to the outside, while it does it."""

    def __init__(self, root: Path, temporary: Path) -> None:
        self.root, self.temporary = root, temporary
        self.leaks: list[str] = []
        self.steps = 0

    def look(self, step: str) -> None:
        self.steps += 1
        for folder in (self.root, self.temporary):
            for path in folder.rglob("*"):
                if path.is_file() and found_in(path.read_bytes()):
                    self.leaks.append(f"{step}: {path}")
        if found_in(step.encode()):
            self.leaks.append(step)


_started: list[bytes] = []
_watching: list[Witness] = []


def _hook(event: str, arguments: tuple[Any, ...]) -> None:
    if _watching and event in ("subprocess.Popen", "os.exec", "os.posix_spawn", "os.system"):
        # A program that is handed an environment inherits none.
        is_handed = event == "subprocess.Popen" and arguments[3] is not None
        inherited = {} if is_handed else dict(os.environb)
        _started.append(repr((arguments, inherited)).encode())


sys.addaudithook(_hook)


@pytest.fixture
def witness(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Witness]:
    """ProtoCoast with one value sealed, and everything that a run could leave something in."""
    root, temporary = tmp_path / "root", tmp_path / "temporary"
    root.mkdir()
    temporary.mkdir()
    monkeypatch.setenv("TMPDIR", str(temporary))
    monkeypatch.setattr(tempfile, "tempdir", None)
    site = protocoast()
    site["secrets"] = {
        "ocean": {"keys": ["A", "B"], "usedBy": {"servers": "environment"}},
        "files": {"keys": ["f"], "usedBy": {"servers": {"mount": "/etc/files"}}},
        "images": {"kind": "registry", "server": "registry.example.org"},
    }
    site["jupyterhub"]["pullSecrets"] = ["images"]
    made(root, site)
    certificates.install(root)
    seen = Witness(root, temporary)
    _started.clear()
    _watching.append(seen)
    with listening(root, seen.look):
        yield seen
    _watching.clear()
    seen.look("the end")
    assert seen.leaks == []
    assert list(temporary.iterdir()) == []
    assert [started for started in _started if found_in(started)] == []


def everything(root: Path) -> Run:
    """Every value by hand."""
    answers = dict.fromkeys((*KEYS[:2], "ocean", "files", KEYS[4]), MARKER)
    return seal(root, person=Person({**answers, KEYS[2]: HEX, KEYS[3]: HEX}))


def one(root: Path, key: str = KEYS[1], given: bytes = MARKER, **more: Any) -> Run:
    return seal(root, key=key, file=STANDARD_INPUT, given=given, **more)


def with_certificate(content: bytes) -> Callable[[Path], Run]:
    def path(root: Path) -> Run:
        certificates.install(root, content)
        return everything(root)

    return path


def by_variable(root: Path) -> Run:
    os.environ["HUBOPS_TEST_VALUE"] = MARKER.decode()
    return seal(root, key=KEYS[1], variable="HUBOPS_TEST_VALUE")


def by_file(root: Path) -> Run:
    reader, writer = os.pipe()
    os.write(writer, MARKER)
    os.close(writer)
    try:
        return seal(root, key=KEYS[1], file=Path(f"/dev/fd/{reader}"))
    finally:
        os.close(reader)


def rotated(root: Path) -> Run:
    assert everything(root).code == 0
    return one(root, mode=SealMode.ROTATE, given=MARKER + b"2")


def resealed(root: Path) -> Run:
    assert everything(root).code == 0
    certificates.install(root, pem(begins=certificates.NOW))
    return seal(
        root, mode=SealMode.RESEAL, person=Person(dict.fromkeys(("oauth", "ocean"), MARKER))
    )


def meanwhile(root: Path) -> Run:
    class Slow(Person):
        def answer(self, prompt: str) -> Any:
            copies.put(root, "production", KEYS[1], copies.ciphertext(1))
            return super().answer(prompt)

    return seal(root, key=KEYS[1], person=Slow({KEYS[1]: MARKER}))


PATHS: dict[str, tuple[Callable[[Path], Run], int]] = {
    "everything by hand": (everything, 0),
    "standard input": (one, 0),
    "a variable": (by_variable, 0),
    "a file": (by_file, 0),
    "rotation": (rotated, 0),
    "sealing again": (resealed, 0),
    "a registry's account": (lambda root: one(root, REGISTRY_KEY, b"ada:" + MARKER), 0),
    "a registry without a user": (lambda root: one(root, REGISTRY_KEY, MARKER), 3),
    "a mounted file": (lambda root: one(root, "f", MARKER + b"\xff\0"), 0),
    "a line end": (lambda root: one(root, given=MARKER + b"\n"), 0),
    "two lines": (lambda root: one(root, given=MARKER + b"\n" + MARKER), 3),
    "binary": (lambda root: one(root, given=MARKER + b"\xff"), 3),
    "a zero": (lambda root: one(root, "A", MARKER + b"\0"), 3),
    "over 1 MiB": (lambda root: one(root, given=MARKER * 40_000), 3),
    "over 256 KiB": (lambda root: one(root, "f", MARKER * 8_000), 3),
    "no cookie secret": (lambda root: one(root, KEYS[2]), 3),
    "no keys": (lambda root: one(root, KEYS[3], HEX + b"," + HEX), 3),
    "unfit at the terminal": (
        lambda root: seal(root, key=KEYS[2], person=Person({KEYS[2]: MARKER})),
        3,
    ),
    "an expired certificate": (
        with_certificate(pem(begins=certificates.BEFORE, ends=certificates.NOW)),
        3,
    ),
    "a certificate of another kind": (with_certificate(pem(ec_key())), 3),
    "half a certificate": (with_certificate(pem()[:300]), 3),
    "a private key": (with_certificate(private_pem()), 3),
    "in the place of the key": (lambda root: one(root, MARKER.decode(), b"x"), 2),
    "in the place of the environment": (lambda root: seal(root, MARKER.decode()), 2),
    "in the place of the path": (
        lambda root: seal(root, key=KEYS[1], file=Path(MARKER.decode())),
        3,
    ),
    "in the place of the variable": (
        lambda root: seal(root, key=KEYS[1], variable=MARKER.decode()),
        3,
    ),
    "sealed already": (
        lambda root: next(one(root) for _ in [one(root)]),
        2,
    ),
    "changed meanwhile": (meanwhile, 3),
}


@pytest.mark.parametrize("name", PATHS)
def test_a_marker_is_nowhere(
    witness: Witness, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str], name: str
) -> None:
    path, code = PATHS[name]
    with caplog.at_level(logging.DEBUG):
        run = path(witness.root)
        after = [copies.secrets(witness.root, format) for format in ("text", "json", "github")] + [
            generate(witness.root),
            copies.check(witness.root),
            copies.lint(witness.root),
        ]
    assert run.code == code, run.said
    printed = capfd.readouterr()
    said = [run.said, *(one.said for one in after), caplog.text, printed.out, printed.err]
    assert [text for text in said if found_in(text.encode())] == []
    assert code or any(MARKER in value for value in opened(witness.root).values())


@pytest.mark.parametrize(
    "reason", [OSError(28, "No space left on device"), MemoryError(), ValueError("a bug")], ids=repr
)
def test_a_failure_at_any_step_of_the_writing_shows_nothing(
    tmp_path: Path, reason: BaseException
) -> None:
    made(tmp_path, protocoast())
    certificates.install(tmp_path)
    before = copies.files(tmp_path)
    steps: list[str] = []
    with listening(tmp_path, steps.append):
        assert one(tmp_path).code == 0
    assert len(steps) >= 5
    for path, content in before.items():
        (tmp_path / path).write_bytes(content)
    for count in range(1, len(steps) - 2):
        text = failed_at(tmp_path, count, reason)
        assert not found_in(text.encode()), text
        for name in FOLDERS:
            for file in (tmp_path / name).rglob("*"):
                assert not file.is_file() or not found_in(file.read_bytes()), file
        for path, content in before.items():
            (tmp_path / path).write_bytes(content)


def failed_at(root: Path, count: int, reason: BaseException) -> str:
    """All that an exception tells, the variables of every frame included."""
    steps: list[str] = []

    def fail(step: str) -> None:
        steps.append(step)
        if len(steps) == count + 1:
            raise reason

    with listening(root, fail):
        try:
            run = one(root)
        except (GeneratorError, MemoryError, ValueError) as error:
            whole = traceback.TracebackException.from_exception(error, capture_locals=True)
            own = [frame for frame in whole.stack if "/generator/" in frame.filename]
            assert own
            return "".join([*whole.format_exception_only(), *(repr(f.locals) for f in own)])
    return run.said


# Where a bug is planted, so that a process ends with a traceback while it has the value.
BUGS = {
    "checking": "import generator.secrets.keys as m; m.complaint = None",
    "encrypting": "import generator.secrets.sealing as m; m.label = None",
    "inside the encryption": "import generator.secrets.sealing as m; m._NONCE = None",
    "building": "import generator.build.repository as m; m.sealed_secrets = None",
    "writing": "import generator.io.writer as m; m.apply = None",
    "saying": "import generator.report.text as m; m.changes = None",
}


@pytest.mark.parametrize("bug", BUGS)
def test_a_bugs_traceback_shows_nothing(tmp_path: Path, bug: str) -> None:
    made(tmp_path, protocoast())
    certificates.install(tmp_path, pem(ends=certificates.NOW.replace(year=2100)))
    start = f"{BUGS[bug]}; import generator.cli.main as e; e.main()"
    run = subprocess.run(
        [sys.executable, "-X", "dev", "-c", start, "seal", "production", KEYS[1]],
        cwd=tmp_path,
        env=copies.environment({}),
        input=MARKER,
        capture_output=True,
        timeout=60,
        check=False,
    )
    assert run.returncode == 70, run.stderr
    assert b"Traceback" in run.stderr
    assert not found_in(run.stdout + run.stderr)
    assert not any(found_in(content) for content in copies.files(tmp_path).values())
