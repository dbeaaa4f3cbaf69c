"""SHA-256 by Python's own code, as in its `random`: `hashlib` loads OpenSSL, 2 ms of every run."""

from importlib import import_module

try:
    _SHA256 = import_module("_sha256").sha256  # of Python 3.11
except ImportError:
    try:
        _SHA256 = import_module("_sha2").sha256  # of later ones
    except ImportError:  # a system may build its Python without
        _SHA256 = import_module("hashlib").sha256


def sha256(content: bytes) -> str:
    """The SHA-256 of bytes, in hexadecimal."""
    digest: str = _SHA256(content).hexdigest()
    return digest
