"""A Site and its ciphertexts -> the tree of files. Pure.

`repository` decides every path; the other modules build the objects in the files.
"""
