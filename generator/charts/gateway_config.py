"""The python that Dask Gateway runs from `gateway.extraConfig`, as text.

Every entry is independent: its functions import what they need, and the order in which the chart
runs the entries does not matter. Numbers are numbers: dask-gateway refuses "16Gi".
"""

import json
from collections.abc import Iterable
from functools import lru_cache

from generator.quantities import amount, bytes_of, gibibytes, number, seconds
from generator.site.model import Limits, Option

SERVICE_ACCOUNT = "/var/run/secrets/kubernetes.io/serviceaccount"


@lru_cache(maxsize=256)
def has_tag(image: str) -> bool:
    """Whether an image names a tag or digest; in `quay.io:443/x/y` the colon is a port's.

    The generated `worker` function asks the same of what a user types.
    """
    name, _, digest = image.partition("@sha256:")
    repository, _, tag = name.rpartition("/")[2].partition(":")
    return bool(repository and (tag or digest))


def limits(limits: Limits, idle_timeout: str | None) -> str:
    """The limits of one Dask cluster: bytes as a whole number, seconds as a float."""
    lines = [
        f"c.ClusterConfig.cluster_max_cores = {number(amount(limits.cores))}",
        f"c.ClusterConfig.cluster_max_memory = {bytes_of(limits.memory)}  # {limits.memory}",
        f"c.ClusterConfig.cluster_max_workers = {limits.workers}",
    ]
    if idle_timeout is not None:
        lines.append(f"c.ClusterConfig.idle_timeout = {seconds(idle_timeout)}  # {idle_timeout}")
    return "\n".join(lines) + "\n"


@lru_cache(maxsize=64)
def options(
    cores: Option | None, memory: Option | None, image: str, *, has_environment: bool = False
) -> str:
    """What a user may choose for the workers, and the check that an image names its tag."""
    offered = [
        *_cores_option(cores),
        *_memory_option(memory),
        f'String("image", default={json.dumps(image)}, label="Worker image")',
        *(('Mapping("environment", label="Environment variables")',) if has_environment else ()),
    ]
    kinds = sorted({call.partition("(")[0] for call in offered} | {"Options"})
    settings = [
        '"image": options.image,',
        *(_CORES_SETTINGS if cores else ()),
        *(_MEMORY_SETTINGS if memory else ()),
        *(_ENVIRONMENT_SETTINGS if has_environment else ()),
    ]
    return _OPTIONS.format(
        kinds=", ".join(kinds),
        settings="\n".join(f"        {line}" for line in settings),
        offered="\n".join(f"    {call}," for call in offered),
    )


_CORES_SETTINGS = (
    '"worker_cores": options.worker_cores,',
    '"worker_cores_limit": options.worker_cores,',
)
_MEMORY_SETTINGS = (
    '"worker_memory": int(options.worker_memory * 2**30),',
    '"worker_memory_limit": int(options.worker_memory * 2**30),',
)

# Kubernetes takes only texts.
_ENVIRONMENT_SETTINGS = (
    '"environment": {name: str(text) for name, text in options.environment.items()},',
)


def _cores_option(option: Option | None) -> list[str]:
    if option is None:
        return []
    bounds = [amount(value) for value in (option.default, option.min, option.max)]
    if all(bound.denominator == 1 for bound in bounds):
        return [_numeric("Integer", "worker_cores", "Worker cores", map(int, bounds))]
    return [_numeric("Float", "worker_cores", "Worker cores", map(float, bounds))]


def _memory_option(option: Option | None) -> list[str]:
    if option is None:
        return []
    bounds = [gibibytes(str(value)) for value in (option.default, option.min, option.max)]
    return [_numeric("Float", "worker_memory", "Worker memory (GiB)", map(float, bounds))]


def _numeric(kind: str, name: str, label: str, bounds: Iterable[float]) -> str:
    default, least, most = bounds
    return f'{kind}("{name}", default={default}, min={least}, max={most}, label="{label}")'


_OPTIONS = """\
from dask_gateway_server.options import {kinds}


def worker(options):
    name, _, digest = options.image.partition("@sha256:")
    repository, _, tag = name.rpartition("/")[2].partition(":")
    if not repository or not (tag or digest):
        raise ValueError(
            "the worker image needs a tag or a digest, for example registry/name:tag; found "
            + repr(options.image)
        )
    return {{
{settings}
    }}


c.Backend.cluster_options = Options(
{offered}
    handler=worker,
)
"""


def hub_token(secret: str, key: str) -> str:
    """Reads the hub's service token from a Secret when the gateway starts.

    For charts before 2022.10.0, whose `auth.type: jupyterhub` demands the token in the values. The
    chart's own ClusterRole lets the gateway's service account read Secrets.
    """
    return _HUB_TOKEN.format(account=SERVICE_ACCOUNT, secret=secret, key=key)


_HUB_TOKEN = """\
def hub_token():
    import base64
    import json
    import os
    import ssl
    import urllib.request

    account = "{account}"

    def read(name):
        with open(account + "/" + name) as file:
            return file.read().strip()

    host = os.environ["KUBERNETES_SERVICE_HOST"]
    if ":" in host:
        host = "[" + host + "]"
    request = urllib.request.Request(
        "https://" + host + ":" + os.environ["KUBERNETES_SERVICE_PORT"]
        + "/api/v1/namespaces/" + read("namespace") + "/secrets/{secret}",
        headers={{"Authorization": "Bearer " + read("token")}},
    )
    context = ssl.create_default_context(cafile=account + "/ca.crt")
    with urllib.request.urlopen(request, timeout=30, context=context) as response:
        found = json.load(response).get("data") or {{}}
    if not found.get("{key}"):
        raise RuntimeError("Secret {secret} has no key {key}")
    return base64.b64decode(found["{key}"]).decode()


c.JupyterHubAuthenticator.jupyterhub_api_token = hub_token()
"""
