"""Values of an umbrella chart, such as daskhub -> the values of the charts in it.

A chart's values are under its name: at the root, or below one more key where the umbrella chart is
itself in another one.
"""

from collections.abc import Iterator, Mapping, Sequence

from generator.adopt.base import CHARTS, Question, Row, at, dotted
from generator.adopt.layers import Layer, Part
from generator.charts import CHARTS as KNOWN
from generator.credentials import printable
from generator.diagnostics import GeneratorError

NAME = "daskhub"
# What the last release, 2024.1.1, contains.
VERSIONS = {"jupyterhub": "3.2.1", "dask-gateway": "2024.1.0"}
QUESTION = (
    "an umbrella chart has default values of its own; daskhub's connect Dask Gateway to the hub. "
    "hubops writes its own, and the proof compares only with your values: `helm get values --all` "
    "shows the rest"
)
# `--level` for the root.
ROOT = "."
_OWN = {
    "rbac": "daskhub's roles for its hub; the charts create what they need (rbac.create)",
    "dask-kubernetes": "daskhub's roles for dask-kubernetes, which neither chart has",
    "global": "it reaches all charts of the umbrella chart: write it under the values of each",
}
_FOREIGN = "a key of the umbrella chart: neither chart has it"


def charts(files: Sequence[Layer], level: str | None = None) -> Iterator[Part | Row | Question]:
    """The values of each chart in all the files, and a row for each other key.

    GeneratorError where no file has a chart's values, or where one chart's are in two levels.
    """
    levels = {chart: _level(files, chart, level) for chart in CHARTS}
    found = {chart: above for chart, above in levels.items() if above is not None}
    if files and not found:
        raise _nothing(files, level)
    for chart, above in found.items():
        if above:
            place = next(file.place((*above, chart)) for file in files if _has(file, above, chart))
            text = f"'{chart}' is below '{printable(dotted(above))}' ({place}), and is read there"
            yield Question(text=text)
    for file in files:
        yield from _parts(file, found)


def _level(files: Sequence[Layer], chart: str, level: str | None) -> tuple[str, ...] | None:
    """The keys above a chart's own; None where no file has it."""
    if level is not None:
        named = () if level == ROOT else tuple(level.split("."))
        return next((one for one in (named, ()) if any(_has(f, one, chart) for f in files)), None)
    found = dict.fromkeys(above for file in files for above in _levels(file, chart))
    if len(found) > 1:
        raise GeneratorError(
            f"'{chart}' is at {_told(files, chart, tuple(found))}: one site has one hub; nothing "
            "was written",
            f"say which with --level: --level {dotted(max(found)) or ROOT}",
        )
    return next(iter(found), None)


def _levels(file: Layer, chart: str) -> Iterator[tuple[str, ...]]:
    for above in ((), *((key,) for key in file.values if key not in CHARTS)):
        if _has(file, above, chart):
            yield above


def _told(files: Sequence[Layer], chart: str, levels: Sequence[tuple[str, ...]]) -> str:
    places = (f.place((*one, chart)) for one in levels for f in files if _has(f, one, chart))
    return " and at ".join(dict.fromkeys(places))


def _has(file: Layer, above: tuple[str, ...], chart: str) -> bool:
    """Whether a chart's values are there; nothing at all is no values, and an empty map is."""
    parent = at(file.values, *above)
    return isinstance(parent, Mapping) and isinstance(parent.get(chart), Mapping)


def _nothing(files: Sequence[Layer], level: str | None) -> GeneratorError:
    names = ", ".join(dict.fromkeys(file.name for file in files))
    where = "at the root, or one level below" if level is None else f"below '{printable(level)}'"
    return GeneratorError(
        f"{names}: neither 'jupyterhub' nor 'dask-gateway' {where}; nothing was written",
        "name the key that they are below with --level, or give the values of one chart with "
        "--jupyterhub or --dask-gateway",
    )


def _parts(file: Layer, levels: Mapping[str, tuple[str, ...]]) -> Iterator[Part | Row]:
    """What one file has of each chart, and a row for each key that leads to no chart."""
    own = {(*above, chart): chart for chart, above in levels.items()}
    for path in sorted({(), *levels.values()}, key=len):
        for key in at(file.values, *path, default={}) or ():
            here = (*path, key)
            if here in own and (below := file.below(*here)) is not None:
                of = path[-1] if path else NAME
                yield Part(chart=own[here], layer=below, of_umbrella=of)
            elif here not in levels.values():
                text = _OWN.get(key, _FOREIGN)
                yield Row(chart="umbrella", path=here, text=text, place=file.place(here))


def refuse(values: Layer) -> None:
    """GeneratorError for the umbrella chart's values where those of one chart are expected."""
    for root, value in values.values.items():
        above = (root,) if root in (*CHARTS, NAME) and isinstance(value, Mapping) else ()
        is_known = any(root in chart.roots for chart in KNOWN.values())
        inside = next((c for c in CHARTS if not is_known and _has(values, (root,), c)), None)
        if path := (root, inside) if inside else above:
            named = f"'{path[0]}' at the root" if len(path) == 1 else f"'{dotted(path)}'"
            raise GeneratorError(
                f"{values.place(path)}: {named}: these are values of an umbrella chart such as "
                "daskhub; nothing was written",
                "give the file with --meta",
            )
