"""Run by the real JupyterHub's Python: the pods of users who choose, as the chart configures them.

Standard input holds {"config": the chart's jupyterhub_config.py, "values": its values, "choices":
[[groups, form], ...]}. The config runs as the hub runs it; each form goes through KubeSpawner's
own reading of it. The answer has for each the pod's spec, or the error; and the page of choices.
"""

import asyncio
import json
import sys
import types
from functools import reduce
from types import SimpleNamespace
from unittest.mock import MagicMock

import kubespawner.spawner
from jupyterhub.objects import Hub
from jupyterhub.orm import Group
from kubernetes_asyncio.client import ApiClient
from kubespawner import KubeSpawner
from traitlets.config import Config

kubespawner.spawner.load_config = lambda **kwargs: None
kubespawner.spawner.shared_client = lambda *args, **kwargs: None


def chart_library(values):
    """The module z2jh beside the chart's config, with these values."""

    def get_config(key, default=None):
        def step(node, name):
            return node.get(name) if isinstance(node, dict) else None

        found = reduce(step, key.split("."), values)
        return default if found is None else found

    def set_config_if_not_none(section, trait, key):
        found = get_config(key)
        if found is not None:
            setattr(section, trait, found)

    return SimpleNamespace(
        get_config=get_config,
        set_config_if_not_none=set_config_if_not_none,
        get_name=lambda name: name,
        get_name_env=lambda name, suffix="": "1",
        get_secret_value=lambda key, default=None: "secret",
    )


def configured(asked):
    library = types.ModuleType("z2jh")
    vars(library).update(vars(chart_library(asked["values"])))
    sys.modules["z2jh"] = library
    sys.modules.setdefault("tornado.curl_httpclient", MagicMock())
    config = Config()
    text = asked["config"].replace("AsyncHTTPClient.configure(", "(lambda *_: None)(")
    exec(
        compile(text, "jupyterhub_config.py", "exec"),
        {"get_config": lambda: config, "__file__": "/x"},
    )
    return config


def spawner_of(config, groups):
    user = MagicMock()
    user.name = user.escaped_name = "ada"
    user.id, user.url, user.server = 1, "/user/ada", None
    user.groups = [Group(name=name) for name in groups]
    server = MagicMock()
    server.name, server.state, server.server = "", {}, None
    own = Config({"KubeSpawner": config.KubeSpawner, "Spawner": config.Spawner})
    return KubeSpawner(
        _mock=True, hub=Hub(), user=user, orm_spawner=server, config=own, namespace="hub"
    )


async def pod(config, groups, form):
    spawner = spawner_of(config, groups)
    try:
        page = await spawner.get_options_form()
        spawner.user_options = spawner.options_from_form(
            {key: [value] for key, value in form.items()}
        )
        await spawner.load_user_options()
        async with ApiClient() as client:
            made = client.sanitize_for_serialization(await spawner.get_pod_manifest())
        return {"spec": made["spec"], "page": page, "url": spawner.default_url}
    except Exception as error:
        return {"error": f"{type(error).__name__}: {error}"}


async def pods(asked):
    config = configured(asked)
    return [await pod(config, groups, form) for groups, form in asked["choices"]]


if __name__ == "__main__":
    json.dump(asyncio.run(pods(json.load(sys.stdin))), sys.stdout)
