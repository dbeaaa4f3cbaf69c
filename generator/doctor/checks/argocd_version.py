"""Argo CD runs another version than site.yaml says.

hubops writes only the fields that the version in `argocd.version` knows. An older Argo CD drops a
field that it does not know, without an error; a newer one works, and fields that it has are not
used.
"""

import re

from generator.doctor.checks.base import ERROR, WARNING, Diagnoses
from generator.doctor.look import Look
from generator.doctor.reading import containers, text
from generator.versions import Version

CODE = "D101"
_TAG = re.compile(r"argocd[\w-]*:v?(\d+\.\d+\.\d+)")


def check(look: Look) -> Diagnoses:
    """One for each cluster whose version is not the one that runs."""
    running = _running(look)
    if running is None:
        return
    for cluster in look.clusters:
        said = cluster.argocd
        if running.numbers[:2] == said.numbers[:2]:
            continue
        is_older = running.numbers[:2] < said.numbers[:2]
        yield look.found(
            CODE,
            ERROR if is_older else WARNING,
            f"Argo CD {running} runs, and site.yaml says {said}"
            + ("; it drops fields that it does not know" if is_older else ""),
            f'write version: "{running.numbers[0]}.{running.numbers[1]}" and run hubops generate'
            + (", or upgrade Argo CD" if is_older else ""),
            at=cluster.argocd_at,
            about="argocd version",
        )


def _running(look: Look) -> Version | None:
    """The oldest version of Argo CD's own images."""
    images = (
        match[1]
        for pod in look.argocd.get("Pod", {}).values()
        for one in containers(pod)
        for match in (_TAG.search(text(one, "image")),)
        if match
    )
    return min(map(Version.parse, images), default=None)
