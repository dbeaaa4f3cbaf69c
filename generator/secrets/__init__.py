"""Secret values: where they come from, how they are sealed, and the state of each.

A value is a `Plaintext` from `asking` to `sealing`, and is written nowhere but as ciphertext.
"""
