"""The further charts under `apps`: as all clusters share them, and as each cluster runs them."""

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from generator import names
from generator.merge import merge
from generator.site.app import ChartPin, FurtherChart
from generator.site.model import Environment, Settings, Sync
from generator.site.origin import Origin
from generator.site.sealed import SecretRef
from generator.versions import Version

Written = Mapping[str, Any]

# One version, spelled as the charts' indexes spell it: many write a v.
_EXACT = r"(?a)v?(0|[1-9]\d{0,8})(\.(0|[1-9]\d{0,8})){2}([-+][0-9A-Za-z.+-]{1,80})?"
# Namespaces that every cluster has from its beginning.
_THERE = r"default|kube-(system|public|node-lease)"
# When Argo CD syncs an app that says nothing: before the environments, or before the hub.
_CLUSTER_WAVE, _ENVIRONMENT_WAVE = -20, -1
# Where an app must be written whole to be one.
_NEEDED = ("name", "repository", "version")


def shared(raw: Written) -> tuple[FurtherChart, ...]:
    """The apps as all clusters share them; one without a chart that was accepted is left out."""
    return tuple(_apps("", raw, {}))


def by_cluster(raw: Written) -> dict[str, tuple[FurtherChart, ...]]:
    """The apps that run in each cluster, in the order of site.yaml, with its own part merged in."""
    clusters = _map(raw, "clusters")
    return {name: tuple(_apps(name, raw, _map(clusters, name))) for name in clusters}


def place(app: FurtherChart, sync: Sync, environments: Iterable[Environment]) -> Environment:
    """Where an app of a cluster runs, which has no hub.

    Its cluster's root waits for it: where an environment there must be sealed, so must the app.
    """
    here = (one for one in environments if one.cluster == app.cluster)
    return Environment(
        name=names.place(app.cluster, app.name),
        cluster=app.cluster,
        namespace=app.namespace,
        require_sealed=any(one.require_sealed for one in here),
        settings=Settings(charts={}, sync=sync, hub=None, dask=None, origin=Origin()),
        apps=(app,),
        is_platform=True,
        at=("apps", app.name),
    )


def is_exact(text: str) -> bool:
    """Whether a text is one version of a chart, as its index may spell it."""
    return re.fullmatch(_EXACT, text) is not None


def _apps(cluster: str, raw: Written, own: Written) -> Iterator[FurtherChart]:
    every, overrides = _map(raw, "apps"), _map(own, "apps")
    for name in every:
        written = _map(every, name)
        is_left_out = name in overrides and overrides[name] is None
        merged = merge(written, _map(overrides, name))
        if all(key in _map(merged, "chart") for key in _NEEDED) and "scope" in merged:
            app = _app(name, cluster, merged, overrides, every)
            if not cluster or (app.runs_in(cluster) and not is_left_out):
                yield app


def _app(name: str, cluster: str, raw: Written, overrides: Written, every: Written) -> FurtherChart:
    is_of_cluster = raw["scope"] == "cluster"
    namespace = raw.get("namespace", "") if is_of_cluster else ""
    is_there = re.fullmatch(_THERE, namespace) is not None
    secrets = _map(raw, "secrets")
    return FurtherChart(
        name=name,
        cluster=cluster,
        clusters=_clusters(raw),
        is_of_cluster=is_of_cluster,
        pin=_pin(_map(raw, "chart")),
        namespace=namespace,
        owns_namespace=bool(namespace) and raw.get("createNamespace", not is_there),
        labels=_map(raw, "namespaceLabels"),
        values=_map(raw, "values"),
        wave=raw.get("wave", _CLUSTER_WAVE if is_of_cluster else _ENVIRONMENT_WAVE),
        kinds=_words(raw, "clusterKinds"),
        other_namespaces=_words(raw, "otherNamespaces"),
        ignored=tuple(filter(_is_whole, raw.get("ignoreDifferences", ()))),
        server_side_apply=raw.get("serverSideApply", False),
        installs_crds=raw.get("installCRDs", True),
        secrets=tuple(
            SecretRef(name=secret, keys=keys)
            for secret in secrets
            if (keys := _words(_map(secrets, secret), "keys"))
        ),
        overrides=overrides,
        shared=every,
    )


def _is_whole(ignored: Written | None) -> bool:
    """Whether an entry of `ignoreDifferences` says what it needs, and nothing of it was refused."""
    return ignored is not None and ignored.keys() >= {"kind", "jsonPointers"}


def _pin(chart: Written) -> ChartPin:
    text = chart["version"]
    version = Version.parse(text) if is_exact(text) else None
    return ChartPin(name=chart["name"], text=text, repository=chart["repository"], version=version)


def _clusters(raw: Written) -> tuple[str, ...] | None:
    return _words(raw, "clusters") if "clusters" in raw else None


def _map(raw: Written, key: str) -> Written:
    part = raw.get(key)
    return part if isinstance(part, Mapping) else {}


def _words(raw: Written, key: str) -> tuple[str, ...]:
    return tuple(word for word in raw.get(key, ()) if word is not None)
