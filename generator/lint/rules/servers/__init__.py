"""Users' servers and the hub: sizes and images; their profiles are in `profiles`."""

from generator.lint.rules.base import always

concerns = always
