"""What was seen of a live cluster: a value that checks judge, and a JSON file for colleagues.

It holds cleaned objects alone: no value of a Secret or of an environment variable is ever in it.
"""

import json
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from generator import __version__
from generator.diagnostics import GeneratorError
from generator.doctor import reading
from generator.doctor.cleaning import clean_text, cleaned
from generator.doctor.reading import Object
from generator.records import field, record

# Grows when a key goes away or changes its meaning; a new key leaves it as it is.
DUMP_VERSION = 1
_KIND = "hubops doctor dump"
MOST_BYTES = 256 * 2**20
# Why a question has no answer where nothing of the kind can be there.
UNKNOWN_KIND = "the cluster does not know the kind"
# The clocks of two machines differ by less.
_CLOCKS = timedelta(minutes=10)


@record
class Unasked:
    """A question that could not be asked: the kind, the namespace or empty, and why."""

    kind: str
    namespace: str
    reason: str

    @property
    def is_unknown(self) -> bool:
        """Whether the cluster does not have the kind at all."""
        return self.reason == UNKNOWN_KIND


@record
class ApiServer:
    """What one API server said: its version, cleaned objects, and what it did not answer."""

    version: str = ""
    objects: tuple[Object, ...] = ()
    unasked: tuple[Unasked, ...] = ()


@record
class Answer:
    """What an address answered: a status, where it leads on, or why it did not answer."""

    status: int = 0
    location: str = ""
    problem: str = ""


@record
class Snapshot:
    """One look: Argo CD's side, each cluster's, and what else was asked.

    `behind` tells of each commit that Argo CD knows how many commits the followed branch has more;
    -1 where Git does not know it. `certificates` are fingerprints that controllers show, by
    cluster; `addresses` what hosts resolve to; `answers` those of --network, by URL; `lines` what
    --logs found, by environment and component.
    """

    site: str
    taken: datetime
    argocd: ApiServer | None = None
    clusters: Mapping[str, ApiServer] = field(factory=dict)
    followed: str = ""
    is_merged: bool = True
    behind: Mapping[str, int] = field(factory=dict)
    certificates: Mapping[str, tuple[str, ...]] = field(factory=dict)
    addresses: Mapping[str, tuple[str, ...]] = field(factory=dict)
    answers: Mapping[str, Answer] = field(factory=dict)
    lines: Mapping[str, Mapping[str, tuple[str, ...]]] = field(factory=dict)


def dumped(snapshot: Snapshot) -> str:
    """The snapshot as one JSON document, in ASCII."""
    document = {
        "kind": _KIND,
        "version": DUMP_VERSION,
        "hubops": __version__,
        "site": snapshot.site,
        "taken": snapshot.taken.isoformat(timespec="seconds"),
        "argocd": None if snapshot.argocd is None else _side(snapshot.argocd),
        "clusters": {name: _side(side) for name, side in snapshot.clusters.items()},
        "followed": snapshot.followed,
        "isMerged": snapshot.is_merged,
        "behind": dict(snapshot.behind),
        "certificates": {name: list(all_) for name, all_ in snapshot.certificates.items()},
        "addresses": {host: list(all_) for host, all_ in snapshot.addresses.items()},
        "answers": {
            url: {"status": one.status, "location": one.location, "problem": one.problem}
            for url, one in snapshot.answers.items()
        },
        "lines": {
            environment: {component: list(lines) for component, lines in found.items()}
            for environment, found in snapshot.lines.items()
        },
    }
    return json.dumps(document, indent=1, sort_keys=True) + "\n"


def _side(side: ApiServer) -> dict[str, Any]:
    unasked = [
        {"kind": one.kind, "namespace": one.namespace, "reason": one.reason} for one in side.unasked
    ]
    return {"version": side.version, "objects": list(side.objects), "unasked": unasked}


def loaded(content: bytes, name: str, site: str, now: datetime) -> Snapshot:
    """The snapshot of a dump, cleaned again.

    GeneratorError for one that is cut, of another site, of a newer hubops or of the future.
    """
    again = "ask for a new one: hubops doctor --dump FILE"
    try:
        document = json.loads(content)
    except (ValueError, RecursionError):
        raise GeneratorError(f"{name}: not whole JSON: the dump is cut or damaged", again) from None
    if not isinstance(document, Mapping) or document.get("kind") != _KIND:
        raise GeneratorError(f"{name}: not a dump of hubops doctor", again)
    version = document.get("version")
    if version != DUMP_VERSION:
        raise GeneratorError(
            f"{name}: a dump of form {version!r}; this hubops {__version__} reads {DUMP_VERSION}",
            "use the hubops that wrote it, or upgrade hubops",
        )
    of = reading.text(document, "site")
    if of != site:
        raise GeneratorError(
            f"{name}: a dump of site '{of}', and this is site '{site}'",
            "name the site file that it belongs to with --site",
        )
    taken = reading.time(reading.text(document, "taken"))
    if taken is None:
        raise GeneratorError(f"{name}: does not say when it was taken", again)
    if taken > now + _CLOCKS:
        raise GeneratorError(
            f"{name}: taken at {taken:%Y-%m-%d %H:%M} UTC, which is in the future",
            "set the clock of this machine, or of the one that wrote it",
        )
    return _read(document, of, taken)


def _read(document: Object, site: str, taken: datetime) -> Snapshot:
    argocd = document.get("argocd")
    return Snapshot(
        site=site,
        taken=taken.astimezone(UTC),
        argocd=_side_of(argocd) if isinstance(argocd, Mapping) else None,
        clusters={
            name: _side_of(side) for name, side in reading.part(document, "clusters").items()
        },
        followed=reading.text(document, "followed"),
        is_merged=document.get("isMerged") is not False,
        behind={
            name: count
            for name, count in reading.part(document, "behind").items()
            if isinstance(count, int)
        },
        certificates=_texts(reading.part(document, "certificates")),
        addresses=_texts(reading.part(document, "addresses")),
        answers={
            url: Answer(
                status=reading.number(one, "status"),
                location=clean_text(reading.text(one, "location")),
                problem=clean_text(reading.text(one, "problem")),
            )
            for url, one in reading.part(document, "answers").items()
        },
        lines={
            environment: {name: tuple(map(clean_text, lines)) for name, lines in _texts(f).items()}
            for environment, f in reading.part(document, "lines").items()
        },
    )


def _texts(node: Any) -> dict[str, tuple[str, ...]]:
    """The lists of texts of a map."""
    return {
        name: tuple(one for one in listed if isinstance(one, str))
        for name, listed in (node.items() if isinstance(node, Mapping) else ())
        if isinstance(listed, list)
    }


def _side_of(node: Any) -> ApiServer:
    unasked = tuple(
        Unasked(**{key: clean_text(reading.text(one, key)) for key in Unasked.__annotations__})
        for one in reading.entries(node, "unasked")
    )
    return ApiServer(
        version=clean_text(reading.text(node, "version")),
        objects=objects(reading.entries(node, "objects")),
        unasked=unasked,
    )


def objects(found: Iterable[Object]) -> tuple[Object, ...]:
    """The objects as doctor keeps them."""
    return tuple(kept for kept in map(cleaned, found) if kept is not None)
