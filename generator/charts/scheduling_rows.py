"""Idle servers, and the nodes that pods come to: the rows of their chart values."""

from generator.charts.rows import kept, row
from generator.charts.spellings import AFFINITY, EXTRA_IMAGES, FLAG, SECONDS

_POOLS = "jupyterhub.nodePools."

ROWS = (
    row("cull timeout", "jupyterhub.cull.idle", SECONDS),
    row("cull every", "jupyterhub.cull.every", SECONDS),
    row("cull maxAge", "jupyterhub.cull.maxAge", SECONDS),
    row("scheduling corePods nodeAffinity matchNodePurpose", f"{_POOLS}core.affinity", AFFINITY),
    row("scheduling userPods nodeAffinity matchNodePurpose", f"{_POOLS}users.affinity", AFFINITY),
    row(
        "scheduling userScheduler enabled",
        f"{_POOLS}users.packing",
        FLAG,
        why="the cluster's own scheduler places users; this one needs a role over the cluster",
    ),
    row("prePuller continuous enabled", f"{_POOLS}users.prePull", FLAG),
    row("prePuller extraImages", f"{_POOLS}users.images", EXTRA_IMAGES),
    row(
        "scheduling podPriority enabled",
        creates="PriorityClass",
        why="ask an administrator to create one and name it in singleuser.extraPodConfig:"
        " {priorityClassName: ...}",
    ),
    kept(
        "prePuller hook enabled",
        "as a hook of Argo CD it would run before every sync",
        value=False,
    ),
)
