"""The real programs that tests start."""

import atexit
import json
import os
import select
import shutil
import subprocess
import sys
from functools import cache
from pathlib import Path
from typing import Any, NoReturn

import pytest

ROOT = Path(__file__).resolve().parents[2]


def kubectl() -> str:
    """The kubectl of the test environment; without it the test is skipped, and fails in CI."""
    beside = Path(sys.executable).parent / "kubectl"
    found = str(beside) if beside.exists() else shutil.which("kubectl")
    if found is None:
        absent("kubectl", "run `make test`, which installs it with the development packages")
    return found


def absent(program: str, fix: str) -> NoReturn:
    """Ends a test whose program is missing: a skip that says what to do, a failure in CI."""
    message = f"{program} is missing: {fix}"
    if os.environ.get("CI"):
        pytest.fail(message)
    pytest.skip(message)


def environment(name: str) -> str:
    """The Python of an environment that holds real server packages (tests/environments)."""
    python = ROOT / ".environments" / name / "bin" / "python"
    if not python.exists():
        absent(f"the environment {name}", "run `make test`, which sets it up")
    return str(python)


def probe(script: str, name: str, asked: object, **variables: str) -> Any:
    """What a script of tests/environments answers, run by the Python of an environment."""
    code, out, errors = _warm(environment(name)).answer(
        script=str(_SCRIPTS / script),
        asked=asked,
        variables={"PATH": os.environ["PATH"], **variables},
    )
    if code:
        raise ProbeError(errors)
    return json.loads(out)


_SCRIPTS = ROOT / "tests" / "environments"


class _Warm:
    """A process of an environment's Python that has loaded its packages, and answers probes."""

    def __init__(self, python: str) -> None:
        self._process = subprocess.Popen(
            [python, str(_SCRIPTS / "warm.py")],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env={"PATH": os.environ["PATH"]},
        )
        atexit.register(self._process.kill)

    def answer(self, **question: object) -> list[Any]:
        asked, answered = self._process.stdin, self._process.stdout
        assert asked is not None
        assert answered is not None
        asked.write(json.dumps(question).encode() + b"\n")
        asked.flush()
        if not select.select([answered], [], [], 120)[0]:
            self._process.kill()
            raise TimeoutError(question)
        answer: list[Any] = json.loads(answered.readline())
        return answer


_warm = cache(_Warm)


class ProbeError(Exception):
    """A real server refused its configuration; the text is its standard error."""


def helm3() -> str:
    """The pinned Helm 3 of `.tools`."""
    return _tool("helm3")


def helm4() -> str:
    """The pinned Helm 4 of `.tools`."""
    return _tool("helm4")


def _tool(name: str) -> str:
    path = ROOT / ".tools" / name
    if not os.access(path, os.X_OK):
        absent(name, "run `make tools`; where that has none for your system, put one in .tools/")
    return str(path)
