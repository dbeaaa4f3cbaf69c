"""The user's kubectl, with the user's own context: it gets and lists, and does nothing else."""

import json
import os
import re
import time
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from generator.diagnostics import GeneratorError, ToolError
from generator.doctor.cleaning import clean_text
from generator.doctor.reading import Object, entries
from generator.doctor.snapshot import UNKNOWN_KIND, Unasked
from generator.io.tools import Outcome, on_path, run
from generator.packaged.helm import own_tool
from generator.records import record

_FORBIDDEN = re.compile(
    r'cannot (?P<verb>\w+) resource "(?P<resource>[^"]+)" in API group "(?P<group>[^"]*)"'
    r'(?: in the namespace "(?P<namespace>[^"]+)")?'
)
_MISSING_TYPE = re.compile(r'have a resource type "([^"]+)"')
_NO_CONTEXT = re.compile(r'context "[^"]*" does not exist|no context exists with the name')
_NO_LOGIN = re.compile(
    r"Unauthorized|provide credentials|must be logged in|token (?:is|has) expired"
    r"|getting credentials|Authentication required"
)
_LEAST = 1.0  # seconds


@record
class Kubectl:
    """How to ask one API server; the look must be over when `time.monotonic` is at `ends`."""

    path: str
    context: str | None
    kubeconfig: str | None
    ends: float

    @property
    def words(self) -> tuple[str, ...]:
        """What a printed command needs to ask the same server."""
        named = ("--context", self.context) if self.context else ()
        return (*(("--kubeconfig", self.kubeconfig) if self.kubeconfig else ()), *named)

    def asked(self, *arguments: str) -> Outcome:
        """The outcome of one call. GeneratorError where no server answers in time."""
        left = self.ends - time.monotonic()
        if left < _LEAST:
            raise unreachable(self, "it did not answer everything in time")
        limit = f"--request-timeout={max(_LEAST, left - _LEAST):.0f}s"
        command = (self.path, *self.words, limit, *arguments)
        # Logins of clouds are programs that need the user's own variables.
        try:
            return run(command, folder=Path.cwd(), patience=left, environment=dict(os.environ))
        except ToolError as error:
            if "did not end" in error.message:
                raise unreachable(self, "it did not answer in time") from None
            raise

    def raw(self, path: str) -> bytes | None:
        """What a path of the API answers; None where it is not there, or not allowed."""
        outcome = self.asked("get", "--raw", path)
        return outcome.out if outcome.code == 0 else None

    def version(self) -> str:
        """The server's version, as `v1.34.4`. GeneratorError where it can't be reached."""
        outcome = self.asked("get", "--raw", "/version")
        if outcome.code:
            raise unreachable(self, outcome.complaint)
        try:
            answer = json.loads(outcome.out)
        except ValueError:
            answer = None
        if not isinstance(answer, dict) or not isinstance(answer.get("gitVersion"), str):
            raise unreachable(self, "what answers is not a Kubernetes API server")
        return str(answer["gitVersion"])

    def listed(self, arguments: Sequence[str]) -> tuple[list[Object], list[Unasked]]:
        """The objects of one `kubectl get`, and what was forbidden."""
        outcome = self.asked("get", *arguments, "-o", "json", "--ignore-not-found")
        refused = list(refusals(outcome.complaint))
        try:
            answer: Any = json.loads(outcome.out) if outcome.out.strip() else {}
        except ValueError:
            answer = {}
        if outcome.code and not outcome.out.strip() and not refused:
            raise unreachable(self, outcome.complaint)
        if isinstance(answer, dict) and "items" not in answer and answer:
            return [answer], refused
        return list(entries(answer, "items")), refused


def refusals(complaint: str) -> Iterable[Unasked]:
    """What kubectl was not allowed to ask, or does not know."""
    for match in _FORBIDDEN.finditer(complaint):
        kind = f"{match['resource']}.{match['group']}".rstrip(".")
        reason = f"the user may not {match['verb']} it"
        yield Unasked(kind=kind, namespace=match["namespace"] or "", reason=reason)
    for kind in _MISSING_TYPE.findall(complaint):
        yield Unasked(kind=kind, namespace="", reason=UNKNOWN_KIND)


def program() -> str:
    """The kubectl on the PATH, or of `.tools/`. ToolError where there is none."""
    path = on_path("kubectl") or own_tool("kubectl")
    if path is None:
        raise ToolError("kubectl was not found", "install kubectl, or run 'make tools'")
    return path


def unreachable(kubectl: Kubectl, complaint: str) -> GeneratorError:
    """Why there is no answer, and what to do; the complaint without what may be a credential."""
    name = f"context '{kubectl.context}'" if kubectl.context else "kubectl's current context"
    lines = [clean_text(line) for line in complaint.strip().splitlines()]
    lines = [line for line in lines if not re.match(r"[EWI]\d{4} ", line)][-3:]
    if _NO_CONTEXT.search(complaint):
        help = "'kubectl config get-contexts' lists the contexts; name one with --context"
        return GeneratorError(f"{name}: there is no such context", help, tuple(lines))
    if _NO_LOGIN.search(complaint):
        help = "log in again, and try 'kubectl get namespaces'"
        return GeneratorError(f"{name}: the login expired or is refused", help, tuple(lines))
    help = "try 'kubectl get namespaces' with the same context; --timeout gives it more seconds"
    return GeneratorError(f"{name}: the cluster can't be reached", help, tuple(lines))
