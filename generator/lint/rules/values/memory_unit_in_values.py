"""KubeSpawner can't read a memory size, or reads it as next to nothing.

KubeSpawner's `K`, `M`, `G` and `T` are powers of 1024, and it knows no other units: `4Gi` passes
the chart's schema, raises a TraitError and stops every server. A bare number is bytes: `4` is four
of them. Write `4G` for 4 GiB. `jupyterhub.servers.memory` takes `4Gi`, because hubops converts it.

Bad:
    jupyterhub:
      values:
        singleuser: {memory: {guarantee: 4Gi}}
Good:
    jupyterhub:
      values:
        singleuser: {memory: {guarantee: 4G}}

See https://github.com/jupyterhub/zero-to-jupyterhub-k8s/issues/3539
"""

import re
from collections.abc import Iterator, Mapping

from generator.charts import spawner
from generator.charts.overrides import Place, reached
from generator.credentials import shown
from generator.lint.rules.base import Findings, errors, written_values
from generator.quantities import bytes_of, spawner_memory
from generator.site.model import Json, Site

finding = errors("C317")

_LEAST = 2**20
_TRAITS = ("mem_guarantee", "mem_limit")
_FORM = "write a number and K, M, G or T (powers of 1024), for example  4G"
# jupyterhub/traitlets.py, ByteSpecification; its number is read by `float`.
_READ = r"(?ai)\s*[+-]?(\d+(_\d+)*\.?\d*|\.\d+)(e[+-]?\d+)?\s*[KMGT]"


def check(site: Site) -> Findings:
    """A finding at each such size."""
    for settings, written in written_values(site):
        sizes = _sizes(written.values) if written.chart.name == "jupyterhub" else ()
        for path, size in sizes:
            fault = _fault(size)
            if fault is not None:
                yield finding(settings.origin.at(*written.place, *path), *fault)


def _sizes(values: Mapping[str, Json]) -> Iterator[tuple[Place, Json]]:
    for name in ("guarantee", "limit"):
        path = ("singleuser", "memory", name)
        depth, size = reached(values, path)
        if depth == len(path):
            yield path, size
    for at, traits in spawner.settings(values):
        yield from (((*at, name), traits[name]) for name in _TRAITS if name in traits)


def _fault(size: Json) -> tuple[str, str] | None:
    """What is wrong with a size, and what to write; None where KubeSpawner reads it right."""
    if isinstance(size, str):
        if re.fullmatch(_READ, size) and size[-1].isupper():
            return None
        message = f"KubeSpawner can't read the size '{shown(size)}', so no server starts"
        return message, _respelled(size)
    if isinstance(size, int | float) and not isinstance(size, bool) and 0 != size < _LEAST:
        message = f"a bare number is a size in bytes, and {size} is next to nothing"
        return message, f"write the unit, for example  {size}G  (K, M, G and T: powers of 1024)"
    return None


def _respelled(size: str) -> str:
    """The same size as KubeSpawner spells it, where it is one."""
    quantity = size.replace(" ", "").removesuffix("B")
    try:
        is_memory = bytes_of(quantity) >= _LEAST
    except ValueError:
        return _FORM
    return f"write  {spawner_memory(quantity)}" if is_memory else _FORM
