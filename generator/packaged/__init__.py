"""Packaged charts and charts.lock: a chart is its digest, whoever asks for it.

Begin at `store`, the only reader of the cache; `pull` has Helm fetch what is not there.
"""
