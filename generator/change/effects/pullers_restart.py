"""Pods that no one notices restart: image pullers, placeholders, the user scheduler.

Image pullers fetch what servers need to each node, placeholders keep room for the next users. Only
`values` change them by themselves.
"""

from generator.change.sides import Step
from generator.charts.rows import at
from generator.lint.consequences import Consequences, Weight

# Values of the chart that are in their pods (jupyterhub templates/image-puller, scheduling).
_PATHS = (
    ("prePuller",),
    ("scheduling", "userPods"),
    ("scheduling", "podPriority"),
)


# A switch that says nothing where users choose nothing.
_PROFILES = ("jupyterhub", "singleuser", "profileList")
_IMAGES_OF_PROFILES = ("prePuller", "pullProfileListImages")
# Below both, what is not part of the pods.
_SCHEDULING = ("userPlaceholder", "userScheduler")
_BESIDE_THE_PODS = (("replicas",), ("pdb",), ("revisionHistoryLimit",))


def check(step: Step) -> Consequences:
    """One effect that names the values."""
    changed = [one for path in _PATHS for one in step.changed("jupyterhub", *path)]
    for part in _SCHEDULING:
        changed += step.changed("jupyterhub", "scheduling", part, but=_BESIDE_THE_PODS)
    if not any(at(side.values, _PROFILES) for side in step.sides):
        changed = [one for one in changed if not one.under(*_IMAGES_OF_PROFILES)]
    paths = [one.spelled for one in changed]
    if paths:
        said = ", ".join(paths)
        yield Weight.NOTE.of(f"image pullers or placeholders restart: {said}")
