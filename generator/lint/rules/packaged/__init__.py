"""What the packaged charts at hand say of their values."""

from generator.lint.rules.base import Surroundings
from generator.site.model import Site


def concerns(_: Site, around: Surroundings) -> bool:
    """Whether any is at hand."""
    return bool(around.charts)
