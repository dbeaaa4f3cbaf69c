"""The python that Dask Gateway runs: its numbers, its options, and the check of an image's tag.

tests/charts/test_dask_gateway_server.py runs the same text in the real server.
"""

import ast
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from generator.charts import gateway_config
from generator.charts.gateway_config import has_tag
from generator.site.model import DaskGateway, Limits, Option

DIGEST = "sha256:" + "0123456789abcdef" * 4

HAS_TAG = {
    "quay.io/x/y:main": True,
    "y:1": True,
    "quay.io:443/x/y:main": True,
    "quay.io:443/x/y": False,
    "quay.io/x/y": False,
    "y": False,
    "": False,
    ":main": False,
    "quay.io/x/:main": False,
    "y:": False,
    "quay.io:443/x/y:": False,
    f"quay.io/x/y@{DIGEST}": True,
    f"quay.io:443/x/y@{DIGEST}": True,
    f"quay.io/x/y:main@{DIGEST}": True,
    f"@{DIGEST}": False,
    "y@sha256:": False,
    "y@md5:abc": True,  # no digest, but a text behind a colon: Docker refuses it, this need not
}


@pytest.mark.parametrize(("image", "tagged"), HAS_TAG.items(), ids=map(repr, HAS_TAG))
def test_image_has_a_tag_or_a_digest(image: str, tagged: bool) -> None:
    assert has_tag(image) is tagged


def _dask(**changes: Any) -> DaskGateway:
    whole: dict[str, Any] = {
        "release_name": "dask-gateway",
        "install_crds": True,
        "limits": None,
        "idle_timeout": None,
        "worker_cores": None,
        "worker_memory": None,
        "worker_image": None,
        "values": {},
    }
    return DaskGateway(**(whole | changes))


CORES = Option(default=1, min=1, max=2)
MEMORY = Option(default="4Gi", min="4Gi", max="6Gi")


def _worker(dask: DaskGateway) -> tuple[Any, list[Any]]:
    """The handler and the offered fields, as the text defines them."""
    fields: list[Any] = []

    def field(kind: str) -> Any:
        return lambda name, **words: (kind, name, words)

    def options(*offered: Any, handler: Any) -> Any:
        fields.extend(offered)
        return handler

    c = SimpleNamespace(Backend=SimpleNamespace())
    names = {kind: field(kind) for kind in ("Float", "Integer", "String")}
    text = gateway_config.options(dask.worker_cores, dask.worker_memory, "quay.io/x/y:main")
    first, _, rest = text.partition("\n")
    assert first.startswith("from dask_gateway_server.options import ")
    exec(compile(rest, "options", "exec"), {"c": c, "Options": options, **names})
    return c.Backend.cluster_options, fields


def test_offered_fields_are_those_of_the_site() -> None:
    _, fields = _worker(_dask(worker_cores=CORES, worker_memory=MEMORY))
    assert fields == [
        ("Integer", "worker_cores", {"default": 1, "min": 1, "max": 2, "label": "Worker cores"}),
        (
            "Float",
            "worker_memory",
            {"default": 4.0, "min": 4.0, "max": 6.0, "label": "Worker memory (GiB)"},
        ),
        ("String", "image", {"default": "quay.io/x/y:main", "label": "Worker image"}),
    ]


def test_without_options_only_the_image_is_offered() -> None:
    handler, fields = _worker(_dask())
    assert [name for _, name, _ in fields] == ["image"]
    assert handler(SimpleNamespace(image="y:1")) == {"image": "y:1"}


def test_parts_of_a_core_make_a_float() -> None:
    _, fields = _worker(_dask(worker_cores=Option(default="500m", min=0.25, max=2)))
    words = {"default": 0.5, "min": 0.25, "max": 2.0, "label": "Worker cores"}
    assert fields[0] == ("Float", "worker_cores", words)


def test_chosen_options_become_settings_in_bytes() -> None:
    handler, _ = _worker(_dask(worker_cores=CORES, worker_memory=MEMORY))
    chosen = SimpleNamespace(image="y:1", worker_cores=2, worker_memory=4.5)
    assert handler(chosen) == {
        "image": "y:1",
        "worker_cores": 2,
        "worker_cores_limit": 2,
        "worker_memory": 4831838208,
        "worker_memory_limit": 4831838208,
    }


@pytest.mark.parametrize(("image", "tagged"), HAS_TAG.items(), ids=map(repr, HAS_TAG))
def test_the_server_asks_the_same_of_an_image(image: str, tagged: bool) -> None:
    handler, _ = _worker(_dask())
    if tagged:
        assert handler(SimpleNamespace(image=image)) == {"image": image}
    else:
        with pytest.raises(ValueError, match="the worker image needs a tag or a digest"):
            handler(SimpleNamespace(image=image))


@given(st.text(st.sampled_from("ab/:@.sha256"), max_size=30))
def test_server_and_lint_agree_on_any_image(image: str) -> None:
    handler, _ = _worker(_dask())
    try:
        handler(SimpleNamespace(image=image))
    except ValueError:
        assert not has_tag(image)
    else:
        assert has_tag(image)


def test_limits_are_numbers() -> None:
    text = gateway_config.limits(Limits(cores="4500m", memory="24Gi", workers=3), "1h30m")
    assert text == (
        "c.ClusterConfig.cluster_max_cores = 4.5\n"
        "c.ClusterConfig.cluster_max_memory = 25769803776  # 24Gi\n"
        "c.ClusterConfig.cluster_max_workers = 3\n"
        "c.ClusterConfig.idle_timeout = 5400.0  # 1h30m\n"
    )


def test_without_a_timeout_clusters_are_left_alone() -> None:
    text = gateway_config.limits(Limits(cores=4, memory="1G", workers=3), None)
    assert text == (
        "c.ClusterConfig.cluster_max_cores = 4\n"
        "c.ClusterConfig.cluster_max_memory = 1000000000  # 1G\n"
        "c.ClusterConfig.cluster_max_workers = 3\n"
    )


def _texts() -> list[str]:
    return [
        gateway_config.limits(Limits(cores=4, memory="24Gi", workers=3), "20m"),
        gateway_config.options(CORES, MEMORY, 'quay.io/"x":1'),
        gateway_config.hub_token("hub-secrets", "hub.services.dask-gateway.apiToken"),
    ]


@pytest.mark.parametrize("text", _texts(), ids=["limits", "options", "hub-token"])
def test_every_text_is_python_that_stands_alone(text: str) -> None:
    module = ast.parse(text)
    defined = {node.name for node in ast.walk(module) if isinstance(node, ast.FunctionDef)}
    defined |= {
        (alias.asname or alias.name).partition(".")[0]
        for node in ast.walk(module)
        if isinstance(node, ast.Import | ast.ImportFrom)
        for alias in node.names
    }
    defined |= {
        node.id
        for node in ast.walk(module)
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)
    }
    arguments = {node.arg for node in ast.walk(module) if isinstance(node, ast.arg)}
    used = {
        node.id
        for node in ast.walk(module)
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load)
    }
    known = {"c", "repr", "open", "int", "ValueError", "RuntimeError"}
    assert used <= defined | arguments | known
    # What a function needs it imports itself: the chart runs entries in no certain order.
    top = [node for node in module.body if isinstance(node, ast.Import)]
    assert top == []


def test_token_is_read_and_never_written() -> None:
    text = gateway_config.hub_token("hub-secrets", "hub.services.dask-gateway.apiToken")
    assert "print" not in text
    assert text.rstrip().endswith("c.JupyterHubAuthenticator.jupyterhub_api_token = hub_token()")
    assert '"/secrets/hub-secrets"' in text
