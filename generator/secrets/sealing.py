"""Encrypts a value as the sealed-secrets controller decrypts it, without the controller.

A sealed value is base64(n || C || D): C the RSA-OAEP encryption (SHA-256) of a random 32-byte key
with the label, n its length as two bytes, D the AES-256-GCM encryption of the value under that key
with a nonce of zeros. The key is used once, so the nonce is too.
https://github.com/bitnami/sealed-secrets/blob/main/pkg/crypto/crypto.go (HybridEncrypt)

The only module that generates random values.
"""

import base64
import secrets

from generator.build import sealed_secrets
from generator.secrets.plaintext import Plaintext
from generator.secrets.states import SecretValue
from generator.site.model import Environment
from generator.site.sealed import Certificate, SealedKey, SealedValue, SecretRef

_NONCE = bytes(12)
_KEY_BYTES = 32


def label(owner: SealedKey) -> bytes:
    """What a value is bound to: it can't be decrypted under another name, namespace or scope."""
    labels = {
        "strict": f"{owner.namespace}/{owner.name}",
        "namespace-wide": owner.namespace,
        "cluster-wide": "",
    }
    return labels[owner.scope].encode()


def sealed(value: Plaintext, certificate: Certificate, owner: SealedKey) -> str:
    """The ciphertext of a value for its owner; only the certificate's controller can read it."""
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes
    from cryptography.hazmat.primitives.asymmetric import padding, rsa
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    public = x509.load_der_x509_certificate(certificate.der).public_key()
    assert isinstance(public, rsa.RSAPublicKey)  # `certificates` lets no other pass
    key = secrets.token_bytes(_KEY_BYTES)
    oaep = padding.OAEP(padding.MGF1(hashes.SHA256()), hashes.SHA256(), label(owner))
    head = public.encrypt(key, oaep)
    body = AESGCM(key).encrypt(_NONCE, value.reveal(), None)
    return base64.b64encode(len(head).to_bytes(2, "big") + head + body).decode()


def sealed_value(
    plaintext: Plaintext, certificate: Certificate, environment: Environment, target: SecretValue
) -> SealedValue:
    """The value, sealed for its place in the tree."""
    secret = SecretRef(name=target.secret, keys=(target.key,))
    owner = sealed_secrets.owner(environment, secret, target.key)
    return SealedValue(
        owner=owner,
        ciphertext=sealed(plaintext, certificate, owner),
        path=target.path,
        certificate=certificate.fingerprint,
    )


def generated() -> Plaintext:
    """A new random value: 64 hexadecimal digits, which fit every random key."""
    return Plaintext(secrets.token_hex(_KEY_BYTES).encode())
