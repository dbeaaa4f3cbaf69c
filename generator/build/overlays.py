"""The patches of all environments' Applications, each kind of them computed once.

Hardly two environments are equal, but most differ from others in names and addresses alone. What is
left open is compared and written once; the plain way, without anything shared, gives the same.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from generator.build import applications, kustomize
from generator.build.alike import Form, Shape, opened, read
from generator.charts import CHARTS
from generator.charts.chart import Ciphertexts, Values, json_text, sorted_json
from generator.fixed import Fixed, Written
from generator.merge import merge
from generator.site.model import Release
from generator.yaml.write import scalar

Base = Mapping[str, Any]


class _Values:
    """Chart values but for open texts, before the hash that follows from them.

    It holds what its key tells apart by identity.
    """

    def __init__(self, made: Fixed, placed: Values, raw: Mapping[str, Any], base: Base) -> None:
        self.held = (made, placed, raw)
        self.values: Values = merge(merge(made, opened(placed, base)), raw)
        self.json = Form(sorted_json(self.values))


class _Patches:
    """The patches from a base to a target with open texts; it holds what its key tells apart."""

    def __init__(self, base: Base, target: Base, *held: object) -> None:
        self.held = held
        self._forms = tuple(map(Form, kustomize.inline_patches(base, target)))

    def filled(self, texts: Sequence[str]) -> tuple[str, ...]:
        return tuple([form.filled(texts, scalar) for form in self._forms])


class Overlays:
    """Makes the patches of one site's overlays."""

    def __init__(self, bases: Mapping[str, Base]) -> None:
        self._bases = bases
        self._values: dict[Shape, _Values] = {}
        self._patches: dict[Shape, _Patches] = {}

    def patches(self, release: Release, source: Mapping[str, Any]) -> tuple[str, ...]:
        """From the base of an app without values to its Application."""
        base = self._bases[release.app]
        target = applications.effective_application(release, source)
        shape, texts = read(target, base)
        key = (release.app, *shape)
        found = self._patches.get(key)
        if found is None:
            found = self._patches[key] = _Patches(base, opened(target, base), target)
        return found.filled(texts)

    def chart_patches(
        self, release: Release, made: Fixed, encrypted: Ciphertexts
    ) -> tuple[str, ...]:
        """From the base of a chart's app to its Application; `made` are its shared values."""
        base = self._bases[release.app]
        known, texts = self._known_values(release, made, base)
        values = Written(known.json.filled(texts, json_text))
        restart = CHARTS[release.app].restart_values(release, values, encrypted)
        target = applications.effective_application(release, {"helm": {"valuesObject": restart}})
        shape, more = read(target, base)
        key = (id(known), *shape)
        found = self._patches.get(key)
        if found is None:
            document = opened(target, base, first=len(texts))
            helm = document["spec"]["source"]["helm"]
            helm["valuesObject"] = merge(known.values, helm["valuesObject"])
            found = self._patches[key] = _Patches(base, document, target, known)
        return found.filled(texts + more)

    def _known_values(self, release: Release, made: Fixed, base: Base) -> tuple[_Values, list[str]]:
        """The values but for the restart's, and the texts that are open in them."""
        chart = CHARTS[release.app]
        placed, raw = chart.placed_values(release), chart.raw_values(release.settings)
        beside = base["spec"]["source"].get("helm", {}).get("valuesObject", {})
        shape, texts = read(placed, beside)
        key = (id(made), id(raw) if raw else None, *shape)
        found = self._values.get(key)
        if found is None:
            found = self._values[key] = _Values(made, placed, raw, beside)
        return found, texts
