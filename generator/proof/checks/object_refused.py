"""A rendered object does not fit its schema.

The schemas are Kubernetes' own for the cluster's release, hubops' for Argo CD and SealedSecrets,
and the definitions that the charts bring themselves; all closed, for the API server drops a field
that it does not know without a word.
"""

from collections.abc import Iterator

from generator.diagnostics import Diagnostic, Finding
from generator.lint.rules.base import errors
from generator.proof.checks.base import anchored, in_folder, json_pointer
from generator.proof.checks.kinds import complaints
from generator.proof.rendering import Rendering, identity

finding = errors("M910")

_HELP = "the API server refuses it, or drops the field; fix the value, or the chart that writes it"


def check(rendering: Rendering) -> Iterator[Finding | Diagnostic]:
    """One finding for each place of an object that its schema refuses."""
    for one, (path, what) in complaints(rendering):
        where = json_pointer(path) or "the object"
        text = f"{one.by}: {identity(one.resource, '')}: {where} {what}"
        if one.environment is None:
            yield in_folder(finding, one.by, text, _HELP)
        else:
            yield anchored(finding, one.environment, None, text, _HELP)
