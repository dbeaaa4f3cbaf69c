"""Real Kustomize builds the generated folders, without a warning, into what the builders meant."""

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from generator.build import repository
from generator.build.kustomize import inline_patches, kustomization
from generator.build.tree import compare
from generator.merge import merge, same
from generator.yaml.write import emit
from tests.support import kustomize, random_sites, random_values, releases
from tests.support.sites import protocoast, site_of

Resource = dict[str, Any]
RANDOM_SITES = 25


def by_identity(resources: Iterable[Resource]) -> dict[kustomize.Identity, Resource]:
    """Objects by kind, namespace and name; no two of them may share all three."""
    listed = list(resources)
    found = {kustomize.identity(resource): resource for resource in listed}
    assert len(found) == len(listed)
    return found


def assert_same(found: Iterable[Resource], wanted: Iterable[Resource], where: str) -> None:
    """Fails on any object or value that differs, be it only in its type."""
    built, meant = by_identity(found), by_identity(wanted)
    assert built == meant, where
    assert same(built, meant), where


@pytest.mark.tools
@pytest.mark.parametrize("folder", releases.folders(protocoast()))
def test_protocoast_builds_into_what_the_builders_meant(folder: str, tmp_path: Path) -> None:
    site = protocoast()
    kustomize.write(tmp_path, releases.tree_of(site))
    assert_same(kustomize.build(tmp_path / folder), releases.objects(site)[folder], folder)


@pytest.mark.tools
def test_random_sites_build_into_what_the_builders_meant(tmp_path: Path) -> None:
    texts = random_sites.sample(RANDOM_SITES)
    sites = {tmp_path / str(number): site_of(text) for number, text in enumerate(texts)}
    for root, site in sites.items():
        kustomize.write(root, releases.tree_of(site))
    folders = [root / folder for root, site in sites.items() for folder in releases.folders(site)]
    built = kustomize.build_together(tmp_path, folders)
    for (root, site), text in zip(sites.items(), texts, strict=True):
        for folder, wanted in releases.objects(site).items():
            assert_same(built[root / folder], wanted, f"{folder} of {text}")


@pytest.mark.tools
def test_the_applications_hold_the_computed_values(tmp_path: Path) -> None:
    site = protocoast()
    kustomize.write(tmp_path, releases.tree_of(site))
    for environment in site.environments:
        built = kustomize.build(tmp_path / "overlays" / environment.name)
        sources = {
            resource["metadata"]["name"]: resource["spec"]["source"]
            for resource in built
            if "chart" in resource["spec"]["source"]
        }
        assert {name: source["helm"]["valuesObject"] for name, source in sources.items()} == {
            f"protocoast-{app}-{environment.name}": releases.chart_values(
                site, environment.name, app
            )
            for app in ("jupyterhub", "dask-gateway")
        }


@pytest.mark.tools
def test_a_users_extra_folder_is_built_with_the_namespace(tmp_path: Path) -> None:
    extra = {
        "kustomization.yaml": emit(kustomization(["map.yaml"])).encode(),
        "map.yaml": b"""
apiVersion: v1
kind: ConfigMap
metadata: {name: mine, namespace: daskhub}
""",
    }
    folder = tmp_path / "overlays/production/namespace"
    kustomize.write(folder / "extra", extra)
    tree = repository.build(protocoast(), repository.Inputs(extras={"production": extra}))
    kustomize.write(tmp_path, tree)
    names = set(by_identity(kustomize.build(folder)))
    assert names == {
        ("Namespace", "", "daskhub"),
        ("ResourceQuota", "daskhub", "no-public-services"),
        ("NetworkPolicy", "daskhub", "dask-clusters"),
        ("SealedSecret", "daskhub", "hub-secrets"),
        ("ConfigMap", "daskhub", "mine"),
    }


def nested_values(value: Any) -> Resource:
    """An Application of which only the values matter."""
    return {
        "apiVersion": "argoproj.io/v1alpha1",
        "kind": "Application",
        "metadata": {"name": "case", "namespace": "argocd"},
        "spec": {"source": {"helm": {"valuesObject": value}}},
    }


def patched(root: Path, pairs: Iterable[tuple[Resource, Resource]]) -> list[Resource]:
    """The values that Kustomize makes of each base with the patches to its target."""
    folders = []
    for number, (base, target) in enumerate(pairs):
        before, after = nested_values(base), nested_values(target)
        for resource in (before, after):
            resource["metadata"]["name"] = f"case-{number}"
        document = kustomization(["base.yaml"])
        inline = [{"patch": patch} for patch in inline_patches(before, after)]
        if inline:
            document["patches"] = inline
        folders.append(root / str(number))
        files = {"base.yaml": emit(before), "kustomization.yaml": emit(document)}
        kustomize.write(folders[-1], {name: text.encode() for name, text in files.items()})
    built = kustomize.build_together(root, folders)
    return [built[folder][0]["spec"]["source"]["helm"]["valuesObject"] for folder in folders]


CORNERS: dict[str, tuple[Resource, Resource]] = {
    "nothing stays nothing": ({}, {}),
    "an empty map on a missing key": ({"x": 1}, {"x": 1, "a": {}}),
    "an empty map in an empty map": ({}, {"a": {"b": {}}}),
    "empties in a new map": ({"x": 1}, {"x": 1, "a": {"b": {"c": {}}, "d": []}}),
    "an empty map that fills": ({"a": {}}, {"a": {"b": {"c": 1}}}),
    "an empty map that goes": ({"a": {}}, {}),
    "a map that empties": ({"a": {"b": 1, "c": 2}}, {"a": {}}),
    "a map that empties inside": ({"a": {"b": {"c": 1}}}, {"a": {"b": {}}}),
    "a map whose map goes": ({"a": {"b": {"c": 1}}}, {"a": {}}),
    "a map that goes": ({"a": {"b": {"c": 1}}}, {}),
    "a list that empties": ({"a": [1, 2]}, {"a": []}),
    "a list that fills": ({"a": []}, {"a": [1]}),
    "a list that loses an equal item": ({"a": [1, 1]}, {"a": [1]}),
    "a list of empties": ({}, {"a": [{}, [], [[]], {"b": {}}]}),
    "a list of named maps": ({"a": [{"name": "x", "v": 1}]}, {"a": [{"name": "y"}]}),
    "containers are no special list": (
        {"containers": [{"name": "x", "image": "a"}]},
        {"containers": [{"name": "x", "tag": "b"}]},
    ),
    "map to list": ({"a": {"b": 1}}, {"a": [{"b": 1}]}),
    "map to text": ({"a": {"b": 1}}, {"a": ""}),
    "list to map": ({"a": [1]}, {"a": {"b": {}}}),
    "list to empty map": ({"a": [1]}, {"a": {}}),
    "empty list to empty map": ({"a": []}, {"a": {}}),
    "empty map to empty list": ({"a": {}}, {"a": []}),
    "list to number": ({"a": [1]}, {"a": 1}),
    "text to map": ({"a": ""}, {"a": {"b": ""}}),
    "two kinds change at two depths": (
        {"a": {"b": {"c": [1]}, "d": {"e": 1}}, "f": 1},
        {"a": {"b": {"c": {"g": 1}}, "d": "e"}, "f": [1]},
    ),
    "number to text": ({"a": 1, "b": True}, {"a": "1", "b": "true"}),
    "quoted text to number": ({"a": "1", "b": "true", "c": ""}, {"a": 1, "b": True, "c": 1.5}),
    "block to boolean": ({"a": "b\nc\n"}, {"a": False}),
    "a block that comes last": ({"a": "b", "c": [1]}, {"a": "b\nc\n", "c": ["d\ne\n"]}),
    "keys that look like other things": (
        {"y": 1, "1e3": {"null": 1}, "~": 1},
        {"y": {"on": 1}, "1e3": {"null": 2}, "=": 1, "2022-06-01": 1},
    ),
    "names of Kubernetes fields": (
        {"metadata": {"name": "a"}, "kind": "b", "apiVersion": "c"},
        {"metadata": {"name": "d"}, "kind": {"e": 1}, "data": {"a.b/c": "\n"}},
    ),
}


@pytest.mark.tools
def test_patches_give_the_target_in_every_corner(tmp_path: Path) -> None:
    found = patched(tmp_path, CORNERS.values())
    wrong = {
        name: (values, target)
        for (name, (_, target)), values in zip(CORNERS.items(), found, strict=True)
        if not same(values, target)
    }
    assert wrong == {}


def value_pairs() -> st.SearchStrategy[tuple[Resource, Resource]]:
    """Two unrelated maps of values, or a map and the same map overridden in part."""
    unrelated = st.tuples(random_values.maps(), random_values.maps())
    overridden = st.tuples(random_values.maps(), random_values.maps(removing=True)).map(
        lambda pair: (pair[0], merge(pair[0], pair[1]))
    )
    return st.one_of(unrelated, overridden)


@pytest.mark.tools
def test_patches_give_the_target_of_random_values(tmp_path: Path) -> None:
    pairs = random_values.examples(value_pairs(), 250)
    found = patched(tmp_path, pairs)
    wrong = [
        (base, target, values)
        for (base, target), values in zip(pairs, found, strict=True)
        if not same(values, target)
    ]
    assert wrong == []


CHANGES: dict[str, Resource] = {
    "namespace": {"namespace": "elsewhere"},
    "host": {"host": "elsewhere.example.com"},
    "servers": {"jupyterhub": {"servers": {"cpu": {"guarantee": 0.125, "limit": 64}}}},
    "profiles": {"jupyterhub": {"servers": {"profiles": [{"name": "One", "image": "a/b:1"}]}}},
    "values": {"jupyterhub": {"values": {"custom": {"a": [{"b": 1}], "1e3": {"c": {}}}}}},
    "chart": {"charts": {"jupyterhub": {"version": "4.1.0"}}},
    "sync": {"sync": {"automated": False}},
    "sealing scope": {"sealingScope": "cluster-wide"},
}


@settings(max_examples=20, deadline=None)
@given(raw=random_sites.sites(), change=st.sampled_from(sorted(CHANGES)), data=st.data())
def test_a_changed_environment_changes_only_its_own_files(
    raw: Resource, change: str, data: st.DataObject
) -> None:
    name = data.draw(st.sampled_from(sorted(raw["environments"])))
    for cluster in raw["clusters"].values():
        cluster["kubernetes"] = "1.33"
    environment = raw["environments"][name]
    changed = {**raw["environments"], name: merge(environment, CHANGES[change])}
    before = releases.tree_of(random_sites.load_site(raw))
    after = releases.tree_of(random_sites.load_site({**raw, "environments": changed}))
    touched = {change.path for change in compare(before, after).changes}
    own = (f"overlays/{name}/", f"clusters/{environment['cluster']}/")
    assert {path for path in touched if not path.startswith(own)} == set()
