"""The nearest known word for a misspelt one."""

from collections.abc import Iterable

_LISTED = 20


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
    return f"did you mean '{near}'?" if near is not None else all_known(candidates)


def all_known(known: Iterable[str]) -> str:
    """A help text that lists what is known, up to a bound."""
    candidates = sorted(known)
    listed = ", ".join(candidates[:_LISTED])
    more = f" and {len(candidates) - _LISTED} more" if len(candidates) > _LISTED else ""
    return f"known: {listed}{more}" if candidates else "nothing is defined there yet"
