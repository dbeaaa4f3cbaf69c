"""What the charts do without a value that a key of site.yaml sets: to write it changes nothing.

jupyterhub values.yaml, equal in all supported versions.
"""

from collections.abc import Mapping

from generator.site.model import Json

_AFFINITY = ("nodeAffinity", "matchNodePurpose")

LEFT_OUT: Mapping[str, Mapping[tuple[str, ...], Json]] = {
    "jupyterhub": {
        ("cull", "timeout"): 3600,
        ("cull", "every"): 600,
        ("cull", "maxAge"): 0,
        ("hub", "concurrentSpawnLimit"): 64,
        ("hub", "allowNamedServers"): False,
        ("prePuller", "continuous", "enabled"): True,
        ("scheduling", "corePods", *_AFFINITY): "prefer",
        ("scheduling", "userPods", *_AFFINITY): "prefer",
        ("singleuser", "cmd"): "jupyterhub-singleuser",
        ("singleuser", "uid"): 1000,
        ("singleuser", "fsGid"): 100,
        ("singleuser", "startTimeout"): 300,
        ("singleuser", "memory", "guarantee"): "1G",
        ("singleuser", "storage", "capacity"): "10Gi",
        ("singleuser", "storage", "homeMountPath"): "/home/jovyan",
    }
}
