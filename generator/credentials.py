"""What looks like a credential, and how a text is shown without it.

A person may paste a secret anywhere in site.yaml; no message repeats it. Every search here takes
time in proportion to the text: what is pasted may be long.
"""

import math
import re
from collections import Counter
from collections.abc import Sequence

MASK = "********"
# Characters that show nothing, or change the order of what is around them.
INVISIBLE = "\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb"
# The same with those that a terminal obeys, but for line ends, tabs and the signs of colors.
_NO_COLOR = rf"(?!\x1b\[[0-9;]{{0,9}}m)[\x00-\x08\x0b-\x1f\x7f-\x9f{INVISIBLE}]"
# Letters and signs that Unicode calls printable and that have no shape.
_SHAPELESS = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0")
# ASCII that one sees, line ends and tabs.
_SEEN = bytes((9, 10, *range(0x20, 0x7F)))
Part = tuple[int, int]

_SECRET_WORD = (
    r"secret_key_base|secret|token|passw(?:or)?d|passphrase|passcode|credential|bearer|jwt|pwd"
    # Not a bypass, a compass, an overpass or a low-pass filter.
    r"|(?<!by)(?<!com)(?<!tres)(?<!sur)(?<!over)(?<!under)(?<!low)(?<!high)(?<!band)(?<!all)"
    r"(?<!low[_-])(?<!high[_-])(?<!band[_-])(?<!all[_-])pass"
    r"|(?:(?<![a-z0-9])|(?:bind|root|admin|user|db|ldap|smtp|mail|login)[_.-]?)pw"
    r"|(?:api|private|access|secret|encryption|signing|account|shared|storage|master|auth|deploy"
    r"|fernet|hmac|license|session)[_.-]?key|(?<![a-z])cred|(?:gh|git|github|gitlab)_pat|(?:redis|npm)_auth"
)
# Compiled when first used, like those below: most runs have no text to ask them about.
_SECRET_KEY = rf"(?i)(?:{_SECRET_WORD})s?(?:[_-]?\d{{1,2}})?$"
# Keys that end like a credential's and hold a name or an address.
_HARMLESS_KEY = (
    r"(?i)(token_?url|existing_?secret(_?key)?|secret_?name|token(from)?secret(name|key)"
    r"|pull_?secrets?|tls_?secret|/auth-(tls-)?secret)$"
)
_ASSIGNMENT = (
    rf"""(?is)(?:{_SECRET_WORD})(?:s?["'\]]*\s*[:=]\s*(?![{{|>\s])|["'\]]*\s*[:=]\s*(?={{))(\S.*)"""
)
# The text before the `@` of `https://user:password@host`, or the token in its place; the `git`
# of `ssh://git@host` is not a secret. A password may hold a slash; `:8080/` is a port. The bounds
# keep the search short.
_URL_USER = (
    r"(?i)\b[a-z][a-z0-9+.-]{0,20}://([^\s/@:]{0,100}:(?!\d{1,5}/)[^\s@]{1,200}|[^\s/@]{1,200})@"
)
# The same without a scheme, as people write an image's registry; `tag@sha256:` is a digest.
_REGISTRY_USER = r"(?<![\w/.:@-])[^\s/@:\"']{1,100}:([^\s/@:\"']{1,200})@(?!sha\d{3}:)[\w.-]+[/:]"
# What stands for a value that is elsewhere: a variable, a template, a file.
_REFERENCE = (
    r"\$[A-Z_][A-Z0-9_]*|\$\{.*\}|\$\(.*\)|\{+[\w. :]+\}+|%\(?\w*\)?s|<[^>]*>"
    r"|(?:file:/{0,2}|~|\.{1,2})?(?:/[\w.@-]+){2,}/?"
)
# `name = "text"` or `"name": "text"` inside a piece of configuration, and as Python spells it too:
# `name: str = ("text"`, `["text"`, `b"text"`, `name == "text"`, `setattr(x, "name", "text"`.
_TEXT = r"""[(\[]?\s*[rbuRBU]{0,2}("{1,3}[^"\n]{4,}"|'{1,3}[^'\n]{4,}')"""
_QUOTED = (
    rf"""(?<![\w.-])([\w.-]{{1,100}})["'\]]*\s*(?::\s*\w{{1,20}}\s*=|:|==?)\s*{_TEXT}""",
    rf"""\bsetattr\([^,()\n]{{1,80}},\s*["']([\w.-]{{1,100}})["']\s*,\s*{_TEXT}""",
)
# `password=hunter2` in a command or a connection string, and alone on a line of a file.
_UNQUOTED = (
    r"""(?<![\w.-])([\w.-]{1,100})=([^\s"'`;&,|]+)""",
    r"""(?m)^[ \t]*(?:export[ \t]+)?([\w.-]{1,100})[ \t]*[:=][ \t]*([^\s"'`]{3,})[ \t]*$""",
    r"\blogin[ \t]+\S{1,100}\s+(password)[ \t]+(\S+)",  # of a .netrc
)
_STRING = r"""(?:"[^"\n]*"|'[^'\n]*')"""
# What else is there without quotes: a name, a call, a switch, a count.
_NO_VALUE = r"(?i)[$%{<(\[].*|[\w.]*[(\[].*|true|false|yes|no|on|off|none|null|\d{1,5}"
_HEADER = (
    r"""(?i)\bauthorization["'\]]*\s*[:=,]\s*["']?[a-z]{3,20}\s+(?![$<{%])[^\s"']{4,}"""
    r"""|\bcurl\b[^\n|;&]{0,200}?\s(?:-u|--user)[\s=]*["']?[\w.@-]{1,100}:(?![$<{%])[^\s"']{4,}"""
)
# A commit or a digest in an image's tag, an address or a revision, and the client in an address.
_COMMIT = (
    r"(?:(?<=[:@/-])|(?<=\bref=)|(?<=\brev=)|(?<=\bsha=)|(?<=commit=)|(?<=sha256=)|(?<=digest=))"
    r"(?:[0-9a-f]{40}|[0-9a-f]{60}|[0-9a-f]{64})(?![0-9A-Za-z])|(?<=[?&]client_id=)[\w.-]+"
)
_HASH_KEY = r"(?i)(?:revision|commit|sha\d{0,3}|digest|checksum|ref|tag)$"
_HASH = r"[0-9a-f]{40}|(?:sha256:)?[0-9a-f]{64}"
# A whole word, and not an image's digest.
_LONG_WORD = r"(?<![A-Za-z0-9+/_=-])(?<!sha256:)[A-Za-z0-9+/_=-]{24,}"
# `{"auths":` in base64, as people space it.
_LOGINS = ("eyJhdXRocyI6", "eyAiYXV0aHMi", "ewogICJhdXRocyI6", "ewoJImF1dGhzIjo")
# Tokens that say of themselves what they are, by a part that each has: GitHub's, GitLab's, Slack's,
# AWS', Vault's, Google's, PyPI's, npm's, Docker's, Hugging Face's, Stripe's, OpenAI's, Anthropic's,
# DigitalOcean's, age's, Square's, SendGrid's; JSON web tokens, and Docker's file of logins.
_BEGINNINGS = (
    "ghp_ gho_ ghu_ ghs_ ghr_ github_pat_ glpat- gldt- glrt- glft- glimt- glcbt- glptt- glsoat- "
    "glagent- xoxa- xoxb- xoxe- xoxp- xoxr- xoxs- hvs. hvb. hvr. AIza ya29. pypi-AgE dckr_pat_ "
    "sk_live_ rk_live_ sk-proj- sk-ant- sk-svcacct- sk-or- doo_v1_ dop_v1_ dor_v1_ whsec_ "
    "AGE-SECRET-KEY-1 sq0csp-"
)
_TOKENS = {
    **{
        start: rf"\b{start.replace('.', '[.]')}[A-Za-z0-9_-]{{16,}}"
        for start in _BEGINNINGS.split()
    },
    "xapp-": r"\bxapp-\d[A-Za-z0-9_-]{16,}",
    "SG.": r"\bSG\.[A-Za-z0-9_-]{16,}\.[A-Za-z0-9_-]{16,}",
    "AKIA": r"\bAKIA[A-Z0-9]{16,}",
    "ASIA": r"\bASIA[A-Z0-9]{16,}",
    "hf_": r"\bhf_[A-Za-z0-9]{20,}",
    "npm_": r"\bnpm_[A-Za-z0-9]{30,}",
    "eyJ": r"\beyJ[A-Za-z0-9_-]{5,}\.[A-Za-z0-9_-]{4,}\.[A-Za-z0-9_-]*",
    **{start: rf"\b{start}[A-Za-z0-9+/=]*" for start in _LOGINS},
    "hooks.slack.com/services/": r"\bhooks\.slack\.com/services/\w+/\w+/\w+",
}
_PEM = r"(?s)-----BEGIN [A-Z ]{0,40}PRIVATE KEY(?: BLOCK)?-----.*"

# Random base64 or hex reaches this many bits a character at 24 characters; words do not.
_ENTROPY_BITS = 3.3
_RANDOM_LENGTH = 24
_SHOWN = 40


def is_secret_key(key: str) -> bool:
    """Whether a key names a credential (`client_secret`, `apiToken`), not a reference to one."""
    return bool(re.search(_SECRET_KEY, key)) and not re.search(_HARMLESS_KEY, key)


def is_credential(text: str) -> bool:
    """Whether a text is one by its looks: a private key, a known token, or a long random word."""
    if any(re.search(form, text) for form in _known_forms(text)):
        return True
    if all(len(word) < _RANDOM_LENGTH for word in text.split()):
        return False
    if not any(map(_is_random, re.findall(_LONG_WORD, text))):
        return False
    return any(map(_is_random, re.findall(_LONG_WORD, re.sub(_COMMIT, "", text))))


def _known_forms(text: str) -> list[str]:
    """The forms of private keys and known tokens that a text may have, by a sign of each in it."""
    forms = [form for sign, form in _TOKENS.items() if sign in text]
    return [*forms, _PEM] if "PRIVATE KEY" in text else forms


def is_credential_of(key: str, text: str) -> bool:
    """Whether the text of a key is one: by the key's name, or by its looks."""
    if is_secret_key(key):
        return not is_reference(text)
    if re.search(_HASH_KEY, key) and re.fullmatch(_HASH, text):
        return False
    is_login = key == "auth" and _is_login(text)
    return is_login or is_credential(text) or _has_scheme(key, text)


def is_reference(text: str) -> bool:
    """Whether a text stands for a value that is elsewhere: a variable, a template, a path."""
    return bool(re.fullmatch(_REFERENCE, text)) and not is_credential(text)


def assigns_credential(text: str, *, is_python: bool = False) -> bool:
    """Whether a piece of configuration, a command or a connection string assigns one to a name."""
    if not re.search(r"[:=,]|\blogin\b", text):
        return False
    quoted = [
        (match[1], match[2].strip("\"'")) for form in _QUOTED for match in re.finditer(form, text)
    ]
    # In Python, what is assigned without quotes is a name.
    parts = [match[0][1:-1] for match in re.finditer(_STRING, text)] if is_python else [text]
    plain = [
        match.groups()
        for part in parts
        for form in _UNQUOTED
        for match in re.finditer(form, part)
        if not re.fullmatch(_NO_VALUE, match[2])
    ]
    return bool(re.search(_HEADER, text)) or any(
        (is_secret_key(key) and not is_reference(value)) or (key == "auth" and _is_login(value))
        for key, value in (*quoted, *plain)
    )


def _has_scheme(key: str, text: str) -> bool:
    """Whether the text is the value of a header such as `Authorization: Bearer abc`."""
    return key.lower() == "authorization" and bool(re.fullmatch(r"\w+ +[^$<{%\s]\S{3,}", text))


def _is_login(text: str) -> bool:
    """Whether a text is `user:password` in base64, as Docker's files have it."""
    from base64 import b64decode  # few sites have such a key

    try:
        return re.fullmatch(rb"[!-9;-~]+:[ -~]+", b64decode(text, validate=True)) is not None
    except ValueError:
        return False


def url_users(text: str) -> tuple[str, ...]:
    """The text before the host in each URL: a user, with a password after a colon."""
    if "@" not in text:
        return ()
    return tuple(match.group(1) for match in re.finditer(_URL_USER, text))


def secret_parts(line: str) -> tuple[Part, ...]:
    """Where a line of text holds what looks like a credential: first, and one past the last."""
    # Looking first for a sign that each form has spares most lines the forms.
    forms = [_ASSIGNMENT] if ":" in line or "=" in line else []
    parts = [match.span(1) for form in forms for match in re.finditer(form, line)]
    for match in re.finditer(_URL_USER, line) if "@" in line else ():
        user, _, password = match.group(1).partition(":")
        if password or is_credential(user) or match.group().lower().startswith("http"):
            parts.append(match.span(1))
    if "@" in line:
        parts += (match.span(1) for match in re.finditer(_REGISTRY_USER, line))
    parts += (match.span() for form in _known_forms(line) for match in re.finditer(form, line))
    words = [match for match in re.finditer(_LONG_WORD, line) if _is_random(match.group())]
    if words:
        plain = re.sub(_COMMIT, lambda match: "-" * len(match.group()), line)
        parts += (
            word.span() for word in re.finditer(_LONG_WORD, plain) if _is_random(word.group())
        )
    return joined(parts)


def joined(parts: Sequence[Part]) -> tuple[Part, ...]:
    """The same parts in order, those that touch or overlap as one; empty ones are dropped."""
    merged: list[Part] = []
    for first, last in sorted(part for part in parts if part[0] < part[1]):
        if merged and first <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(last, merged[-1][1]))
        else:
            merged.append((first, last))
    return tuple(merged)


def masked(line: str) -> str:
    """A line of text as it may be shown: what looks like a credential is replaced by stars."""
    return starred(line, secret_parts(line))


def starred(line: str, parts: Sequence[Part]) -> str:
    """The line with stars in place of these parts, which are in order and do not overlap."""
    pieces, done = [], 0
    for first, last in parts:
        pieces += [line[done:first], MASK]
        done = last
    return "".join([*pieces, line[done:]])


def shown(text: str, under: Sequence[str | int] = ()) -> str:
    """At most forty characters of a text on one line, what is not printable as an escape.

    Stars where the text looks like a credential or is `under` a key that names one.
    """
    if is_credential(text) or any(is_secret_key(str(step)) for step in under):
        return MASK
    line = masked(text)
    return printable(line) if len(line) <= _SHOWN else f"{printable(line[:_SHOWN])}..."


def printable(text: str) -> str:
    """The one function for text that is not hubops' own: nothing in it is obeyed or hidden.

    What a terminal, a log or a reader's eye would take for something else is written as an escape:
    line ends, control and bidirectional characters, spaces that are none, letters without a shape,
    and what runners of workflows obey: `::` at the beginning of a line, `##[` within one.
    """
    if not text.isprintable() or not (text.isascii() or _SHAPELESS.isdisjoint(text)):
        text = "".join(c if c.isprintable() and c not in _SHAPELESS else _escape(c) for c in text)
    if "::" in text and text.lstrip().startswith("::"):
        text = text.replace(":", "\\x3a", 1)
    return disarmed(text, "\\x5b")


def disarmed(text: str, bracket: str) -> str:
    """The text with another spelling of the bracket in what a workflow's log obeys in a line."""
    if "##" not in text:
        return text
    return re.sub(r"##(?:vso)?\[", lambda found: f"{found.group()[:-1]}{bracket}", text)


def is_obeyed(text: str) -> bool:
    """Whether a workflow's log, or a terminal, would obey something in these lines."""
    commands = ("::" in text or "##" in text) and re.search(r"(?m)^\s*::|##(?:vso)?\[", text)
    return bool(commands) or harmless(text) != text


def is_plain(text: str) -> bool:
    """Whether a text is nothing but ASCII that one sees, line ends and tabs."""
    # Five times as fast as `isprintable`, which looks each letter up.
    return text.isascii() and not text.encode().translate(None, _SEEN)


def harmless(text: str) -> str:
    """Lines of hubops' own with what slipped into them: only line ends, tabs and colors stay."""
    if is_plain(text):
        return text  # nearly always, and a search takes thirty times as long
    return re.sub(_NO_COLOR, lambda match: _escape(match.group()), text)


def quoted(word: str) -> str:
    """A word of a command that a person copies: one word for the shell, and one line."""
    from shlex import quote  # only a command that is shown needs it

    return printable(quote(word))


def _escape(character: str) -> str:
    return character.encode("unicode_escape").decode()


def _is_random(word: str) -> bool:
    """Whether a long word has letters and digits mixed with the even spread of random text.

    Of a path or of words joined by hyphens the longest part counts, unless it is a name such as
    `Day2_Course_Materials`.
    """
    word = max(re.split(r"[/-]", word), key=len)
    if "_" in word and all(re.fullmatch(r"[A-Za-z]*\d*", part) for part in word.split("_")):
        return False
    if len(word) < _RANDOM_LENGTH or not (re.search(r"\d", word) and re.search(r"[A-Za-z]", word)):
        return False
    counts = Counter(word)
    bits = -sum(n / len(word) * math.log2(n / len(word)) for n in counts.values())
    return bits > _ENTROPY_BITS
