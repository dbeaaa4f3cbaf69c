"""What opens a registry of images, as a Secret of type `kubernetes.io/dockerconfigjson` holds it.

https://kubernetes.io/docs/tasks/configure-pod-container/pull-image-private-registry/
"""

import base64
import json

# The key under which the kubelet looks for the registry of images that name none.
_DOCKER_HUB = "https://index.docker.io/v1/"
_OF_DOCKER_HUB = ("docker.io", "index.docker.io", "registry-1.docker.io")


def configuration(server: str, value: bytes) -> bytes:
    """`USER:PASSWORD` as a registry's configuration; a configuration, and all else, as it is."""
    user, colon, password = value.partition(b":")
    if not user or not colon or not password or value.lstrip().startswith(b"{"):
        return value
    try:
        words = {"username": user.decode(), "password": password.decode()}
    except UnicodeDecodeError:
        return value
    entry = {**words, "auth": base64.b64encode(value).decode()}
    return json.dumps({"auths": {_address(server): entry}}).encode()


def complaint(server: str, value: bytes) -> str:
    """What is wrong with a registry's configuration, or nothing. Repeats none of it."""
    try:
        found = json.loads(value)
    except (ValueError, RecursionError):
        return "is neither USER:PASSWORD nor the JSON of a Docker configuration"
    entries = found.get("auths") if isinstance(found, dict) else None
    entry = entries.get(_address(server)) if isinstance(entries, dict) else None
    if not isinstance(entry, dict):
        return f"says nothing of {server}: give USER:PASSWORD, or a configuration with it"
    if not (entry.get("auth") or (entry.get("username") and entry.get("password"))):
        return f"has no user name and password for {server}: a helper program keeps them elsewhere"
    return ""


def _address(server: str) -> str:
    return _DOCKER_HUB if server in _OF_DOCKER_HUB else server
