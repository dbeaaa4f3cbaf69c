"""Values and facts -> the proposed site.yaml, and what there is to say about it.

Drafted, built, compared: what is not equal is carried under `values` or has a reason; then again.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import partial
from typing import Any

from generator.adopt import gateway, profile_words, remainder, secrets
from generator.adopt.acceptable import acceptable
from generator.adopt.app_entries import AppProof, proof
from generator.adopt.base import (
    DASK_GATEWAY,
    JUPYTERHUB,
    Facts,
    Path,
    Question,
    Row,
    at,
    dotted,
    is_below,
    placed,
    removed,
)
from generator.adopt.draft import Draft, drafted
from generator.adopt.draft_text import DraftText, accepted
from generator.adopt.further_apps import FurtherApp
from generator.adopt.proof import Proof, Sides, compared
from generator.adopt.remainder import Remainder
from generator.adopt.secrets import Secret
from generator.adopt.sources import RunningReleases, overlaid
from generator.adopt.spelling import Restated
from generator.adopt.takeover import Deletion, deletions
from generator.build.repository import release_values
from generator.charts import CHARTS, hub_values
from generator.charts.origins import origin
from generator.charts.rows import place
from generator.diagnostics import UsageError
from generator.lint.load import Around, Loaded
from generator.lint.rules.base import Surroundings
from generator.merge import merge
from generator.names import CONTENT_ANNOTATION, HUB_SECRET
from generator.records import record, replace
from generator.secrets.plaintext import HIDDEN
from generator.site import parse
from generator.site.model import Json, Release, Site
from generator.site.releases import Versions

# What the only profile says of servers is said of all.
_OF_A_PROFILE = ("cpu", "memory", "extraResource", "defaultUrl", "nodeSelector", "extraEnv")
# The values of a packaged chart, if there is one.
Defaults = Callable[[str, str], Mapping[str, Any] | None]


@record
class Proposal:
    """The proposed text and its proof; `site` is None where lint refuses the text."""

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
    deletions: tuple[Deletion, ...] = ()
    apps: tuple[FurtherApp, ...] = ()
    app_proofs: tuple[AppProof, ...] = ()

    @property
    def lost(self) -> tuple[Secret, ...]:
        """What only a file of secrets has, and the site has no place for."""
        return tuple(one for one in self.secrets if one.is_lost)

    @property
    def is_explained(self) -> bool:
        """Whether every difference has its reason."""
        apps = any(proof.unexplained for proof in self.app_proofs)
        return not (apps or any(proof.unexplained for proof in self.proofs))

    @property
    def is_proven(self) -> bool:
        """Whether that is so, and the entries of further charts give all that they have today."""
        return self.is_explained and all(proof.is_whole for proof in self.app_proofs)


def propose(
    running: RunningReleases,
    flags: Facts,
    schema: Mapping[str, Any],
    known: Versions,
    defaults: Defaults,
    files: Mapping[str, tuple[str, ...]],
    around: Around = lambda _: Surroundings(),
) -> Proposal:
    """The site that says what the values say. UsageError where there is no hub among them."""
    if JUPYTERHUB not in running.charts:
        given = "Applications of other charts" if running.apps else "values of Dask Gateway"
        raise UsageError(
            f"only {given} were given, and a site needs a hub",
            "give the hub's values with --jupyterhub FILE",
        )
    draft = acceptable(drafted(running, flags, known), flags, schema)
    named = ", ".join(name for names in files.values() for name in names)
    head = (
        f"Proposed by `hubops import` from {named}.",
        "Lines marked ASK need a decision. Then this file is yours: delete these comments.",
    )
    accept = partial(accepted, schema=schema, head=head, around=around)
    first = accept(draft)
    bare = Proposal(
        text=first.text,
        loaded=first.loaded,
        site=None,
        environment=draft.place.environment,
        files=files,
        pins={chart: pin.text for chart, pin in draft.pins.items()},
        left=running.left,
        questions=draft.questions,
        secrets=running.unused,
        apps=draft.apps,
    )
    if any(found.code[:1] in "SY" for found in first.loaded.report.diagnostics):
        found = secrets.of_all([*running.charts.values()], {chart: {} for chart in running.charts})
        return replace(bare, secrets=(*bare.secrets, *found))
    return _completed(bare, draft, accept, defaults)


def _completed(
    bare: Proposal, draft: Draft, accept: Callable[..., DraftText], defaults: Defaults
) -> Proposal:
    spelled = draft.spelled
    own = _built(parse.site(draft.raw, draft.known), draft)
    if draft.has_said_profiles:
        _restate_profiles(spelled[JUPYTERHUB], own[JUPYTERHUB])
    more: tuple[Row, ...] = ()
    if draft.python is not None:
        texts = at(own[DASK_GATEWAY], *gateway.EXTRA) or {}
        more = tuple(gateway.close(spelled[DASK_GATEWAY], draft.python, texts))
    own_traits = tuple(draft.raw["jupyterhub"]["authentication"].get("secretConfig", ()))
    sources = [
        replace(one.foreign, values=one.values, sealed_traits=own_traits)
        for one in spelled.values()
    ]
    found = tuple(secrets.of_all(sources, own))
    rest = {
        chart: remainder.of(one, own[chart], {two.path for two in found if two.chart == chart})
        for chart, one in spelled.items()
    }
    if DASK_GATEWAY in rest:
        rest[DASK_GATEWAY].more = more
    owned = {
        (chart, path): _source(spelled[chart], path) for chart in rest for path in rest[chart].owned
    }
    if own_secrets := secrets.settings(found):
        draft = replace(draft, raw=merge(draft.raw, {"secrets": own_secrets}))
    carried = {chart: one.carried for chart, one in rest.items()}
    draft, last = _last(draft, rest, partial(accept, carried=carried, owned=owned), defaults)
    site = last.loaded.site
    if site is None:
        return replace(bare, text=last.text, loaded=last.loaded, secrets=(*bare.secrets, *found))
    keys = hub_values.secret_keys(site.environments[0].settings)
    found = tuple(
        secrets.without_key(one) if one.secret == HUB_SECRET and one.key not in keys else one
        for one in found
    )
    tables = _tables(draft, site, rest)
    sealed = {one.name for one in found if one.value is not None}
    return replace(
        bare,
        text=last.text,
        loaded=last.loaded,
        site=site,
        **{**tables, "left": (*bare.left, *tables["left"])},
        notes=tuple(note for one in spelled.values() for note in one.notes),
        questions=(
            *draft.questions,
            *(Question(text=text) for text in (*secrets.conflicts(found), *_silenced(last))),
        ),
        secrets=(*bare.secrets, *found),
        missing=tuple(key for key in keys if f"{HUB_SECRET}/{key}" not in sealed),
        proofs=tuple(_proofs(draft, site, rest, found, defaults)),
        deletions=tuple(_deletions(draft, site, defaults)),
        app_proofs=tuple(_app_proofs(draft, site)),
    )


def _app_proofs(draft: Draft, site: Site) -> Iterator[AppProof]:
    built = {app.name: app for place in site.places for app in place.apps}
    yield from (proof(app, built[app.name].values) for app in draft.apps)


def _last(
    draft: Draft,
    rest: Mapping[str, Remainder],
    accept: Callable[[Draft], DraftText],
    defaults: Defaults,
) -> tuple[Draft, DraftText]:
    """The last text, and the draft with a question for each setting that it does not have."""
    last = accept(draft)
    for (chart, path), why in last.refused.items() if last.loaded.site is not None else ():
        rest[chart].left[path] = why
        rest[chart].lost.add(path)
    losses = tuple(_losses(draft, rest, defaults))
    if not losses:
        return draft, last
    draft = replace(draft, questions=(*draft.questions, *losses))
    return draft, accept(draft)


def _deletions(draft: Draft, site: Site, defaults: Defaults) -> Iterator[Deletion]:
    packaged = {chart: defaults(chart, pin.text) or {} for chart, pin in draft.pins.items()}
    return deletions(site.environments[0], _built(site, draft), draft.releases, packaged)


def _restate_profiles(hub: Restated, own: Mapping[str, Json]) -> None:
    """The list as hubops writes it, where site.yaml says all of it."""
    path = profile_words.PATH
    listed, ours = at(hub.values, *path), at(own, *path)
    if listed and ours:
        hub.put(path, ours, "the same profiles, as hubops writes them")
    elif listed:
        hub.values = removed(hub.values, path)
        for key in _OF_A_PROFILE:
            if (value := at(own, "singleuser", key)) is not None:
                hub.values = placed(hub.values, ("singleuser", key), value)
        hub.note(path, "a single profile: all servers get what it says, and users see no page")


def _losses(draft: Draft, rest: Mapping[str, Remainder], defaults: Defaults) -> Iterator[Question]:
    """What to ask about each setting of today that the new site does not have."""
    for chart, one in rest.items():
        values = draft.spelled[chart].values
        packaged = defaults(chart, draft.pins[chart].text)
        for path in sorted(one.lost):
            is_no_change = packaged is not None and not at(packaged, *path)
            if (at(values, *path) is None and is_no_change) or is_below(path[:-1], one.lost):
                continue
            row = draft.spelled[chart].row(path, "")
            text = f"{chart} {dotted(path)} ({row.place}) is not in the new site: {one.left[path]}"
            yield Question(text=f"{text}; do you need it?", at=(CHARTS[chart].section, "values"))


def _silenced(last: DraftText) -> Iterator[str]:
    for error in last.silenced:
        yield (
            f"site.yaml: {error.code} says that {error.message}; the setting stays as it is today, "
            "with a comment that silences the finding: fix it, then remove the comment"
        )


def _tables(draft: Draft, site: Site, rest: Mapping[str, Remainder]) -> dict[str, tuple[Row, ...]]:
    tables: dict[str, list[Row]] = {"expressed": [], "carried": [], "left": []}
    for chart, one in rest.items():
        row = draft.spelled[chart].row
        for path in one.equal:
            key = origin(site.environments[0], chart, path)
            text = ".".join(map(str, key)) if key is not None else "hubops always writes this"
            tables["expressed"].append(row(path, text))
        for path in one.verbatim:
            if path not in one.left:
                text = f"overrides {one.owned[path]}" if path in one.owned else ""
                tables["carried"].append(row(path, text))
        tables["left"] += (row(path, text) for path, text in one.left.items())
    return {name: tuple(rows) for name, rows in tables.items()}


def _proofs(
    draft: Draft,
    site: Site,
    rest: Mapping[str, Remainder],
    found: Iterable[Secret],
    defaults: Defaults,
) -> Iterator[Proof]:
    built = _built(site, draft)
    secret: dict[str, Json] = {}
    paths: set[Path] = set()
    for path in ((one.chart, *one.path) for one in found):
        if not is_below(path, paths):
            place(secret, path, HIDDEN)
            paths.add(path)
    for chart, pin in draft.pins.items():
        sides = Sides(
            chart=chart,
            version=pin.text,
            before=overlaid(draft.spelled[chart].values, secret.get(chart, {})),
            after=built[chart],
            defaults=defaults(chart, pin.text),
        )
        yield compared(sides, rest[chart])


def _built(site: Site, draft: Draft) -> dict[str, Mapping[str, Json]]:
    """What hubops writes for each chart, without the hashes that restart pods."""
    environment = site.environments[0]
    cluster = site.clusters[environment.cluster]
    built: dict[str, Mapping[str, Json]] = {}
    for chart in draft.pins:
        release = Release(site=site, app=chart, environment=environment, cluster=cluster)
        root = "hub" if chart == JUPYTERHUB else "gateway"
        values = release_values(release, {})
        is_alone = set(at(values, root, "annotations") or ()) <= {CONTENT_ANNOTATION}
        annotations = None if is_alone else {CONTENT_ANNOTATION: None}
        built[chart] = merge(values, {root: {"annotations": annotations}})
    return built


def _source(spelled: Restated, path: Path) -> str:
    return spelled.row(path, "").place
