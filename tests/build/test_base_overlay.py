"""Bases and overlays: together the effective Application, and apart only what belongs to each."""

import json
from collections.abc import Iterator, Mapping
from typing import Any

import pytest
from hypothesis import given, settings

from generator.build.tree import Tree
from generator.merge import merge, patches, same
from generator.records import replace
from generator.site.model import Environment, Site
from tests.support import random_sites, releases
from tests.support.sites import protocoast

Resource = dict[str, Any]


def built(tree: Tree, environment: Environment) -> list[Resource]:
    """An overlay's Applications, put together in plain Python from its files."""
    overlay = releases.read(tree[f"overlays/{environment.name}/kustomization.yaml"])
    assert overlay["nameSuffix"] == f"-{environment.name}"
    found = []
    for base in overlay["resources"]:
        application = releases.read(tree[f"{base.removeprefix('../../')}/application.yaml"])
        for patch in map(releases.read, _patches(overlay)):
            if patch["metadata"]["name"] == application["metadata"]["name"]:
                application = merge(application, patch)
        application["metadata"]["name"] += overlay["nameSuffix"]
        found.append(application)
    return found


def _patches(overlay: Resource) -> Iterator[bytes]:
    return (entry["patch"].encode() for entry in overlay["patches"])


def assert_base_and_patches_are_effective(site: Site) -> None:
    tree = releases.tree_of(site)
    for environment in site.environments:
        effective = [
            releases.application(release, tree) for release in releases.releases(site, environment)
        ]
        assert same(built(tree, environment), effective)


@settings(max_examples=20, deadline=None)
@given(random_sites.loaded_sites())
def test_base_and_patches_are_the_effective_application(site: Site) -> None:
    assert_base_and_patches_are_effective(site)


def with_raw(site: Site, raw: dict[str, Any]) -> Site:
    """The site with these raw values of JupyterHub everywhere."""
    assert site.shared.hub is not None
    shared = replace(site.shared, hub=replace(site.shared.hub, values=raw))
    environments = tuple(
        replace(environment, settings=replace(environment.settings, hub=shared.hub))
        for environment in site.environments
    )
    return replace(site, shared=shared, environments=environments)


# The base holds something where each environment has a text of its own.
@pytest.mark.parametrize(
    "raw",
    [
        {"ingress": {"hosts": ["on.example.org"]}},
        {"hub": {"config": {"GenericOAuthenticator": {"oauth_callback_url": "a"}}}},
        {"hub": {"db": {"pvc": {"storageClassName": "csi-cinder-sc-delete"}}}},
        {"hub": {"db": {"pvc": {"storageClassName": {"a": "b"}}}}},
        {"hub": {"db": None, "services": {"dask-gateway": {"url": None}}}},
        {"hub": {"annotations": {"hubops.io/content": "a\nb\n"}}},
        {"hub": {"annotations": ["a"]}, "singleuser": "b"},
        {"ingress": {"tls": None}, "a": {"b": "\n", "c": "\u2028"}},
    ],
    ids=json.dumps,
)
def test_odd_raw_values(raw: dict[str, Any]) -> None:
    site = with_raw(protocoast(), raw)
    assert_base_and_patches_are_effective(site)
    # Some have it, others do not.
    own = with_raw(protocoast(), {})
    assert_base_and_patches_are_effective(replace(site, environments=own.environments))
    assert_base_and_patches_are_effective(replace(own, environments=site.environments))


@settings(max_examples=20, deadline=None)
@given(random_sites.loaded_sites())
def test_patches_hold_only_what_differs_from_the_base(site: Site) -> None:
    tree = releases.tree_of(site)
    for environment in site.environments:
        overlay = releases.read(tree[f"overlays/{environment.name}/kustomization.yaml"])
        applied: dict[str, Resource] = {}
        for patch in map(releases.read, _patches(overlay)):
            name = patch["metadata"]["name"]
            app = name.removeprefix(f"{site.name}-")
            before = applied.get(name) or releases.read(tree[f"apps/{app}/application.yaml"])
            applied[name] = merge(before, patch)
            identity = {"apiVersion", "kind", "metadata"}
            needed = patches(before, applied[name])
            assert len(needed) == 1
            assert set(patch) - identity == set(needed[0]) - identity


@settings(max_examples=20, deadline=None)
@given(random_sites.loaded_sites())
def test_a_base_knows_no_environment_and_no_cluster(site: Site) -> None:
    tree = releases.tree_of(site)
    for path in tree:
        if path.startswith("apps/") and path.endswith("/application.yaml"):
            base = releases.read(tree[path])
            assert base["spec"].keys() <= {"source", "syncPolicy", "ignoreDifferences"}
            assert base["metadata"]["name"] == f"{site.name}-{path.split('/')[1]}"
            values = base["spec"]["source"].get("helm", {}).get("valuesObject", {})
            assert set(_placed(values)) == set()


# What only an environment or its cluster knows, by its place in the values.
_PLACED = (
    ("hub", "annotations"),
    ("hub", "config", "GenericOAuthenticator", "oauth_callback_url"),
    ("hub", "config", "GitHubOAuthenticator", "oauth_callback_url"),
    ("hub", "db", "pvc", "storageClassName"),
    ("hub", "services", "dask-gateway", "url"),
    ("ingress", "annotations"),
    ("ingress", "hosts"),
    ("ingress", "ingressClassName"),
    ("ingress", "tls"),
    ("singleuser", "extraEnv", "DASK_GATEWAY__PROXY_ADDRESS"),
    ("singleuser", "storage", "dynamic", "storageClass"),
    ("gateway", "annotations"),
)


def _placed(values: Mapping[str, Any]) -> Iterator[tuple[str, ...]]:
    for path in _PLACED:
        node: Any = values
        for step in path:
            node = node.get(step) if isinstance(node, Mapping) else None
        if node is not None:
            yield path


def test_nothing_of_protocoasts_environments_stands_in_its_bases() -> None:
    site = protocoast()
    bases = [
        content.decode()
        for path, content in releases.tree_of(site).items()
        if path.startswith("apps/")
    ]
    words = ["vm.fedcloud.eu", "daskhub", "csi-cinder", "nginx", "letsencrypt", "overlays/"]
    words += [*site.clusters, *(f"-{environment.name}" for environment in site.environments)]
    found = {word for word in words for base in bases if word in base}
    assert found == set()
