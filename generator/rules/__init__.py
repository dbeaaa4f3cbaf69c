"""The rules on site.yaml beyond its schema: one file and one line each, in alphabetical order."""

from generator.rules.base import Rule

RULES: tuple[Rule, ...] = ()
