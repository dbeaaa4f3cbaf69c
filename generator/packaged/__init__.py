"""Packaged charts and charts.lock: a chart is its digest."""
