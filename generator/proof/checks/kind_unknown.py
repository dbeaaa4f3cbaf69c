"""A rendered object is of a custom kind that nothing here defines.

Its definition must be in the cluster already; hubops has no schema to judge it by.
"""

from collections.abc import Iterator

from generator.diagnostics import Finding
from generator.proof.checks.base import info
from generator.proof.checks.kinds import defined_versions, placed
from generator.proof.rendering import Rendering

CODE = "M912"


def check(rendering: Rendering) -> Iterator[Finding]:
    """One finding for each kind and cluster."""
    for one in placed(rendering):
        is_known = one.is_builtin or one.is_own or defined_versions(one)
        if not is_known:
            version = one.resource.get("apiVersion")
            yield info(
                code=CODE,
                message=f"{one.by}: no schema for {one.kind[2]} of {version}",
                at=("clusters", one.cluster),
                on_key=True,
                help="its CustomResourceDefinition must be in the cluster before this is synced",
            )
