"""The repository: its address, and what must not or can't be in it."""

from generator.lint.rules.base import always

concerns = always
