"""The nearest known word for a misspelt one."""

from collections.abc import Iterable
from functools import lru_cache

_LISTED = 20
# Each comparison takes 30 microseconds: of very many words only the likely ones are compared.
_COMPARED = 50


def nearest(word: str, known: Iterable[str]) -> str | None:
    """The known word that a person most likely intended, or None when no word is near."""
    return _nearest(word.casefold(), frozenset(known))


@lru_cache(maxsize=1024)
def _nearest(word: str, known: frozenset[str]) -> str | None:
    from difflib import get_close_matches  # only a misspelt word pays for it

    by_folded = {candidate.casefold(): candidate for candidate in sorted(known)}
    matches = get_close_matches(word, _likely(word, by_folded), n=1, cutoff=0.6)
    return by_folded[matches[0]] if matches else None


def _likely(word: str, known: Iterable[str]) -> list[str]:
    """The words to compare with: where they are many, those that begin most alike."""
    candidates = list(known)
    if len(candidates) <= _COMPARED:
        return candidates
    return sorted(candidates, key=lambda candidate: -_shared(word, candidate))[:_COMPARED]


def _shared(one: str, other: str) -> int:
    """How many letters two words begin with alike."""
    pairs = enumerate(zip(one, other, strict=False))
    return next((at for at, (a, b) in pairs if a != b), min(len(one), len(other)))


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
