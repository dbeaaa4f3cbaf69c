"""Dask Gateway's values -> `daskGateway`, with the python of `gateway.extraConfig`."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from generator.adopt import gateway_python
from generator.adopt.base import Foreign, Path, Question, Row, at, dotted, placed, removed
from generator.adopt.gateway_python import CORES, IDLE, MEMORY, WORKERS, Choices, Entry, Limit
from generator.adopt.servers import image_of
from generator.adopt.spelling import Spelled
from generator.charts.gateway_config import has_tag
from generator.charts.spellings import duration, quantity
from generator.quantities import GIB, number
from generator.site.model import Json

EXTRA: Path = ("gateway", "extraConfig")
_LIMITS = ("daskGateway", "limits")
# What stands for "no limit": site.yaml always has one. No cluster comes near these.
_NO_LIMIT: Mapping[str, Any] = {"cores": 100_000, "memory": "1Pi", "workers": 100_000}
_WORDS = {"cores": CORES, "memory": MEMORY, "workers": WORKERS}


@dataclass(slots=True)
class Python:
    """What was understood of the python: the limits, the options, and the entries that are left.

    `renamed` are the names that left entries have in the end, by their old ones.
    """

    limits: dict[str, Limit] = field(default_factory=dict)
    choices: Choices | None = None
    rest: dict[str, str] = field(default_factory=dict)
    understood: list[str] = field(default_factory=list)
    homes: dict[str, str] = field(default_factory=dict)


def read(spelled: Spelled, own_entries: Mapping[str, str]) -> Python:
    """Reads the python; the spelled values keep the entries that are left, under their new names.

    `own_entries` are what hubops writes beside limits and options.
    """
    extra = at(spelled.values, *EXTRA)
    python = Python()
    left: list[Entry] = []
    for entry in gateway_python.entries(extra):
        text = extra if isinstance(extra, str) else extra[entry.name]
        if not all(_is_expressible(name, limit) for name, limit in entry.limits.items()):
            entry = Entry(name=entry.name, rest=text, sets_options="cluster_options" in _sets(text))
        _take(entry, python)
        if entry.rest:
            left.append(entry)
    image = image_of(at(spelled.values, "gateway", "backend", "image"))
    if python.choices is not None and image not in (None, python.choices.image):
        python.choices = None
        for name in [name for name in python.understood if name.startswith("options:")]:
            python.understood.remove(name)
            bare = name.removeprefix("options:")
            text = extra if isinstance(extra, str) else extra[bare]
            left.append(Entry(name=bare, rest=text, sets_options=True))
    _rename(left, python, own_entries)
    for before, name in zip(left, python.rest, strict=True):
        if before.name != name:
            where = (*EXTRA, before.name) if before.name else EXTRA
            spelled.note(where, f"carried as '{name}', so that it runs in its turn")
            spelled.moved[*EXTRA, name] = where
    for said in python.understood:
        kind, _, home = said.partition(":")
        if home != kind:
            words = "daskGateway.worker" if kind == "options" else "daskGateway's own words"
            where = (*EXTRA, home) if home else EXTRA
            spelled.note(where, f"its {kind} stand in {words}")
            spelled.moved.setdefault((*EXTRA, kind), where)
    _replace(spelled, extra, python)
    return python


def _take(entry: Entry, python: Python) -> None:
    for name, limit in entry.limits.items():
        before = python.limits.get(name)
        if before is None or before.section == limit.section or before.section == "ClusterConfig":
            python.limits[name] = limit
            python.homes[name] = entry.name
    if entry.choices is not None:
        python.choices = entry.choices
        python.understood.append(f"options:{entry.name}")
    elif entry.limits:
        python.understood.append(f"limits:{entry.name}")


def _sets(text: str) -> set[str]:
    return set(gateway_python.assigned(text))


def _is_expressible(name: str, limit: Limit) -> bool:
    """Whether site.yaml has a word for a limit."""
    if name == CORES:
        return 0 < limit.amount <= 100_000 and (limit.amount * 1000).denominator == 1
    if name == MEMORY:
        return quantity(int(limit.amount)) is not None
    if name == WORKERS:
        return 1 <= limit.amount <= 1_000_000
    return limit.amount < 10**8


def _rename(left: list[Entry], python: Python, own: Mapping[str, str]) -> None:
    """Names under which the entries run as before, beside what hubops writes.

    The chart runs them by name: options that stay python take the place of hubops' own, and what
    sets limits by itself runs behind hubops' limits.
    """
    offering = [entry for entry in left if entry.sets_options]
    for entry in left:
        name = entry.name or "imported"
        if entry.sets_options and entry is offering[-1]:
            name = "options"
        elif own.get(name) != entry.rest:
            late = set(_WORDS.values()) | {IDLE}
            if name in ("limits", "options"):
                name = f"{name}-more"
            if name < "limits" and late & _sets(entry.rest):
                name = f"limits-{name}"
        python.rest[name] = entry.rest


def _replace(spelled: Spelled, extra: Json, python: Python) -> None:
    if extra is None or (isinstance(extra, Mapping) and not extra):
        return
    kept: dict[str, Json] = {}
    if isinstance(extra, Mapping):
        kept = {name: text for name, text in extra.items() if not isinstance(text, str)}
    kept |= python.rest
    without = removed(spelled.values, EXTRA)
    spelled.values = placed(without, EXTRA, kept) if kept else without


def settings(
    spelled: Spelled, python: Python, default_image: str, ask: Callable[[Question], None]
) -> dict[str, Any]:
    """`limits`, `idleTimeout` and `worker` in site.yaml's words."""
    found: dict[str, Any] = {"limits": _limits(spelled, python, ask)}
    idle = python.limits.get(IDLE)
    if idle is not None and idle.amount:
        found["idleTimeout"] = gateway_python.spelling_of(idle) or duration(int(idle.amount))
    worker: dict[str, Any] = {}
    if python.choices is not None and python.choices.cores is not None:
        worker["cores"] = _range(python.choices.cores, number)
    if python.choices is not None and python.choices.memory is not None:
        worker["memory"] = _range(python.choices.memory, _gibibytes)
    image = image_of(at(spelled.values, "gateway", "backend", "image"))
    image = image or (python.choices.image if python.choices is not None else None)
    if image is not None and has_tag(image):
        worker["image"] = image
    elif image is None:
        ask(
            Question(
                text="the values name no image for schedulers and workers; they get that of the "
                f"default profile, {default_image}: its versions are those of users' servers",
                at=("daskGateway", "worker"),
            )
        )
    return {**found, "worker": worker} if worker else found


def _limits(spelled: Spelled, python: Python, ask: Callable[[Question], None]) -> dict[str, Any]:
    limits: dict[str, Any] = dict(_NO_LIMIT)
    missing = [word for word, name in _WORDS.items() if name not in python.limits]
    for word, name in _WORDS.items():
        limit = python.limits.get(name)
        if limit is None:
            continue
        if word == "memory":
            spelling = gateway_python.spelling_of(limit)
            limits[word] = spelling or quantity(int(limit.amount))
            where = _line(spelled.foreign, python.homes[name], limit)
            _compare(where, limit, limits[word], ask)
        else:
            limits[word] = number(limit.amount)
    if missing:
        ask(
            Question(
                text=f"today nothing limits the {_listed(missing)} of a Dask cluster, and hubops "
                "always writes limits; these are as good as none: write real ones",
                at=_LIMITS,
            )
        )
    return limits


def _line(foreign: Foreign, entry: str, limit: Limit) -> str:
    """The file and line of a statement: its entry is a block of text below its key."""
    file, _, line = foreign.place((*EXTRA, entry) if entry else EXTRA).rpartition(":")
    return f"{file}:{int(line) + limit.line}" if line.isdigit() else dotted(EXTRA)


def _compare(where: str, limit: Limit, written: str, ask: Callable[[Question], None]) -> None:
    """Asks where a comment speaks of another size than its figure."""
    told = gateway_python.figure(limit.comment)
    if told is None or told[0] == limit.amount:
        return
    ask(
        Question(
            text=f"{where}: {MEMORY} is {int(limit.amount)} bytes, which are {written}, "
            f"and its comment says {told[1]}; the bytes count today, and stay: which one is meant?",
            at=_LIMITS,
        )
    )


def _listed(words: list[str]) -> str:
    return ", ".join(words[:-1]) + " and " + words[-1] if len(words) > 1 else words[0]


def _range(
    bounds: tuple[str, Fraction, Fraction, Fraction], spell: Callable[[Fraction], Any]
) -> dict[str, Any]:
    default, least, most = map(spell, bounds[1:])
    return {"default": default, "min": least, "max": most}


def _gibibytes(size: Fraction) -> str:
    return quantity(int(size * GIB)) or f"{float(size)}Gi"


def missing_limits(python: Python) -> list[str]:
    """The limits that today's python does not set."""
    return [name for name in _WORDS.values() if name not in python.limits]


def agrees(python: Python, own: Mapping[str, str]) -> bool:
    """Whether hubops' python sets what today's sets: every limit, and the same choices."""
    built = gateway_python.entry("limits", own.get("limits", ""))
    for name, limit in python.limits.items():
        there = built.limits.get(name)
        if (there.amount if there is not None else 0) != limit.amount:
            return False
    if python.choices is None:
        return True
    return gateway_python.entry("options", own.get("options", "")).choices == python.choices


def rows(foreign: Foreign, python: Python, texts: Mapping[str, Json]) -> list[Row]:
    """What hubops' python does beyond today's, where that was understood."""
    found = []
    missing = missing_limits(python)
    if python.limits and missing and set(missing) != set(_WORDS.values()):
        found.append(
            Row(
                chart=foreign.chart,
                path=(*EXTRA, "limits"),
                text=f"{', '.join(missing)}: no limit today; hubops always writes one",
            )
        )
    for name in python.understood:
        kind, _, entry = name.partition(":")
        if kind == "options" and entry and texts.get(entry) is not None:
            found.append(
                Row(
                    chart=foreign.chart,
                    path=(*EXTRA, "options"),
                    text="the same choices; hubops also sets the workers' limits to what is "
                    "chosen, asks for an image's tag, and has labels of its own",
                    place=foreign.place((*EXTRA, entry)),
                )
            )
    return found
