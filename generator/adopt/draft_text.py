"""The text of a draft with the carried values, as far as lint accepts them."""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from generator.adopt.base import Path, at, leaves, nearest, removed
from generator.adopt.draft import Draft
from generator.adopt.site_text import sentence, text, with_ends
from generator.charts import CHARTS
from generator.charts.rows import place
from generator.diagnostics import Diagnostic, Pointer, Severity
from generator.lint.load import Around, Loaded, load
from generator.lint.pages import NEVER_SILENCED
from generator.lint.rules.base import Surroundings
from generator.records import record
from generator.site.model import Json
from generator.site.schema_words import resolved

FILE = "site.yaml"
OWNED_VALUE, BROKEN_SCHEMA = "C313", "C314"
_ROUNDS = 20
# Warnings about a login that people use today: a person decides, and it goes on.
_OF_TODAY = ("A510", "A511")

# The values of each chart.
ByChart = Mapping[str, Mapping[str, Json]]
# A chart, and the path of a value of it.
ChartPath = tuple[str, Path]


@record
class DraftText:
    """The text, and what lint refuses of the carried values; `silenced` is what runs today."""

    text: str
    loaded: Loaded
    refused: Mapping[ChartPath, str]
    silenced: tuple[Diagnostic, ...] = ()


def accepted(
    draft: Draft,
    schema: Mapping[str, Any],
    head: Iterable[str] = (),
    carried: ByChart | None = None,
    owned: Mapping[ChartPath, str] | None = None,
    around: Around = lambda _: Surroundings(),
) -> DraftText:
    """The draft with the `carried` values that lint accepts; `owned` win over keys of site.yaml.

    `around` has the packaged charts whose schemas judge as well.
    """
    environment = draft.place.environment
    kept, refused = dict(carried or {}), dict[ChartPath, str]()
    for _ in range(_ROUNDS):
        body = _text(draft, schema, head, kept)
        loaded = load(body.encode(), FILE, schema, draft.known, around)
        wrong = dict(_wrong(loaded, environment, kept))
        if not wrong:
            break
        refused |= wrong
        for chart, path in wrong:
            kept[chart] = removed(kept[chart], path)
    # Lint never lets a comment silence the first; the others are about credentials.
    never = (*NEVER_SILENCED, "K")
    silenced = tuple(
        found
        for found in loaded.report.diagnostics
        if found.code in _OF_TODAY
        or (found.severity is Severity.ERROR and not found.code.startswith(never))
    )
    ignored = [*_ignored(loaded, environment, owned or {}), *((one, "") for one in silenced)]
    if ignored:
        ends: dict[int, list[str]] = {}
        for found, source in ignored:
            said = f"hubops: ignore[{found.code}] as it is today{source}"
            ends.setdefault(found.at.line, []).append(said)
        body = with_ends(body, {line: "  # ".join(dict.fromkeys(ends[line])) for line in ends})
        loaded = load(body.encode(), FILE, schema, draft.known, around)
    return DraftText(text=body, loaded=loaded, refused=refused, silenced=silenced)


def _text(draft: Draft, schema: Mapping[str, Any], head: Iterable[str], carried: ByChart) -> str:
    """The text with the values: those that contain the host are in the environment."""
    raw, name = _in_order(draft.raw, schema, schema), draft.place.environment
    environment = dict(raw["environments"][name])
    for chart, values in carried.items():
        section = CHARTS[chart].section
        shared: dict[str, Json] = {}
        own: dict[str, Json] = {}
        for path, value in leaves(values):
            place(own if draft.place.host in json.dumps(value) else shared, path, value)
        if shared:
            raw[section] = {**raw[section], "values": shared}
        if own:
            environment[section] = {"values": own}
    raw["environments"] = {name: environment}
    comments: dict[Pointer, list[str]] = {}
    for question in draft.questions:
        if question.at:
            asked = f"ASK: {sentence(question.text)}"
            comments.setdefault(nearest(raw, question.at), []).append(asked)
    return text(raw, head, comments)


def _in_order(settings: Any, part: Mapping[str, Any], schema: Mapping[str, Any]) -> Any:
    part = resolved(part, schema)
    if isinstance(settings, list):
        return [_in_order(one, part.get("items", {}), schema) for one in settings]
    if not isinstance(settings, Mapping):
        return settings
    keys = part.get("properties", {})
    ordered = dict.fromkeys((*(key for key in keys if key in settings), *settings))
    return {key: _in_order(settings[key], keys.get(key, {}), schema) for key in ordered}


def _wrong(loaded: Loaded, environment: str, carried: ByChart) -> Iterator[tuple[ChartPath, str]]:
    """The carried values that are errors, with what lint says."""
    for found, chart, below in _under_values(loaded, environment, loaded.report.errors):
        values = carried.get(chart, {})
        path = nearest(values, below)
        value = at(values, *path)
        # Of a map that lacks something nothing is left.
        is_whole = found.code == BROKEN_SCHEMA and len(path) > 1
        if path and (is_whole or not (isinstance(value, Mapping) and value)):
            yield (chart, tuple(map(str, path))), f"{found.message} ({found.code})"


def _ignored(
    loaded: Loaded, environment: str, owned: Mapping[ChartPath, str]
) -> Iterator[tuple[Diagnostic, str]]:
    """The warnings about values that win over a key of site.yaml, with where those come from."""
    warned = [one for one in loaded.report.diagnostics if one.code == OWNED_VALUE]
    for found, chart, below in _under_values(loaded, environment, warned):
        source = owned.get((chart, tuple(map(str, below))))
        if source is not None:
            yield found, f" ({source})"


def _under_values(
    loaded: Loaded, environment: str, diagnostics: Sequence[Diagnostic]
) -> Iterator[tuple[Diagnostic, str, Pointer]]:
    """Those about something under `values`, with the chart and the path there."""
    sections = {
        (*above, CHARTS[chart].section, "values"): chart
        for chart in CHARTS
        for above in ((), ("environments", environment))
    }
    places: dict[tuple[int, int], list[tuple[str, Pointer]]] = {}
    spans = (loaded.places.keys, loaded.places.values) if diagnostics else ()
    for pointer, span in (pair for half in spans for pair in half.items()):
        for depth in (2, 4):
            if chart := sections.get(pointer[:depth]):
                below = chart, pointer[depth:]
                places.setdefault((span.line, span.column), []).append(below)
    for found in diagnostics:
        for chart, pointer in places.get((found.at.line, found.at.column), ()):
            yield found, chart, pointer
