"""`helm template` as Argo CD runs it, twice, shielded from the user's own Helm settings."""

import json
import re
from pathlib import Path

from generator.diagnostics import ToolError
from generator.io.tools import Outcome, run
from generator.packaged.helm import Helm, scratch_environment
from generator.proof import object_schemas
from generator.proof.rendering import Failure, RenderedChart, Stage
from generator.records import record

_SCHEMA = re.compile(r"values don't meet the specifications of the schema", re.IGNORECASE)
_WARNING = re.compile(
    r"(?:level=[A-Z]+ msg=|\S+\.go:\d+: )?\"?(?:warning|WARNING): (?P<text>.*?)\"?$"
)


@record
class Output:
    """What Helm printed, and its warnings; or why it printed nothing of use."""

    text: str = ""
    warnings: tuple[str, ...] = ()
    failure: Failure | None = None


def inputs(chart: RenderedChart) -> str:
    """All that a rendering depends on, but the Helm and what is random."""
    place = (str(chart.archive), chart.release, chart.namespace, str(chart.kubernetes))
    return json.dumps([place, chart.skip_crds, chart.values], sort_keys=True)


def template(helm: Helm, chart: RenderedChart, scratch: Path, patience: float) -> Output:
    """One rendering. Never raises for what Helm does: a failure is part of the output."""
    try:
        outcome = run(
            _command(helm, chart),
            folder=scratch,
            patience=patience,
            fed=json.dumps(chart.values).encode(),
            environment={
                **scratch_environment(scratch),
                "HELM_CONFIG_HOME": str(scratch / "helm" / "config_home"),
            },
        )
    except ToolError as error:
        return Output(failure=Failure.of(Stage.PROGRAM, error))
    if outcome.code != 0:
        return Output(failure=_failure(outcome, helm))
    try:
        text = outcome.out.decode("utf-8")
    except UnicodeDecodeError:
        message = f"{helm.path} prints something that is not text"
        return Output(failure=Failure(stage=Stage.PROGRAM, message=message))
    matches = (_WARNING.match(line.strip()) for line in outcome.complaint.splitlines())
    warnings = tuple(dict.fromkeys(match["text"] for match in matches if match))
    return Output(text=text, warnings=warnings)


def _command(helm: Helm, chart: RenderedChart) -> tuple[str, ...]:
    """The arguments of Argo CD's util/helm; the values come on standard input."""
    major, minor, patch = chart.kubernetes.numbers
    return (
        *(helm.path, "template", chart.release, str(chart.archive)),
        *("--namespace", chart.namespace, "--kube-version", f"v{major}.{minor}.{patch}"),
        *("--values", "-", "--api-versions", ",".join(object_schemas.of(chart.kubernetes).apis)),
        *(() if chart.skip_crds else ("--include-crds",)),
    )


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
