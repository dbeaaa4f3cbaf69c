"""The public certificates of sealed-secrets controllers: read and checked.

What is wrong with a file is a result, not an exception, and repeats none of the file: someone may
have put a private key there.
"""

import base64
import binascii
import hashlib
import re
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path

from generator.diagnostics import GeneratorError
from generator.io import worktree
from generator.records import replace
from generator.site.model import Cluster, Site
from generator.site.sealed import Certificate, CertificateFile

MAX_BYTES = 2**20
# The lengths of a controller's key; they decide the form of a sealed value.
KEY_BITS = (2048, 3072, 4096)

_PRIVATE = re.compile(rb"PRIVATE\s+KEY|\btls\.key\b|PuTTY-User-Key")
_BASE64_WORD = re.compile(rb"[A-Za-z0-9+/]{40,}")
_BLOCK = re.compile(
    rb"-----BEGIN CERTIFICATE-----\s(.*?)\s-----END CERTIFICATE-----(?=\s|\Z)", re.DOTALL
)
_BEGIN = re.compile(rb"-----BEGIN ([A-Z0-9 ]{1,40})-----")
_FETCH = "fetch it from the controller: hubops certificate CLUSTER prints the command"


class _Unusable(Exception):
    """What is wrong with a file, and what to do."""

    def __init__(self, problem: str, help: str = _FETCH) -> None:
        super().__init__(problem)
        self.problem = problem
        self.help = help


def read(content: bytes | None) -> CertificateFile:
    """What a certificate file holds; None is a file that does not exist."""
    if content is None:
        return CertificateFile(problem="there is no such file", help=_FETCH, is_missing=True)
    try:
        return CertificateFile(certificates=_read(content))
    except _Unusable as error:
        return CertificateFile(problem=error.problem, help=error.help)


def _read(content: bytes) -> tuple[Certificate, ...]:
    if not content.strip():
        raise _Unusable("the file is empty")
    if _holds_private_key(content):
        raise _Unusable(
            "it holds a private key; only the public certificate belongs there",
            "replace it with the certificate. Whoever has the key can read every value sealed for "
            "it: if it was committed or sent to anyone, let the controller make a new key, and "
            "seal new values",
        )
    if len(content) > MAX_BYTES:
        raise _Unusable("the file is longer than 1 MiB")
    blocks = _BLOCK.findall(content)
    kinds = [kind.decode() for kind in _BEGIN.findall(content)]
    if other := next((kind for kind in kinds if kind != "CERTIFICATE"), ""):
        raise _Unusable(f"it holds a '{other.lower()}', and only certificates belong there")
    if not kinds:
        raise _Unusable("it holds no certificate")
    if len(blocks) != len(kinds) or content.count(b"-----END") != len(kinds):
        raise _Unusable("a certificate in it is cut off or damaged")
    return newest_first(map(_certificate, blocks))


def _holds_private_key(content: bytes) -> bool:
    """Whether it holds a private key, plainly or as base64 in a dump of the Secret."""
    words = _BASE64_WORD.findall(_BLOCK.sub(b"", content[:MAX_BYTES]))
    decoded = (base64.b64decode(word[: len(word) // 4 * 4]) for word in words)
    return any(_PRIVATE.search(text) for text in (content, *decoded))


def _certificate(block: bytes) -> Certificate:
    from cryptography import x509
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey

    try:
        der = base64.b64decode(b"".join(block.split()), validate=True)
        parsed = x509.load_der_x509_certificate(der)
        key = parsed.public_key()
        begins, ends = parsed.not_valid_before_utc, parsed.not_valid_after_utc
    except (binascii.Error, ValueError, TypeError, NotImplementedError):
        raise _Unusable("a certificate in it is cut off or damaged") from None
    except Exception as error:  # UnsupportedAlgorithm and what the parser's core may raise
        raise _Unusable(f"a certificate in it can't be read ({type(error).__name__})") from None
    if not isinstance(key, RSAPublicKey):
        raise _Unusable(
            "its key is not an RSA key, and the sealed-secrets controller has no other",
            "this is another program's certificate; " + _FETCH,
        )
    if key.key_size not in KEY_BITS:
        raise _Unusable(f"its RSA key has {key.key_size} bits, and a controller's 2048 to 4096")
    return Certificate(
        fingerprint=f"sha256:{hashlib.sha256(der).hexdigest()}",
        bits=key.key_size,
        begins=begins,
        ends=ends,
        der=der,
    )


def is_expired(certificate: Certificate, now: datetime) -> bool:
    """Whether it expired; kubeseal refuses it too."""
    return now >= certificate.ends


def usable(path: str, file: CertificateFile, now: datetime) -> Certificate:
    """The certificate to seal for: the newest. GeneratorError where there is none to use."""
    problem, help = file.problem, file.help
    if not problem and is_expired(file.certificates[0], now):
        problem, help = f"the certificate expired on {file.certificates[0].ends:%Y-%m-%d}", _FETCH
    if problem:
        raise GeneratorError(f"{path}: {problem}; nothing was written", help)
    return file.certificates[0]


def of_clusters(site: Site, root: Path) -> dict[str, CertificateFile]:
    """What the certificate file of each cluster holds."""
    return {name: of_cluster(root, cluster) for name, cluster in site.clusters.items()}


def of_cluster(root: Path, cluster: Cluster) -> CertificateFile:
    """What the certificate file of a cluster holds, or what is wrong with it."""
    file = read(worktree.read_certificate(root, cluster.sealing_certificate))
    return replace(file, help=file.help.replace("CLUSTER", cluster.name))


def newest_first(certificates: Iterable[Certificate]) -> tuple[Certificate, ...]:
    """The certificates, each once, in the order of a certificate file."""
    distinct = {certificate.fingerprint: certificate for certificate in certificates}
    return tuple(sorted(distinct.values(), key=lambda each: each.begins, reverse=True))


def pem(certificates: tuple[Certificate, ...]) -> bytes:
    """The certificates as a file, in their order; kubeseal reads the first."""
    from ssl import DER_cert_to_PEM_cert  # it takes 10 ms to load

    return "".join(DER_cert_to_PEM_cert(each.der) for each in certificates).encode()
