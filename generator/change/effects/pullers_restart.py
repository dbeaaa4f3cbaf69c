"""Pods that no one notices restart: image pullers, placeholders, the user scheduler.

Image pullers fetch what servers need to each node, placeholders keep room for the next users.
"""

from collections.abc import Iterator, Mapping

from generator.change.difference import ValueChange
from generator.change.sides import Step
from generator.charts import spawner
from generator.charts.chart import Values
from generator.charts.rows import Path, at
from generator.lint.consequences import Consequences, Weight

# Values of the chart that are in their pods (jupyterhub templates/image-puller, scheduling), with
# the switches of these pods; the chart turns each on.
_PULLERS: tuple[Path, ...] = (
    ("prePuller", "continuous", "enabled"),
    ("prePuller", "hook", "enabled"),
)
_PLACEHOLDERS: Path = ("scheduling", "userPlaceholder", "enabled")
_PATHS: Mapping[Path, tuple[Path, ...]] = {
    ("prePuller",): _PULLERS,
    ("scheduling", "userPods"): (*_PULLERS, _PLACEHOLDERS),
    ("scheduling", "podPriority"): (*_PULLERS, _PLACEHOLDERS),
    ("scheduling", "userPlaceholder"): (_PLACEHOLDERS,),
    ("scheduling", "userScheduler"): (("scheduling", "userScheduler", "enabled"),),
}
# Below them, what is not part of the pods.
_BESIDE_THE_PODS = (("replicas",), ("pdb",), ("revisionHistoryLimit",))
# Whether the images of profiles are pulled: what counts is which ones are.
_IMAGES_OF_PROFILES = ("prePuller", "pullProfileListImages")


def check(step: Step) -> Consequences:
    """One effect that names the values."""
    paths = [one.spelled for one in _changed(step)]
    if paths:
        said = ", ".join(paths)
        yield Weight.NOTE.of(f"image pullers or placeholders restart: {said}")


def _changed(step: Step) -> Iterator[ValueChange]:
    sides = [side.values.get("jupyterhub", {}) for side in step.sides]
    for path, switches in _PATHS.items():
        if any(_is_on(values, switch) for values in sides for switch in switches):
            changed = step.changed("jupyterhub", *path, but=_BESIDE_THE_PODS)
            yield from (one for one in changed if not one.under(*_IMAGES_OF_PROFILES))
    if len({tuple(_pulled(values)) for values in sides}) > 1:
        yield from step.changed("jupyterhub", *_IMAGES_OF_PROFILES)


def _pulled(values: Values) -> Iterator[str]:
    """The images of profiles that pullers fetch."""
    if _is_on(values, _IMAGES_OF_PROFILES):
        for place, traits in spawner.settings(values):
            if place[0] == "singleuser" and traits.get("image"):
                yield str(traits["image"])


def _is_on(values: Values, path: Path) -> bool:
    """Whether a switch is on, as the chart has it unless values say otherwise."""
    return at(values, path) is not False
