"""Values and facts -> the proposed site.yaml, with all that is to be said of it. Pure.

Proposed, read as a site, built, compared: what is not equal is carried under `values` or has a
reason; then it is built and compared again.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from generator.adopt import gateway, login, proof, remainder, secrets, servers, spelling
from generator.adopt import questions as doubts
from generator.adopt.base import (
    DASK_GATEWAY,
    JUPYTERHUB,
    SECTIONS,
    Facts,
    Path,
    Question,
    Row,
    Taken,
    at,
    placed,
)
from generator.adopt.draft import Draft, Settled, settled
from generator.adopt.pins import Pin, pins
from generator.adopt.placement import Place, release_name, repository_of
from generator.adopt.proof import Proof, Reasons, Sides
from generator.adopt.remainder import Remainder
from generator.adopt.secrets import Secret
from generator.adopt.spelling import Spelled
from generator.build.repository import release_values
from generator.charts import dask_gateway, hub_values
from generator.charts.gateway_config import hub_token
from generator.charts.origins import origin
from generator.diagnostics import UsageError
from generator.lint.load import Loaded
from generator.merge import merge
from generator.names import CONTENT_ANNOTATION, HUB_SECRET
from generator.records import fields, record, replace
from generator.site import parse
from generator.site.model import Json, Release, Site
from generator.site.releases import Versions
from generator.versions import Version

Defaults = Callable[[str, str], Mapping[str, Any] | None]
_ARGO_CD = "3.1"


@record
class Proposal:
    """The proposed text and what it is held against; `site` is None where it does not load."""

    text: str
    loaded: Loaded
    site: Site | None
    environment: str
    files: Mapping[str, tuple[str, ...]]
    pins: Mapping[str, str]
    expressed: tuple[Row, ...] = ()
    carried: tuple[Row, ...] = ()
    left: tuple[Row, ...] = ()
    notes: tuple[Row, ...] = ()
    questions: tuple[Question, ...] = ()
    secrets: tuple[Secret, ...] = ()
    missing: tuple[str, ...] = ()
    proofs: tuple[Proof, ...] = ()

    @property
    def is_proven(self) -> bool:
        """Whether every difference has its reason."""
        return not any(proof.unexplained for proof in self.proofs)


@dataclass(slots=True)
class _Work:
    """One import on its way."""

    taken: Taken
    flags: Facts
    schema: Mapping[str, Any]
    known: Versions
    questions: list[Question] = field(default_factory=list)
    spelled: dict[str, Spelled] = field(default_factory=dict)
    python: gateway.Python | None = None
    rows: list[Row] = field(default_factory=list)

    def ask(self, question: Question) -> None:
        self.questions.append(question)


def propose(
    taken: Taken,
    flags: Facts,
    schema: Mapping[str, Any],
    known: Versions,
    defaults: Defaults,
    files: Mapping[str, tuple[str, ...]],
) -> Proposal:
    """The site that says what the values say. `defaults` are a packaged chart's, if at hand.

    `known` are the chart releases that hubops itself knows.

    UsageError where there is no hub among the values.
    """
    if JUPYTERHUB not in taken.charts:
        raise UsageError(
            "these are the values of a Dask Gateway alone, and a site is a hub with or without one",
            "give the hub's values with --jupyterhub FILE",
        )
    questions = list(taken.questions)
    work = _Work(taken=taken, flags=flags, schema=schema, known=known, questions=questions)
    if taken.is_umbrella:
        work.ask(Question(text=doubts.UMBRELLA))
    pinned = pins(taken, flags, known, work.ask)
    place = Place(taken.charts[JUPYTERHUB].values, _facts(taken.hints, flags), work.ask)
    raw = _raw(work, pinned, place)
    draft = Draft(raw=raw, head=_head(files), place=place, questions=work.questions, known=known)
    first = settled(draft, schema, {}, {})
    if any(found.code[:1] in "SY" for found in first.loaded.report.diagnostics):
        return _unwritten(work, first, pinned, place, files)
    own = dict(_built(parse.site(raw, known), pinned))
    _close_python(work, own)
    return _finished(work, draft, own, pinned, defaults, files)


def _facts(hints: Facts, flags: Facts) -> Facts:
    """What flags say, and hints where they say nothing."""
    names = (name for name in fields(Facts) if name != "versions")
    given = {name: found for name in names if (found := getattr(flags, name)) is not None}
    if flags.server is not None:
        given["registered_name"] = None
    return replace(hints, **given)


def _head(files: Mapping[str, tuple[str, ...]]) -> list[str]:
    named = ", ".join(name for names in files.values() for name in names)
    return [
        f"Proposed by `hubops import` from {named}.",
        "Lines marked ASK want a decision; then this file is yours, and the comments can go.",
    ]


def _raw(work: _Work, pinned: Mapping[str, Pin], place: Place) -> dict[str, Any]:
    """The site in site.yaml's own words, without raw values."""
    facts, charts = place.facts, work.taken.charts
    hub = spelling.hub(charts[JUPYTERHUB], Version.parse(pinned[JUPYTERHUB].text))
    work.spelled[JUPYTERHUB] = hub
    needed = [
        work.known.needed_kubernetes(chart, Version.parse(pin.text))
        for chart, pin in pinned.items()
    ]
    repository = facts.repository or f"https://git.example.org/{place.site}.git"
    if facts.repository is None:
        text = "name the Git repository that Argo CD is to follow, or give --repository"
        work.ask(Question(text=text, at=("repository", "url")))
    work.ask(Question(text="write the version of Argo CD that runs", at=("argocd", "version")))
    argocd = {"version": _ARGO_CD, "namespace": facts.argocd_namespace or "argocd"}
    environment = {
        "cluster": place.cluster,
        "namespace": place.namespace,
        "host": place.host,
        "requireSealed": True,
        # The first sync upgrades what the pins say, and nothing takes that back.
        "sync": {"automated": False},
    }
    at = ("environments", place.environment, "sync")
    work.ask(Question(text=doubts.FIRST_SYNC, at=at))
    raw: dict[str, Any] = {
        "schemaVersion": 1,
        "site": place.site,
        "repository": {"url": repository, "revision": "main"},
        "argocd": argocd,
        "charts": {
            chart: {"version": pin.text, **repository_of(charts[chart])}
            for chart, pin in pinned.items()
        },
        "clusters": place.clusters(str(max(needed))),
        "environments": {place.environment: environment},
    }
    if facts.sync is not None:
        raw["sync"] = dict(facts.sync)
    authentication = login.settings(hub.values, pinned[JUPYTERHUB].running, work.ask)
    raw["jupyterhub"] = {
        "authentication": authentication,
        **servers.settings(hub.values, pinned[JUPYTERHUB].text, work.ask),
    }
    if DASK_GATEWAY in charts:
        raw["daskGateway"] = _dask(work, raw)
    work.questions += doubts.questions(charts, hub)
    return raw


def _dask(work: _Work, raw: Mapping[str, Any]) -> dict[str, Any]:
    foreign = work.taken.charts[DASK_GATEWAY]
    spelled = spelling.gateway(foreign)
    work.spelled[DASK_GATEWAY] = spelled
    own = {"hub_token": hub_token(HUB_SECRET, dask_gateway.TOKEN_KEY)}
    work.python = gateway.read(spelled, own)
    profiles = raw["jupyterhub"]["servers"]["profiles"]
    default = next((one for one in profiles if one.get("default")), profiles[0])
    found = gateway.settings(spelled, work.python, default["image"], work.ask)
    release = release_name(work.taken.charts.get(JUPYTERHUB), foreign)
    if release == DASK_GATEWAY:
        return found
    if foreign.release is None:
        text = "its Services are called after this release; is it the one that `helm list` shows?"
        work.ask(Question(text=text, at=("daskGateway", "releaseName")))
    return {"releaseName": release, **found}


def _built(site: Site, pinned: Mapping[str, Pin]) -> Iterator[tuple[str, Mapping[str, Json]]]:
    """What hubops writes for each chart, the hashes that restart pods left out."""
    environment = site.environments[0]
    for chart in pinned:
        release = Release(
            site=site,
            app=chart,
            environment=environment,
            cluster=site.clusters[environment.cluster],
        )
        root = "hub" if chart == JUPYTERHUB else "gateway"
        hashes = {root: {"annotations": {CONTENT_ANNOTATION: None}}}
        values = merge(release_values(release, {}), hashes)
        if not at(values, root, "annotations"):
            values = merge(values, {root: {"annotations": None}})
        yield chart, values


def _close_python(work: _Work, own: Mapping[str, Mapping[str, Json]]) -> None:
    """Puts hubops' python where today's says the same; any other stays a difference."""
    python, spelled = work.python, work.spelled.get(DASK_GATEWAY)
    if python is None or spelled is None:
        return
    texts = at(own[DASK_GATEWAY], *gateway.EXTRA) or {}
    agrees = gateway.agrees(python, texts)
    said = {"limits": bool(python.limits), "options": python.choices is not None}
    for name, is_said in said.items():
        if is_said:
            text = texts.get(name) if agrees else "today's python says otherwise"
            spelled.values = placed(spelled.values, (*gateway.EXTRA, name), text)
    extra = at(spelled.foreign.values, *gateway.EXTRA)
    before = extra if isinstance(extra, Mapping) else {}
    work.rows += [
        row
        for row in gateway.rows(spelled.foreign, python, before)
        if before.get(row.path[-1]) != texts.get(row.path[-1])
    ]


def _finished(
    work: _Work,
    draft: Draft,
    own: Mapping[str, Mapping[str, Json]],
    pinned: Mapping[str, Pin],
    defaults: Defaults,
    files: Mapping[str, tuple[str, ...]],
) -> Proposal:
    """Carries what is left, reads and builds the text again, and compares."""
    found = tuple(_secrets(work, own))
    hidden = {chart: {one.path for one in found if one.chart == chart} for chart in pinned}
    rest = {chart: remainder.of(work.spelled[chart], own[chart], hidden[chart]) for chart in pinned}
    _say_no_profiles(work, rest[JUPYTERHUB])
    last = _carrying(work, draft, rest)
    if last.loaded.site is None:
        return _unwritten(work, last, pinned, draft.place, files)
    site = last.loaded.site
    built = dict(_built(site, pinned))
    keys = hub_values.secret_keys(site.environments[0].settings)
    found = tuple(_for_a_key(one, keys) for one in found)
    sealed = {one.key for one in found if one.value is not None}
    proofs = tuple(
        _proof(work, rest[chart], hidden[chart], built[chart], defaults, chart, pinned[chart].text)
        for chart in pinned
    )
    conflicts = tuple(doubts.conflict(key, found) for key in secrets.conflict(found))
    return Proposal(
        text=last.text,
        loaded=last.loaded,
        site=site,
        environment=draft.place.environment,
        files=files,
        pins={chart: pin.text for chart, pin in pinned.items()},
        expressed=tuple(_expressed(work, site, rest)),
        carried=tuple(_carried(work, rest, last)),
        left=(
            *work.taken.left,
            *(row for chart in pinned for row in remainder.rows(rest[chart], work.spelled[chart])),
        ),
        notes=tuple(note for chart in pinned for note in work.spelled[chart].notes),
        questions=(*draft.questions, *conflicts, *doubts.silenced(last.running)),
        secrets=found,
        missing=tuple(key for key in keys if key not in sealed),
        proofs=proofs,
    )


def _secrets(work: _Work, own: Mapping[str, Mapping[str, Json]]) -> Iterator[Secret]:
    spelled = [work.spelled[chart] for chart in own]
    yield from secrets.of_all([replace(one.foreign, values=one.values) for one in spelled], own)


def _for_a_key(secret: Secret, keys: tuple[str, ...]) -> Secret:
    """A secret without its key where this hub does not read it."""
    if secret.key is None or secret.key in keys:
        return secret
    return replace(secret, key=None, value=None, advice=secrets.OWN_SECRET)


def _carrying(work: _Work, draft: Draft, rest: Mapping[str, Remainder]) -> Settled:
    """The text with all that is carried; what lint refuses of it is left, with lint's reason."""
    owned = {
        (SECTIONS[chart], path): _source(work.spelled[chart], path)
        for chart, found in rest.items()
        for path in found.owned
    }
    carried = {chart: found.carried for chart, found in rest.items()}
    last = settled(draft, work.schema, carried, owned)
    for (chart, path), why in last.dropped.items():
        rest[chart].left[path] = why
    return last


def _source(spelled: Spelled, path: Path) -> str:
    """Where a value that wins over a key of site.yaml comes from."""
    is_there = path in spelled.foreign.places or path in spelled.moved
    return spelled.place(path) if is_there else "users choose nothing"


def _say_no_profiles(work: _Work, rest: Remainder) -> None:
    """Today's users choose nothing: the list stays empty, though hubops writes one profile."""
    path = ("singleuser", "profileList")
    if not at(work.spelled[JUPYTERHUB].values, *path):
        rest.carried = placed(rest.carried, path, [])
        rest.owned[path] = "jupyterhub.servers.profiles"
        if path in rest.equal:
            rest.equal.remove(path)
        if path not in rest.verbatim:
            rest.verbatim.append(path)
        work.spelled[JUPYTERHUB].values = placed(work.spelled[JUPYTERHUB].values, path, [])


def _proof(
    work: _Work,
    rest: Remainder,
    hidden: set[Path],
    built: Mapping[str, Json],
    defaults: Defaults,
    chart: str,
    version: str,
) -> Proof:
    sides = Sides(
        chart=chart,
        version=version,
        before=work.spelled[chart].values,
        after=built,
        defaults=defaults(chart, version),
    )
    more = tuple(row for row in work.rows if row.chart == chart)
    said = Reasons(left=rest.left, secret=hidden, longer=rest.longer, more=more)
    return proof.compared(sides, said)


def _expressed(work: _Work, site: Site, rest: Mapping[str, Remainder]) -> Iterator[Row]:
    for chart, found in rest.items():
        for path in found.equal:
            place = origin(site.environments[0], chart, path)
            said = ".".join(map(str, place)) if place is not None else "as hubops writes it anyway"
            place_of = work.spelled[chart].place
            yield Row(chart=chart, path=path, text=said, place=place_of(path))


def _carried(work: _Work, rest: Mapping[str, Remainder], last: Settled) -> Iterator[Row]:
    for chart, found in rest.items():
        for path in found.verbatim:
            if (chart, path) not in last.dropped:
                owner = found.owned.get(path)
                said = f"wins over {owner}" if owner is not None else ""
                place = work.spelled[chart].place(path)
                yield Row(chart=chart, path=path, text=said, place=place)


def _unwritten(
    work: _Work,
    last: Settled,
    pinned: Mapping[str, Pin],
    place: Place,
    files: Mapping[str, tuple[str, ...]],
) -> Proposal:
    """A proposal that lint refuses: its text, its findings, and what was asked."""
    return Proposal(
        text=last.text,
        loaded=last.loaded,
        site=None,
        environment=place.environment,
        files=files,
        pins={chart: pin.text for chart, pin in pinned.items()},
        left=work.taken.left,
        questions=tuple(work.questions),
    )
