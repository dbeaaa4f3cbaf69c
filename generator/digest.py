"""SHA-256 by Python's own code, as in its `random`: `hashlib` loads OpenSSL, 2 ms of every run."""

import sys
from importlib import import_module

try:
    _SHA256 = import_module("_sha2" if sys.version_info >= (3, 12) else "_sha256").sha256
except ImportError:  # a system may build its Python without
    _SHA256 = import_module("hashlib").sha256


def sha256(content: bytes) -> str:
    """The SHA-256 of bytes, in hexadecimal."""
    digest: str = _SHA256(content).hexdigest()
    return digest
