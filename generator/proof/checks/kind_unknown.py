"""A rendered object is of a custom kind that nothing here defines.

Its definition must be in the cluster already; hubops has no schema to judge it by.
"""

from generator.lint.rules.base import Findings, infos
from generator.proof.checks.kinds import placed
from generator.proof.rendering import Rendering

finding = infos("M912")


def check(rendering: Rendering) -> Findings:
    """One finding for each kind and cluster."""
    for one in placed(rendering):
        if not (one.is_builtin or one.is_own or one.is_known or one.defined_versions):
            yield finding(
                ("clusters", one.cluster),
                f"{one.by}: no schema for {one.kind[2]} of {one.resource.get('apiVersion')}",
                "its CustomResourceDefinition must be in the cluster before this is synced",
                on_key=True,
            )
