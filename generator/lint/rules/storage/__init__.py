"""Homes, volumes and the database, and the names in braces that KubeSpawner fills in there."""
