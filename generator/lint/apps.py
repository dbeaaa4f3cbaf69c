"""The further charts that rules look at."""

from collections.abc import Iterator

from generator.site.app import FurtherChart
from generator.site.model import Site


def every_app(site: Site) -> Iterator[FurtherChart]:
    """The further charts as all clusters share them, and as a cluster runs one that differs."""
    yield from site.apps
    held = {id(app): app for place in site.places for app in place.apps}
    yield from (app for app in held.values() if app.overrides.get(app.name))
