"""`helm template` as Argo CD runs it, twice, shielded from the user's own Helm settings."""

import json
import os
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from generator.diagnostics import ToolError
from generator.io.tools import Outcome, run
from generator.packaged.helm import Helm
from generator.proof.rendering import Failure, Stage
from generator.records import record
from generator.versions import Version

# Seconds. A chart here takes a tenth of one.
PATIENCE = 60.0
_SCHEMA = re.compile(r"values don't meet the specifications of the schema", re.IGNORECASE)
_WARNING = re.compile(
    r"(?:level=[A-Z]+ msg=|\S+\.go:\d+: )?\"?(?:warning|WARNING): (?P<text>.*?)\"?$"
)


@record
class Request:
    """What Argo CD would hand to Helm for one Application."""

    chart: Path
    release: str
    namespace: str
    values: Mapping[str, Any]
    kubernetes: Version
    apis: Sequence[str]
    skip_crds: bool

    @property
    def inputs(self) -> str:
        """All that the result depends on, but the Helm and what is random."""
        rest = (str(self.chart), self.release, self.namespace, str(self.kubernetes), self.skip_crds)
        return json.dumps([rest, list(self.apis), self.values], sort_keys=True)


@record
class Output:
    """What Helm printed, and its warnings; or why it printed nothing of use."""

    text: str = ""
    warnings: tuple[str, ...] = ()
    failure: Failure | None = None


def template(helm: Helm, request: Request, scratch: Path, patience: float = PATIENCE) -> Output:
    """One rendering. Never raises for what Helm does: a failure is part of the output."""
    try:
        outcome = run(
            command(helm, request),
            folder=scratch,
            patience=patience,
            fed=json.dumps(request.values).encode(),
            environment=shielded(scratch),
        )
    except ToolError as error:
        return Output(
            failure=Failure(
                stage=Stage.PROGRAM, message=error.message, lines=error.details, help=error.help
            )
        )
    if outcome.code != 0:
        return Output(failure=_failure(outcome, helm))
    try:
        text = outcome.out.decode("utf-8")
    except UnicodeDecodeError:
        message = f"{helm.path} prints something that is no text"
        return Output(failure=Failure(stage=Stage.PROGRAM, message=message))
    return Output(text=text, warnings=warnings(outcome.complaint))


def command(helm: Helm, request: Request) -> tuple[str, ...]:
    """The arguments of Argo CD's util/helm; the values come on standard input."""
    crds = () if request.skip_crds else ("--include-crds",)
    apis = ("--api-versions", ",".join(request.apis)) if request.apis else ()
    major, minor, patch = request.kubernetes.numbers
    return (
        *(helm.path, "template", request.release, str(request.chart)),
        *("--namespace", request.namespace, "--kube-version", f"v{major}.{minor}.{patch}"),
        *("--values", "-", *apis, *crds),
    )


def shielded(scratch: Path) -> dict[str, str]:
    """Variables that keep the user's plugins, repositories, namespace and cluster out."""
    inherited = {name: "" for name in os.environ if name.startswith("HELM_")}
    homes = {
        f"HELM_{kind}_HOME": str(scratch / "helm" / kind.lower())
        for kind in ("CACHE", "CONFIG", "DATA")
    }
    plugins = {"HELM_PLUGINS": str(scratch / "helm" / "plugins")}
    return {**inherited, **homes, **plugins, "KUBECONFIG": os.devnull, "HELM_DEBUG": "false"}


def warnings(complaint: str) -> tuple[str, ...]:
    """What Helm warns of while it succeeds, without its own log's marks."""
    found = (_WARNING.match(line.strip()) for line in complaint.splitlines())
    return tuple(dict.fromkeys(match["text"] for match in found if match))


def _failure(outcome: Outcome, helm: Helm) -> Failure:
    lines = tuple(line for line in outcome.complaint.splitlines() if line.strip())
    if outcome.code < 0:
        message = f"{helm.path} was ended by signal {-outcome.code}"
        return Failure(stage=Stage.PROGRAM, message=message, lines=lines)
    stage = Stage.VALUES if _SCHEMA.search(outcome.complaint) else Stage.TEMPLATE
    kept = tuple(
        line.removeprefix("Error: ")
        for line in lines
        if not _WARNING.match(line) and not line.startswith("Use --debug flag")
    )
    message = kept[0] if kept else f"helm ended with code {outcome.code} and said nothing"
    return Failure(stage=stage, message=message, lines=kept[1:])
