"""Packaged charts and charts.lock: a chart is its digest, whoever asks for it.

Begin at `store`, the only reader of the cache; `pull` has Helm fetch what is not there.
"""

import os
from pathlib import Path

CACHE_VARIABLE = "HUBOPS_CACHE"


def cache_folder(root: Path) -> Path:
    """The folder that packaged charts are kept in, for the site in this one."""
    named = os.environ.get(CACHE_VARIABLE)
    return Path(named) if named else root / ".cache" / "charts"
