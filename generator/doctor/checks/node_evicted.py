"""Pods were evicted, or ended without a restart.

A node ran out of memory, disk or processes and evicted them. For a user's server this is lost work
in memory.
"""

from generator.doctor.checks.base import WARNING, Diagnoses, count, sentence
from generator.doctor.look import Look
from generator.doctor.reading import name, text

CODE = "D134"


def check(look: Look) -> Diagnoses:
    """One for each environment."""
    for place in look.places:
        failed = [pod for pod in place.all("Pod") if text(pod, "status.phase") == "Failed"]
        evicted = [pod for pod in failed if text(pod, "status.reason") in ("Evicted", "Preempting")]
        if evicted:
            said = text(evicted[-1], "status.message")
            yield place.found(
                CODE,
                WARNING,
                f"{count(len(evicted), 'pod')} evicted, such as '{name(evicted[-1])}': "
                f"{sentence(said)}",
                "add a node or lower the limits of servers",
                follows=("nodes",),
                about="evicted",
                commands=(
                    f"{place.kubectl} get pods -n {place.environment.namespace} "
                    "--field-selector status.phase=Failed",
                ),
                at=place.settings_at("jupyterhub", "servers"),
            )
