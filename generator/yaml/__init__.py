"""YAML text and data: `read` for people's files, `stream` for programs', `write`, `edit`.

Every place in a text is known to the column; nothing is guessed, nothing recurses. Begin at `read`.
"""
