"""Objects in Kubernetes are deleted, or left without an owner.

Argo CD deletes an Application only after a person confirms it (before 2.14 never), and what it
deployed runs on until a person deletes it.
"""

from collections.abc import Iterator

from generator.change import cleanup
from generator.change.difference import ABSENT
from generator.change.sides import Step
from generator.lint.consequences import Consequence, Weight, consequence

CODE = "E010"


def check(step: Step) -> Iterator[Consequence]:
    """One effect for a Dask Gateway, and each object of the namespace, that is left out."""
    before, after = step.sides
    if "dask-gateway" in before.apps and "dask-gateway" not in after.apps:
        yield cleanup.without_dask(after.site, before.placement)
    for path, changes in step.objects.items():
        if path not in after.objects and all(change.after is ABSENT for change in changes):
            document = before.objects[path]
            if isinstance(document, str):
                what = f"what {path} described"
            else:
                what = f"{document['kind']} {document['metadata']['name']}"
            yield consequence(Weight.NOTE, f"Argo CD deletes {what}")
