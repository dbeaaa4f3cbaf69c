"""Opens sealed values, written from the description of their format alone.

RSA-OAEP (RFC 8017, SHA-256 and MGF1 with it), AES-256 (FIPS 197) and GCM (NIST SP 800-38D) with
whole numbers and bytes, and none of the code that seals. Slow, and safe against nobody.
"""

import base64
import hashlib
import re
from dataclasses import dataclass
from pathlib import Path

FOLDER = Path(__file__).parents[1] / "secrets" / "sealing"
KEY = FOLDER / "test-only.key.pem"
CERTIFICATE = FOLDER / "test-only.pem"


class NotForUs(Exception):
    """The value can't be opened with this key under this label."""


@dataclass(frozen=True)
class PrivateKey:
    """The numbers of an RSA key."""

    modulus: int
    exponent: int

    @property
    def length(self) -> int:
        return (self.modulus.bit_length() + 7) // 8


def private_key(path: Path = KEY) -> PrivateKey:
    """The key of a PEM file (PKCS 8): an integer, what it is, and the RSA key in a byte string."""
    body = "".join(
        line for line in path.read_text().splitlines() if not line.startswith(("-", "#"))
    )
    outer = _children(base64.b64decode(body))
    inner = [int.from_bytes(part, "big") for part in _children(outer[2])]
    return PrivateKey(modulus=inner[1], exponent=inner[3])


def _children(der: bytes) -> list[bytes]:
    """The contents of the parts of a DER sequence."""
    content, found = _element(der)[0], []
    while content:
        part, content = _element(content)
        found.append(part)
    return found


def _element(der: bytes) -> tuple[bytes, bytes]:
    """The content of the first element, and what follows it."""
    length, start = der[1], 2
    if length & 0x80:
        start += length & 0x7F
        length = int.from_bytes(der[2:start], "big")
    return der[start : start + length], der[start + length :]


def unsealed(ciphertext: str, label: bytes, key: PrivateKey) -> bytes:
    """The value: base64(n as two bytes, n bytes of RSA-OAEP, AES-256-GCM with a nonce of zeros)."""
    content = base64.b64decode(re.sub(r"\s", "", ciphertext), validate=True)
    length = int.from_bytes(content[:2], "big")
    if length != key.length:
        raise NotForUs
    session_key = _oaep(content[2 : 2 + length], label, key)
    return _gcm(content[2 + length :], session_key)


def _oaep(block: bytes, label: bytes, key: PrivateKey) -> bytes:
    encoded = pow(int.from_bytes(block, "big"), key.exponent, key.modulus).to_bytes(
        key.length, "big"
    )
    size = hashlib.sha256().digest_size
    first, masked_seed, masked = encoded[0], encoded[1 : 1 + size], encoded[1 + size :]
    seed = _xor(masked_seed, _mask(masked, size))
    data = _xor(masked, _mask(seed, len(masked)))
    padding, _, message = data[size:].partition(b"\1")
    if first or data[:size] != hashlib.sha256(label).digest() or padding.strip(b"\0"):
        raise NotForUs
    return message


def _mask(seed: bytes, length: int) -> bytes:
    blocks = range(-(-length // 32))
    return b"".join(hashlib.sha256(seed + n.to_bytes(4, "big")).digest() for n in blocks)[:length]


def _xor(one: bytes, other: bytes) -> bytes:
    return bytes(a ^ b for a, b in zip(one, other, strict=True))


def _times(a: int, b: int) -> int:
    """The product in AES' field of 256 elements."""
    product = 0
    while b:
        product ^= a * (b & 1)
        a, b = (a << 1) ^ (0x11B if a & 0x80 else 0), b >> 1
    return product


def _substitution() -> bytes:
    box = []
    for value in range(256):
        inverse = next((n for n in range(256) if _times(value, n) == 1), 0)
        turned = [((inverse << n) | (inverse >> (8 - n))) & 0xFF for n in range(5)]
        box.append(0x63 ^ turned[0] ^ turned[1] ^ turned[2] ^ turned[3] ^ turned[4])
    return bytes(box)


_BOX = _substitution()
_TWICE = bytes(_times(n, 2) for n in range(256))
_SHIFTED = [(n + 4 * (n % 4)) % 16 for n in range(16)]


def _round_keys(key: bytes) -> list[bytes]:
    words = [key[n : n + 4] for n in range(0, 32, 4)]
    power = 1
    while len(words) < 60:
        word = words[-1]
        if len(words) % 8 == 0:
            word = word[1:] + word[:1]
            word = bytes([_BOX[word[0]] ^ power, *(_BOX[byte] for byte in word[1:])])
            power = _TWICE[power]
        elif len(words) % 8 == 4:
            word = bytes(_BOX[byte] for byte in word)
        words.append(_xor(words[-8], word))
    return [b"".join(words[n : n + 4]) for n in range(0, 60, 4)]


def _mixed(column: bytes) -> bytes:
    whole = column[0] ^ column[1] ^ column[2] ^ column[3]
    return bytes(column[n] ^ whole ^ _TWICE[column[n] ^ column[(n + 1) % 4]] for n in range(4))


def _aes(block: bytes, keys: list[bytes]) -> bytes:
    block = _xor(block, keys[0])
    for number, key in enumerate(keys[1:], 1):
        block = bytes(_BOX[block[n]] for n in _SHIFTED)
        if number < len(keys) - 1:
            block = b"".join(_mixed(block[n : n + 4]) for n in range(0, 16, 4))
        block = _xor(block, key)
    return block


def _gcm(content: bytes, key: bytes) -> bytes:
    text, tag = content[:-16], content[-16:]
    keys = _round_keys(key)
    nonce = bytes(12)
    expected = _xor(_hash(text, _aes(bytes(16), keys)), _aes(nonce + b"\0\0\0\1", keys))
    if tag != expected:
        raise NotForUs
    blocks = range(-(-len(text) // 16))
    stream = b"".join(_aes(nonce + (n + 2).to_bytes(4, "big"), keys) for n in blocks)
    return _xor(text, stream[: len(text)])


def _hash(text: bytes, point: bytes) -> bytes:
    padded = text + bytes(-len(text) % 16) + (len(text) * 8).to_bytes(16, "big")
    factor, total = int.from_bytes(point, "big"), 0
    for n in range(0, len(padded), 16):
        total = _product(total ^ int.from_bytes(padded[n : n + 16], "big"), factor)
    return total.to_bytes(16, "big")


def _product(a: int, b: int) -> int:
    """The product in GCM's field, whose bits run from the left."""
    product = 0
    for n in range(127, -1, -1):
        if a >> n & 1:
            product ^= b
        b = (b >> 1) ^ (0xE1 << 120 if b & 1 else 0)
    return product
