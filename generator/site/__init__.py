"""site.yaml: what it may hold, and the Site that it describes.

`schema` judges the form, `parse` makes the `model`; every mistake is a finding with a place.
"""
