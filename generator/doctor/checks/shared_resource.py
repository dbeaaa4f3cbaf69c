"""Two Applications claim one object.

Each sync of one takes the object from the other. hubops lets the sync fail instead
(`FailOnSharedResource`). Usually a second environment in the cluster has the same release name or
namespace, or another tool manages the object.
"""

from generator.doctor.checks.base import ERROR, Diagnoses, sentence
from generator.doctor.look import Look
from generator.doctor.reading import condition, text

CODE = "D112"


def check(look: Look) -> Diagnoses:
    """One for each Application."""
    for app in look.apps:
        message = text(condition(app.live, "SharedResourceWarning"), "message")
        if message:
            yield app.found(
                CODE,
                ERROR,
                f"'{app.name}' claims what another Application has: {sentence(message)}",
                "leave the object to one of them: another release name, or another namespace",
                about="shared",
                commands=(f"argocd app get {app.name}",),
            )
