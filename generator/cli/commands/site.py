"""The old place of what commands begin with."""

from generator.cli.building import Built, built, built_on, sealed_in
from generator.cli.loading import FINDINGS as FOUND
from generator.cli.loading import environment_of, judged, loaded, site_or_said
from generator.cli.terminal import Terminal

__all__ = [
    "FOUND",
    "Built",
    "Terminal",
    "built",
    "built_on",
    "environment_of",
    "judged",
    "loaded",
    "sealed_in",
    "site_or_said",
]
