"""What looks like a credential, and how a text is shown without it.

A person may paste a secret anywhere in site.yaml; no message repeats it.
"""

import math
import re
from collections import Counter

MASK = "********"

_SECRET_WORD = (
    r"secret|token|passw(?:or)?d|passphrase|api_?key|private_?key|credential|cookie_secret"
)
_SECRET_KEY = re.compile(rf"(?:{_SECRET_WORD})s?$", re.IGNORECASE)
# Keys that end like a credential's and hold a name or an address.
_HARMLESS_KEY = re.compile(
    r"(token_?url|existing_?secret|secret_?name|(api)?token(from)?secret(name|key)|pull_?secrets?)$",
    re.IGNORECASE,
)
_ASSIGNMENT = re.compile(
    rf"""([\w.-]*(?:{_SECRET_WORD})s?["']?\s*[:=]\s*)(?![{{\[|>\s])(\S.*)""", re.IGNORECASE
)
_LONG_WORD = re.compile(r"[A-Za-z0-9+/_=-]{20,}")
_PEM = re.compile(r"-----BEGIN [A-Z ]*PRIVATE KEY-----")

# Random base64 or hex reaches this many bits a character at 24 characters; words do not.
_ENTROPY_BITS = 3.3
_ENTROPY_LENGTH = 24


def is_secret_key(key: str) -> bool:
    """Whether a key names a credential (`client_secret`, `apiToken`), not a reference to one."""
    return _SECRET_KEY.search(key) is not None and _HARMLESS_KEY.search(key) is None


def is_credential(text: str) -> bool:
    """Whether a text is a credential by its looks alone: a private key, or a long random word."""
    if _PEM.search(text):
        return True
    return any(_is_random(word) for word in _LONG_WORD.findall(text))


def masked(line: str) -> str:
    """A line of text as it may be shown: what looks like a credential is replaced by stars."""
    line = _ASSIGNMENT.sub(lambda match: match.group(1) + MASK, line)
    return _LONG_WORD.sub(lambda match: MASK if _is_random(match.group()) else match.group(), line)


def _is_random(word: str) -> bool:
    """Whether a word has letters and digits mixed with the even spread of random text."""
    if len(word) < _ENTROPY_LENGTH or not (re.search(r"\d", word) and re.search(r"[A-Za-z]", word)):
        return False
    if "/" in word or "-" in word:
        longest = max(re.split(r"[/-]", word), key=len)
        if longest != word:
            return _is_random(longest)
    counts = Counter(word)
    bits = -sum(n / len(word) * math.log2(n / len(word)) for n in counts.values())
    return bits > _ENTROPY_BITS
