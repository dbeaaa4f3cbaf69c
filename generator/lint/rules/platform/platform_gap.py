"""What a hub needs is neither in site.yaml nor said to be there.

site.yaml describes a part of the platform, under `apps`, `issuers` or `provided`, and a hub needs
another: an ingress controller for the cluster's class, the ClusterIssuer of its certificates,
cert-manager for an issuer, the sealed-secrets controller. Add it (`hubops apps add` writes the
block), or write under `provided` what the cluster has already. A site that describes no part of the
platform is not judged.

Bad:
    clusters:
      fedcloud:
        ingress: {className: nginx, clusterIssuer: letsencrypt-prod}
        provided: [ingress-controller, sealed-secrets]
Good:
    clusters:
      fedcloud:
        ingress: {className: nginx, clusterIssuer: letsencrypt-prod}
        provided: [ingress-controller, sealed-secrets, cert-manager]
"""

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from generator.charts import known
from generator.lint.rules.base import Findings, infos
from generator.site.app import FurtherChart
from generator.site.model import Cluster, Ingress, Site

finding = infos("R236")


class _Held(NamedTuple):
    """What a Kubernetes cluster has: by site.yaml, or already."""

    apps: list[FurtherChart]
    issuers: set[str]
    provided: set[str]
    parts: set[str]


_ISSUERS = "cluster-issuers"
_KIND = "ClusterIssuer"


def check(site: Site) -> Findings:
    """An info at each thing that a cluster's hubs need, and at an issuer without cert-manager."""
    clusters = site.clusters.values()
    if not (site.platform or any(one.issuers or one.provided for one in clusters)):
        return
    for cluster in clusters:
        has = _held(site, [one for one in clusters if one.identity == cluster.identity])
        if cluster.issuers and known.CERT_MANAGER not in has.parts:
            yield finding(
                (*cluster.at, "issuers"),
                f"cluster '{cluster.name}': nothing in site.yaml brings cert-manager, which the "
                "issuers need",
                _add("cert-manager", known.CERT_MANAGER),
                on_key=True,
                relies_on=_relied(cluster),
            )
        if site.environments_of(cluster.name):
            yield from _of_hubs(cluster, has)


def _held(site: Site, entries: list[Cluster]) -> _Held:
    """What one Kubernetes cluster has, whichever of its entries says it."""
    apps = [app for one in entries for place in site.platform_of(one.name) for app in place.apps]
    provided = {part for one in entries for part in one.provided}
    return _Held(
        apps=apps,
        issuers={issuer.name for one in entries for issuer in one.issuers},
        provided=provided,
        parts={known.brings(app.pin.name) for app in apps} | provided,
    )


def _of_hubs(cluster: Cluster, has: _Held) -> Findings:
    if known.SEALED_SECRETS not in has.parts:
        yield finding(
            cluster.at,
            f"cluster '{cluster.name}': nothing in site.yaml brings the sealed-secrets controller",
            _add("sealed-secrets", known.SEALED_SECRETS),
            on_key=True,
            relies_on=_relied(cluster),
        )
    ingress = cluster.ingress
    if ingress is not None and known.INGRESS not in has.provided:
        yield from _class(cluster, ingress, has.apps)
    if ingress is not None and not {known.CERT_MANAGER, _ISSUERS} & has.provided:
        yield from _issuer(cluster, ingress, has)


def _class(cluster: Cluster, ingress: Ingress, apps: list[FurtherChart]) -> Findings:
    controllers = [app for app in apps if known.brings(app.pin.name) == known.INGRESS]
    classes = [_class_of(app) for app in controllers]
    if ingress.class_name in classes or "" in classes:
        return
    at = (*cluster.at, "ingress", "className")
    if controllers:
        made = " and ".join(f"'{one}'" for one in classes)
        text = f"no app makes the ingress class '{ingress.class_name}': they make {made}"
        help = f"write  className: {classes[0]} , or  provided: [{known.INGRESS}]"
    else:
        text = f"nothing in site.yaml brings a controller for ingress class '{ingress.class_name}'"
        help = f"add one ('hubops apps' lists some), or write  provided: [{known.INGRESS}]"
    yield finding(at, text, help, relies_on=_relied(cluster))


def _class_of(app: FurtherChart) -> str:
    """The class that a controller makes; empty where that is not known."""
    facts = known.of(app.pin.name)
    made = facts.ingress_class if facts is not None else None
    return made(app.values, app.name) if made is not None else ""


def _issuer(cluster: Cluster, ingress: Ingress, has: _Held) -> Findings:
    name = ingress.cluster_issuer
    if name is None or name in has.issuers or any(_makes(app.values, name) for app in has.apps):
        return
    yield finding(
        (*cluster.at, "ingress", "clusterIssuer"),
        f"nothing in site.yaml makes the ClusterIssuer '{name}'",
        f"add  issuers: {{{name}: {{email: ...}}}}  to the cluster, or  provided: [{_ISSUERS}]",
        relies_on=_relied(cluster),
    )


def _makes(values: Any, issuer: str) -> bool:
    """Whether a chart's values hold a ClusterIssuer of this name, as a map or as text."""
    if isinstance(values, Mapping):
        named = values.get("metadata")
        if values.get("kind") == _KIND and isinstance(named, Mapping):
            return bool(named.get("name") == issuer)
    if isinstance(values, str):
        return _KIND in values and issuer in values
    return any(_makes(below, issuer) for below in _below(values))


def _below(values: Any) -> Iterator[Any]:
    if isinstance(values, Mapping):
        yield from values.values()
    elif isinstance(values, list):
        yield from values


def _add(chart: str, part: str) -> str:
    return f"run 'hubops apps add {chart}', or write  provided: [{part}]  in the cluster"


def _relied(cluster: Cluster) -> tuple[tuple[str, ...], ...]:
    at = tuple(map(str, cluster.at))
    return (("apps",), (*at, "apps"), (*at, "issuers"), (*at, "provided"))
