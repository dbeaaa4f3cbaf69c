"""The releases of a site and what each of them should be in the end, straight from the builders."""

from collections.abc import Iterator
from typing import Any

import yaml

from generator import names
from generator.build import applications, repository
from generator.build.tree import Tree
from generator.charts import CHARTS
from generator.site.model import Environment, Release, Site

Resource = dict[str, Any]


def tree_of(site: Site) -> Tree:
    """The generated tree of a site in an empty working copy."""
    return repository.build(site, repository.Inputs())


def releases(site: Site, environment: Environment) -> Iterator[Release]:
    """One environment's releases, in the order Argo CD syncs them."""
    for app in repository.apps_in(environment):
        cluster = site.clusters[environment.cluster]
        yield Release(site=site, app=app, environment=environment, cluster=cluster)


def values(release: Release) -> dict[str, Any]:
    """The effective chart values of a release whose secrets are all placeholders."""
    return repository.release_values(release, repository.ciphertexts(release.environment, {}))


def chart_values(site: Site, environment: str, app: str) -> dict[str, Any]:
    """The effective values of one chart in one environment, by their names."""
    found = next(env for env in site.environments if env.name == environment)
    return next(values(release) for release in releases(site, found) if release.app == app)


def application(release: Release, tree: Tree) -> Resource:
    """The effective Application as Argo CD gets it, its name included."""
    environment = release.environment.name
    effective = applications.effective_application(release, _source(release, tree))
    metadata = effective["metadata"]
    return effective | {"metadata": metadata | {"name": f"{metadata['name']}-{environment}"}}


def objects(site: Site) -> dict[str, list[Resource]]:
    """What each folder that somebody builds must come to, from the builders and single files."""
    tree = tree_of(site)
    held: dict[str, list[Resource]] = {}
    for folder in folders(site):
        entries = read(tree[f"{folder}/kustomization.yaml"])["resources"]
        held[folder] = [read(tree[f"{folder}/{entry}"]) for entry in entries if "../" not in entry]
    for environment in site.environments:
        held[f"overlays/{environment.name}"] = [
            application(release, tree) for release in releases(site, environment)
        ]
    return held


def folders(site: Site) -> list[str]:
    """Every folder of the generated tree that somebody builds."""
    overlays = [f"overlays/{environment.name}" for environment in site.environments]
    clusters = [f"clusters/{name}" for name in site.clusters]
    return [
        *overlays,
        *(f"{folder}/namespace" for folder in overlays),
        *clusters,
        *(f"{folder}/bootstrap" for folder in clusters),
    ]


def read(content: bytes) -> Any:
    """A generated file as data."""
    return yaml.load(content, getattr(yaml, "CSafeLoader", yaml.SafeLoader))  # noqa: S506


def _source(release: Release, tree: Tree) -> Resource:
    if release.app in CHARTS:
        return {"helm": {"valuesObject": values(release)}}
    folder = f"overlays/{release.environment.name}/namespace"
    held = {
        path.removeprefix(f"{folder}/"): content
        for path, content in tree.items()
        if path.startswith(f"{folder}/")
    }
    annotations = {names.CONTENT_ANNOTATION: repository.content_hash(held)}
    return {"path": folder, "kustomize": {"commonAnnotations": annotations}}
