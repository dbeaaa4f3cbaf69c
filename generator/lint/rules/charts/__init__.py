"""The pinned charts: their versions, and what those need of a cluster."""
