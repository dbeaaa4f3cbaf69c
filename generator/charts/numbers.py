"""The values that the charts want as plain numbers, and that people like to put in quotes.

They are the properties of type `integer` or `number` in each chart's values.schema.json, the same
in all supported releases.
"""

import re
from collections.abc import Mapping
from typing import Any

Path = tuple[str, ...]

# By chart; a step `*` is any key.
NUMBERS: Mapping[str, tuple[Path, ...]] = {
    "jupyterhub": tuple(
        tuple(path.split("."))
        for path in (
            "cull.concurrency",
            "cull.every",
            "cull.maxAge",
            "cull.timeout",
            "hub.activeServerLimit",
            "hub.concurrentSpawnLimit",
            "hub.consecutiveFailureLimit",
            "hub.extraFiles.*.mode",
            "hub.fsGid",
            "hub.namedServerLimitPerUser",
            "hub.pdb.maxUnavailable",
            "hub.pdb.minAvailable",
            "hub.revisionHistoryLimit",
            "hub.service.ports.nodePort",
            "prePuller.hook.podSchedulingWaitDuration",
            "prePuller.revisionHistoryLimit",
            "proxy.chp.pdb.maxUnavailable",
            "proxy.chp.pdb.minAvailable",
            "proxy.chp.revisionHistoryLimit",
            "proxy.service.nodePorts.http",
            "proxy.service.nodePorts.https",
            "proxy.traefik.hsts.maxAge",
            "proxy.traefik.pdb.maxUnavailable",
            "proxy.traefik.pdb.minAvailable",
            "proxy.traefik.revisionHistoryLimit",
            "scheduling.podPriority.defaultPriority",
            "scheduling.podPriority.imagePullerPriority",
            "scheduling.podPriority.userPlaceholderPriority",
            "scheduling.userPlaceholder.replicas",
            "scheduling.userPlaceholder.revisionHistoryLimit",
            "scheduling.userScheduler.logLevel",
            "scheduling.userScheduler.pdb.maxUnavailable",
            "scheduling.userScheduler.pdb.minAvailable",
            "scheduling.userScheduler.replicas",
            "scheduling.userScheduler.revisionHistoryLimit",
            "singleuser.cpu.guarantee",
            "singleuser.cpu.limit",
            "singleuser.extraFiles.*.mode",
            "singleuser.fsGid",
            "singleuser.startTimeout",
            "singleuser.uid",
        )
    ),
    "dask-gateway": tuple(
        tuple(path.split("."))
        for path in (
            "controller.backoffBaseDelay",
            "controller.backoffMaxDelay",
            "controller.completedClusterCleanupPeriod",
            "controller.completedClusterMaxAge",
            "controller.k8sApiRateLimit",
            "controller.k8sApiRateLimitBurst",
            "gateway.backend.worker.threads",
            "gateway.replicas",
            "traefik.replicas",
            "traefik.service.ports.tcp.nodePort",
            "traefik.service.ports.web.nodePort",
            "traefik.service.ports.web.port",
        )
    ),
}
# What a profile's `kubespawner_override` sets as a number (jupyterhub/spawner.py, Float).
TRAITS = ("cpu_guarantee", "cpu_limit")

_NUMBER = re.compile(r"-?\d{1,15}(\.\d{1,9})?m?", re.ASCII)


def is_quoted(value: Any) -> bool:
    """Whether a text spells a number, or a thousandth as Kubernetes does (`500m`)."""
    return isinstance(value, str) and _NUMBER.fullmatch(value) is not None


def is_wanted(chart: str, path: tuple[str | int, ...]) -> bool:
    """Whether a chart wants a number at a path."""
    return any(
        len(path) == len(number)
        and all(step in ("*", key) for step, key in zip(number, path, strict=True))
        for number in NUMBERS[chart]
    )
