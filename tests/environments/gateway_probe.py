"""Run by the real dask-gateway-server's Python: loads a configuration and answers requests.

Standard input holds {"config": text, "requests": [options, ...]}; standard output gets what the
server makes of them, and with "pods" the pods of its scheduler and a worker. Nothing of the server
is replaced; no Kubernetes is needed to get this far.
"""

import asyncio
import json
import sys
import tempfile
from pathlib import Path

from dask_gateway_server.app import DaskGateway
from dask_gateway_server.backends.kubernetes.controller import KubeController
from dask_gateway_server.models import User

LIMITS = ("cluster_max_cores", "cluster_max_memory", "cluster_max_workers", "idle_timeout")
WORKER = ("worker_cores", "worker_cores_limit", "worker_memory", "worker_memory_limit", "image")


def load(text):
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "dask_gateway_config.py"
        path.write_text(text)
        app = DaskGateway()
        app.log_level = "ERROR"
        app.initialize(["-f", str(path)])
    return app


async def answer(app, request):
    try:
        _, config = await app.backend.process_cluster_options(User("ada"), request)
    except Exception as error:
        return {"refused": str(error)}
    return {name: getattr(config, name) for name in (*LIMITS, *WORKER)}


async def pods(app, request):
    """The pods of the scheduler and of a worker, as the controller creates them."""
    _, config = await app.backend.process_cluster_options(User("ada"), request)
    controller = KubeController(config=app.config)
    return [controller.make_pod("hub", "cluster", config, is_worker=one) for one in (False, True)]


def main():
    asked = json.load(sys.stdin)
    app = load(asked["config"])
    token = getattr(app.authenticator, "jupyterhub_api_token", None) if asked["token"] else None
    result = {
        "answers": [asyncio.run(answer(app, request)) for request in asked["requests"]],
        "authenticator": type(app.authenticator).__name__,
        "hub": app.authenticator.jupyterhub_api_url,
        "service": getattr(app.authenticator, "jupyterhub_service_name", None),
        "token": token,
    }
    if "pods" in asked:
        result["pods"] = asyncio.run(pods(app, asked["pods"]))
    json.dump(result, sys.stdout)


main()
