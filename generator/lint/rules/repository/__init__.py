"""The repository: its address, and what must not or can't be in it."""
