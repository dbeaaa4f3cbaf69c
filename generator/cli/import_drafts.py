"""What a command line of `hubops import` asks for -> the proposals for it."""

import json
from collections.abc import Mapping
from pathlib import Path

from generator.adopt import environments, report, sources, withheld
from generator.adopt.base import Facts, dotted
from generator.adopt.proposal import Proposal, propose
from generator.adopt.sources import RunningReleases
from generator.cli import import_files, import_rendered
from generator.diagnostics import GeneratorError, UsageError
from generator.io import resources
from generator.lint.load import Around
from generator.lint.rules.base import Surroundings
from generator.packaged import store as chart_store
from generator.records import field, fields, record, replace
from generator.suggest import did_you_mean

STANDARD_OUTPUT = Path("-")
# What the report calls the files of each kind, in its order.
LABELS = {
    "jupyterhub": "jupyterhub",
    "dask_gateway": "dask-gateway",
    "meta": "umbrella",
    "applications": "application",
    "secrets": "secrets",
}


@record
class ImportRequest:
    """What a command line asks for: `paths` are by the fields of InputFiles."""

    paths: Mapping[str, tuple[Path, ...]]
    output: Path
    force: bool = False
    seals: bool = False
    certificate: Path | None = None
    level: str | None = None
    values_from: Mapping[str, Path] = field(factory=dict)
    facts: Facts = field(factory=Facts)


def proposals(wanted: ImportRequest) -> list[Proposal]:
    """A proposal for each environment. UsageError for one that the files do not have."""
    found = sources.by_environment(
        import_files.given(wanted.paths, wanted.level, wanted.values_from)
    )
    named = wanted.facts.environment
    if "" not in found and named is not None:
        if named not in found:
            raise UsageError(
                f"the ApplicationSet has no environment '{named}'", did_you_mean(named, found)
            )
        found = {named: found[named]}
    several = []
    for running in found.values():
        running = import_rendered.enriched(running, _root(wanted), wanted.facts)
        several.append(proposal := _proposed(wanted, running))
        _refuse_copies(wanted, running, proposal, report.text(proposal))
    return several


def whole(wanted: ImportRequest, several: list[Proposal]) -> Proposal:
    """The one proposal; of several environments, the one that has the site with all of them."""
    if len(several) == 1:
        return several[0]
    schema, known = resources.site_schema(), resources.known_versions()
    one = environments.together(several, schema, known, _around(wanted))
    return replace(
        several[0],
        text=one.text,
        loaded=one.loaded,
        site=one.loaded.site,
        secrets=tuple(secret for each in several for secret in each.secrets),
        app_proofs=tuple(proof for each in several for proof in each.app_proofs),
        proofs=tuple(proof for each in several for proof in each.proofs),
    )


def said(several: list[Proposal]) -> str:
    """The report of each."""
    if len(several) == 1:
        return report.text(several[0])
    return "\n".join(f"Environment {one.environment}\n\n{report.text(one)}" for one in several)


def _root(wanted: ImportRequest) -> Path:
    """The folder of the site."""
    return Path() if wanted.output == STANDARD_OUTPUT else wanted.output.parent


def _around(wanted: ImportRequest) -> Around:
    return lambda site: Surroundings(charts=chart_store.at_hand(_root(wanted), site))


def _proposed(wanted: ImportRequest, running: RunningReleases) -> Proposal:
    root = _root(wanted)
    return propose(
        running,
        wanted.facts,
        resources.site_schema(),
        resources.known_versions(),
        lambda chart, version: chart_store.defaults(root, chart, version),
        {
            label: tuple(map(str, wanted.paths[kind]))
            for kind, label in LABELS.items()
            if wanted.paths.get(kind)
        },
        _around(wanted),
    )


def _refuse_copies(
    wanted: ImportRequest, running: RunningReleases, proposal: Proposal, said: str
) -> None:
    """GeneratorError where the draft or its report holds what only a file of secrets has."""
    options = (str(getattr(wanted.facts, name)) for name in fields(Facts))
    files = (str(path) for paths in wanted.paths.values() for path in paths)
    named = (dotted(secret.path) for secret in proposal.secrets)
    known = (*running.ordinary, *options, *files, *named, json.dumps(resources.site_schema()))
    leaving = (proposal.text, said)
    if places := withheld.copied(running.withheld, leaving, known):
        raise GeneratorError(
            "the draft or its report would contain a value that only a file of secrets has; "
            "nothing was written",
            "if the value is not a secret, move it to a file of values",
            places,
        )
