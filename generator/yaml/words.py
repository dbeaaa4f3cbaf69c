"""The value of a bare word of YAML, one without quotes."""

import re
from functools import lru_cache
from typing import Any

MAX_DIGITS = 18

_INTEGER = re.compile(r"-?(0|[1-9][0-9]*)", re.ASCII)
_FLOAT = re.compile(r"-?(0|[1-9][0-9]*)\.[0-9]+", re.ASCII)
_WORDS: dict[str, Any] = {
    spelled: value
    for word, value in {"true": True, "false": False, "null": None, "~": None, "": None}.items()
    for spelled in (word, word.title(), word.upper())
}
# Bare scalars that YAML 1.1 or 1.2 readers (PyYAML, Go's yaml, the editors') disagree about.
_AMBIGUOUS = re.compile(
    r"y|n|yes|no|on|off|true|false|null|nan|inf|<<|="
    r"|[-+]?\.?(inf|nan)"
    r"|[-+]?[0-9][0-9_]*(\.[0-9_]*)?(e[-+]?[0-9]+)?"
    r"|[-+]?\.[0-9][0-9_]*(e[-+]?[0-9]+)?"
    r"|[-+]?0[box][0-9a-f_]+"
    r"|[-+]?[0-9][0-9_]*(:[0-5]?[0-9])+(\.[0-9_]*)?"
    r"|[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}([t \t].*)?",
    re.ASCII | re.IGNORECASE,
)


@lru_cache(maxsize=4096)
def bare(text: str) -> tuple[Any, str]:
    """The value of a scalar without quotes, and the code of what is wrong with it, if anything."""
    if text in _WORDS:
        return _WORDS[text], ""
    if _INTEGER.fullmatch(text) or _FLOAT.fullmatch(text):
        if len(text) > MAX_DIGITS:
            return None, "Y007"
        whole, _, fraction = text.partition(".")
        # As in JSON and in Kubernetes, 1.0 is 1.
        return (float(text) if fraction.strip("0") else int(whole)), ""
    return text, "Y011" if _AMBIGUOUS.fullmatch(text) else ""


@lru_cache(maxsize=4096)  # a fleet says the same few words again and again
def is_not_text(text: str) -> bool:
    """Whether some reader takes a bare word for something else than its own letters."""
    return text in _WORDS or _AMBIGUOUS.fullmatch(text) is not None
