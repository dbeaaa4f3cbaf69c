"""Dask Gateway's values -> `daskGateway`, with the python of `gateway.extraConfig`."""

from collections.abc import Callable, Iterator, Mapping
from fractions import Fraction
from typing import Any

from generator.adopt import gateway_python
from generator.adopt.base import Ask, Path, Row, alike, at, dotted, placed, removed
from generator.adopt.gateway_options import Choices
from generator.adopt.gateway_python import CORES, IDLE, LIMITS, MEMORY, WORKERS, Limit, PythonEntry
from generator.adopt.servers import image_of
from generator.adopt.spelling import Restated
from generator.charts.gateway_config import has_tag
from generator.charts.spellings import duration, quantity
from generator.quantities import GIB, number
from generator.records import record
from generator.site.model import Json

EXTRA: Path = ("gateway", "extraConfig")
_LIMITS = ("daskGateway", "limits")
# What stands for "no limit": site.yaml always has one. No cluster comes near these.
_NO_LIMIT: Mapping[str, Any] = {"cores": 100_000, "memory": "1Pi", "workers": 100_000}
_WORDS = {"cores": CORES, "memory": MEMORY, "workers": WORKERS}
# Whether site.yaml can express an amount of each limit.
_FITS: Mapping[str, Callable[[Fraction], bool]] = {
    CORES: lambda amount: 0 < amount <= 100_000 and (amount * 1000).denominator == 1,
    MEMORY: lambda amount: quantity(int(amount)) is not None,
    WORKERS: lambda amount: 1 <= amount <= 1_000_000,
    IDLE: lambda amount: amount < 10**8,
}


@record
class GatewayPython:
    """The entries of a gateway's python, and the limits and choices that they set in the end."""

    entries: tuple[PythonEntry, ...]
    limits: Mapping[str, Limit]
    choices: Choices | None

    @property
    def missing(self) -> list[str]:
        """The limits that today's python does not set."""
        return [word for word, name in _WORDS.items() if name not in self.limits]


def read(spelled: Restated, own_entries: Mapping[str, str]) -> GatewayPython:
    """Reads the python; the values keep what is left of it, beside hubops' `own_entries`."""
    extra = at(spelled.values, *EXTRA)
    python = _understood(extra, image_of(at(spelled.values, "gateway", "backend", "image")))
    rest: dict[str, Json] = {}
    for name, entry in _renamed(python, own_entries):
        rest[name] = entry.rest
        if name != entry.name:
            where = _path(entry.name)
            spelled.note(where, f"carried as '{name}', to run in the same order as today")
            spelled.moved[*EXTRA, name] = where
    for entry in python.entries:
        kind = "options" if entry.choices else "limits" if entry.limits else entry.name
        if kind != entry.name:
            setting = "worker" if entry.choices else "limits"
            spelled.note(_path(entry.name), f"site.yaml sets this with daskGateway.{setting}")
            spelled.moved.setdefault((*EXTRA, kind), _path(entry.name))
    if extra:
        items = extra.items() if isinstance(extra, Mapping) else ()
        kept = {name: text for name, text in items if not isinstance(text, str)} | rest
        without = removed(spelled.values, EXTRA)
        spelled.values = placed(without, EXTRA, kept) if kept else without
    return python


def _path(entry: str) -> Path:
    return (*EXTRA, entry) if entry else EXTRA


def _understood(extra: Json, image: str | None) -> GatewayPython:
    entries = [
        entry
        if all(_FITS[name](limit.amount) for name, limit in entry.limits.items())
        else entry.unread()
        for entry in gateway_python.entries(extra)
    ]
    offered = [entry.choices for entry in entries if entry.choices is not None]
    if offered and image not in (None, offered[-1].image):
        entries = [entry.unread() if entry.choices else entry for entry in entries]
        offered = []
    limits: dict[str, Limit] = {}
    for entry in entries:
        for name, limit in entry.limits.items():
            gateway_python.merge(limits, name, limit)
    choices = offered[-1] if offered else None
    return GatewayPython(entries=tuple(entries), limits=limits, choices=choices)


def _renamed(python: GatewayPython, own: Mapping[str, str]) -> Iterator[tuple[str, PythonEntry]]:
    """The entries that stay, under names that make the chart run them in their order of today.

    Options that stay take the place of hubops' own; what sets limits runs after hubops' limits.
    """
    left = [entry for entry in python.entries if entry.rest]
    offering = [entry for entry in left if entry.sets_options]
    for entry in left:
        name = entry.name or "imported"
        if offering and entry is offering[-1]:
            name = "options"
        elif own.get(name) != entry.rest:
            if name in ("limits", "options"):
                name = f"{name}-more"
            if name < "limits" and gateway_python.names_set(entry.rest) & set(LIMITS):
                name = f"limits-{name}"
        yield name, entry


def settings(
    spelled: Restated, python: GatewayPython, default_image: str, ask: Ask
) -> dict[str, Any]:
    """`limits`, `idleTimeout` and `worker` of site.yaml."""
    site: dict[str, Any] = {"limits": _limits(spelled, python, ask)}
    idle = python.limits.get(IDLE)
    if idle is not None and idle.amount:
        site["idleTimeout"] = gateway_python.spelling_of(idle) or duration(int(idle.amount))
    offered, worker = python.choices, dict[str, Any]()
    ranges = {} if offered is None else {"cores": offered.cores, "memory": offered.memory}
    for name, bounds in ranges.items():
        if bounds is not None:
            spell = number if name == "cores" else _gibibytes
            worker[name] = dict(zip(("default", "min", "max"), map(spell, bounds), strict=True))
    image = image_of(at(spelled.values, "gateway", "backend", "image"))
    image = image or (offered.image if offered is not None else None)
    if image is not None and has_tag(image):
        worker["image"] = image
    elif image is None:
        ask(
            "the values name no image for schedulers and workers; they get the default profile's "
            f"image, {default_image}, which has the versions of users' servers",
            ("daskGateway", "worker"),
        )
    if offered is not None and offered.has_environment:
        site["options"] = {"environment": True}
    return {**site, "worker": worker} if worker else site


def one_placement(said: dict[str, Any], spelled: Restated) -> dict[str, Any]:
    """What rows read back, without a placement that schedulers and workers do not share."""
    backend = at(spelled.values, "gateway", "backend")
    for key in ("nodeSelector", "tolerations"):
        pods = (at(backend, one, "extraPodConfig", key) for one in ("scheduler", "worker"))
        if not alike(*pods):
            said = removed(said, ("daskGateway", "placement", key))
    return said


def _gibibytes(size: Fraction) -> str:
    return quantity(int(size * GIB)) or f"{float(size)}Gi"


def _limits(spelled: Restated, python: GatewayPython, ask: Ask) -> dict[str, Any]:
    limits = dict(_NO_LIMIT)
    for word, name in _WORDS.items():
        limit = python.limits.get(name)
        if limit is not None and word == "memory":
            limits[word] = gateway_python.spelling_of(limit) or quantity(int(limit.amount))
            _compare(spelled, limit, limits[word], ask)
        elif limit is not None:
            limits[word] = number(limit.amount)
    if python.missing:
        *words, last = python.missing
        listed = f"{', '.join(words)} and {last}" if words else last
        ask(
            f"today nothing limits the {listed} of a Dask cluster, and hubops always writes "
            "limits; these are high enough to have no effect: write real ones",
            _LIMITS,
        )
    return limits


def _compare(spelled: Restated, limit: Limit, written: str, ask: Ask) -> None:
    told = gateway_python.contradiction(limit.comment, limit.amount)
    if told is None:
        return
    # An entry is a block of text below its key.
    file, _, line = spelled.foreign.place(_path(limit.entry)).rpartition(":")
    where = f"{file}:{int(line) + limit.line}" if line.isdigit() else dotted(EXTRA)
    ask(
        f"{where}: {MEMORY} is {int(limit.amount)} bytes, which is {written}, but its comment says "
        f"{told}; site.yaml has the bytes, which are in effect today: which one is right?",
        _LIMITS,
    )


def close(spelled: Restated, python: GatewayPython, own: Mapping[str, str]) -> Iterator[Row]:
    """Puts hubops' `own` python where today's says the same; yields what it does beyond that."""
    agrees = _agrees(python, own)
    said = {"limits": python.limits, "options": python.choices}
    for name in (name for name, is_said in said.items() if is_said):
        text = own.get(name) if agrees else "today's python says otherwise"
        spelled.values = placed(spelled.values, (*EXTRA, name), text)
    extra = at(spelled.foreign.values, *EXTRA)
    today = extra if isinstance(extra, Mapping) else {}
    if today.get("limits") != own.get("limits") and 0 < len(python.missing) < len(_WORDS):
        names = ", ".join(_WORDS[word] for word in python.missing)
        text = f"{names}: no limit today; hubops always writes one"
        yield Row(path=(*EXTRA, "limits"), text=text)
    if today.get("options") != own.get("options"):
        text = (
            "the same choices; hubops also sets the workers' limits to the chosen size, requires "
            "an image tag, and has its own labels"
        )
        offering = (entry for entry in python.entries if entry.choices and entry.name)
        yield from (Row(path=(*EXTRA, "options"), text=text) for _ in offering)


def _agrees(python: GatewayPython, own: Mapping[str, str]) -> bool:
    built = gateway_python.entry("limits", own.get("limits", "")).limits
    offered = gateway_python.entry("options", own.get("options", "")).choices
    return python.choices in (None, offered) and all(
        limit.amount == (built[name].amount if name in built else 0)
        for name, limit in python.limits.items()
    )
