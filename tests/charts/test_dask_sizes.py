"""How many workers fit beside a scheduler: by counting, and by the real dask-gateway-server."""

from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from generator.build.repository import base_values
from generator.charts.dask_sizes import Quantity, Resource, resources
from generator.quantities import GIB, amount, number
from generator.site.model import DaskGateway, Option, Site
from tests.charts.test_dask_gateway_server import PREAMBLE
from tests.support import programs
from tests.support.sites import protocoast_with

NEWEST = {"jupyterhub": {"version": "4.4.0"}, "dask-gateway": {"version": "2026.3.0"}}


def site(**dask: Any) -> Site:
    """ProtoCoast at the newest charts, with other Dask sizes."""
    return protocoast_with({"charts": NEWEST, "daskGateway": dask})


def dask_of(**changes: Any) -> DaskGateway:
    dask = site(**changes).shared.dask
    assert dask is not None
    return dask


def cores(limit: Quantity, default: Quantity = 1) -> Resource:
    worker = Option(default=default, min=default, max=default)
    return Resource(name="cores", limit=limit, scheduler="1", worker=worker, unit=1, suffix="")


def memory(limit: str) -> Resource:
    worker = Option(default="2Gi", min="2Gi", max="2Gi")
    return Resource(
        name="memory", limit=limit, scheduler="2Gi", worker=worker, unit=GIB, suffix="Gi"
    )


COUNTS: dict[str, tuple[Resource, Quantity, int]] = {
    "cores": (cores(4), 1, 3),
    "2 cores": (cores(4), 2, 1),
    "too large": (cores(4), 4, 0),
    "as large as the room": (cores(4), 3, 1),
    "a part of a core": (cores("4500m"), "500m", 7),
    "no room": (cores(1), 1, 0),
    "below the scheduler": (cores(0.5), 1, 0),
    # 3 // 0.1 is 29.0 in floating point, as dask-gateway has it.
    "tenths": (cores(4), 0.1, 29),
    "memory": (memory("24Gi"), "6Gi", 3),
    "memory with a rest": (memory("24Gi"), "4Gi", 5),
    "powers of 1000": (memory("24G"), "4Gi", 5),
}


@pytest.mark.parametrize(("resource", "size", "count"), COUNTS.values(), ids=COUNTS)
def test_count(resource: Resource, size: Quantity, count: int) -> None:
    assert resource.count(size) == count
    assert resource.fits(size) == (count > 0)


NEEDS: dict[str, tuple[Resource, Quantity, int, str]] = {
    "cores": (cores(4), 2, 3, "7"),
    "one": (cores(4), 4, 1, "5"),
    "part of a core": (cores(4), "250m", 3, "1.75"),
    "rounded up": (cores(4), 1.00001, 1, "2.001"),
    "one more step": (cores(4), 0.1, 30, "4.001"),
    "memory": (memory("8Gi"), "6Gi", 3, "20Gi"),
    "memory in powers of 1000": (memory("8Gi"), "1G", 1, "2.932Gi"),
}


@pytest.mark.parametrize(("resource", "size", "workers", "needed"), NEEDS.values(), ids=NEEDS)
def test_needed(resource: Resource, size: Quantity, workers: int, needed: str) -> None:
    assert resource.needed(size, workers) == needed


@given(st.integers(1, 20_000), st.integers(1, 2_000))
def test_so_many_workers_fit_under_the_limit_that_is_named(thousandths: int, workers: int) -> None:
    size = f"{thousandths}m"
    needed = cores(4).needed(size, workers)
    assert cores(needed).count(size) >= workers
    assert cores(f"{round(float(needed) * 1000) - 2}m").count(size) < workers


def test_what_has_no_option_has_the_chart_s_size() -> None:
    found = resources(dask_of(worker={"cores": None, "memory": None}))
    assert [(one.name, one.worker.default, one.worker.max) for one in found] == [
        ("cores", "1", "1"),
        ("memory", "2Gi", "2Gi"),
    ]


@pytest.mark.parametrize("part", ["scheduler", "worker"])
def test_nothing_is_known_where_raw_values_set_sizes(part: str) -> None:
    values = {"gateway": {"backend": {part: {"cores": {"request": 2}}}}}
    assert resources(dask_of(values=values)) == ()
    assert resources(dask_of(values={"gateway": {"backend": {"image": {}}}})) != ()


# --- the real server

SIZES: dict[str, dict[str, Any]] = {
    "ProtoCoast": {},
    "tenths of a core": {
        "limits": {"cores": 4, "memory": "64Gi", "workers": 40},
        "worker": {"cores": {"default": 0.1, "min": 0.1, "max": 2.5}},
    },
    "odd memory": {
        "limits": {"cores": 64, "memory": "100G", "workers": 100},
        "worker": {"memory": {"default": "1.5Gi", "min": "1Gi", "max": "7G"}},
    },
    "no room for the largest": {"worker": {"cores": {"default": 1, "min": 1, "max": 4}}},
}


@pytest.mark.tools
@pytest.mark.parametrize("changes", SIZES.values(), ids=SIZES)
def test_the_real_server_counts_the_same(changes: dict[str, Any]) -> None:
    made = site(**changes)
    dask = made.shared.dask
    assert dask is not None
    assert dask.limits is not None
    of_cores, of_memory = resources(dask)
    chosen = [
        (of_cores.worker.default, of_memory.worker.default),
        (of_cores.worker.max, of_memory.worker.default),
        (of_cores.worker.default, of_memory.worker.max),
        (of_cores.worker.max, of_memory.worker.max),
        (of_cores.worker.min, of_memory.worker.min),
    ]
    values = base_values(made.shared, "dask-gateway")["gateway"]["extraConfig"]
    asked = {
        "config": PREAMBLE.format(hub="http://hub:8081/hub/api") + "".join(values.values()),
        "requests": [
            {
                "worker_cores": number(amount(one)),
                "worker_memory": number(Fraction(amount(other), GIB)),
            }
            for one, other in chosen
        ],
        "token": False,
    }
    answers = programs.probe("gateway_probe.py", "dask-gateway-2026.3.0", asked)["answers"]
    assert [answer["cluster_max_workers"] for answer in answers] == [
        min(dask.limits.workers, of_cores.count(one), of_memory.count(other))
        for one, other in chosen
    ]
