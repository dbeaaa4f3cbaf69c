"""Which edits replace image pullers, placeholders and the user scheduler (E029)."""

from pathlib import Path
from typing import Any

import pytest
import yaml

from generator.change.effects import consequences
from tests.support.random_edits import Edit, applied
from tests.support.random_sites import as_text
from tests.support.rendered_facts import step_of

_SITE = Path(__file__).parents[1] / "effects" / "E029-pullers.before.yaml"
_TWO: list[dict[str, Any]] = [
    {"name": "Coast", "slug": "coast", "image": "quay.io/coast/notebook:1", "default": True},
    {"name": "More", "slug": "more", "image": "quay.io/coast/other:2"},
]
_PROFILES = [["jupyterhub", "servers", "profiles"], _TWO]
_OWN_LIST = [
    ["jupyterhub", "values", "singleuser"],
    {"profileList": [{"display_name": "A", "kubespawner_override": {"image": "a:1"}}]},
]


def _values(**keys: Any) -> list[Any]:
    return [[["jupyterhub", "values", key], value] for key, value in keys.items()]


def _told(before: list[Any], after: list[Any]) -> bool:
    base = yaml.safe_load(_SITE.read_text("utf-8"))
    base["jupyterhub"]["values"] = {}
    texts = [as_text(applied(base, made)) for made in (before, after)]
    step = step_of(Edit(before=texts[0], after=texts[1], environment="production"))
    return "E029" in {one.code for one in consequences(step)}


_UNPULLED = _values(prePuller={"pullProfileListImages": False})
_NO_PULLER = {"continuous": {"enabled": False}}


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ([_PROFILES], [_PROFILES, *_UNPULLED]),
        ([_OWN_LIST], [_OWN_LIST, *_UNPULLED]),
        ([], _values(prePuller=_NO_PULLER)),
        ([], _values(prePuller={"resources": {"requests": {"cpu": "1m"}}})),
        ([], _values(scheduling={"userPlaceholder": {"enabled": False}})),
    ],
)
def test_edits_that_replace_them(before: list[Any], after: list[Any]) -> None:
    assert _told(before, after)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ([], _UNPULLED),
        # The list appears with the switch: neither side pulls an image of a profile.
        ([], [_PROFILES, *_UNPULLED]),
        ([_PROFILES, *_UNPULLED], []),
        (
            _values(prePuller=_NO_PULLER),
            _values(prePuller={**_NO_PULLER, "resources": {"requests": {"cpu": "1m"}}}),
        ),
        ([], _values(scheduling={"userScheduler": {"resources": {"requests": {"cpu": "1m"}}}})),
    ],
)
def test_edits_that_do_not(before: list[Any], after: list[Any]) -> None:
    assert not _told(before, after)
