"""Proposals of several environments -> one site.yaml: what they share, and what each overrides."""

from collections.abc import Mapping, Sequence
from itertools import takewhile
from typing import Any

from generator.adopt import app_entries
from generator.adopt.base import alike, at, changed, nearest
from generator.adopt.draft_text import FILE
from generator.adopt.proposal import Proposal
from generator.adopt.site_text import sentence, text, with_ends
from generator.build.repository import apps_in, release_values
from generator.charts import CHARTS
from generator.diagnostics import GeneratorError, Pointer
from generator.lint.load import Around, Loaded, load
from generator.merge import merge
from generator.records import record
from generator.site.model import Json, Release, Site
from generator.site.releases import Versions
from generator.yaml.read import read

_SECTIONS = ("charts", "sync", *(chart.section for chart in CHARTS.values()))
_VALUES = "values"


@record
class JoinedSite:
    """The text of a site with several environments, and what lint says of it."""

    text: str
    loaded: Loaded


def together(
    proposals: Sequence[Proposal],
    schema: Mapping[str, Any],
    known: Versions,
    around: Around,
) -> JoinedSite:
    """One site for all the proposals; each environment builds what its own proposal builds.

    GeneratorError where they can't be one site.
    """
    sites = [_data(proposal) for proposal in proposals]
    site = _merged(sites)
    lines = proposals[0].text.split("\n")
    head = [line.removeprefix("# ") for line in takewhile(lambda line: line[:1] == "#", lines)]
    body = text(site, head, _comments(site, proposals))
    loaded = load(body.encode(), FILE, schema, known, around)
    body = _as_today(body, loaded, "\n".join(proposal.text for proposal in proposals))
    loaded = load(body.encode(), FILE, schema, known, around)
    if loaded.site is not None:
        _refuse_difference(loaded.site, proposals)
    return JoinedSite(text=body, loaded=loaded)


def _data(proposal: Proposal) -> dict[str, Any]:
    data: dict[str, Any] = read(proposal.text.encode(), FILE).data
    return data


def _merged(sites: Sequence[dict[str, Any]]) -> dict[str, Any]:
    first = sites[0]
    shared: dict[str, Any] = {key: _first(sites, key) for site in sites for key in site}
    for section in (chart.section for chart in CHARTS.values()):
        if section in shared:
            values = _common([at(one, section, _VALUES, default={}) for one in sites])
            bare = {key: one for key, one in shared[section].items() if key != _VALUES}
            shared[section] = {**bare, **({_VALUES: values} if values else {})}
    shared["clusters"] = {name: one for site in sites for name, one in site["clusters"].items()}
    shared["environments"] = {
        name: {**own, **_overrides(shared, site, own)}
        for site in sites
        for name, own in site["environments"].items()
    }
    if any("apps" in site for site in sites):
        joined = app_entries.sections(_apps(sites))
        shared["apps"] = joined["apps"]
        for cluster, own in joined.get("clusters", {}).items():
            shared["clusters"][cluster] = {**shared["clusters"][cluster], **own}
    if any("secrets" in site for site in sites):
        shared["secrets"] = _secrets(sites)
    order = dict.fromkeys((*first, *shared))
    return {key: shared[key] for key in order}


def _first(sites: Sequence[Mapping[str, Any]], key: str) -> Any:
    return next(site[key] for site in sites if key in site)


def _common(several: Sequence[Json]) -> dict[str, Json]:
    """What all the maps say alike."""
    found: dict[str, Json] = {}
    for key, value in several[0].items() if isinstance(several[0], Mapping) else ():
        others = [at(one, key, default=...) for one in several[1:]]
        if all(isinstance(one, Mapping) for one in (value, *others)) and value:
            if below := _common([value, *others]):
                found[key] = below
        elif all(alike(one, value) for one in others):
            found[key] = value
    return found


def _overrides(
    shared: Mapping[str, Any], site: Mapping[str, Any], own: Mapping[str, Any]
) -> dict[str, Any]:
    """What turns the shared sections into those of one site; a null removes."""
    found = {}
    for section in _SECTIONS:
        if section not in shared:
            continue
        change = changed(shared[section], site[section]) if section in site else None
        if change is None or change:
            found[section] = change
        if section in own:
            found[section] = merge(change or {}, own[section])
    return found


def _apps(sites: Sequence[Mapping[str, Any]]) -> dict[str, dict[str, Any]]:
    """The further charts of each cluster. GeneratorError where its environments differ in them."""
    held: dict[str, dict[str, Any]] = {}
    for site in sites:
        own, [cluster] = site.get("apps", {}), site["clusters"]
        first = held.setdefault(cluster, own)
        for name in {**first, **own}:
            is_of_cluster = at(first.get(name) or own[name], "scope") == "cluster"
            is_here = name in first and name in own
            if (is_here and first[name] != own[name]) or not (is_here or is_of_cluster):
                raise GeneratorError(
                    f"app '{name}' is not the same in all environments of cluster '{cluster}'; "
                    "nothing was written",
                    "import one environment alone: --environment NAME",
                )
        held[cluster] = {**first, **own}
    return held


def _secrets(sites: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, one in (
        (name, one) for site in sites for name, one in site.get("secrets", {}).items()
    ):
        keys = dict.fromkeys((*found.get(name, one)["keys"], *one["keys"]))
        found[name] = {**one, "keys": list(keys)}
    return found


def _comments(site: Mapping[str, Any], proposals: Sequence[Proposal]) -> dict[Pointer, list[str]]:
    """What is asked, each at its own environment's place where that overrides the shared one."""
    comments: dict[Pointer, list[str]] = {}
    for number, proposal in enumerate(proposals):
        for question in (one for one in proposal.questions if one.at):
            own = ("environments", proposal.environment, *question.at)
            is_own = number > 0 and len(nearest(site, own)) > 2
            place = nearest(site, own if is_own else question.at)
            asked = f"ASK: {sentence(question.text)}"
            if asked not in comments.setdefault(place, []):
                comments[place].append(asked)
    return comments


def _as_today(body: str, loaded: Loaded, said: str) -> str:
    """The text with the comments that silence what the single texts `said` to be as it is today."""
    ends: dict[int, str] = {}
    for found in loaded.report.diagnostics:
        comment = f"hubops: ignore[{found.code}] as it is today"
        if comment in said:
            ends[found.at.line] = comment
    return with_ends(body, ends)


def _refuse_difference(site: Site, proposals: Sequence[Proposal]) -> None:
    """GeneratorError for an environment that gets other values than its own proposal gives it."""
    for proposal in proposals:
        if proposal.site is None or _built(site, proposal) == _built(proposal.site, proposal):
            continue
        raise GeneratorError(
            f"environment '{proposal.environment}' can't share a site.yaml with the others; "
            "nothing was written",
            f"import one alone: --environment {proposal.environment}",
        )


def _built(site: Site, proposal: Proposal) -> dict[str, Json]:
    [environment] = [one for one in site.environments if one.name == proposal.environment]
    cluster = site.clusters[environment.cluster]
    releases = {
        app: Release(site=site, app=app, environment=environment, cluster=cluster)
        for app in apps_in(environment)
        if app in CHARTS
    }
    places = (environment, *site.platform_of(environment.cluster))
    further = {app.name: dict(app.values) for place in places for app in place.apps}
    return {app: release_values(release, {}) for app, release in releases.items()} | further
