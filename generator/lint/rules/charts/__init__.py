"""The pinned charts: their versions, and what those need of a cluster."""

from generator.lint.rules.base import always

concerns = always
