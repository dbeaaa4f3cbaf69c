"""The environments: their clusters and namespaces, and the names made from theirs."""

from generator.lint.rules.base import always

concerns = always
