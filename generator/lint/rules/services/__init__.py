"""The hub's services and roles."""

from generator.charts.hub_services import ROLES, SERVICES
from generator.lint.rules.base import Surroundings, every_settings
from generator.site.model import Site


def concerns(site: Site, _: Surroundings) -> bool:
    """Whether any hub has one."""
    return any(one.at(SERVICES) or one.at(ROLES) for one in every_settings(site))
