"""The place of `main` in an installation that was made before it moved."""

from generator.cli.main import main

__all__ = ["main"]
