"""A review of whatever `values` hold: no form of them is a bug, no text takes long."""

import time
from collections.abc import Mapping
from typing import Any

import pytest
import yaml

from generator.change.formats import REVIEWS
from generator.change.review import review
from generator.change.sides import Side
from generator.cli.loading import as_far_as_read
from tests.support.copies import protocoast

FORMS: tuple[Any, ...] = ("a text", 3, True, [], [1], ["a"], [{}], {}, {"a": "b"}, {"a": [3]})
PLACES = (
    *("singleuser", "hub", "proxy", "ingress", "cull", "scheduling", "rbac", "custom"),
    *("hub.config", "hub.config.JupyterHub", "hub.config.Authenticator", "hub.db", "hub.db.pvc"),
    *("hub.extraEnv", "hub.extraConfig", "hub.services", "hub.loadRoles", "hub.image"),
    *("hub.networkPolicy", "hub.networkPolicy.egress", "hub.annotations", "hub.db.url"),
    *("singleuser.storage", "singleuser.storage.dynamic", "singleuser.storage.extraVolumes"),
    *("singleuser.profileList", "singleuser.image", "singleuser.extraEnv", "singleuser.memory"),
    *("singleuser.cloudMetadata", "singleuser.networkPolicy", "singleuser.extraContainers"),
    *("singleuser.networkPolicy.egress", "singleuser.extraPodConfig", "singleuser.uid"),
    *("proxy.https", "proxy.chp", "proxy.service", "proxy.traefik", "ingress.tls"),
)


def side(values: Mapping[str, Any]) -> Side:
    site = protocoast()
    site["jupyterhub"]["values"] = values
    read = as_far_as_read(yaml.safe_dump(site).encode())
    assert read is not None
    return Side(site=read)


def at(place: str, value: Any) -> dict[str, Any]:
    for key in reversed(place.split(".")):
        value = {key: value}
    assert isinstance(value, dict)
    return value


def reviewed(before: Side, after: Side) -> int:
    """How much all formats say of a change."""
    found = review(before, after, lambda side, app, change: "")
    return sum(len(shown(found, color=False)) for shown in REVIEWS.values())


@pytest.mark.parametrize("place", PLACES)
def test_no_form_of_a_value_is_a_bug(place: str) -> None:
    plain = side({})
    for form in FORMS:
        odd = side(at(place, form))
        assert reviewed(plain, odd) > 0
        assert reviewed(odd, plain) > 0


SIZE = 100_000
TEXTS = (
    *("a", "name:", "key", "secret", "a:", "https://", "password=", "eyJ", "\n", " \n"),
    *("postgres://u:p@h/", "kind: Secret ", "name:k value"),
)


@pytest.mark.parametrize("part", TEXTS)
def test_a_long_text_is_reviewed_in_time(part: str) -> None:
    text = (part * (SIZE // len(part) + 1))[:SIZE]
    middle = SIZE // 2
    before, after = (
        side({"custom": {"big": f"x{text[:middle]}{mark}{text[middle:]}x"}}) for mark in "ab"
    )
    begun = time.process_time()
    assert reviewed(before, after) > 0  # in four formats
    assert time.process_time() - begun < 0.7 * len(REVIEWS)
