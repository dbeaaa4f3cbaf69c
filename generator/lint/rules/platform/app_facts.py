"""What is known of a further chart does not fit what site.yaml says of it.

hubops knows some charts (`hubops apps`): which version is made for which Kubernetes, which value
brings the definitions of its kinds, whether they are too large for a client-side apply, whether its
pods are privileged, what cert-manager needs to answer a challenge through a Gateway. Change what
the finding names; where you know better, silence it with a reason.

Bad:
    apps:
      cert-manager:
        scope: cluster
        chart: {name: cert-manager, repository: "https://charts.jetstack.io", version: v1.21.1}
        namespace: cert-manager
Good:
    apps:
      cert-manager:
        scope: cluster
        chart: {name: cert-manager, repository: "https://charts.jetstack.io", version: v1.21.1}
        namespace: cert-manager
        values: {crds: {enabled: true}}
"""

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from generator.charts import known
from generator.lint.rules.base import Findings, warnings
from generator.site.app import FurtherChart
from generator.site.model import Cluster, Site

if TYPE_CHECKING:  # a site without apps does not pay for it
    from generator.charts.known.chart import KnownChart

finding = warnings("C350")


def check(site: Site) -> Findings:
    """A warning at each such part of an app."""
    for app, cluster in _running(site):
        facts = known.of(app.pin.name)
        if facts is not None:
            yield from _version(app, cluster, facts)
            yield from _definitions(app, facts)
            yield from _privileged(app, facts)
            yield from _gateway(app, cluster)


def _running(site: Site) -> Iterator[tuple[FurtherChart, Cluster]]:
    """Each app as a cluster runs it, once."""
    held = {id(app): (app, place.cluster) for place in site.places for app in place.apps}
    for app, cluster in held.values():
        if cluster in site.clusters:
            yield app, site.clusters[cluster]


def _version(app: FurtherChart, cluster: Cluster, facts: "KnownChart") -> Findings:
    if not facts.by_minor or app.pin.version is None:
        return
    major, minor, _ = app.pin.version.numbers
    kubernetes = cluster.kubernetes.numbers[1]
    if minor == kubernetes or kubernetes not in facts.by_minor:
        return
    newest = facts.by_minor[kubernetes]
    yield finding(
        app.at("chart", "version"),
        f"chart {facts.name} {major}.{minor} is made for Kubernetes 1.{minor}; cluster "
        f"'{cluster.name}' has {cluster.kubernetes.text}",
        f"write  version: {newest} ; where clusters differ, in  clusters.{cluster.name}.apps."
        f"{app.name}.chart",
        relies_on=((*cluster.at, "kubernetes"),),
    )


def _definitions(app: FurtherChart, facts: "KnownChart") -> Findings:
    if not facts.installs_crds(app.values):
        value = ": {".join(facts.crds) + ": true" + "}" * (len(facts.crds) - 1)
        yield finding(
            app.at("values"),
            f"{app.name}: the chart brings no definitions of its kinds, so no one installs or "
            "updates them",
            f"write  values: {{{value}}}",
            on_key=True,
        )
    elif facts.server_side_apply and not app.server_side_apply:
        yield finding(
            app.at("chart", "name"),
            f"{app.name}: definitions of this chart are too large for a client-side apply, so its "
            "sync fails",
            "write  serverSideApply: true  in the app",
        )


def _privileged(app: FurtherChart, facts: "KnownChart") -> Findings:
    if facts.privileged and not app.is_of_cluster:
        yield finding(
            app.at("scope"),
            f"{app.name}: its pods are privileged, and the namespaces of environments refuse such",
            "write  scope: cluster  and a namespace of its own for each environment",
        )


def _gateway(app: FurtherChart, cluster: Cluster) -> Findings:
    """cert-manager asks nothing of a Gateway unless its configuration says so (v1.19 to v1.21)."""
    if app.pin.name != "cert-manager" or cluster.gateway is None:
        return
    if all(one.solvers for one in cluster.issuers) or _asks_gateways(app):
        return
    yield finding(
        app.at("values"),
        f"{app.name}: the issuers of cluster '{cluster.name}' answer challenges through its "
        "Gateway, and cert-manager has the Gateway API turned off",
        "write under  values  config: {enableGatewayAPI: true}",
        on_key=True,
        relies_on=((*cluster.at, "gateway"), (*cluster.at, "issuers")),
    )


def _asks_gateways(app: FurtherChart) -> bool:
    config = app.values.get("config")
    config = config if isinstance(config, Mapping) else {}
    newer = config.get("gatewayAPI")
    is_newer = isinstance(newer, Mapping) and newer.get("enabled") is True
    flags = app.values.get("extraArgs")
    is_flag = isinstance(flags, list) and any("--enable-gateway-api" in str(one) for one in flags)
    return config.get("enableGatewayAPI") is True or is_newer or is_flag
