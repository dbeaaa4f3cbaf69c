"""Taking over running releases (`import`), and new sites (`init`), without their input and output.

Promises: every key of the values becomes a setting of site.yaml, is carried under `values`, or is
listed with the reason. No secret value is copied. Each difference has a reason, or the proof fails.

Start with `sources` (files -> the values of each chart), then `draft` (values -> settings),
`draft_text` (settings -> the text that lint accepts) and `proposal` (text -> proof); of a new site
with `new_site/questions`.
"""
