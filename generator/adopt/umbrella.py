"""Values of the umbrella chart daskhub -> the values of the charts in it."""

from collections.abc import Iterator, Mapping

from generator.adopt.base import CHARTS, Row
from generator.adopt.layers import Layer, Part
from generator.diagnostics import GeneratorError

NAME = "daskhub"
# What the last release, 2024.1.1, contains.
VERSIONS = {"jupyterhub": "3.2.1", "dask-gateway": "2024.1.0"}
QUESTION = (
    "daskhub has default values that connect Dask Gateway to the hub; hubops writes its own, and "
    "the proof compares only with your values: `helm get values --all` shows the rest"
)
_OWN = {
    "rbac": "daskhub's roles for its hub; the charts create what they need (rbac.create)",
    "dask-kubernetes": "daskhub's roles for dask-kubernetes, which neither chart has",
    "global": "in daskhub it reaches both charts: write it under the values of each",
}


def charts(umbrella: Layer) -> Iterator[Part | Row]:
    """The values of each chart, and a row for each key of the umbrella chart itself."""
    for root in umbrella.values:
        below = umbrella.below(root)
        if root in CHARTS and below is not None:
            yield Part(chart=root, layer=below, of_umbrella=True)
        else:
            text = _OWN.get(root, "a key of the umbrella chart: neither chart has it")
            yield Row(chart=NAME, path=(root,), text=text, place=umbrella.place((root,)))


def refuse(values: Layer) -> None:
    """GeneratorError for the umbrella chart's values where those of one chart are expected."""
    for root in (*CHARTS, NAME):
        if isinstance(values.values.get(root), Mapping):
            raise GeneratorError(
                f"{values.place((root,))}: '{root}' at the root: these are values of the umbrella "
                "chart daskhub; nothing was written",
                "give the file with --meta",
            )
