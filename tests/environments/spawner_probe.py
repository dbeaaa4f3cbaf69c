"""Run by the real JupyterHub's Python: the pods that the real KubeSpawner makes of its settings.

Standard input holds {"traits": settings, "choices": [user options, ...]}; the answer has the
spec of the pod for each choice. Only the Kubernetes client is stood in for.
"""

import asyncio
import json
import sys
from unittest.mock import MagicMock

import kubespawner.spawner
from jupyterhub.objects import Hub
from kubernetes_asyncio.client import ApiClient
from kubespawner import KubeSpawner
from traitlets.config import Config

kubespawner.spawner.load_config = lambda **kwargs: None
kubespawner.spawner.shared_client = lambda *args, **kwargs: None


async def pod(config, options):
    user = MagicMock()
    user.name = user.escaped_name = "ada"
    user.id, user.url, user.server = 1, "/user/ada", None
    server = MagicMock()
    server.name, server.state, server.server = "", {}, None
    spawner = KubeSpawner(
        _mock=True, hub=Hub(), user=user, orm_spawner=server, config=config, namespace="hub"
    )
    spawner.user_options = options
    await spawner.load_user_options()
    async with ApiClient() as client:
        return client.sanitize_for_serialization(await spawner.get_pod_manifest())["spec"]


async def pods(config, choices):
    return [await pod(config, one) for one in choices]


if __name__ == "__main__":
    asked = json.load(sys.stdin)
    made = asyncio.run(pods(Config({"KubeSpawner": asked["traits"]}), asked["choices"]))
    json.dump(made, sys.stdout)
