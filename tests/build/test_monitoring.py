"""Monitors, alerts and dashboards: only for what an environment has, and for what is there."""

import json
import re
from typing import Any

import pytest

from generator.build import alerts, repository
from generator.charts import CHARTS
from generator.site.model import Release, Site
from tests.support import releases
from tests.support.programs import absent
from tests.support.sites import protocoast_with

Part = dict[str, Any]
ALL: Part = {"monitoring": {"serviceMonitors": True, "alerts": True}}
PROMETHEUS: Part = {"prometheus": {"namespace": "watch"}, "provided": ["prometheus-operator"]}
EVERY = ["HubDown", "HubServersFailToStart", "HubDatabaseFull", "HubHomeFull"]
CERTIFICATE = "HubCertificateExpires"


def site(*parts: Part) -> Site:
    """ProtoCoast's site with monitoring and these changes, its Prometheus elsewhere."""
    merged: Part = {**ALL, "clusters": {"fedcloud": PROMETHEUS, "fedcloud-staging": PROMETHEUS}}
    for part in parts:
        for key, value in part.items():
            merged[key] = {**merged[key], **value} if key == "clusters" else value
    return protocoast_with(merged)


def production(made: Site) -> Release:
    environment = made.environments[0]
    cluster = made.clusters[environment.cluster]
    return Release(site=made, app="jupyterhub", environment=environment, cluster=cluster)


def objects(made: Site) -> dict[str, Any]:
    return dict(repository.namespace_objects(made, made.environments[0]))


def rules(made: Site) -> dict[str, str]:
    """The expressions of production's alerts, by name."""
    release = production(made)
    values = CHARTS["jupyterhub"].effective_values(release)
    return {rule["alert"]: rule["expr"] for rule in alerts.rules(release, values)}


def values_of(app: str, made: Site) -> Any:
    release = production(made)
    return CHARTS[app].effective_values(
        Release(site=made, app=app, environment=release.environment, cluster=release.cluster)
    )


HUB = "jupyterhub"
LACKING: dict[str, tuple[Part, list[str]]] = {
    "nothing": ({}, [*EVERY, CERTIFICATE]),
    "metrics": ({"monitoring": {"alerts": True}}, [*EVERY[:1], *EVERY[2:], CERTIFICATE]),
    "a database on a volume": (
        {HUB: {"database": {"postgres": {"host": "a.b", "database": "hub", "user": "hub"}}}},
        [*EVERY[:2], *EVERY[3:], CERTIFICATE],
    ),
    "a database on a volume, by values": (
        {HUB: {"values": {"hub": {"db": {"type": "sqlite-memory"}}}}},
        [*EVERY[:2], *EVERY[3:], CERTIFICATE],
    ),
    "homes": ({HUB: {"home": {"none": True, "capacity": None}}}, [*EVERY[:3], CERTIFICATE]),
    "an issuer": (
        {"clusters": {"fedcloud": {**PROMETHEUS, "ingress": {"clusterIssuer": None}}}},
        EVERY,
    ),
    "an ingress": (
        {"clusters": {"fedcloud": {**PROMETHEUS, "ingress": None, "gateway": {"name": "g"}}},
         "charts": {HUB: {"version": "4.4.0"}}},
        EVERY,
    ),
    "an ingress, by values": ({HUB: {"values": {"ingress": {"enabled": False}}}}, EVERY),
    "a named certificate, by values": ({HUB: {"values": {"ingress": {"tls": 5}}}}, EVERY),
}  # fmt: skip


@pytest.mark.parametrize(("part", "expected"), LACKING.values(), ids=LACKING)
def test_what_an_environment_does_not_have_has_no_alert(part: Part, expected: list[str]) -> None:
    assert [*rules(site(part))] == expected


CLAIMS: dict[str, tuple[Part, str]] = {
    "each user's": ({}, '=~"claim-.+"'),
    "one for all": ({"home": {"shared": {"claim": "nfs"}, "capacity": None}}, '="nfs"'),
    "another template": (
        {"values": {"singleuser": {"storage": {"dynamic": {"pvcNameTemplate": "h.{username}-x"}}}}},
        r'=~"h\\..+-x"',
    ),
    "a claim that is static by values": (
        {"values": {"singleuser": {"storage": {"type": "static", "static": {"pvcName": 'a"b'}}}}},
        r'="a\"b"',
    ),
}


@pytest.mark.parametrize(("hub", "matcher"), CLAIMS.values(), ids=CLAIMS)
def test_the_alert_of_homes_matches_the_claims_that_there_are(hub: Part, matcher: str) -> None:
    assert f"persistentvolumeclaim{matcher}}}" in rules(site({HUB: hub}))["HubHomeFull"]


# A claim of each that KubeSpawner makes of it: of a user's own server, and of a named one.
TEMPLATES = {
    "claim-{username}{servername}": ("claim-a", "claim-a-second"),
    "claim-{username}--{servername}": ("claim-ada", "claim-ada--second"),
    "home--{servername}": ("home", "home--second"),
    "{username}.{servername}-x": ("ada.-x", "ada.second-x"),
    "claim-{user_server}": ("claim-ada", "claim-ada--second---1a2b3c4d"),
    "claim.{username}": ("claim.ada",),
}


@pytest.mark.parametrize("template", TEMPLATES)
def test_the_alert_of_homes_matches_the_claims_of_every_server(template: str) -> None:
    written = {"singleuser": {"storage": {"dynamic": {"pvcNameTemplate": template}}}}
    full = rules(site({"charts": {HUB: {"version": "4.4.0"}}, HUB: {"values": written}}))
    matcher = full["HubHomeFull"].partition("persistentvolumeclaim=~")[2]
    pattern, _ = json.JSONDecoder().raw_decode(matcher)
    for claim in TEMPLATES[template]:
        assert re.fullmatch(pattern, claim), pattern
    assert not re.fullmatch(pattern, "hub-db-dir")


@pytest.mark.parametrize("template", ['cl"aim-{username}', "a+b(-{username}", "{{x}}-{username}"])
def test_no_template_breaks_the_expression(template: str) -> None:
    try:
        import promql_parser
    except ImportError:
        absent("promql-parser", "run `make dev`, which installs the development packages")
    written = {"singleuser": {"storage": {"dynamic": {"pvcNameTemplate": template}}}}
    promql_parser.parse(rules(site({HUB: {"values": written}}))["HubHomeFull"])


def test_a_home_without_a_claim_has_no_alert() -> None:
    written = {"singleuser": {"storage": {"type": "static"}}}
    assert "HubHomeFull" not in rules(site({HUB: {"values": written}}))


def test_an_issuer_of_the_namespace_renews_too() -> None:
    annotations = {"cert-manager.io/cluster-issuer": None, "cert-manager.io/issuer": "own"}
    own = {HUB: {"values": {"ingress": {"annotations": annotations}}}}
    assert CERTIFICATE in rules(site(own))


def test_the_certificate_is_that_of_the_ingress() -> None:
    own = {"fedcloud": {**PROMETHEUS, "ingress": {"tlsSecret": "own"}}}
    assert 'name="own",namespace="daskhub"' in rules(site({"clusters": own}))[CERTIFICATE]


def test_expressions_are_promql_and_name_the_namespace() -> None:
    try:
        import promql_parser
    except ImportError:
        absent("promql-parser", "run `make dev`, which installs the development packages")
    for part, _ in LACKING.values():
        for name, expression in rules(site(part)).items():
            promql_parser.parse(expression)
            assert 'namespace="daskhub"' in expression, name


def test_monitors_select_what_the_charts_call_so() -> None:
    made = objects(site({"daskGateway": {"releaseName": "second"}}))
    assert made["monitor-hub.yaml"]["spec"] == {
        "selector": {"matchLabels": {"component": "hub", "release": "jupyterhub"}},
        "endpoints": [
            {
                "port": "hub",
                "path": "/hub/metrics",
                "authorization": {
                    "credentials": {
                        "name": "hub-secrets",
                        "key": "hub.services.prometheus.apiToken",
                    }
                },
            }
        ],
    }
    labels = made["monitor-dask-gateway.yaml"]["spec"]["selector"]["matchLabels"]
    assert labels["app.kubernetes.io/instance"] == "second"


def test_the_token_of_the_monitor_is_a_key_of_the_environments_secret() -> None:
    made = site()
    (secret,) = repository.secrets_of(made.environments[0])
    endpoint = objects(made)["monitor-hub.yaml"]["spec"]["endpoints"][0]
    token = endpoint["authorization"]["credentials"]
    assert token["name"] == secret.name
    assert token["key"] in secret.keys


def test_a_path_is_in_the_address_of_the_metrics() -> None:
    made = site({"environments": {"production": {"path": "/jupyter"}}})
    assert objects(made)["monitor-hub.yaml"]["spec"]["endpoints"][0]["path"] == (
        "/jupyter/hub/metrics"
    )


def test_without_dask_there_is_no_monitor_of_it() -> None:
    made = objects(site({"daskGateway": None}))
    assert "monitor-dask-gateway.yaml" not in made
    assert "monitor-hub.yaml" in made


def test_only_the_namespace_of_prometheus_is_let_in_to_the_port_of_the_hub() -> None:
    assert values_of("jupyterhub", site())["hub"]["networkPolicy"]["ingress"] == [
        {
            "from": [
                {"namespaceSelector": {"matchLabels": {"kubernetes.io/metadata.name": "watch"}}}
            ],
            "ports": [{"protocol": "TCP", "port": "http"}],
        }
    ]


def test_annotations_open_the_metrics_and_make_no_token() -> None:
    made = site({"monitoring": {"annotations": True}})
    hub, gateway = (values_of(app, made) for app in ("jupyterhub", "dask-gateway"))
    assert hub["hub"]["config"]["JupyterHub"]["authenticate_prometheus"] is False
    assert "prometheus" not in hub["hub"]["services"]
    assert "ingress" in hub["hub"]["networkPolicy"]
    assert gateway["traefik"]["annotations"]["prometheus.io/port"] == "9000"
    assert gateway["traefik"]["additionalArguments"] == ["--metrics.prometheus=true"]
    assert not {"monitor-hub.yaml", "alerts.yaml"} & objects(made).keys()


def test_a_monitor_keeps_the_metrics_closed() -> None:
    config = values_of("jupyterhub", site())["hub"]["config"]["JupyterHub"]
    assert "authenticate_prometheus" not in config
    assert "annotations" not in values_of("dask-gateway", site())["traefik"]


def test_a_service_of_the_sites_own_is_used_as_it_is() -> None:
    own = {"services": {"prometheus": {"scopes": ["read:metrics", "list:users"]}}}
    hub = values_of("jupyterhub", site({HUB: own}))["hub"]
    assert hub["services"]["prometheus"] == {"apiToken": "unset"}
    assert hub["loadRoles"]["prometheus"]["scopes"] == ["read:metrics", "list:users"]


def test_alerts_alone_change_no_value_of_a_chart() -> None:
    made, without = site({"monitoring": {"alerts": True}}), site({"monitoring": {"alerts": False}})
    for app in ("jupyterhub", "dask-gateway"):
        assert values_of(app, made) == values_of(app, without)


STACK: Part = {
    "scope": "cluster",
    "chart": {
        "name": "kube-prometheus-stack",
        "repository": "https://prometheus-community.github.io/helm-charts",
        "version": "88.5.3",
    },
    "namespace": "observability",
    "serverSideApply": True,
    "wave": -20,
}
DASHBOARD = "https://git.example.org/v1/hub.json"


def with_stack(cluster: Part, values: Part | None = None) -> Site:
    """ProtoCoast's site with Prometheus as an app of its first cluster."""
    return protocoast_with(
        {
            **ALL,
            "apps": {"prom": {**STACK, "clusters": ["fedcloud"], "values": values or {}}},
            "clusters": {"fedcloud": cluster, "fedcloud-staging": PROMETHEUS},
        }
    )


def test_labels_and_namespace_follow_from_the_app() -> None:
    made = with_stack({})
    assert objects(made)["monitor-hub.yaml"]["metadata"]["labels"]["release"] == "prom"
    hub = values_of("jupyterhub", made)["hub"]["networkPolicy"]["ingress"][0]["from"][0]
    labels = hub["namespaceSelector"]["matchLabels"]
    assert labels == {"kubernetes.io/metadata.name": "observability"}


def test_labels_follow_from_the_selectors_of_the_app() -> None:
    spec = {"ruleSelector": {"matchLabels": {"role": "alerts"}}, "podMonitorSelector": {}}
    values = {"namespaceOverride": "elsewhere", "prometheus": {"prometheusSpec": spec}}
    made = with_stack({}, values)
    labels = objects(made)["alerts.yaml"]["metadata"]["labels"]
    assert (labels["release"], labels["role"]) == ("prom", "alerts")
    source = values_of("jupyterhub", made)["hub"]["networkPolicy"]["ingress"][0]["from"][0]
    assert "elsewhere" in source["namespaceSelector"]["matchLabels"].values()


def test_a_prometheus_elsewhere_has_not_the_labels_of_the_app() -> None:
    made = with_stack({"prometheus": {"namespace": "other"}})
    assert "release" not in objects(made)["alerts.yaml"]["metadata"]["labels"]


def test_every_written_label_is_on_the_object() -> None:
    written = {"app.kubernetes.io/part-of": "kube-prometheus"}
    made = with_stack({"prometheus": {"labels": written}})
    assert objects(made)["monitor-hub.yaml"]["metadata"]["labels"] == written


def test_written_labels_win_over_those_of_the_app() -> None:
    made = with_stack({"prometheus": {"labels": {"team": "hub"}}})
    labels = objects(made)["alerts.yaml"]["metadata"]["labels"]
    assert labels == {"team": "hub", "app.kubernetes.io/part-of": "protocoast"}


def test_dashboards_come_after_prometheus_into_its_namespace() -> None:
    made = with_stack({"dashboards": {"hub": DASHBOARD}})
    tree = releases.tree_of(made)
    application = releases.read(tree["clusters/fedcloud/dashboards.yaml"])
    assert application["metadata"]["annotations"]["argocd.argoproj.io/sync-wave"] == "-19"
    assert application["spec"]["destination"]["namespace"] == "observability"
    (path,) = [path for path in tree if "dashboards/dashboard-" in path]
    dashboard = releases.read(tree[path])
    assert dashboard["data"] == {"hub.json.url": DASHBOARD}
    assert dashboard["metadata"]["labels"]["grafana_dashboard"] == "1"
    project = releases.read(tree["clusters/fedcloud/project-platform.yaml"])["spec"]
    assert {one["namespace"] for one in project["destinations"]} == {"observability"}
    assert made.repository.url in project["sourceRepos"]


def test_dashboards_alone_may_only_go_to_prometheus() -> None:
    made = protocoast_with(
        {"clusters": {"fedcloud": {**PROMETHEUS, "dashboards": {"hub": DASHBOARD}}}}
    )
    project = releases.read(releases.tree_of(made)["clusters/fedcloud/project-platform.yaml"])
    assert project["spec"]["sourceRepos"] == [made.repository.url]
    assert [one["namespace"] for one in project["spec"]["destinations"]] == ["watch"]
    assert "clusterResourceWhitelist" not in project["spec"]
