"""Reviews of random changes: complete, honest about what is no change, never an exception.

What takes effect is asked of the builders that write the tree, not of what a review compares.
"""

import json
import random
import re
from collections.abc import Iterator
from copy import deepcopy
from functools import cache
from typing import Any

import pytest
import yaml

from generator.build import applications, projects, repository
from generator.change.formats import REVIEWS
from generator.change.plan import HOST
from generator.change.review import Review, review
from generator.change.sides import Side, Step, steps
from generator.charts import CHARTS
from generator.names import CONTENT_ANNOTATION
from generator.site.model import Release, Site
from tests.support.random_sites import Raw, as_text, sample
from tests.support.sites import load_text, protocoast

Path = tuple[str | int, ...]
# What takes effect, by where it belongs: an environment or a cluster, and its name.
Effective = dict[tuple[str, str], dict[str, Any]]

SEEDS = range(8)
EDITS = 16


@cache
def _pool() -> tuple[Raw, ...]:
    return tuple(json.loads(text) for text in sample(16))


def _paths(node: Any, path: Path = ()) -> Iterator[Path]:
    if path:
        yield path
    if isinstance(node, dict):
        for key, value in node.items():
            yield from _paths(value, (*path, key))
    elif isinstance(node, list):
        for index, value in enumerate(node):
            yield from _paths(value, (*path, index))


def _at(node: Any, path: Path) -> Any:
    for step in path:
        node = node[step]
    return node


@cache
def _donors(key: str | int, depth: int) -> list[Any]:
    """What other sites have under such a key, as deep."""
    return [
        _at(raw, path)
        for raw in _pool()
        for path in _paths(raw)
        if path[-1] == key and len(path) == depth
    ]


def _edited(raw: Raw, chance: random.Random) -> Raw:
    """The site with a part taken away, a list in another order, or a part of another site."""
    edited: Raw = deepcopy(raw)
    for _ in range(chance.randint(1, 2)):
        paths = list(_paths(edited))
        path = chance.choice(paths)
        parent = _at(edited, path[:-1])
        lists = [found for one in paths if isinstance(found := _at(edited, one), list)]
        match chance.randrange(6):
            case 0:
                del parent[path[-1]]
            case 1 if lists:
                chance.shuffle(chance.choice(lists))
            case _:
                parent[path[-1]] = deepcopy(chance.choice(_donors(path[-1], len(path))))
    return edited


def _pairs(seed: int) -> Iterator[tuple[Site, Site]]:
    """Valid sites, each with a valid edit of it."""
    chance = random.Random(seed)
    for _ in range(EDITS):
        raw = chance.choice(_pool())
        before = load_text(as_text(raw)).site
        after = load_text(as_text(_edited(raw, chance))).site
        if before is not None and after is not None:
            yield before, after


def _reviewed(before: Site, after: Site) -> Review:
    return review(Side(site=before), Side(site=after), lambda place, app, change: "")


def _effective(site: Site) -> Effective:
    tree = repository.build(site, repository.Inputs())
    found: Effective = {("cluster", name): {} for name in site.clusters}
    for environment in site.environments:
        cluster = site.clusters[environment.cluster]
        encrypted = repository.ciphertexts(environment, {})
        folder = f"overlays/{environment.name}/namespace/"
        objects = {path: _plain(tree[path]) for path in tree if path.startswith(folder)}
        for app in repository.apps_in(environment):
            release = Release(site=site, app=app, environment=environment, cluster=cluster)
            helm = repository.release_values(release, encrypted) if app in CHARTS else {}
            objects[app] = applications.effective_application(
                release, {"helm": {"valuesObject": helm}}
            )
        hub = environment.settings.hub
        objects["checks"] = (
            environment.require_sealed,
            environment.testing,
            # By name: a profile that is told nothing of JupyterHub's version is not listed.
            {
                (one.slug or one.name): one.jupyterhub
                for one in (hub.profiles if hub else ())
                if one.jupyterhub
            },
        )
        found["environment", environment.name] = objects
    for name, cluster in site.clusters.items():
        found["cluster", name] = {
            "project": projects.workload_project(site, cluster),
            "namespaces": projects.namespaces_project(site, cluster),
            "bootstrap": projects.bootstrap_project(site, cluster),
            "root": applications.cluster_root(site, cluster),
            "patch": applications.argocd_cm_patch(cluster),
            "checks": (cluster.kubernetes.text, cluster.sealing_certificate),
        }
    return found


def _plain(content: bytes) -> Any:
    return yaml.load(content, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))  # noqa: S506


def _told(found: Review) -> set[tuple[str, str]]:
    return {("environment", name) for chapter in found.environments for name in chapter.names} | {
        ("cluster", name) for chapter in found.clusters for name in chapter.names
    }


def _order_of_sets(whole: Effective) -> Effective:
    """Without the order that AppProjects' lists have: to Argo CD they are sets."""
    for (kind, _), objects in whole.items():
        if kind == "cluster":
            for one in ("project", "namespaces", "bootstrap"):
                spec = objects[one]["spec"]
                spec["destinations"] = sorted(map(repr, spec["destinations"]))
    return whole


@pytest.mark.parametrize("seed", SEEDS)
def test_all_that_takes_effect_is_told_and_nothing_else(seed: int) -> None:
    for before, after in _pairs(seed):
        found = _reviewed(before, after)
        old, new = _order_of_sets(_effective(before)), _order_of_sets(_effective(after))
        assert _told(found) == {one for one in {**old, **new} if old.get(one) != new.get(one)}


def _change(step: Step) -> str:
    """All that differs, but for the values of an app that goes: it runs on as it is.

    With a word for the environment's own host, where it stays.
    """
    before, after = step.sides
    values = {app: step.values[app] for app in after.apps if app in step.values}
    applications = {
        app: step.applications[app]
        for app in after.apps
        if app in before.apps and app in step.applications
    }
    text = repr((values, applications, step.objects, step.sealed))
    hosts = {side.environment.host for side in step.sides}
    # Not the end of a longer name: `y.example.org` is in `registry.example.org`.
    own = rf"(?<![\w.-]){re.escape(hosts.pop())}"
    return text if hosts else re.sub(own, HOST, text)


@pytest.mark.parametrize("seed", SEEDS)
def test_environments_told_as_one_change_in_the_same_way(seed: int) -> None:
    for before, after in _pairs(seed):
        changes = {
            step.after.environment.name: _change(step)
            for step in steps(Side(site=before), Side(site=after))
            if isinstance(step, Step)
        }
        for chapter in _reviewed(before, after).environments:
            assert len({changes[name] for name in chapter.names if name in changes}) <= 1
            assert {name in changes for name in chapter.names} in ({True}, {False})


@pytest.mark.parametrize("format", REVIEWS)
def test_every_format_takes_any_change(format: str) -> None:
    for before, after in _pairs(99):
        found = _reviewed(before, after)
        assert REVIEWS[format](found, color=False)
        assert REVIEWS[format](found, color=False) == REVIEWS[format](found, color=False)


def _backwards(node: Any) -> Any:
    """The same data with the keys of every map in the opposite order."""
    if isinstance(node, dict):
        return {key: _backwards(value) for key, value in reversed(node.items())}
    return [_backwards(item) for item in node] if isinstance(node, list) else node


@pytest.mark.parametrize("index", range(16))
def test_order_of_keys_and_layout_are_no_change(index: int) -> None:
    raw = _pool()[index]
    layout = as_text(raw).replace("\n ", "\n\n     # a note\n     ")
    texts = [as_text(raw), layout, as_text(_backwards(raw))]
    one, other, backwards = (load_text(text).site for text in texts)
    assert one is not None
    assert other is not None
    assert backwards is not None
    for after in (one, other, backwards):
        found = _reviewed(one, after)
        assert (found.environments, found.clusters) == ((), ())
        assert set(found.unchanged) == {environment.name for environment in one.environments}


def test_hash_alone_is_never_told() -> None:
    for before, after in _pairs(7):
        paths = [
            line.path
            for chapter in _reviewed(before, after).environments
            for section in chapter.sections
            for line in section.lines
        ]
        assert not [path for path in paths if CONTENT_ANNOTATION in path]


def test_site_against_itself_is_no_change() -> None:
    found = _reviewed(protocoast(), protocoast())
    assert found.is_empty
    assert found.unchanged == ("production", "staging")
