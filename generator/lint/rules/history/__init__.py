"""What became smaller or older than in the Git base, and can't."""

from generator.lint.rules.base import has_base

concerns = has_base
