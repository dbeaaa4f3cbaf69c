"""Pods that no one notices restart: image pullers, placeholders, the user scheduler.

Image pullers fetch what servers need to each node, placeholders keep room for the next users.
"""

from generator.change.sides import Step
from generator.charts.rows import at
from generator.lint.consequences import Consequences, Weight

# Values of the chart that are in their pods (jupyterhub templates/image-puller, scheduling), and
# what switches these pods on: hubops or the chart says true where no value does.
_PULLERS = ("prePuller continuous enabled", "prePuller hook enabled")
_PLACEHOLDERS = "scheduling userPlaceholder enabled"
_PODS = {
    "prePuller": _PULLERS,
    "scheduling userPods": (*_PULLERS, _PLACEHOLDERS),
    "scheduling podPriority": (*_PULLERS, _PLACEHOLDERS),
    "scheduling userPlaceholder": (_PLACEHOLDERS,),
    "scheduling userScheduler": ("scheduling userScheduler enabled",),
}
# A switch that says nothing where users choose nothing.
_PROFILES = ("jupyterhub", "singleuser", "profileList")
_IMAGES_OF_PROFILES = ("prePuller", "pullProfileListImages")
# Below each, what is not part of the pods.
_BESIDE_THE_PODS = (("replicas",), ("pdb",), ("revisionHistoryLimit",))


def check(step: Step) -> Consequences:
    """One effect that names the values."""
    paths = [path.split(" ") for path, switches in _PODS.items() if _is_on(step, switches)]
    changed = [
        one for path in paths for one in step.changed("jupyterhub", *path, but=_BESIDE_THE_PODS)
    ]
    if not any(at(side.values, _PROFILES) for side in step.sides):
        changed = [one for one in changed if not one.under(*_IMAGES_OF_PROFILES)]
    if changed:
        said = ", ".join(one.spelled for one in changed)
        yield Weight.NOTE.of(f"image pullers or placeholders restart: {said}")


def _is_on(step: Step, switches: tuple[str, ...]) -> bool:
    return any(
        at(side.values["jupyterhub"], (*switch.split(" "),)) is not False
        for side in step.sides
        for switch in switches
    )
