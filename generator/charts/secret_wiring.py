"""How the site's own Secrets reach pods: chart values of JupyterHub. Pure."""

from collections.abc import Iterable, Mapping
from typing import Any

from generator.charts import rows
from generator.diagnostics import Pointer
from generator.site.model import ExtraSecret

Values = dict[str, Any]

VOLUME_PREFIX = "secret-"
_LISTS = (("extraVolumes",), ("extraVolumeMounts",))


def values(secrets: Iterable[ExtraSecret]) -> Values:
    """The values that hand the Secrets to the hub and to users' servers; none without Secrets."""
    secrets = tuple(secrets)
    hub = _variables(secret for secret in secrets if secret.in_hub)
    servers = _variables(secret for secret in secrets if secret.in_servers)
    mounted = tuple(secret for secret in secrets if secret.mount is not None)
    found: Values = {}
    if hub:
        found["hub"] = {"extraEnv": hub}
    if servers or mounted:
        found["singleuser"] = {
            **({"extraEnv": servers} if servers else {}),
            **({"storage": _mounts(mounted)} if mounted else {}),
        }
    return found


def _variables(secrets: Iterable[ExtraSecret]) -> Values:
    return {
        key: {"valueFrom": {"secretKeyRef": {"name": secret.name, "key": key}}}
        for secret in secrets
        for key in secret.keys
    }


def _mounts(secrets: Iterable[ExtraSecret]) -> Values:
    """Lists, because charts before 4.4.0 accept no maps here (values.schema.json)."""
    secrets = tuple(secrets)
    return {
        "extraVolumes": [
            {"name": VOLUME_PREFIX + secret.name, "secret": {"secretName": secret.name}}
            for secret in secrets
        ],
        "extraVolumeMounts": [
            {"name": VOLUME_PREFIX + secret.name, "mountPath": secret.mount, "readOnly": True}
            for secret in secrets
        ],
    }


def owner(secrets: Iterable[ExtraSecret], path: Pointer) -> str | None:
    """The Secret that a value hands on, by its place; None for every other value."""
    secrets = tuple(secrets)
    mounted = [secret.name for secret in secrets if secret.mount is not None]
    if path[:2] == ("singleuser", "storage") and path[2:3] in _LISTS:
        at = path[3] if path[3:] else 0
        return mounted[at] if isinstance(at, int) and at < len(mounted) else None
    for secret in secrets:
        found = values([secret])
        if path[1:2] == ("extraEnv",) and path[2:] and rows.at(found, map(str, path[:3])):
            return secret.name
    return None


def is_wired(secret: ExtraSecret, effective: Mapping[str, Any]) -> bool:
    """Whether effective chart values still hand a Secret to all that it is for."""
    return _holds(effective, values([secret]))


def _holds(found: Any, wanted: Any) -> bool:
    if isinstance(wanted, Mapping):
        return isinstance(found, Mapping) and all(
            key in found and _holds(found[key], part) for key, part in wanted.items()
        )
    if isinstance(wanted, list):
        return isinstance(found, list) and all(part in found for part in wanted)
    return bool(found == wanted)
