"""Imports for tests: texts of values in, the proposal out; or the command in a folder."""

from collections.abc import Mapping
from typing import Any

from generator.adopt import sources
from generator.adopt.base import Facts
from generator.adopt.layers import Text
from generator.adopt.proposal import Proposal, propose
from generator.adopt.sources import InputFiles
from generator.build.repository import release_values
from generator.io import resources
from generator.merge import merge
from generator.names import CONTENT_ANNOTATION
from generator.records import replace
from generator.site.model import Environment, Release, Site
from tests.support.random_sites import as_text

Values = Mapping[str, Any]

# Enough of a hub that an import has nothing to ask about.
HUB: dict[str, Any] = {
    "hub": {
        "config": {
            "JupyterHub": {"authenticator_class": "github"},
            "GitHubOAuthenticator": {"allowed_organizations": ["coast-lab"]},
        },
        "db": {"pvc": {"storageClassName": "fast"}},
    },
    "singleuser": {
        "image": {"name": "quay.io/coast/notebook", "tag": "1.0"},
        "storage": {"dynamic": {"storageClass": "fast"}},
    },
    "ingress": {"enabled": True, "hosts": ["hub.example.org"], "ingressClassName": "nginx"},
}
FACTS = Facts(
    repository="https://git.example.org/hub.git",
    namespace="hub",
    kubernetes="1.31",
    versions={"jupyterhub": "4.4.0", "dask-gateway": "2026.3.0"},
)


def text(values: Values | str, name: str) -> tuple[Text, ...]:
    """One file of these values, or of this text; JSON is YAML."""
    content = values if isinstance(values, str) else as_text(values)
    return (Text(name=name, content=content.encode()),)


def given(**texts: Values | str) -> InputFiles:
    """The files by their kinds, each called after its kind."""
    files: dict[str, Any] = {kind: text(one, f"{kind}.yaml") for kind, one in texts.items()}
    return InputFiles(**files)


def proposed(facts: Facts = FACTS, **texts: Values | str) -> Proposal:
    """What comes of an import of these files, without packaged charts."""
    return propose(
        sources.releases(given(**texts)),
        facts,
        resources.site_schema(),
        resources.known_versions(),
        lambda chart, version: None,
        {},
    )


def hub_with(more: Values) -> dict[str, Any]:
    """The hub of these tests with more values."""
    merged: dict[str, Any] = merge(HUB, more)
    return merged


def asked(proposal: Proposal) -> str:
    """All that is asked about, in one text."""
    return "\n".join(question.text for question in proposal.questions)


def left(proposal: Proposal) -> dict[str, str]:
    """What is not carried, with the reasons."""
    return {".".join(row.path): row.text for row in proposal.left}


def values_of(site: Site, environment: Environment, chart: str) -> dict[str, Any]:
    """What a chart gets in an environment, the hashes that restart pods left out."""
    cluster = site.clusters[environment.cluster]
    release = Release(site=site, app=chart, environment=environment, cluster=cluster)
    root = "hub" if chart == "jupyterhub" else "gateway"
    hashes = {root: {"annotations": {CONTENT_ANNOTATION: None}}}
    values: dict[str, Any] = merge(release_values(release, {}), hashes)
    if not values[root].get("annotations"):
        values = merge(values, {root: {"annotations": None}})
    return values


def facts_of(site: Site, environment: Environment) -> Facts:
    """What flags would say of an environment's place."""
    cluster = site.clusters[environment.cluster]
    return replace(
        FACTS,
        site=site.name,
        repository=site.repository.url,
        cluster=cluster.name,
        server=cluster.server,
        registered_name=cluster.registered_name,
        kubernetes=str(cluster.kubernetes),
        namespace=environment.namespace,
        environment=environment.name,
        host=environment.host,
        storage_class=cluster.storage_class,
        ingress_class=cluster.ingress.class_name if cluster.ingress is not None else None,
        versions={name: pin.text for name, pin in environment.settings.charts.items()},
    )
