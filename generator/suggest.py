"""The nearest known word for a misspelt one."""

from collections.abc import Iterable


def nearest(word: str, known: Iterable[str]) -> str | None:
    """The known word that a person most likely meant, or None when nothing is near."""
    from difflib import get_close_matches  # only a misspelt word pays for it

    by_folded = {candidate.casefold(): candidate for candidate in sorted(known)}
    matches = get_close_matches(word.casefold(), by_folded, n=1, cutoff=0.6)
    return by_folded[matches[0]] if matches else None


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """A help text: the nearest word, or else all known ones."""
    candidates = sorted(known)
    near = nearest(word, candidates)
    if near is not None:
        return f"did you mean '{near}'?"
    return f"known: {', '.join(candidates)}" if candidates else "nothing is defined there yet"
