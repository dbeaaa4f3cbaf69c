"""A dump that somebody damaged is judged as far as it goes, or refused; it is never a bug."""

import json
import random
from collections.abc import Iterator
from typing import Any

import pytest

from generator.diagnostics import GeneratorError
from generator.doctor.examination import examined, states
from generator.doctor.look import Look
from tests.support import live

JUNK = (
    *("null", "true", "0", "-1", "1e99", '""', '"text"', "[]", "{}", "[null]", '{"a": null}'),
    *('"2026-13-99T99:99:99Z"', '["a", {"b": []}]', '"\\u001b[31m::error::"', str(10**30)),
)


def places(node: Any) -> Iterator[tuple[Any, Any]]:
    """Every map and list of a document, with each of its keys."""
    children = [*(node.items() if isinstance(node, dict) else enumerate(node))]
    for key, child in children:
        yield node, key
        if isinstance(child, dict | list):
            yield from places(child)


def damaged(document: Any, chance: random.Random) -> None:
    every = list(places(document))
    for _ in range(chance.choice((1, 3, 10, 60))):
        holder, key = chance.choice(every)
        holder[key] = json.loads(chance.choice(JUNK))


@pytest.mark.parametrize("seed", range(8))
def test_damage_is_no_bug(seed: int) -> None:
    chance, judged = random.Random(seed), 0
    for _ in range(30):
        fault = json.loads(chance.choice(live.FAULTS).read_text("utf-8"))
        document = live.with_patch(live.healthy(), fault["patch"])
        damaged(document, chance)
        try:
            seen = live.seen(document)
        except GeneratorError:
            continue
        look = Look(site=live.site(), snapshot=seen, environments=live.site().environments)
        examined(look)
        states(look)
        judged += 1
    assert judged > 15


@pytest.mark.parametrize("junk", JUNK)
def test_settings_keys_and_repositories_may_be_anything(junk: str) -> None:
    document, found = live.healthy(), 0
    sides = (document["argocd"], *document["clusters"].values())
    for one in (one for side in sides for one in side["objects"]):
        for name, holder in (("settings", one), ("keys", one), ("sourceRepos", one.get("spec"))):
            if isinstance(holder, dict) and name in holder:
                holder[name] = json.loads(junk)
                found += 1
    assert found >= 4
    live.judged(document)
