"""What a change does to running people and data: one effect a file and a line, by code.

The docstring of a file is the effect's page. Its `check` yields what a step of the kind does, and
leaves the code to `consequences`.
"""

from collections.abc import Mapping
from enum import StrEnum
from importlib import import_module
from types import ModuleType

from generator.change.sides import Arrival, ClusterStep, Departure, Step
from generator.lint.consequences import Consequence
from generator.records import replace
from generator.site.releases import GATEWAY, HUB


class Who(StrEnum):
    """Who feels an effect."""

    USERS = "users"
    DASK_USERS = "Dask users"
    OPERATORS = "operators"


UPGRADE = "E009"

_FILES: Mapping[type, Mapping[str, str]] = {
    Step: {
        "E001": "hub_restarts",
        "E002": "proxy_restarts",
        "E003": "servers_change",
        "E004": "dask_limits",
        "E005": "gateway_restarts",
        "E006": "signed_out",
        "E007": "host_changes",
        "E008": "volume_changes",
        UPGRADE: "chart_upgrade",
        "E010": "objects_deleted",
        "E011": "seal_again",
        "E014": "sync_changes",
        "E015": "limit_lowered",
        "E016": "crds_given_up",
        "E018": "image_changes",
        "E019": "environment_moved",
        "E020": "usernames_change",
        "E021": "access_changes",
        "E022": "profiles_change",
        "E023": "ingress_changes",
        "E025": "policies_change",
        "E026": "extra_grants",
        "E027": "promises_broken",
        "E028": "fields_refused",
        "E029": "pullers_restart",
        "E030": "dask_added",
        "E031": "culling_changes",
        "E032": "extra_changes",
        "E035": "rights_change",
        "E036": "hub_limits",
        "E040": "apps_change",
        "E042": "monitoring_changes",
    },
    Arrival: {
        "E011": "seal_again",
        "E012": "environment_added",
        "E026": "extra_grants",
        "E027": "promises_broken",
    },
    Departure: {"E013": "environment_removed"},
    ClusterStep: {
        "E017": "project_widened",
        "E024": "bootstrap_changes",
        "E040": "apps_change",
        "E041": "issuers_change",
        "E042": "monitoring_changes",
    },
}

# Who feels an effect; users feel the others.
FELT_BY: Mapping[Who, tuple[str, ...]] = {
    Who.DASK_USERS: ("E004", "E005", "E016", "E030"),
    Who.OPERATORS: (
        "E010",
        "E011",
        "E012",
        "E013",
        "E014",
        "E017",
        "E024",
        "E026",
        "E027",
        "E029",
        "E032",
        "E040",
        "E041",
        "E042",
    ),
}
# What the upgrade of a chart brings with it.
_BROUGHT_BY: Mapping[str, tuple[str, ...]] = {
    HUB: ("E001", "E002", "E029"),
    GATEWAY: ("E005",),
}
# What they say is about a hub that runs, its users and its volumes: nothing to say of one that is
# new where an environment moves.
_OF_RUNNING = frozenset(
    f"E0{number:02}"
    for number in (1, 2, 3, 4, 5, 6, 8, 10, 15, 18, 20, 22, 23, 28, 29, 30, 31, 32, 36)
)

EFFECTS: Mapping[type, Mapping[str, ModuleType]] = {
    kind: {code: import_module(f"{__name__}.{name}") for code, name in files.items()}
    for kind, files in _FILES.items()
}

# Every code with its page, as it is written.
PAGES: Mapping[str, str] = {
    code: effect.__doc__ or "" for effects in EFFECTS.values() for code, effect in effects.items()
}


def consequences(step: Step | Arrival | Departure | ClusterStep) -> tuple[Consequence, ...]:
    """All that a step does, the heaviest first."""
    made = (
        replace(one, code=code)
        for code, effect in EFFECTS[type(step)].items()
        if not (isinstance(step, Step) and step.is_moved and code in _OF_RUNNING)
        for one in effect.check(step)
    )
    return tuple(sorted(made, key=lambda one: (-one.weight, one.code, one.sentence)))


def upgraded(effect: Consequence) -> str:
    """The chart whose upgrade an effect is; empty where it is not one."""
    words = effect.sentence.split()
    return words[1] if effect.code == UPGRADE and words[0] == "chart" else ""


def felt_by(effect: Consequence) -> Who:
    """Who feels an effect."""
    if upgraded(effect) == GATEWAY:
        return Who.DASK_USERS
    return next((who for who, codes in FELT_BY.items() if effect.code in codes), Who.USERS)


def is_brought_by(effect: Consequence, upgrade: Consequence) -> bool:
    """Whether an effect is a step of the upgrade of a chart, which is another effect."""
    chart = upgraded(upgrade)
    return (
        effect is not upgrade
        and upgraded(effect) in ("", chart)
        and effect.code in (*_BROUGHT_BY.get(chart, ()), UPGRADE)
    )
