"""Certificates for tests: any dates, any key, signed by nobody who counts."""

from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.x509.oid import NameOID

from generator.secrets import certificates
from generator.site.sealed import Certificate
from tests.support.unsealing import KEY

# A day that the tests take for today.
NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)
RECENT = NOW - timedelta(days=10)
BEFORE = NOW - timedelta(days=40)

Key = rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey


@cache
def key_for_tests() -> rsa.RSAPrivateKey:
    """The key of the repository, which is for tests only."""
    found = serialization.load_pem_private_key(KEY.read_bytes(), None)
    assert isinstance(found, rsa.RSAPrivateKey)
    return found


@cache
def rsa_key(bits: int) -> rsa.RSAPrivateKey:
    """A new RSA key, the same in one run."""
    return rsa.generate_private_key(public_exponent=65537, key_size=bits)


@cache
def ec_key() -> ec.EllipticCurvePrivateKey:
    """A key of the kind that web servers have."""
    return ec.generate_private_key(ec.SECP256R1())


def pem(
    key: Key | None = None,
    begins: datetime = RECENT,
    ends: datetime = NOW + timedelta(days=3650),
) -> bytes:
    """A certificate as a file."""
    key = key or key_for_tests()
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "test only")])
    built = x509.CertificateBuilder().subject_name(name).issuer_name(name)
    built = built.public_key(key.public_key()).serial_number(7)
    built = built.not_valid_before(begins).not_valid_after(ends)
    return built.sign(key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM)


def of_a_server(*hosts: str) -> bytes:
    """A web server's certificate, which is its own authority, and its key."""
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, hosts[0])])
    now = datetime.now(UTC)
    key = ec_key()
    built = x509.CertificateBuilder().subject_name(name).issuer_name(name).serial_number(7)
    built = built.public_key(key.public_key())
    built = built.not_valid_before(now - timedelta(days=1)).not_valid_after(now + timedelta(days=1))
    names = x509.SubjectAlternativeName([x509.DNSName(host) for host in hosts])
    built = built.add_extension(names, critical=False)
    signed = built.sign(key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM)
    return signed + key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )


def certificate(content: bytes | None = None) -> Certificate:
    """The first certificate of a file."""
    return certificates.read(pem() if content is None else content).certificates[0]


def private_pem(key: Key | None = None) -> bytes:
    """A private key as a file, which belongs nowhere."""
    return (key or key_for_tests()).private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.TraditionalOpenSSL,
        serialization.NoEncryption(),
    )


def install(root: Path, content: bytes | None = None, name: str = "fedcloud") -> None:
    """Puts a cluster's certificate file there."""
    path = root / "certificates" / f"{name}.pem"
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(pem() if content is None else content)
