"""What Argo CD will apply, by real Helm and Kustomize, and whether it will work.

Begin at `render`; a check is a file in `checks/`, and its page is the docstring.
"""
