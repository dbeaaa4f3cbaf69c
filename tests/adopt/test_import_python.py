"""The python of `gateway.extraConfig`: what is understood, and what stays as it is."""

from textwrap import dedent
from typing import Any

import pytest

from generator.adopt.gateway_python import entry
from generator.site.model import DaskGateway
from tests.support.imports import HUB, asked, left, proposed

_HANDLER = """\
    from dask_gateway_server.options import Options, Integer, Float, String

    def handler(options):
        return {"worker_cores": options.worker_cores, "image": options.image,
                "worker_memory": int(options.worker_memory * 2 ** 30)}

"""
_OPTIONS = """\
    c.Backend.cluster_options = Options(
        Integer("worker_cores", default=1, min=1, max=4),
        Float("worker_memory", default=2, min=0.5, max=8),
        String("image", default="quay.io/dask/dask:1"),
        handler=handler,
    )
"""


def site_with(**entries: str) -> Any:
    """The proposal for a gateway with these entries."""
    python = {name: dedent(text) for name, text in entries.items()}
    return proposed(jupyterhub=HUB, dask_gateway={"gateway": {"extraConfig": python}})


def dask_of(**entries: str) -> DaskGateway:
    """What the proposed site says of Dask Gateway; every difference has its reason."""
    proposal = site_with(**entries)
    assert proposal.site is not None
    assert proposal.is_proven
    dask: DaskGateway = proposal.site.shared.dask
    return dask


MEMORY = {
    "bytes": ("25769803776", "24Gi"),
    "power": ("24 * 2**30", "24Gi"),
    "shift-like": ("16 * 1024 * 1024 * 1024", "16Gi"),
    "text": ('"24 G"', "24Gi"),
    "float": ("30.5 * 2**30", "31232Mi"),
    "divided": ("2**40 // 4", "256Gi"),
    "own-spelling": ("68719476736  # 65536Mi", "65536Mi"),
}


@pytest.mark.parametrize("name", MEMORY)
def test_memory_limit(name: str) -> None:
    python, expected = MEMORY[name]
    limits = dask_of(limits=f"c.ClusterConfig.cluster_max_memory = {python}\n").limits
    assert limits is not None
    assert limits.memory == expected


@pytest.mark.parametrize(
    ("python", "expected"),
    [("1200", "20m"), ("5400.0", "1h30m"), ("45", "45s"), ("20 * 60", "20m"), ("0", None)],
)
def test_idle_timeout(python: str, expected: str | None) -> None:
    assert dask_of(idle=f"c.KubeClusterConfig.idle_timeout = {python}\n").idle_timeout == expected


def test_options_are_expressed() -> None:
    dask = dask_of(any=_HANDLER + _OPTIONS)
    assert dask.worker_cores is not None
    assert dask.worker_memory is not None
    assert (dask.worker_cores.default, dask.worker_cores.max) == (1, 4)
    assert (dask.worker_memory.min, dask.worker_memory.max) == ("512Mi", "8Gi")
    assert (dask.worker_image, dict(dask.values)) == ("quay.io/dask/dask:1", {})


# What hubops' options would not say: each stays python, as it is.
KEPT = {
    "another-option": _HANDLER
    + _OPTIONS.replace("handler=", 'String("x", default=""),\n        handler='),
    "a-select": (_HANDLER + _OPTIONS).replace(
        'Integer("worker_cores", default=1, min=1, max=4)', 'Select("worker_cores", [1, 2])'
    ),
    "a-choice-of-the-user": _HANDLER.replace("def handler(options)", "def handler(options, user)")
    + _OPTIONS,
    "a-guard": _HANDLER.replace(
        "        return",
        '        if "evil" in options.image:\n            raise ValueError\n        return',
    )
    + _OPTIONS,
    "a-factor": _HANDLER.replace("options.worker_cores,", "options.worker_cores * 2,") + _OPTIONS,
    "an-environment": _HANDLER.replace('{"worker', '{"environment": {}, "worker') + _OPTIONS,
    "open-bounds": _HANDLER + _OPTIONS.replace(", max=4", ""),
    "float-cores": (_HANDLER + _OPTIONS).replace('Integer("worker', 'Float("worker'),
    "a-statement-more": _HANDLER + _OPTIONS + "    print(1)\n",
    "a-function": "    c.Backend.cluster_options = lambda user: Options()\n",
}


@pytest.mark.parametrize("name", KEPT)
def test_options_that_site_yaml_can_not_say_stay_python(name: str) -> None:
    dask = dask_of(optionHandler=KEPT[name])
    assert dask.values["gateway"]["extraConfig"] == {"options": dedent(KEPT[name])}
    assert (dask.worker_cores, dask.worker_memory) == (None, None)


def test_what_is_not_understood_stays_beside_what_is() -> None:
    dask = dask_of(
        mixed="""\
            import os
            c.ClusterConfig.cluster_max_workers = 9
            c.ClusterConfig.environment = {"A": os.environ["A"]}
            """
    )
    assert dask.limits is not None
    assert dask.limits.workers == 9
    assert dask.values["gateway"]["extraConfig"] == {
        "mixed": 'import os\nc.ClusterConfig.environment = {"A": os.environ["A"]}\n'
    }


def test_limits_that_python_computes_stay_and_win() -> None:
    python = "for n in (1, 2):\n    c.ClusterConfig.cluster_max_workers = n\n"
    dask = dask_of(caps=python)
    assert dask.values["gateway"]["extraConfig"] == {"limits-caps": python}


def test_kubernetes_own_section_wins() -> None:
    dask = dask_of(
        a="c.KubeClusterConfig.cluster_max_workers = 5\n",
        b="c.ClusterConfig.cluster_max_workers = 7\n",
    )
    assert dask.limits is not None
    assert dask.limits.workers == 5


def test_figure_against_its_comment_is_asked_about() -> None:
    proposal = site_with(limits="c.ClusterConfig.cluster_max_memory = 25769803776  # 16 GiB\n")
    assert (
        "cluster_max_memory is 25769803776 bytes, which is 24Gi, but its comment says 16Gi"
    ) in asked(proposal)


def test_figure_that_is_its_comments_is_not_asked_about() -> None:
    proposal = site_with(limits="c.ClusterConfig.cluster_max_memory = 25769803776  # 24 GB\n")
    assert "comment" not in asked(proposal)


def test_absent_limits_are_as_good_as_none_and_asked_about() -> None:
    proposal = site_with()
    assert "today nothing limits the cores, memory and workers" in asked(proposal)
    assert proposal.site.shared.dask.limits.workers == 100_000


def test_no_python_is_left_and_said() -> None:
    proposal = site_with(broken="def f(:\n")
    assert left(proposal) == {
        "gateway.extraConfig.broken": "no Python that can be read, line 1: invalid syntax; hub or "
        "gateway would not start (C319)"
    }


def test_python_is_never_run(capsys: pytest.CaptureFixture[str]) -> None:
    dask_of(evil="print('run')\nraise SystemExit\n")
    assert capsys.readouterr().out == ""


HUGE = {
    "power-of-power": "2 ** 62 ** 62",
    "large": "9" * 400,
    "negative": "-1",
    "by-zero": "1 / 0",
    "a-text": "'24Gi'",
    "infinite": "float('inf')",
    "truth": "True",
    "deep": "-" * 2001 + "1",
}


@pytest.mark.parametrize("name", HUGE)
def test_number_that_is_none_is_not_understood(name: str) -> None:
    assert entry("a", f"c.ClusterConfig.cluster_max_memory = {HUGE[name]}\n").limits == {}


def test_text_alone_is_one_entry() -> None:
    values = {"gateway": {"extraConfig": "c.ClusterConfig.cluster_max_workers = 4\nprint(1)\n"}}
    proposal = proposed(jupyterhub=HUB, dask_gateway=values)
    assert proposal.site is not None
    assert proposal.is_proven
    dask = proposal.site.shared.dask
    assert dask is not None
    assert dask.limits is not None
    assert dask.limits.workers == 4
    assert dask.values["gateway"]["extraConfig"] == {"imported": "print(1)\n"}
