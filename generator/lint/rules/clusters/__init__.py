"""The clusters: their addresses, what serves their hosts, their Argo CD."""

from generator.lint.rules.base import always

concerns = always
