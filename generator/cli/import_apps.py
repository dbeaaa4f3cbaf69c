"""`hubops import` of Applications of further charts alone: the part of a site.yaml for them."""

from collections.abc import Iterator, Mapping, Sequence
from textwrap import dedent
from typing import Any

from generator.adopt import app_entries, app_report, sources
from generator.adopt.base import Facts, Question
from generator.adopt.further_apps import FurtherApp
from generator.adopt.sources import RunningReleases
from generator.adopt.tables import by_reason
from generator.cli import apps, import_files, import_rendered
from generator.cli.import_drafts import STANDARD_OUTPUT, ImportRequest
from generator.cli.loading import FINDINGS
from generator.cli.terminal import Terminal
from generator.credentials import printable
from generator.diagnostics import Finding, Severity, UsageError
from generator.io import resources, worktree, writer
from generator.lint import rules
from generator.lint.rules.base import Surroundings
from generator.names import is_label
from generator.site import parse
from generator.site.schema import SiteSchema

_NEXT = (
    "nothing was written: put this into site.yaml, or use --force; then run hubops lint, hubops "
    "charts fetch and hubops validate, which names what the project of the apps must allow\n"
)


def alone(wanted: ImportRequest) -> Mapping[str, RunningReleases] | None:
    """What the Applications say, by element of a set, where none of them has a hub's chart."""
    paths = wanted.paths
    if not paths.get("applications") or any(
        paths[kind] for kind in paths if kind != "applications"
    ):
        return None
    found = sources.by_environment(import_files.given(paths, wanted.level, wanted.values_from))
    is_alone = not any(one.charts for one in found.values())
    return found if is_alone and any(one.apps for one in found.values()) else None


def run(wanted: ImportRequest, found: Mapping[str, RunningReleases], terminal: Terminal) -> int:
    """0 when the entries have all that runs today and lint finds no error in them.

    Prints them, or with --force writes them.
    """
    root = STANDARD_OUTPUT.parent if wanted.output == STANDARD_OUTPUT else wanted.output.parent
    facts = wanted.facts
    told = {name: import_rendered.enriched(one, root, facts) for name, one in found.items()}
    clusters = _by_cluster(told, facts)
    raw = app_entries.sections({one: app_entries.by_name(held) for one, held in clusters.items()})
    every = [app for held in clusters.values() for app in held]
    questions = [question for app in every for question in app.questions]
    names = ", ".join(str(path) for path in wanted.paths["applications"])
    body = app_entries.written(raw, questions, (f"Proposed by `hubops import` from {names}.",))
    built = app_entries.built(body, clusters)
    proofs = [
        app_entries.proof(app, built[cluster][app.name].values)
        for cluster, held in clusters.items()
        for app in held
    ]
    refused = list(_refused(raw, clusters))
    code = _put(wanted, raw, questions, terminal) if wanted.force else _print(body, terminal)
    left = [row for one in told.values() for row in one.left]
    said = by_reason(f"Not carried ({len(left)})\n", left), app_report.text(every, proofs)
    terminal.note("".join(f"\n{part}" for part in said if part))
    for one in refused if not wanted.force else ():  # else lint has shown it
        where = ".".join(map(str, one.at))
        terminal.note(printable(f"{where}: {one.code}: {one.message}; {one.help}") + "\n")
    terminal.note("" if wanted.force else f"\n{_NEXT}")
    is_whole = all(proof.is_whole for proof in proofs) and not refused
    return code if is_whole else FINDINGS


def _print(body: str, terminal: Terminal) -> int:
    terminal.out(body)
    return 0


def _put(
    wanted: ImportRequest, raw: Mapping[str, Any], questions: Sequence[Question], terminal: Terminal
) -> int:
    """Writes the entries into the site.yaml that is there."""
    path = wanted.output
    if "clusters" in raw:
        raise UsageError(
            "clusters differ in the app, and hubops does not edit them; nothing was written",
            "leave --force out, and put what is printed into site.yaml",
        )
    blocks = {}
    for name, entry in raw["apps"].items():
        whole = app_entries.written({"apps": {name: entry}}, questions, ())
        blocks[name] = dedent(whole.partition("apps:\n")[2])
    with writer.lock(path.parent, waiting=lambda: None):
        return apps.put(path, worktree.read_site(path), blocks, terminal)


def _by_cluster(
    found: Mapping[str, RunningReleases], facts: Facts
) -> dict[str, Sequence[FurtherApp]]:
    """The apps by the cluster that they go to, which is called as Argo CD calls it."""
    groups: dict[tuple[str | None, str | None], dict[str, list[FurtherApp]]] = {}
    for name, one in found.items():
        for app in one.apps:
            place = app.facts.server, app.facts.registered_name
            groups.setdefault(place, {}).setdefault(name, []).append(app)
    named: dict[str, Sequence[FurtherApp]] = {}
    for (_, registered), held in groups.items():
        first = next(iter(held))
        own = registered if registered is not None and is_label(registered) else None
        alone = facts.cluster or "main"
        name = own or (alone if len(groups) == 1 or not first else first)
        named[name] = [app for apps in held.values() for app in apps]
    return named


def _refused(
    raw: Mapping[str, Any], clusters: Mapping[str, Sequence[FurtherApp]]
) -> Iterator[Finding]:
    """What lint finds wrong with the entries, in a site that has nothing else."""
    namespaces = {app.namespace_of_argocd for held in clusters.values() for app in held}
    places = raw.get("clusters", {})
    site = {
        **raw,
        "argocd": {"namespace": min(namespaces, default="argocd")},
        "clusters": {name: places.get(name, {}) for name in clusters},
    }
    found = list(SiteSchema(written=resources.site_schema()).findings(raw, lambda at: ""))
    if not any(map(_is_of_app, found)):
        read = parse.site(site, resources.known_versions())
        found = [*rules.findings(read, Surroundings())]
    errors = (one for one in found if one.severity is Severity.ERROR)
    return filter(_is_of_app, errors)


def _is_of_app(found: Finding) -> bool:
    return found.at[:1] == ("apps",) or found.at[2:3] == ("apps",)
