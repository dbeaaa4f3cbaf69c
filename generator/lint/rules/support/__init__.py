"""What gets no more fixes, or lacks some, on a day."""

from generator.lint.rules.base import Surroundings
from generator.site.model import Site


def concerns(_: Site, around: Surroundings) -> bool:
    """Whether there is a day to judge by."""
    return bool(around.day)
