"""Certificate files: what they hold, and what is wrong with those that hold something else."""

import base64
from datetime import timedelta

import pytest

from generator.diagnostics import GeneratorError
from generator.secrets import certificates
from generator.site.sealed import CertificateFile
from tests.support.certificates import (
    BEFORE,
    NOW,
    RECENT,
    certificate,
    ec_key,
    pem,
    private_pem,
    rsa_key,
)
from tests.support.unsealing import CERTIFICATE

PEM = pem()
OLDER = pem(rsa_key(2048), BEFORE)


def test_what_a_certificate_says() -> None:
    found = certificates.read(PEM).certificates[0]
    assert (found.bits, found.begins, found.ends) == (2048, RECENT, NOW + timedelta(days=3650))
    assert found.der == base64.b64decode(b"".join(PEM.splitlines()[1:-1]))


def test_the_fingerprint_is_what_openssl_says() -> None:
    # openssl x509 -in tests/secrets/sealing/test-only.pem -noout -fingerprint -sha256
    said = (
        "88:C8:EE:8A:C1:A7:D6:47:F6:80:8C:DD:8D:D4:A3:A1:"
        "5A:17:DA:39:F6:0D:01:C2:0A:20:BD:87:C4:1D:ED:08"
    )
    found = certificates.read(CERTIFICATE.read_bytes()).certificates[0]
    assert found.fingerprint == f"sha256:{said.replace(':', '').lower()}"


@pytest.mark.parametrize("bits", [2048, 3072, 4096])
def test_the_keys_that_a_controller_may_have(bits: int) -> None:
    assert certificate(pem(rsa_key(bits))).bits == bits


ACCEPTED = {
    "as kubeseal writes it": PEM,
    "with Windows' line ends": PEM.replace(b"\n", b"\r\n"),
    "with a comment": b"# of fedcloud\n" + PEM,
    "without the last line end": PEM.rstrip(),
    "as openssl prints it": b"Certificate:\n    X509v3 Private Key Usage Period:\n" + PEM,
    "twice": PEM + PEM,
}


@pytest.mark.parametrize("content", ACCEPTED.values(), ids=ACCEPTED)
def test_one_certificate(content: bytes) -> None:
    assert certificates.read(content).certificates == (certificate(PEM),)


def test_of_several_the_newest_comes_first() -> None:
    for content in (PEM + OLDER, OLDER + PEM):
        found = certificates.read(content)
        assert found.certificates == (certificate(PEM), certificate(OLDER))
        assert certificates.usable("a.pem", found, NOW) == certificate(PEM)


def test_what_is_written_is_read() -> None:
    found = certificates.read(OLDER + PEM).certificates
    assert certificates.pem(found) == PEM + OLDER


KEY = private_pem()
REFUSED: dict[str, tuple[bytes | None, str]] = {
    "missing": (None, "there is no such file"),
    "empty": (b"", "the file is empty"),
    "blank": (b"\n \n", "the file is empty"),
    "something else": (b"hello\n", "it holds no certificate"),
    "binary": (certificate(PEM).der, "it holds no certificate"),
    "too long": (PEM + b"#" * 2**20, "the file is longer than 1 MiB"),
    "a private key": (KEY, "it holds a private key"),
    "a private key behind the certificate": (PEM + KEY, "it holds a private key"),
    "a private key before the certificate": (KEY + PEM, "it holds a private key"),
    "a private key of an elliptic curve": (private_pem(ec_key()), "it holds a private key"),
    "a private key that is cut off": (PEM + KEY[:200], "it holds a private key"),
    "an encrypted private key": (
        b"-----BEGIN ENCRYPTED PRIVATE KEY-----\nMIIF\n",
        "it holds a private key",
    ),
    "the controller's Secret": (
        b"data:\n  tls.crt: " + base64.b64encode(PEM) + b"\n  tls.key: " + base64.b64encode(KEY),
        "it holds a private key",
    ),
    "a private key in base64": (base64.b64encode(KEY), "it holds a private key"),
    "a public key": (b"-----BEGIN PUBLIC KEY-----\nMIIB\n-----END PUBLIC KEY-----\n", "public key"),
    "cut off in the middle": (PEM[: len(PEM) // 2], "a certificate in it is cut off or damaged"),
    "without its last line": (PEM[:-30], "a certificate in it is cut off or damaged"),
    "the second cut off": (PEM + OLDER[:300], "a certificate in it is cut off or damaged"),
    "lines lost": (
        b"\n".join(PEM.splitlines()[:5] + PEM.splitlines()[8:]),
        "a certificate in it is cut off or damaged",
    ),
    "no base64": (
        PEM.replace(PEM.splitlines()[3], b"*" * 64),
        "a certificate in it is cut off or damaged",
    ),
    "an elliptic curve": (pem(ec_key()), "its key is not an RSA key"),
    "an elliptic curve behind": (PEM + pem(ec_key()), "its key is not an RSA key"),
    "a key that is too short": (pem(rsa_key(1024)), "its RSA key has 1024 bits"),
}


@pytest.mark.parametrize(("content", "problem"), REFUSED.values(), ids=REFUSED)
def test_what_is_no_certificate_file(content: bytes | None, problem: str) -> None:
    found = certificates.read(content)
    assert problem in found.problem
    assert found.certificates == ()
    assert found.help
    with pytest.raises(GeneratorError, match="nothing was written"):
        certificates.usable("a.pem", found, NOW)
    for line in (content or b"").decode("latin-1").splitlines():
        assert len(line) < 30 or line.strip() not in found.problem + found.help


def test_an_expired_one_is_not_sealed_for() -> None:
    file = CertificateFile(certificates=(certificate(PEM),))
    ends = file.certificates[0].ends
    just_before = ends - timedelta(seconds=1)
    assert certificates.usable("a.pem", file, just_before) == certificate(PEM)
    with pytest.raises(GeneratorError, match=r"^a.pem: the certificate expired on 2036-05-29; "):
        certificates.usable("a.pem", file, ends)
