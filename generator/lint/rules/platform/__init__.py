"""What clusters have beside hubs: further apps, issuers, dashboards, what was there before."""

from generator.lint.rules.base import Surroundings
from generator.site.model import Site


def concerns(site: Site, _: Surroundings) -> bool:
    """Whether site.yaml says any of it."""
    return bool(site.apps) or any(
        one.apps or one.issuers or one.dashboards or one.provided for one in site.clusters.values()
    )
