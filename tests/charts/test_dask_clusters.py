"""Pods of Dask clusters: size, nodes, variables and registries, by the real dask-gateway-server."""

from typing import Any

import pytest

from generator.build.repository import base_values
from tests.charts.test_dask_gateway_server import VERSIONS, config_of
from tests.support import programs
from tests.support.sites import PROTOCOAST, site_of

pytestmark = pytest.mark.tools

GIB = 2**30
NODES = {"pool": "dask"}
TOLERATION = {"key": "dask", "operator": "Exists", "effect": "NoSchedule"}
MORE = f"""
  scheduler: {{cores: 0.5, memory: 3Gi}}
  placement: {{nodeSelector: {NODES}, tolerations: [{TOLERATION}]}}
  options: {{environment: true}}
"""
PULLS = "\nsecrets: {registry: {kind: registry, server: registry.example.org}}\n"
# What the chart does with `gateway.backend` (templates/gateway/configmap.yaml), in short.
FORWARDED = {
    "scheduler_cores": "scheduler cores request",
    "scheduler_memory": "scheduler memory request",
    "scheduler_extra_pod_config": "scheduler extraPodConfig",
    "worker_extra_pod_config": "worker extraPodConfig",
    "image_pull_secrets": "imagePullSecrets",
}


def values(version: str) -> dict[str, Any]:
    text = PROTOCOAST.read_text().replace("{version: 2022.6.1}", f"{{version: {version}}}")
    text = text.replace("  idleTimeout:", f"{MORE}  idleTimeout:", 1) + PULLS
    text = text.replace("\n  servers:\n", "\n  pullSecrets: [registry]\n  servers:\n", 1)
    if version == "2026.3.0":
        text = text.replace("{version: 3.3.8}", "{version: 4.4.0}")
    found: dict[str, Any] = base_values(site_of(text).shared, "dask-gateway")["gateway"]
    return found


def configuration(version: str) -> str:
    gateway = values(version)
    lines = []
    for trait, path in FORWARDED.items():
        value: Any = gateway["backend"]
        for step in path.split(" "):
            value = value.get(step) if isinstance(value, dict) else None
        if value is not None:
            lines.append(f"c.KubeClusterConfig.{trait} = {value!r}\n")
    return "".join(lines) + "c.KubeController.gateway_instance = 'dask'\n" + config_of(gateway)


@pytest.fixture(scope="module", params=VERSIONS)
def pods(request: pytest.FixtureRequest) -> Any:
    """The scheduler's pod and a worker's."""
    text = configuration(request.param)
    # The older one asks Kubernetes for its token; that is no part of this.
    text = text.replace("jupyterhub_api_token = hub_token()", "jupyterhub_api_token = 'x' * 16")
    asked = {
        "config": text,
        "requests": [],
        "token": False,
        "pods": {"environment": {"REGION": "north", "THREADS": 4}},
    }
    return programs.probe("gateway_probe.py", f"dask-gateway-{request.param}", asked)["pods"]


def test_both_run_on_the_nodes_of_the_placement(pods: Any) -> None:
    for pod in pods:
        assert pod["spec"]["nodeSelector"] == NODES
        assert TOLERATION in pod["spec"]["tolerations"]


def test_both_pull_with_the_registry(pods: Any) -> None:
    assert [pod["spec"]["imagePullSecrets"] for pod in pods] == [[{"name": "registry"}]] * 2


def test_the_scheduler_has_the_size_of_the_site(pods: Any) -> None:
    resources = pods[0]["spec"]["containers"][0]["resources"]
    assert resources["requests"] == resources["limits"]
    assert float(resources["requests"]["cpu"]) == 0.5
    assert resources["requests"]["memory"] == str(3 * GIB)


def test_users_set_variables_of_both_as_texts(pods: Any) -> None:
    for pod in pods:
        variables = {one["name"]: one.get("value") for one in pod["spec"]["containers"][0]["env"]}
        assert variables["REGION"] == "north"
        assert variables["THREADS"] == "4"
