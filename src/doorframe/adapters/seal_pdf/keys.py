"""The key that closes a document: our own, made here, or one that the practice brings as a PKCS#12 file."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from doorframe.adapters.seal_pdf.errors import SealError

if TYPE_CHECKING:
    from cryptography import x509
    from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePrivateKey
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey

YEARS = 25
"""How long a certificate of our own is said to be good for: evidence outlives its six years by a wide margin."""

_LEAST_RSA = 2048
_LONGEST_CHAIN = 8
_CURVES = ("secp256r1", "secp384r1", "secp521r1")
_LONGEST_NAME = 64


@dataclass(frozen=True, slots=True)
class Key:
    """A private key with its certificate, and the certificates up to a root where the file holds all of them."""

    private: EllipticCurvePrivateKey | RSAPrivateKey
    certificate: x509.Certificate
    chain: tuple[x509.Certificate, ...] = ()

    @property
    def fingerprint(self) -> str:
        """SHA-256 of the certificate, in hexadecimal: what a practice tells others to compare."""
        from cryptography.hazmat.primitives.hashes import SHA256

        return self.certificate.fingerprint(SHA256()).hex()

    @property
    def self_signed(self) -> bool:
        return self.certificate.issuer == self.certificate.subject


def new_key(common_name: str, at: datetime, *, algorithm: str = "ec", passphrase: str = "") -> bytes:
    """A fresh key with a certificate that it signs itself, as PKCS#12. The caller keeps it secret.

    common_name  whose seal it is, cut to 64 characters, which is all that a certificate holds
    at           aware; the certificate is good from a day before, for clocks that differ
    algorithm    "ec" (P-256) or "rsa" (3072 bits, for readers that know nothing else)
    """
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes
    from cryptography.hazmat.primitives.asymmetric import ec, rsa
    from cryptography.hazmat.primitives.serialization import BestAvailableEncryption, NoEncryption, pkcs12
    from cryptography.x509.oid import NameOID

    if algorithm not in ("ec", "rsa"):
        raise SealError(f"A seal's key is “ec” or “rsa”, not “{algorithm}”. No key was made.")
    private = ec.generate_private_key(ec.SECP256R1()) if algorithm == "ec" else rsa.generate_private_key(65537, 3072)
    label = common_name.strip()[:_LONGEST_NAME].strip() or "Doorframe"
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, label)])
    whole = at.replace(microsecond=0)
    usage = x509.KeyUsage(
        digital_signature=True, content_commitment=True, key_encipherment=False, data_encipherment=False,
        key_agreement=False, key_cert_sign=False, crl_sign=False, encipher_only=False, decipher_only=False,
    )  # fmt: skip
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(private.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(whole - timedelta(days=1))
        .not_valid_after(whole + timedelta(days=round(365.25 * YEARS)))
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(usage, critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(private.public_key()), critical=False)
        .sign(private, hashes.SHA256())
    )
    locked = BestAvailableEncryption(passphrase.encode()) if passphrase else NoEncryption()
    return pkcs12.serialize_key_and_certificates(b"doorframe seal", private, certificate, None, locked)


def load_key(pkcs12: bytes, passphrase: str = "") -> Key:
    """The key of a PKCS#12 file. Raises SealError with a sentence for a file that cannot seal."""
    from cryptography.hazmat.primitives.serialization.pkcs12 import load_key_and_certificates

    try:
        private, certificate, others = load_key_and_certificates(pkcs12, passphrase.encode() if passphrase else None)
    except (ValueError, TypeError) as error:
        raise SealError(
            "This key file cannot be opened: it is no PKCS#12 file (.p12 or .pfx), or its passphrase is another one."
        ) from error
    if private is None or certificate is None:
        raise SealError("This key file holds no private key with its certificate, and sealing needs both.")
    return Key(_fit(private), _of(certificate, private), _to_a_root(certificate, others))


def _fit(private: object) -> EllipticCurvePrivateKey | RSAPrivateKey:
    from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePrivateKey
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey

    if isinstance(private, RSAPrivateKey):
        if private.key_size < _LEAST_RSA:
            raise SealError(f"This key is RSA with {private.key_size} bits; a seal needs {_LEAST_RSA} or more.")
        return private
    if isinstance(private, EllipticCurvePrivateKey) and private.curve.name in _CURVES:
        return private
    raise SealError("This key is of a kind that PDF readers cannot check. Use RSA, or EC on the curve P-256.")


def _of(certificate: x509.Certificate, private: object) -> x509.Certificate:
    """The certificate, once it is sure that it is this key's and that it may sign documents."""
    from cryptography import x509

    if certificate.public_key() != private.public_key():  # type: ignore[attr-defined]
        raise SealError("The certificate in this key file belongs to another key, so nobody could check the seal.")
    try:
        usage = certificate.extensions.get_extension_for_class(x509.KeyUsage).value
    except x509.ExtensionNotFound:
        return certificate
    if not (usage.digital_signature or usage.content_commitment):
        raise SealError("The certificate in this key file may not be used to sign documents.")
    return certificate


def _to_a_root(certificate: x509.Certificate, others: list[x509.Certificate]) -> tuple[x509.Certificate, ...]:
    """The issuers up to a root; none at all where one is missing, so that each that is sealed in can be checked."""
    chain: list[x509.Certificate] = []
    last = certificate
    while last.issuer != last.subject and len(chain) < _LONGEST_CHAIN:
        above = next((other for other in others if is_issued_by(last, other)), None)
        if above is None:
            return ()
        chain.append(above)
        last = above
    return tuple(chain) if is_issued_by(last, last) else ()


def is_issued_by(certificate: x509.Certificate, issuer: x509.Certificate) -> bool:
    """Whether the issuer's key signed this certificate."""
    from cryptography.exceptions import InvalidSignature

    try:
        certificate.verify_directly_issued_by(issuer)
    except (ValueError, TypeError, InvalidSignature):
        return False
    return True
