"""Numbers that people like to put in quotes, where a chart wants a plain number."""

import re
from typing import Any

# What a profile's `kubespawner_override` sets as a number (jupyterhub/spawner.py, Float).
TRAITS = ("cpu_guarantee", "cpu_limit")

_NUMBER = r"(?a)-?\d{1,15}(\.\d{1,9})?m?"


def is_quoted(value: Any) -> bool:
    """Whether a text spells a number, or a thousandth as Kubernetes does (`500m`)."""
    return isinstance(value, str) and re.fullmatch(_NUMBER, value) is not None
