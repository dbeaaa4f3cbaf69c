"""Run by the real JupyterHub's Python: the chart's own jupyterhub_config.py, as a hub pod runs it.

Standard input holds {"files": {name: text}, "values": the chart's values, "sealed": {key: text}};
the answer says what the hub and one user's pod come to. Only Kubernetes and curl are stood in for.
"""

import asyncio
import json
import os
import sys
import tempfile
from pathlib import Path
from types import ModuleType
from unittest.mock import MagicMock

import kubespawner.spawner
import yaml
from jupyterhub.app import JupyterHub
from jupyterhub.objects import Hub
from kubernetes_asyncio.client import ApiClient
from kubespawner import KubeSpawner
from tornado.simple_httpclient import SimpleAsyncHTTPClient
from traitlets.config import Config

kubespawner.spawner.load_config = lambda **kwargs: None
kubespawner.spawner.shared_client = lambda *args, **kwargs: None
MOUNTED = "/usr/local/etc/jupyterhub"
# What the chart calls its objects (templates/hub/configmap.yaml).
NAMES = ("hub", "proxy-api", "proxy-public", "image-pull-secret", "user-scheduler", "priority")


class CurlAsyncHTTPClient(SimpleAsyncHTTPClient):
    pass


def mounted(root, asked):
    """The folders that the hub's pod mounts."""
    texts = {
        "secret": {"values.yaml": yaml.safe_dump(asked["values"])},
        "existing-secret": asked["sealed"],
        "config": {name: name for name in NAMES},
        ".": {name: text.replace(MOUNTED, str(root)) for name, text in asked["files"].items()},
    }
    for folder, files in texts.items():
        (root / folder).mkdir(exist_ok=True)
        for name, text in files.items():
            (root / folder / name).write_text(text)


def configured(root):
    curl = ModuleType("tornado.curl_httpclient")
    curl.CurlAsyncHTTPClient = CurlAsyncHTTPClient
    sys.modules["tornado.curl_httpclient"] = curl
    os.environ |= {"PROXY_API_SERVICE_PORT": "8001", "HUB_SERVICE_PORT": "8081"}
    config, path = Config(), str(root / "jupyterhub_config.py")
    code = compile(Path(path).read_text(), path, "exec")
    exec(code, {"get_config": lambda: config, "__file__": path})
    return config


async def pod(config):
    user, server = MagicMock(), MagicMock()
    user.name = user.escaped_name = "ada"
    user.id, user.url, user.server = 1, "/user/ada", None
    server.name, server.state, server.server = "", {}, None
    spawner = KubeSpawner(_mock=True, user=user, hub=Hub(), orm_spawner=server, config=config)
    async with ApiClient() as client:
        made = client.sanitize_for_serialization(await spawner.get_pod_manifest())
    return {**made["spec"], "makes_claim": spawner.storage_pvc_ensure}


def main():
    asked, out = json.load(sys.stdin), sys.stdout
    sys.stdout = sys.stderr  # the chart's file tells what it loads
    with tempfile.TemporaryDirectory() as folder:
        mounted(Path(folder), asked)
        config = configured(Path(folder))
        hub = JupyterHub(config=config)
        spec = asyncio.run(pod(config))
    container = spec["containers"][0]
    answer = {
        "db_url": hub.db_url,
        "password": os.environ.get("PGPASSWORD"),
        "base_url": hub.base_url,
        "callback": hub.authenticator_class(parent=hub).oauth_callback_url,
        "claims": [one["persistentVolumeClaim"]["claimName"] for one in spec.get("volumes", ())],
        "makes_claim": spec["makes_claim"],
        "mounts": {one["mountPath"]: one.get("subPath") for one in container["volumeMounts"]},
        "environment": {one["name"]: one.get("value") for one in container["env"]},
    }
    json.dump(answer, out)


main()
