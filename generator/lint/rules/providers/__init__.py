"""What only some login providers have: EGI Check-In, Google's groups, CILogon's providers."""

from generator.charts.login_values import egi_instance
from generator.lint.rules.base import Surroundings, logins
from generator.site.hub import Authentication
from generator.site.model import Site


def concerns(site: Site, _: Surroundings) -> bool:
    """Whether people log in with one of these."""
    return any(_is_special(login) for _, login, _ in logins(site))


def _is_special(login: Authentication) -> bool:
    is_special = login.google_groups or login.identity_providers
    return bool(is_special) or egi_instance(login) is not None
