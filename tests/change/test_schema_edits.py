"""Random edits can be of any key of the schema, so that effects are held against all of them."""

import random

import pytest
import yaml

from tests.support.random_edits import golden
from tests.support.random_sites import as_text
from tests.support.schema_edits import draw, drawable
from tests.support.schema_keys import Key
from tests.support.sites import load_text

# Keys that have one value alone, which every site must have.
ONE_VALUE = {("schemaVersion",)}
_TRIES = 60


def _is_drawn(key: Key, chance: random.Random) -> bool:
    """Whether an edit of the key of some site gives another site that lint takes."""
    before = chance.choice(golden())
    raw = yaml.safe_load(before)
    draw(raw, chance.choice([*raw["environments"]]), key, chance)
    after = as_text(raw)
    return after != before and load_text(after).site is not None


@pytest.mark.parametrize("section", sorted({key[0] for key in drawable()}))
def test_each_key_is_drawn(section: str) -> None:
    keys = [key for key in drawable() if key[0] == section and key not in ONE_VALUE]
    chance = random.Random(1)
    never = [key for key in keys if not any(_is_drawn(key, chance) for _ in range(_TRIES))]
    assert never == []
