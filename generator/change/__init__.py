"""Two sides of a change -> its consequences: effects, reviews, upgrades, what a person must do.

Begin at `sides`; an effect is a file in `effects/`, and its page is the docstring.
"""
