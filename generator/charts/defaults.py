"""Values that the charts have by themselves: written out in site.yaml, they change nothing. Pure.

Each is the same in values.yaml of all supported versions (jupyterhub 3.0.3 to 4.4.0, dask-gateway
2022.6.1 to 2026.3.0), but for the images. Only what pods, policies and the Ingress are made of is
here.
"""

from collections.abc import Mapping
from typing import Any

from generator.merge import same
from generator.site.releases import ChartRelease
from generator.versions import Version, pick

_POLICY = {"enabled": True, "interNamespaceAccessLabels": "ignore"}
_EGRESS = (
    *("cloudMetadataServer", "dnsPortsCloudMetadataServer", "dnsPortsKubeSystemNamespace"),
    *("dnsPortsPrivateIPs", "nonPrivateIPs", "privateIPs"),
)
_POLICED = ("hub", "proxy chp", "proxy traefik", "singleuser")

DEFAULTS: Mapping[str, Mapping[str, Any]] = {
    "jupyterhub": {
        "cull every": 600,
        "debug enabled": False,
        "imagePullSecret create": False,
        "ingress pathType": "Prefix",
        "prePuller continuous enabled": True,
        "prePuller pullProfileListImages": True,
        "proxy chp livenessProbe enabled": True,
        "proxy chp livenessProbe initialDelaySeconds": 60,
        "proxy chp livenessProbe periodSeconds": 10,
        "proxy chp readinessProbe enabled": True,
        "proxy chp readinessProbe periodSeconds": 2,
        "proxy chp pdb enabled": False,
        "proxy deploymentStrategy type": "Recreate",
        "proxy https enabled": False,
        "proxy https type": "letsencrypt",
        "scheduling corePods nodeAffinity matchNodePurpose": "prefer",
        "scheduling podPriority enabled": False,
        "scheduling userPlaceholder enabled": True,
        "scheduling userPlaceholder replicas": 0,
        "scheduling userPods nodeAffinity matchNodePurpose": "prefer",
        "singleuser allowPrivilegeEscalation": False,
        "singleuser cloudMetadata ip": "169.254.169.254",
        "singleuser cmd": "jupyterhub-singleuser",
        "singleuser events": True,
        "singleuser fsGid": 100,
        "singleuser memory guarantee": "1G",
        "singleuser startTimeout": 300,
        "singleuser storage capacity": "10Gi",
        "singleuser storage dynamic storageAccessModes": ["ReadWriteOnce"],
        "singleuser storage homeMountPath": "/home/jovyan",
        "singleuser storage static subPath": "{username}",
        "singleuser storage type": "dynamic",
        "singleuser uid": 1000,
        **{
            f"{pod} networkPolicy {key}": value
            for pod in _POLICED
            for key, value in _POLICY.items()
        },
        **{
            f"{pod} networkPolicy egressAllowRules {key}": True
            for pod in _POLICED[:3]
            for key in _EGRESS
        },
    },
    "dask-gateway": {
        "controller enabled": True,
        "controller loglevel": "INFO",
        "gateway livenessProbe enabled": True,
        "gateway loglevel": "INFO",
        "gateway prefix": "/",
        "gateway readinessProbe enabled": True,
        "gateway replicas": 1,
        "rbac enabled": True,
        "traefik loglevel": "WARN",
        "traefik replicas": 1,
        "traefik service ports web port": 80,
    },
}
# One word is a command, as a list of it is.
_COMMANDS = ("singleuser cmd",)
# Lists that are not empty: an empty one takes their entries away.
_FILLED = frozenset(
    (
        "proxy chp networkPolicy allowedIngressPorts",
        "proxy traefik networkPolicy allowedIngressPorts",
        "scheduling corePods tolerations",
        "scheduling userPods tolerations",
        "singleuser storage dynamic storageAccessModes",
        "hub db pvc accessModes",
    )
)


# The name of each image, in the order of the versions.
_NAMES: Mapping[str, Mapping[str, tuple[tuple[str, str], ...]]] = {
    "jupyterhub": {
        **{
            f"{image} name": ((">=3.2.0", f"quay.io/jupyterhub/{name}"), ("", f"jupyterhub/{name}"))
            for image, name in (
                ("hub image", "k8s-hub"),
                ("proxy chp image", "configurable-http-proxy"),
                ("proxy secretSync image", "k8s-secret-sync"),
                ("singleuser networkTools image", "k8s-network-tools"),
            )
        },
        "proxy traefik image name": (("", "traefik"),),
    },
    "dask-gateway": {
        "gateway image name": (("", "ghcr.io/dask/dask-gateway-server"),),
        "controller image name": (("", "ghcr.io/dask/dask-gateway-server"),),
        "traefik image name": ((">=2025.4.0", "docker.io/traefik"), ("", "traefik")),
    },
}
# What of a release the tag of each image is.
_TAGS = {
    "hub image tag": "version",
    "proxy chp image tag": "proxy",
    "proxy secretSync image tag": "version",
    "proxy traefik image tag": "traefik",
    "singleuser networkTools image tag": "version",
    "gateway image tag": "version",
    "controller image tag": "version",
    "traefik image tag": "traefik",
}


def is_own_image(chart: str, path: tuple[str, ...], value: Any, release: ChartRelease) -> bool:
    """Whether a value is the name or the tag that an image has in this release of the chart."""
    names, at = _NAMES.get(chart, {}), " ".join(path)
    own = ""
    if at in names:
        own = pick(names[at], Version.parse(release.version))
    elif at in _TAGS and f"{at[: -len('tag')]}name" in names:
        own = getattr(release, _TAGS[at])
    return own != "" and same(own, value)


def is_default(chart: str, path: tuple[str, ...], value: Any) -> bool:
    """Whether a value is the chart's own; an empty map adds nothing to a map."""
    if value == {} and isinstance(value, Mapping):
        return True
    at = " ".join(path)
    if value == [] and isinstance(value, list):
        return at not in _FILLED
    own = DEFAULTS.get(chart, {})
    if at in _COMMANDS and isinstance(value, list):
        return value == [own[at]]
    return at in own and same(own[at], value)
