"""Idle servers, and the nodes that pods come to: the rows of their chart values."""

from generator.charts.rows import fixed, kept, row
from generator.charts.spellings import SECONDS

ROWS = (
    row("cull timeout", "jupyterhub.cull.idle", SECONDS),
    row("cull every", "jupyterhub.cull.every", SECONDS),
    row("cull maxAge", "jupyterhub.cull.maxAge", SECONDS),
    fixed(
        "scheduling userScheduler enabled",
        False,
        "the cluster's own scheduler places users; this one needs a role over the cluster",
    ),
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
