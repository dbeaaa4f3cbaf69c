"""Prints findings, changes and to-dos, for people and for programs. Begin at `formats`."""
