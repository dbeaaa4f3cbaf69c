"""The text of a draft with the carried values, as far as lint accepts them."""

import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from generator.adopt.base import CHARTS, SECTIONS, Path, leaves, put, removed
from generator.adopt.draft import Draft
from generator.adopt.site_text import sentence, text, with_ends
from generator.diagnostics import Diagnostic, Pointer, Severity
from generator.lint.ignores import NEVER_SILENCED
from generator.lint.load import Loaded, load
from generator.records import record
from generator.site.model import Json
from generator.site.schema_words import resolved

FILE = "site.yaml"
OWNED_VALUE = "C313"
_ROUNDS = 20

# The values of each chart.
ByChart = Mapping[str, Mapping[str, Json]]
# A chart, and the path of a value of it.
ChartPath = tuple[str, Path]


@record
class DraftText:
    """The text, and the carried values that lint refuses, with its findings.

    `silenced` are the errors in what runs today all the same.
    """

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
) -> DraftText:
    """The draft below the lines of `head`, with the `carried` values that lint accepts.

    `owned` are those that win over keys of site.yaml, with what they come from.
    """
    environment = draft.place.environment
    kept, refused = dict(carried or {}), dict[ChartPath, str]()
    for _ in range(_ROUNDS):
        body = _text(draft, schema, head, kept)
        loaded = load(body.encode(), FILE, schema, draft.known)
        wrong = dict(_wrong(loaded, environment, kept))
        if not wrong:
            break
        refused |= wrong
        for chart, path in wrong:
            kept[chart] = removed(kept[chart], path)
    ends = _ignores(loaded, environment, owned or {})
    silenced = tuple(
        found
        for found in _errors(loaded)
        # Lint never lets a comment silence the first; the others are about credentials.
        if not found.code.startswith((*NEVER_SILENCED, "K"))
    )
    for found in silenced:
        ends.setdefault(found.at.line, []).append(f"hubops: ignore[{found.code}] as it is today")
    if ends:
        body = with_ends(body, {line: "  # ".join(dict.fromkeys(ends[line])) for line in ends})
        loaded = load(body.encode(), FILE, schema, draft.known)
    return DraftText(text=body, loaded=loaded, refused=refused, silenced=silenced)


def _text(draft: Draft, schema: Mapping[str, Any], head: Iterable[str], carried: ByChart) -> str:
    """The text with the values: those that contain the host are in the environment."""
    raw = _in_order(draft.raw, schema, schema)
    place = draft.place
    environment = dict(raw["environments"][place.environment])
    for chart, values in carried.items():
        section = SECTIONS[chart]
        shared, own = _parted(values, place.host)
        if shared:
            raw[section] = {**raw[section], "values": shared}
        if own:
            environment[section] = {"values": own}
    raw["environments"] = {place.environment: environment}
    comments: dict[Pointer, list[str]] = {}
    for question in draft.questions:
        if question.at:
            asked = f"ASK: {sentence(question.text)}"
            comments.setdefault(_written(raw, question.at), []).append(asked)
    return text(raw, head, comments)


def _in_order(settings: Any, part: Mapping[str, Any], schema: Mapping[str, Any]) -> Any:
    """Settings with their keys in the order in which the schema has them."""
    keys = resolved(part, schema).get("properties", {})
    if not isinstance(settings, Mapping):
        return settings
    ordered = dict.fromkeys((*(key for key in keys if key in settings), *settings))
    return {key: _in_order(settings[key], keys.get(key, {}), schema) for key in ordered}


def _parted(values: Mapping[str, Json], host: str) -> tuple[dict[str, Json], dict[str, Json]]:
    """The values for every environment, and those that contain the host of this one."""
    shared: dict[str, Json] = {}
    own: dict[str, Json] = {}
    for path, value in leaves(values):
        if path:
            put(own if host in json.dumps(value) else shared, path, value)
    return shared, own


def _written(raw: Mapping[str, Any], at: Pointer) -> Pointer:
    """The nearest place that the text has."""
    node: Any = raw
    for depth, step in enumerate(at):
        if not isinstance(node, Mapping) or step not in node:
            return at[:depth]
        node = node[step]
    return at


def _errors(loaded: Loaded) -> list[Diagnostic]:
    return [one for one in loaded.report.diagnostics if one.severity is Severity.ERROR]


def _wrong(loaded: Loaded, environment: str, carried: ByChart) -> Iterator[tuple[ChartPath, str]]:
    """The carried values that are errors, with what lint says."""
    for found, chart, below in _under_values(loaded, environment, _errors(loaded)):
        path = _carried_at(carried.get(chart, {}), below)
        if path is not None:
            yield (chart, path), f"{found.message} ({found.code})"


def _ignores(
    loaded: Loaded, environment: str, owned: Mapping[ChartPath, str]
) -> dict[int, list[str]]:
    """For each line with a value that wins over a key of site.yaml: why it stays."""
    ends: dict[int, list[str]] = {}
    warned = [one for one in loaded.report.diagnostics if one.code == OWNED_VALUE]
    for found, chart, below in _under_values(loaded, environment, warned):
        source = owned.get((chart, tuple(map(str, below))))
        if source is not None:
            said = f"hubops: ignore[{OWNED_VALUE}] as it is today ({source})"
            ends.setdefault(found.at.line, []).append(said)
    return ends


def _under_values(
    loaded: Loaded, environment: str, diagnostics: list[Diagnostic]
) -> Iterator[tuple[Diagnostic, str, Pointer]]:
    """Those about something under `values`, with the chart and the path there."""
    if not diagnostics:
        return
    sections = {
        (*above, SECTIONS[chart], "values"): chart
        for chart in CHARTS
        for above in ((), ("environments", environment))
    }
    places: dict[tuple[int, int], list[tuple[str, Pointer]]] = {}
    for spans in (loaded.places.keys, loaded.places.values):
        for pointer, span in spans.items():
            for above, chart in sections.items():
                if pointer[: len(above)] == above:
                    below = chart, pointer[len(above) :]
                    places.setdefault((span.line, span.column), []).append(below)
    for found in diagnostics:
        for chart, pointer in places.get((found.at.line, found.at.column), ()):
            yield found, chart, pointer


def _carried_at(values: Json, at: Pointer) -> Path | None:
    """The path of the carried value that a place is in, or that begins there."""
    path: list[str] = []
    for step in at:
        if not isinstance(values, Mapping) or not isinstance(step, str) or step not in values:
            break
        path.append(step)
        values = values[step]
    return tuple(path) if path and not (isinstance(values, Mapping) and values) else None
