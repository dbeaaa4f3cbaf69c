"""The world: other programs, Git, the package's own files, the working copy.

`tools` is the only module that starts a process, `writer` the only one that writes the tree.
"""
