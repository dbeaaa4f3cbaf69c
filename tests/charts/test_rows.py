"""The tables of chart values are complete: each key of site.yaml has a row, each row its facts."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

import pytest

from generator.charts import CHARTS
from generator.charts.rows import ValueRow
from generator.io.resources import site_schema
from generator.site.schema_words import resolved

SCHEMA = site_schema()
ROWS = [(chart, row) for chart, described in CHARTS.items() for row in described.rows]
IDS = [f"{chart} {'/'.join(row.providers)} {' '.join(row.path)}" for chart, row in ROWS]
SECTIONS = [chart.section for chart in CHARTS.values()]
# Keys from which no chart value follows by a row, or all the keys below one, and why.
WITHOUT_A_ROW = {
    "schemaVersion": "it says how to read the file",
    "site": "it names objects outside the charts",
    "repository": "the Applications follow from it",
    "argocd": "the Applications follow from it",
    "sync": "the Applications follow from it",
    "charts": "the pins of the Applications",
    "versions": "it extends the table of known releases",
    "apps": "the Applications follow from it: hubops makes no values for these charts",
    "clusters.<>.apps": "the Applications follow from it",
    "clusters.<>.issuers": "objects of cert-manager follow from it",
    "clusters.<>.provided": "only lint reads it",
    "clusters.<>.prometheus.labels": "objects of its operator have them",
    "clusters.<>.dashboards": "ConfigMaps follow from it",
    "monitoring.alerts": "a PrometheusRule follows from it",
    "secrets": "the keys of values follow from it, not only values: charts/secret_wiring",
    "clusters.<>.server": "the destination of the Applications",
    "clusters.<>.name": "the destination of the Applications",
    "clusters.<>.kubernetes": "rules and checks judge by it",
    "clusters.<>.argocd": "the Applications follow from it",
    "clusters.<>.sealingCertificate": "secrets are sealed with it",
    "clusters.<>.ingress.annotation": "it decides which of two rows of className is written",
    "clusters.<>.ingress.annotations.<>": "the row of the whole map passes them on",
    "clusters.<>.ingress.controller": "it decides how maxUpload and headerBuffer are written",
    "jupyterhub.home.none": "it decides which rows of the homes are written",
    "jupyterhub.hub.jupyterhub": "it declares what an image carries",
    "environments.<>.cluster": "it decides what the clusters' rows follow from",
    "environments.<>.requireSealed": "rules and checks judge by it",
    "environments.<>.testing": "rules and checks judge by it",
    "environments.<>.sealingScope": "secrets are sealed with it",
    "jupyterhub.authentication.class": "it is the class of the provider other",
    "jupyterhub.authentication.config": "the keys of values follow from it, not only values",
    "jupyterhub.authentication.instance": "the addresses follow from it: site/check_in",
    "jupyterhub.authentication.vo": "allow.groups follows from it: site/check_in",
    "jupyterhub.authentication.roles": "allow.groups follows from it: site/check_in",
    "jupyterhub.authentication.entitlements": "allow.groups follows from it: site/check_in",
    "jupyterhub.servers.profiles.#.jupyterhub": "it declares what an image carries",
    **{
        f"jupyterhub.servers.{key}": "charts/profile_traits spells it, for all or by choice"
        for key in ("gpu", "image", "profiles", "volumes")
    },
    "jupyterhub.services.<>.scopes": "a role with the service's name has them",
    **{f"{section}.values": "they are merged over the rows as they are" for section in SECTIONS},
    "jupyterhub.releaseName": "the Applications follow from it",
    "daskGateway.releaseName": "the Applications follow from it",
    "daskGateway.installCRDs": "the Applications follow from it",
    "daskGateway.limits": "each is a part of the python of one row",
    "daskGateway.worker.cores": "each is a part of the python of one row",
    "daskGateway.worker.memory": "each is a part of the python of one row",
    "daskGateway.options": "it is in the python of daskGateway.worker",
    "jupyterhub.page.templates": "its parts are in the init container that one row of it writes",
    "daskGateway.idleTimeout": "it is in the python of daskGateway.limits",
}


def leaves(part: Mapping[str, Any], key: str = "") -> Iterator[str]:
    """The keys of a part of the schema that hold no more keys; `<>` is any name, `#` any entry."""
    part = resolved(part, SCHEMA)
    below = dict(part.get("properties", {}))
    if isinstance(part.get("additionalProperties"), Mapping):
        below["<>"] = part["additionalProperties"]
    if resolved(part.get("items", {}), SCHEMA).get("type") == "object":
        below["#"] = part["items"]
    for name, child in below.items():
        yield from leaves(child, f"{key}.{name}" if key else name)
    if not below:
        yield key


def is_in(key: str, above: str) -> bool:
    return f"{key}.".startswith(f"{above}.")


def own_keys() -> Iterator[str]:
    """All keys but an environment's overrides, which are those of the site."""
    overrides = tuple(
        f"environments.<>.{name}" for name in (*SECTIONS, "charts", "sync", "monitoring")
    )
    return (key for key in leaves(SCHEMA) if not key.startswith(overrides))


# What a row passes through as a whole has none for its parts.
PASSED = {row.follows for _, row in ROWS if row.spelled is not None}
FOLLOWED = {re.sub(r"<[a-z]+>|(?<=\.)\*", "<>", row.follows) for _, row in ROWS if row.follows}


def test_each_key_of_the_schema_has_a_row_or_a_reason_for_none() -> None:
    left = {key for key in own_keys() if not any(is_in(key, one) for one in PASSED)} - FOLLOWED
    assert {key for key in left if not any(is_in(key, one) for one in WITHOUT_A_ROW)} == set()
    assert [one for one in WITHOUT_A_ROW if not any(is_in(key, one) for key in left)] == []


def lacking(row: ValueRow) -> list[str]:
    """What a row does not say of its value."""
    has_origin = row.follows or row.why or row.dropped
    is_read = row.spelled or row.inverse or row.is_placed or row.is_protected or not row.follows
    missing = {"origin": not has_origin, "inverse": row.is_written and not is_read}
    return [name for name, is_missing in missing.items() if is_missing]


@pytest.mark.parametrize(("chart", "row"), ROWS, ids=IDS)
def test_a_row_says_where_its_value_comes_from_and_what_reads_it_back(
    chart: str, row: ValueRow
) -> None:
    assert lacking(row) == []


@pytest.mark.parametrize(("chart", "row"), ROWS, ids=IDS)
def test_a_row_follows_from_a_key_that_the_schema_has(chart: str, row: ValueRow) -> None:
    follows = re.sub(r"<[a-z]+>|(?<=\.)\*", "<>", row.follows)
    assert not follows or any(is_in(key, follows) for key in leaves(SCHEMA))


@pytest.mark.parametrize(
    ("row", "missing"),
    [
        (ValueRow(path=("a",), value=1), ["origin"]),
        (ValueRow(path=("a",), follows="jupyterhub.home.capacity", value=len), ["inverse"]),
        (ValueRow(path=("a",), value=1, why="because"), []),
    ],
    ids=["no origin", "no inverse", "complete"],
)
def test_a_row_that_lacks_a_fact_is_noticed(row: ValueRow, missing: list[str]) -> None:
    assert lacking(row) == missing
