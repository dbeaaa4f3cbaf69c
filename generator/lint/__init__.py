"""Every mistake of a site.yaml in one report, each with its place, its code and its page.

Begin at `load`; a rule is a file in `rules/`, and its page is the docstring.
"""
