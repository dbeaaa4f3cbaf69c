"""A rendered object does not fit its schema.

The schemas are Kubernetes' own for the cluster's release, hubops' for Argo CD and SealedSecrets,
and the definitions that the charts bring themselves; all closed, for the API server drops a field
that it does not know without a word.
"""

from collections.abc import Iterator

from generator.diagnostics import Finding, Severity
from generator.proof.checks.base import FileFinding, error, json_pointer
from generator.proof.checks.kinds import Judge, Placed, placed
from generator.proof.object_schemas import Complaint
from generator.proof.rendering import Rendered, Rendering

CODE = "M910"

_HELP = "the API server refuses it, or drops the field; mend the value, or the chart that writes it"


def check(rendering: Rendering) -> Iterator[Finding | FileFinding]:
    """One finding for each place of an object that its schema refuses."""
    judge = Judge()
    releases = {(one.environment.name, one.app): one for one in rendering.releases}
    for one in placed(rendering):
        for complaint in judge.complaints(one) or ():
            yield _finding(one, complaint, releases.get((one.environment or "", one.by)))


def _finding(one: Placed, complaint: Complaint, release: Rendered | None) -> Finding | FileFinding:
    where = json_pointer(complaint.path) or "the object"
    message = f"{one.by}: {one.called}: {where} {complaint.message}"
    if release is None:
        file = f"{one.by}/kustomization.yaml"
        return FileFinding(
            code=CODE, severity=Severity.ERROR, message=message, file=file, help=_HELP
        )
    message = f"{release.environment.name}: {message}"
    return error(
        code=CODE,
        message=message,
        at=release.environment.at,
        on_key=True,
        help=_HELP,
    )
