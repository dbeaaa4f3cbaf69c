"""The fields of an HTTPRoute, which charts write and Kubernetes does not define itself.

After the Gateway API's standard HTTPRoute v1 (gateway.networking.k8s.io_httproutes.yaml); filters,
retries and sessions differ among its releases and stay open.
"""

from collections.abc import Mapping
from typing import Any

_TEXT = {"type": "string"}
_PORT = {"type": "integer", "minimum": 1, "maximum": 65535}
_OPEN = {"type": "object", "x-kubernetes-preserve-unknown-fields": True}
_NAMED = {"group": _TEXT, "kind": _TEXT, "namespace": _TEXT, "name": _TEXT, "port": _PORT}
_TYPED = {"type": _TEXT, "name": _TEXT, "value": _TEXT}


def _object(required: list[str], **properties: Any) -> dict[str, Any]:
    return {"type": "object", "required": required, "properties": properties}


def _list(of: Mapping[str, Any], most: int) -> dict[str, Any]:
    return {"type": "array", "items": of, "maxItems": most}


_MATCH = _object(
    [],
    path=_object(
        [], type={"enum": ["Exact", "PathPrefix", "RegularExpression"]}, value={"type": "string"}
    ),
    headers=_list(_object(["name", "value"], **_TYPED), 16),
    queryParams=_list(_object(["name", "value"], **_TYPED), 16),
    method=_TEXT,
)
_FILTERS = _list(_OPEN, 16)
_BACKEND = _object(["name"], **_NAMED, weight={"type": "integer", "minimum": 0}, filters=_FILTERS)
_RULE = _object(
    [],
    name=_TEXT,
    matches=_list(_MATCH, 64),
    filters=_FILTERS,
    backendRefs=_list(_BACKEND, 16),
    timeouts=_object([], request=_TEXT, backendRequest=_TEXT),
    retry=_OPEN,
    sessionPersistence=_OPEN,
)
# What the Gateway API takes as a host name: no address, at most one `*` as its first label.
_HOST = {
    "type": "string",
    "maxLength": 253,
    "pattern": r"^(\*\.)?[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$",
}
HTTP_ROUTE = _object(
    ["spec"],
    spec=_object(
        [],
        parentRefs=_list(_object(["name"], **_NAMED, sectionName=_TEXT), 32),
        hostnames=_list(_HOST, 16),
        rules=_list(_RULE, 16),
    ),
    status=_OPEN,
)
