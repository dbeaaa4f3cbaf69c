"""An HTTPRoute is judged by the fields that the Gateway API has."""

from typing import Any

import pytest

from generator.merge import merge
from generator.proof import object_schemas

ROUTE: dict[str, Any] = {
    "apiVersion": "gateway.networking.k8s.io/v1",
    "kind": "HTTPRoute",
    "metadata": {"name": "jupyterhub"},
    "spec": {
        "parentRefs": [
            {"kind": "Gateway", "name": "public", "namespace": "gateways", "sectionName": "https"}
        ],
        "hostnames": ["hub.example.org"],
        "rules": [{"backendRefs": [{"name": "proxy-public", "port": 80}]}],
    },
}
KIND = ("gateway.networking.k8s.io", "v1", "HTTPRoute")


def said(spec: dict[str, Any]) -> list[str]:
    schema = object_schemas.custom(object_schemas.KNOWN[KIND])
    return [what for _, what in object_schemas.complaints(schema, merge(ROUTE, {"spec": spec}))]


def test_what_the_chart_writes_fits() -> None:
    assert said({}) == []


@pytest.mark.parametrize(
    ("spec", "what"),
    [
        ({"gateway": {"name": "public"}}, "has no field 'gateway'"),
        ({"hostnames": ["10.0.0.1 "]}, "does not match"),
        ({"parentRefs": [{"kind": "Gateway"}]}, "lacks 'name'"),
        ({"rules": [{"backendRefs": [{"name": "a", "port": "http"}]}]}, "is not integer"),
        ({"rules": [{"matches": [{"path": {"type": "Prefix", "value": "/"}}]}]}, "is not one of"),
    ],
)
def test_what_the_api_server_refuses_is_found(spec: dict[str, Any], what: str) -> None:
    [found] = said(spec)
    assert found.startswith(what)
