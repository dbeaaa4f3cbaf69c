"""Odd values in odd places: an error in words or a proven proposal, never a traceback."""

import copy
from collections.abc import Callable
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from generator.adopt import site_text
from generator.adopt.secrets import TARGETS
from generator.charts import CHARTS
from generator.diagnostics import GeneratorError
from tests.support.imports import HUB, asked, proposed
from tests.support.random_values import maps, texts

GATEWAY: dict[str, Any] = {
    "gateway": {
        "backend": {"image": {"name": "quay.io/dask/dask", "tag": "1"}},
        "extraConfig": {"limits": "c.ClusterConfig.cluster_max_cores = 4\n"},
    }
}
_MORE = {
    "jupyterhub": (
        *("hub.config.Authenticator.allow_all", "hub.config.OAuthenticator.scope", "proxy.https"),
        *("hub.config.GitHubOAuthenticator.username_key", "singleuser.memory", "hub.extraConfig"),
        "singleuser.image.pullPolicy",
    ),
    "dask-gateway": ("gateway.extraConfig", "gateway.extraConfig.other", "gateway.backend"),
}


def _paths(chart: str) -> list[tuple[str, ...]]:
    """Every place that the import looks at, and every place above one."""
    tables = (CHARTS[chart].table, TARGETS[chart])
    known = {path for table in tables for path in table}
    known |= {tuple(path.split(".")) for path in _MORE[chart]}
    plain = {
        tuple(
            "GenericOAuthenticator" if step == "*" else step
            for step in path
            if step not in ("**", "#")
        )
        for path in known
    }
    return sorted({path[:depth] for path in plain for depth in range(1, len(path) + 1)})


def _odd() -> st.SearchStrategy[Any]:
    spelled = ("5G", "5Gi", "1 G", "github", "dummy", "generic-oauth", "https://[", "a/b:c", "-1")
    numbers = (0, -1, 1.5, 10**19, float("1e300"), 5368709120, True, False, None)
    python = (
        "c.x = (",
        "c.ClusterConfig.cluster_max_memory = 1\n",
        "c.Backend.cluster_options = 1",
    )
    flat = st.sampled_from((*spelled, *numbers, *python)) | texts()
    deep = flat | maps() | st.lists(flat | maps(), max_size=3)
    entry = st.dictionaries(
        st.sampled_from(("display_name", "default", "slug", "kubespawner_override", "image")),
        flat | st.dictionaries(st.sampled_from(("image", "mem_limit")), flat, max_size=2),
        max_size=4,
    )
    return deep | st.lists(entry, max_size=3)


_ODD = _odd()


@st.composite
def odd_values(draw: Callable[..., Any], chart: str, base: dict[str, Any]) -> dict[str, Any]:
    """The values of a chart with some odd ones in places that matter."""
    values = copy.deepcopy(base)
    for _ in range(draw(st.integers(1, 4))):
        node = values
        *above, last = draw(st.sampled_from(_paths(chart)))
        for step in above:
            if not isinstance(node.get(step), dict):
                node[step] = {}
            node = node[step]
        node[last] = draw(_ODD)
    return values


@settings(max_examples=60, suppress_health_check=list(HealthCheck))
@given(odd_values("jupyterhub", HUB), odd_values("dask-gateway", GATEWAY))
def test_odd_values_give_an_error_or_a_proof(hub: dict[str, Any], gateway: dict[str, Any]) -> None:
    try:
        proposal = proposed(jupyterhub=hub, dask_gateway=gateway)
    except GeneratorError as error:
        if "nothing was written" not in error.message:
            raise
        return
    assert proposal.site is None or [proof.unexplained for proof in proposal.proofs] == [(), ()]


def test_a_list_of_a_map_and_words_is_written_on_one_line() -> None:
    site = {"jupyterhub": {"servers": {"postStart": ["sh", {"a": 1}, {}]}}}
    assert "postStart: [sh, {a: 1}, {}]" in site_text.text(site, (), {})


def test_setting_of_a_wrong_kind_is_asked_about() -> None:
    hub = {**HUB, "ingress": {**HUB["ingress"], "ingressClassName": ["nginx", {"a": 1}, {}]}}
    proposal = proposed(jupyterhub=hub, dask_gateway=GATEWAY)
    assert proposal.site is not None
    assert "no value names an ingress class" in asked(proposal)
