"""Objects in Kubernetes are deleted, or left without an owner.

Argo CD deletes an Application only once somebody confirms it (before 2.14 not at all), and what it
deployed runs on until it is deleted by hand.
"""

from collections.abc import Iterator

from generator import names
from generator.change import cleanup
from generator.change.difference import ABSENT
from generator.change.effects.base import Effect, Weight
from generator.change.sides import Place, Step, placement

CODE = "E010"


def check(step: Step) -> Iterator[Effect]:
    """One effect for each Application, and each object of the namespace, that goes."""
    if step.both is None:
        return
    before, after = step.both
    for app in before.apps:
        if app not in after.apps:
            yield Effect(
                code=CODE,
                weight=Weight.CUT,
                message=f"{app} is no longer described here: it runs on, without updates",
                acts=_ending(app, before, step),
            )
    for path, changes in step.objects.items():
        if path not in after.objects and all(change.after is ABSENT for change in changes):
            document = before.objects[path]
            if isinstance(document, str):
                what = f"what {path} described"
            else:
                what = f"{document['kind']} {document['metadata']['name']}"
            yield Effect(code=CODE, weight=Weight.NOTE, message=f"{what} is deleted")


def _ending(app: str, was: Place, step: Step) -> tuple[str, ...]:
    """How what runs on is ended."""
    left = cleanup.departed(step.site, placement(was)) if app == "dask-gateway" else ()
    application = names.application(was.site.name, app, step.name)
    return left or (f"to end it: argocd app delete {application} --cascade",)
