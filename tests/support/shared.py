"""Schemas and values of the real charts, where a folder `shared` stands beside the checkout."""

from pathlib import Path

import pytest

SHARED = Path(__file__).resolve().parents[3] / "shared"


def need(*parts: str) -> Path:
    """A path in the shared folder; the test is skipped, and says so, where it is absent."""
    path = SHARED.joinpath(*parts)
    if not path.exists():
        pytest.skip(f"no {'/'.join(parts)} in a folder 'shared' beside the checkout")
    return path
