"""Two sides of a change -> its consequences: effects, reviews, upgrades, what a person must do.

Begin at `sides`; an effect is a file in `effects/`, and its page is the docstring. What lint judges
too is in `lint.history`; the record that all of them yield is `lint.consequences`.
"""
