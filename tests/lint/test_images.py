"""Which images lint speaks of: tags that move, and workers that differ from every notebook."""

from typing import Any

import pytest

from generator.lint.rules.dask import worker_image_foreign
from generator.lint.rules.servers import mutable_tag
from tests.support.sites import protocoast_with

DIGEST = "sha256:" + "0123456789abcdef" * 4
NOTEBOOK = "quay.io:443/coast/notebook"


def _site(profile: str, worker: str | None, **production: Any) -> Any:
    return protocoast_with(
        {
            "environments": {"production": production},
            "jupyterhub": {"servers": {"profiles": [{"name": "Coast", "image": profile}]}},
            "daskGateway": {"worker": {"image": worker}},
        }
    )


@pytest.mark.parametrize(
    ("image", "moves"),
    [
        (f"{NOTEBOOK}:main", True),
        (f"{NOTEBOOK}:latest", True),
        (f"{NOTEBOOK}:nightly-gpu", True),
        (f"{NOTEBOOK}:2026.1", False),
        (f"{NOTEBOOK}:main-3f2a1c9", False),
        (f"{NOTEBOOK}@{DIGEST}", False),
        (f"{NOTEBOOK}:main@{DIGEST}", False),
    ],
)
def test_tag_without_a_digit_moves(image: str, moves: bool) -> None:
    found = list(mutable_tag.check(_site(image, None)))
    assert [one.message for one in found] == [
        f"tag '{image.rpartition(':')[2]}' moves: the image changes without a commit"
    ] * moves


def test_only_where_sealing_is_required() -> None:
    image = f"{NOTEBOOK}:main"
    assert len(list(mutable_tag.check(_site(image, image)))) == 2
    assert list(mutable_tag.check(_site(image, image, requireSealed=False))) == []


@pytest.mark.parametrize(
    ("worker", "foreign"),
    [
        (None, False),
        (f"{NOTEBOOK}:2026.1", False),
        (f"{NOTEBOOK}:2026.2", True),
        (f"{NOTEBOOK}@{DIGEST}", True),
        ("quay.io/coast/worker:2026.1", True),
    ],
)
def test_workers_run_what_a_notebook_runs(worker: str | None, foreign: bool) -> None:
    site = _site(f"{NOTEBOOK}:2026.1", worker)
    assert {one.at for one in worker_image_foreign.check(site)} == (
        {("daskGateway", "worker", "image")} if foreign else set()
    )
