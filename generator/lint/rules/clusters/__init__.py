"""The clusters: their addresses, what serves their hosts, their Argo CD."""
