"""Run by the real JupyterHub's Python: the claim that KubeSpawner gives a server's next start.

Standard input holds {"traits": settings, "user": a name, "ran": whether the server ran while the
hub was upgraded from KubeSpawner 6}; the answer is the name of the claim.
"""

import json
import sys
from unittest.mock import MagicMock

import kubespawner.spawner
from jupyterhub.objects import Hub
from kubespawner import KubeSpawner
from traitlets.config import Config

kubespawner.spawner.load_config = lambda **kwargs: None
kubespawner.spawner.shared_client = lambda *args, **kwargs: None
# What KubeSpawner 6 kept of a running server, which is no claim.
BEFORE = {"pod_name": "jupyter-user", "namespace": "hub", "dns_name": "x"}


def spawner(asked, state):
    user, server = MagicMock(), MagicMock()
    user.name = user.escaped_name = asked["user"]
    user.id, user.url, user.server = 1, "/user/x", None
    server.name, server.state, server.server = "", state, None
    made = KubeSpawner(
        _mock=True,
        hub=Hub(),
        user=user,
        orm_spawner=server,
        config=Config({"KubeSpawner": asked["traits"]}),
        namespace="hub",
    )
    made.load_state(state)
    return made


if __name__ == "__main__":
    asked = json.load(sys.stdin)
    state = BEFORE
    if asked["ran"]:
        stopped = spawner(asked, state)
        stopped.clear_state()
        state = stopped.get_state()
    again = spawner(asked, state)
    json.dump(
        {"claim": again.pvc_name, "looks": again._state_kubespawner_version == "unknown"},
        sys.stdout,
    )
