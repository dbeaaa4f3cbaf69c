"""A chart value breaks the chart's own schema.

Helm checks the values of a release against the chart's schema, and so does Argo CD: it renders
nothing of the release and updates nothing. The schemas are closed, so a misspelt key is such a
mistake too. hubops checks this where it has the packaged chart: in `.cache/charts` beside
site.yaml, or in the folder that HUBOPS_CACHE names. A finding at a chart's version says that hubops
itself does not know the chart well enough: pin a version that it knows.

Bad:
    jupyterhub:
      values:
        singleuser: {defaultURL: /lab}
Good:
    jupyterhub:
      values:
        singleuser: {defaultUrl: /lab}

See https://helm.sh/docs/topics/charts/#schema-files
"""

import json
from collections.abc import Iterator, Mapping

from generator import HOME
from generator.charts import CHARTS, UMBRELLA
from generator.charts.chart import Chart, Values
from generator.charts.numbers import is_quoted
from generator.charts.overrides import own_values, reached
from generator.charts.values_schema import NoSchemaError, Violation, of_root, of_section, violations
from generator.lint.rules.base import Findings, PackagedChart, Surroundings, errors, used_pins
from generator.merge import merge
from generator.records import field, record, replace
from generator.site.app import ChartPin
from generator.site.model import Environment, Json, Settings, Site
from generator.site.releases import Versions

finding = errors("C314")


def can_judge(site: Site, around: Surroundings) -> bool:
    """Whether the charts of all pins that are used are at hand."""
    return all(
        (pin.name, pin.text) in around.charts
        for settings, _ in site.variants
        for pin, _ in used_pins(settings)
    )


def check(site: Site, around: Surroundings) -> Findings:
    """A finding at each value that breaks a schema at hand, and at a pin that hubops' own break."""
    judges = {key: _Judge(packaged=packaged) for key, packaged in around.charts.items()}
    for settings, environments in site.variants if judges else ():
        for pin, _ in used_pins(settings):
            if (pin.name, pin.text) in judges:
                for own in _own(site, CHARTS[pin.name], settings, environments):
                    yield from _of(settings, pin, own, judges[pin.name, pin.text], site.versions)


def _own(
    site: Site, chart: Chart, settings: Settings, environments: tuple[Environment, ...]
) -> Iterator[Values]:
    """What hubops writes, once for each cluster; the names of places do not matter here."""
    clusters = {environment.cluster: environment for environment in environments}
    if settings.dask is not None:
        settings = replace(settings, dask=replace(settings.dask, release_name="a"))
    for environment in clusters.values():
        a = replace(environment, name="a", namespace="a", host="a.example.org", settings=settings)
        if own := own_values(site, chart, settings, a):
            yield own


def _of(
    settings: Settings, pin: ChartPin, own: Values, judge: "_Judge", known: Versions
) -> Findings:
    chart, of_chart = CHARTS[pin.name], f"{pin.name} {pin.text}"
    raw = chart.raw_values(settings)
    before = judge.violations(own)
    after = judge.violations(merge(own, raw)) if raw else before
    wrong_before = {one.identity for one in before}
    if before:
        nearest = known.nearest(pin.name, pin.version).version if pin.version is not None else ""
        instead = f"pin {nearest} until that is fixed, and" if nearest != pin.text else "please"
        yield finding(
            settings.origin.at("charts", pin.name, "version"),
            f"hubops writes what the chart refuses: {before[0].message(of_chart)}",
            f"{instead} report it at {HOME}/issues",
        )
    for found in after:
        if found.identity not in wrong_before and not _is_said_elsewhere(chart, found, own):
            there = found.at[: reached(raw, found.at)[0]]
            yield finding(
                settings.origin.at(chart.section, "values", *there),
                found.message(of_chart),
                found.cure(),
                on_key=found.is_about_keys,
            )


def _is_said_elsewhere(chart: Chart, found: Violation, own: Values) -> bool:
    """Whether another rule speaks of the same: C310, C311, C312, C318, C320."""
    if found.found is None or (is_quoted(found.found) and chart.wants_number(found.at)):
        return True
    if found.is_unknown_key:
        key = str(found.at[-1])
        is_umbrella = len(found.at) == 1 and key in UMBRELLA and isinstance(found.found, Mapping)
        return is_umbrella or key.startswith("$") or key in ("", "<<")
    depth, there = reached(merge(chart.defaults, own), found.at)
    is_map = depth == len(found.at) and isinstance(there, Mapping) and bool(there)
    return is_map and not isinstance(found.found, Mapping)


@record
class _Judge:
    """What one packaged chart's schema says; the same part of values is checked once."""

    packaged: PackagedChart
    said: dict[tuple[str | None, str], tuple[Violation, ...]] = field(factory=dict)

    def violations(self, values: Values) -> tuple[Violation, ...]:
        """Where values over the chart's defaults break the schema; none if it is not one."""
        found = self._of_part(None, dict.fromkeys(values), values)
        for section, part in values.items():
            found += self._of_part(section, part, part)
        return found

    def _of_part(self, section: str | None, spelled: Json, part: Json) -> tuple[Violation, ...]:
        """Of the values below one root key, or of the root keys themselves."""
        key = section, json.dumps(spelled, sort_keys=True)
        if key not in self.said:
            try:
                self.said[key] = self._found(section, part)
            except NoSchemaError:
                self.said[key] = ()
        return self.said[key]

    def _found(self, section: str | None, part: Json) -> tuple[Violation, ...]:
        schema, defaults = self.packaged.schema, self.packaged.defaults
        if section is None:
            return violations({**defaults, **part}, of_root(schema))
        whole = {section: merge(defaults.get(section), part)}
        return violations(whole, of_section(schema, section))
