"""What a row passes through is read back by the import, with no code of its own."""

from typing import Any

import pytest

from generator.charts import CHARTS, jupyterhub, login_values
from generator.charts.rows import place, read_back
from generator.charts.spellings import (
    ADDRESS,
    AFFINITY,
    BOOLEAN,
    CLAIM,
    COMMAND,
    CORES,
    COUNT,
    COUNT_OR_NOT,
    EXTRA_IMAGES,
    FILES,
    FLAG,
    FOLDER,
    GROUPS_KEY,
    IMAGE,
    KUBERNETES_CORES,
    LABELS,
    MEMORY,
    OPEN_MAP,
    POSTGRES,
    PROSE,
    QUANTITY,
    SECONDS,
    TEXT,
    TOLERATIONS,
    TRUE,
    USER_FOLDER,
    VARIABLES,
    WHOLE,
    WORDS,
)

_SAID = {
    id(BOOLEAN): False,
    id(login_values.IDENTITY_PROVIDERS): {
        "https://idp.example.edu": {"usernameClaim": "eppn", "prefix": "edu", "default": True}
    },
    id(CORES): 2,
    id(CLAIM): "home-nfs",
    id(FOLDER): "/home/jovyan/work",
    id(IMAGE): "quay.io/coast/hub:2026.1",
    id(KUBERNETES_CORES): "500m",
    id(POSTGRES): {"host": "pg.example.org", "port": 5433, "database": "hub", "user": "coast"},
    id(USER_FOLDER): "homes/{username}",
    id(VARIABLES): {"TZ": "Europe/Lisbon"},
    id(MEMORY): "4Gi",
    id(QUANTITY): "10Gi",
    id(TEXT): "text",
    id(TRUE): True,
    id(WORDS): ["one", "two"],
    id(GROUPS_KEY): "groups",
    id(ADDRESS): "/lab",
    id(AFFINITY): "require",
    id(COMMAND): ["sh", "-c", "sh"],
    id(COUNT): 3,
    id(COUNT_OR_NOT): 3,
    id(FILES): {"motd": {"path": "/etc/motd", "content": "Welcome\n", "mode": "0644"}},
    id(OPEN_MAP): {"welcome": {"team": "Coast Lab"}},
    id(WHOLE): 0,
    id(EXTRA_IMAGES): ["quay.io/coast/one:1", f"quay.io/coast/two@sha256:{'a' * 64}"],
    id(FLAG): True,
    id(PROSE): "Maintenance on Friday.",
    id(SECONDS): "20m",
    id(LABELS): {"example.org/pool": "users"},
    id(TOLERATIONS): [{"key": "gpu", "operator": "Exists"}],
}
_PASSED = [
    (chart, row)
    for chart in CHARTS.values()
    for row in chart.rows
    # An import carries Google's groups under `values`: their keys are files of today's image.
    if row.spelled and not row.inverse and row.spelled not in login_values.GOOGLE_GROUPS.values()
]


@pytest.mark.parametrize(
    ("chart", "row"), _PASSED, ids=[f"{row.providers} {' '.join(row.path)}" for _, row in _PASSED]
)
def test_a_value_that_a_row_passes_through_comes_back(chart: Any, row: Any) -> None:
    said = _SAID[id(row.spelled)]
    values: dict[str, Any] = {}
    place(values, row.path, row.spelled.there(said))
    expected: dict[str, Any] = {}
    place(expected, row.follows.split("."), said)
    assert read_back(chart.rows, values, next(iter(row.providers), "")) == expected


def test_what_site_yaml_can_t_say_is_not_read() -> None:
    values = {"singleuser": {"cpu": {"limit": "much"}, "memory": "x", "storage": {"capacity": 5}}}
    assert read_back(jupyterhub.CHART.rows, values) == {}


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("hub nodeSelector", {"pool": 5}),
        ("hub nodeSelector", {"pool": "two words"}),
        ("hub nodeSelector", {"/pool": "users"}),
        ("hub nodeSelector", {}),
        ("hub tolerations", [{"key": "a", "tolerationSeconds": 5}]),
        ("hub tolerations", [{"operator": "Is"}]),
        ("hub tolerations", [{}]),
        ("hub tolerations", {"key": "a"}),
        ("hub db url", "postgresql://hub:word@pg.example.org/hub"),
        ("hub db url", "mysql+pymysql://hub@pg.example.org/hub"),
        ("hub extraEnv", {"TOKEN": {"valueFrom": {"secretKeyRef": {"name": "a", "key": "b"}}}}),
        ("hub extraEnv", [{"name": "TZ", "value": "Europe/Lisbon"}]),
        ("hub image", {"name": "quay.io/coast/hub"}),
        ("hub resources requests cpu", "much"),
        ("hub resources limits memory", 1073741824),
        ("singleuser storage static subPath", "../{username}"),
        ("singleuser storage static pvcName", "Home"),
        ("singleuser storage homeMountPath", "work"),
        ("hub activeServerLimit", 0),
        ("hub activeServerLimit", True),
        ("singleuser defaultUrl", "lab"),
        ("singleuser defaultUrl", "/lab tree"),
        ("cull maxAge", -1),
        ("cull every", "10m"),
        ("hub config JupyterHub template_vars announcement", ""),
        ("hub config JupyterHub template_vars announcement", "a\x1b[31mred"),
        ("scheduling userScheduler enabled", "yes"),
        ("scheduling userPods nodeAffinity matchNodePurpose", "always"),
        ("prePuller extraImages", {"one": {"name": "a"}}),
        ("prePuller extraImages", {"one": {"name": "a", "tag": 5}}),
        ("prePuller extraImages", {}),
    ],
)
def test_what_no_key_can_say_stays_among_the_values(path: str, value: Any) -> None:
    values: dict[str, Any] = {}
    place(values, path.split(" "), value)
    assert read_back(jupyterhub.CHART.rows, values) == {}


def test_of_two_rows_for_one_setting_the_first_counts() -> None:
    section = {"claim_groups_key": "roles", "auth_state_groups_key": "oauth_user.groups"}
    values = {"hub": {"config": {"GenericOAuthenticator": section}}}
    read = read_back(jupyterhub.CHART.rows, values, "generic-oauth")
    assert read == {"jupyterhub": {"authentication": {"allow": {"groupsClaim": "roles"}}}}
