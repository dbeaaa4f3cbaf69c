"""The text of a proposal until lint takes it: carried values that are errors are let go."""

import json
from collections.abc import Iterator, Mapping
from typing import Any

from generator.adopt.base import CHARTS, SECTIONS, Path, Question, leaves, put, removed
from generator.adopt.placement import Place
from generator.adopt.site_text import text, with_ends
from generator.diagnostics import Diagnostic, Pointer, Severity
from generator.lint.ignores import NEVER_SILENCED
from generator.lint.load import Loaded, load
from generator.records import record
from generator.site.model import Json
from generator.site.releases import Versions

FILE = "site.yaml"
OWNED_VALUE = "C313"
_ROUNDS = 20


@record
class Draft:
    """The site in its own words, and what is asked about it.

    `known` are the chart releases that hubops itself knows.
    """

    raw: Mapping[str, Any]
    head: list[str]
    place: Place
    questions: list[Question]
    known: Versions


@record
class Settled:
    """The text with what was carried, and what had to be let go, with the finding about it.

    `running` are the errors of what runs today all the same: they are silenced, and asked about.
    """

    text: str
    loaded: Loaded
    dropped: Mapping[tuple[str, Path], str]
    running: tuple[Diagnostic, ...] = ()


def settled(
    draft: Draft,
    schema: Mapping[str, Any],
    carried: Mapping[str, Mapping[str, Json]],
    owned: Mapping[tuple[str, Path], str],
) -> Settled:
    """The draft with values under `values`; `owned` are those that win over keys of site.yaml."""
    dropped: dict[tuple[str, Path], str] = {}
    for _ in range(_ROUNDS):
        body = _text(draft, carried)
        loaded = load(body.encode(), FILE, schema, draft.known)
        wrong = dict(_wrong(loaded, draft.place.environment, carried))
        if not wrong:
            break
        dropped |= wrong
        for chart, path in wrong:
            carried = {**carried, chart: removed(carried[chart], path)}
    running = _running(loaded)
    ends = _ignores(loaded, draft.place.environment, owned)
    for one in running:
        ends.setdefault(one.at.line, []).append(f"hubops: ignore[{one.code}] as it is today")
    if ends:
        body = with_ends(
            body, {line: "  # ".join(dict.fromkeys(said)) for line, said in ends.items()}
        )
        loaded = load(body.encode(), FILE, schema, draft.known)
    return Settled(text=body, loaded=loaded, dropped=dropped, running=running)


def _text(draft: Draft, carried: Mapping[str, Mapping[str, Json]]) -> str:
    """The text with the values: those that hold the host stand with the environment."""
    raw = dict(draft.raw)
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
            comments.setdefault(_written(raw, question.at), []).append(
                f"ASK: {sentence(question.text)}"
            )
    return text(raw, draft.head, comments)


def sentence(said: str) -> str:
    """A text with a sign at its end."""
    return said if said.endswith(("?", ".")) else f"{said}."


def _parted(values: Mapping[str, Json], host: str) -> tuple[dict[str, Json], dict[str, Json]]:
    """The values that hold for every environment, and those that hold the host of this one."""
    shared: dict[str, Json] = {}
    own: dict[str, Json] = {}
    for path, value in leaves(values):
        if not path:
            continue
        if host in json.dumps(value):
            put(own, path, value)
        else:
            put(shared, path, value)
    return shared, own


def _written(raw: Mapping[str, Any], at: Pointer) -> Pointer:
    """The nearest place that is written."""
    node: Any = raw
    for depth, step in enumerate(at):
        if not isinstance(node, Mapping) or step not in node:
            return at[:depth]
        node = node[step]
    return at


def _wrong(
    loaded: Loaded, environment: str, carried: Mapping[str, Mapping[str, Json]]
) -> Iterator[tuple[tuple[str, Path], str]]:
    """The carried values that are errors, with what lint says."""
    errors = [one for one in loaded.report.diagnostics if one.severity is Severity.ERROR]
    if not errors:
        return
    places = dict(_places(loaded, environment))
    for one in errors:
        for chart, at in places.get(_key(one), ()):
            path = _carried_at(carried.get(chart, {}), at)
            if path is not None:
                yield (chart, path), f"{one.message} ({one.code})"


def _key(found: Diagnostic) -> tuple[int, int]:
    return found.at.line, found.at.column


def _places(
    loaded: Loaded, environment: str
) -> Iterator[tuple[tuple[int, int], list[tuple[str, Pointer]]]]:
    """The places in the text of everything under `values`: the chart and the path below."""
    found: dict[tuple[int, int], list[tuple[str, Pointer]]] = {}
    for spans in (loaded.places.keys, loaded.places.values):
        for pointer, span in spans.items():
            below = _below_values(pointer, environment)
            if below is not None:
                found.setdefault((span.line, span.column), []).append(below)
    yield from found.items()


def _below_values(pointer: Pointer, environment: str) -> tuple[str, Pointer] | None:
    for chart in CHARTS:
        for head in ((), ("environments", environment)):
            place = (*head, SECTIONS[chart], "values")
            if pointer[: len(place)] == place:
                return chart, pointer[len(place) :]
    return None


def _carried_at(values: Json, at: Pointer) -> Path | None:
    """The path of the carried value that a place is in, or that begins there."""
    path: list[str] = []
    for step in at:
        if not isinstance(values, Mapping) or not isinstance(step, str) or step not in values:
            break
        path.append(step)
        values = values[step]
    return tuple(path) if path and not (isinstance(values, Mapping) and values) else None


def _running(loaded: Loaded) -> tuple[Diagnostic, ...]:
    """The errors of lint that a comment may silence; never one about a credential."""
    return tuple(
        one
        for one in loaded.report.diagnostics
        if one.severity is Severity.ERROR and not one.code.startswith((*NEVER_SILENCED, "K"))
    )


def _ignores(
    loaded: Loaded, environment: str, owned: Mapping[tuple[str, Path], str]
) -> dict[int, list[str]]:
    """For each line with a value that wins over a key of site.yaml: why it stays."""
    found = [one for one in loaded.report.diagnostics if one.code == OWNED_VALUE]
    if not found:
        return {}
    places = dict(_places(loaded, environment))
    ends: dict[int, list[str]] = {}
    for one in found:
        for chart, at in places.get(_key(one), ()):
            source = owned.get((SECTIONS[chart], tuple(map(str, at))))
            if source is not None:
                said = f"hubops: ignore[{OWNED_VALUE}] as it is today ({source})"
                ends.setdefault(one.at.line, []).append(said)
    return ends
