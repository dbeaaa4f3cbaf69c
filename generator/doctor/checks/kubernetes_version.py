"""The cluster runs another Kubernetes than site.yaml says.

`clusters.<name>.kubernetes` decides which charts and APIs hubops accepts, and what `validate`
renders for. A cluster that is older than site.yaml says can refuse what was accepted.
"""

from generator.doctor.checks.base import ERROR, WARNING, Diagnoses
from generator.doctor.look import Look
from generator.versions import Version

CODE = "D180"


def check(look: Look) -> Diagnoses:
    """One for each cluster."""
    for place in {one.cluster.name: one for one in look.places}.values():
        said = place.cluster.kubernetes
        try:
            live = Version.parse(place.side.version.partition("+")[0].partition("-")[0])
        except ValueError:
            continue
        if live.numbers[:2] == said.numbers[:2]:
            continue
        short = f"{live.numbers[0]}.{live.numbers[1]}"
        is_older = live.numbers[:2] < said.numbers[:2]
        yield place.in_cluster(
            CODE,
            ERROR if is_older else WARNING,
            f"Kubernetes {short} runs, and site.yaml says {said}",
            f'write kubernetes: "{short}" and run hubops generate',
            about="kubernetes",
            at=(*place.cluster.at, "kubernetes"),
            commands=(f"{place.kubectl} version",),
        )
