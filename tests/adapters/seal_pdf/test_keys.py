"""The keys that close a document: ours, and what a practice may bring."""

from __future__ import annotations

from datetime import timedelta

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.hazmat.primitives.serialization import BestAvailableEncryption, NoEncryption, pkcs12
from cryptography.x509.oid import NameOID

from doorframe.adapters import seal_pdf
from tests.adapters.seal_pdf.samples import AT, NAME


def name(text: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, text)])


def certified(subject: str, key: object, issuer: str, by: object, *, ca: bool = False, usage: bool = True) -> object:
    """A certificate as an authority would give it."""
    built = (
        x509.CertificateBuilder().subject_name(name(subject)).issuer_name(name(issuer))
        .public_key(key.public_key()).serial_number(x509.random_serial_number())  # type: ignore[attr-defined]
        .not_valid_before(AT - timedelta(days=1)).not_valid_after(AT + timedelta(days=900))
        .add_extension(x509.BasicConstraints(ca, None), critical=True)
        .add_extension(x509.KeyUsage(usage, False, False, False, False, ca or not usage, ca, False, False), True)
    )  # fmt: skip
    return built.sign(by, hashes.SHA256())  # type: ignore[arg-type]


def packed(key: object, certificate: object, others: list[object] | None = None, passphrase: str = "") -> bytes:
    locked = BestAvailableEncryption(passphrase.encode()) if passphrase else NoEncryption()
    return pkcs12.serialize_key_and_certificates(b"x", key, certificate, others, locked)  # type: ignore[arg-type]


def brought() -> tuple[bytes, bytes]:
    """A practice's RSA key, certified by an authority, with the whole chain and with a part of it."""
    root, middle, own = (rsa.generate_private_key(65537, 2048) for _ in range(3))
    root_paper = certified("Root", root, "Root", root, ca=True)
    middle_paper = certified("Middle", middle, "Root", root, ca=True)
    own_paper = certified(NAME, own, "Middle", middle)
    return (
        packed(own, own_paper, [root_paper, middle_paper], "sesame"),
        packed(own, own_paper, [middle_paper], "sesame"),
    )


@pytest.mark.parametrize(("algorithm", "kind"), [("ec", ec.EllipticCurvePrivateKey), ("rsa", rsa.RSAPrivateKey)])
@pytest.mark.parametrize("passphrase", ["", "sesame"])
def test_a_new_key_comes_back(algorithm: str, kind: type, passphrase: str) -> None:
    made = seal_pdf.new_key(NAME, AT, algorithm=algorithm, passphrase=passphrase)
    key = seal_pdf.load_key(made, passphrase)
    assert isinstance(key.private, kind)
    assert key.self_signed and key.chain == ()
    assert key.certificate.subject == name(NAME)
    assert key.certificate.not_valid_before_utc < AT < key.certificate.not_valid_after_utc - timedelta(days=365 * 20)
    assert key.fingerprint == key.certificate.fingerprint(hashes.SHA256()).hex()


def test_no_two_keys_are_alike() -> None:
    one, two = (seal_pdf.load_key(seal_pdf.new_key(NAME, AT)) for _ in range(2))
    assert one.fingerprint != two.fingerprint


def test_a_name_is_cut_to_what_a_certificate_holds() -> None:
    assert seal_pdf.load_key(seal_pdf.new_key("Hafen " * 40, AT)).certificate.subject == name(
        ("Hafen " * 40)[:64].strip()
    )
    assert seal_pdf.load_key(seal_pdf.new_key("  ", AT)).certificate.subject == name("Doorframe")


def test_the_whole_chain_is_kept_and_a_part_of_it_is_not() -> None:
    whole, part = brought()
    key = seal_pdf.load_key(whole, "sesame")
    assert not key.self_signed
    assert [each.subject for each in key.chain] == [name("Middle"), name("Root")]
    assert seal_pdf.load_key(part, "sesame").chain == ()


def unusable() -> list[tuple[str, bytes, str, str]]:
    small, own, other = (rsa.generate_private_key(65537, size) for size in (1024, 2048, 2048))
    edwards, odd = ed25519.Ed25519PrivateKey.generate(), ec.generate_private_key(ec.SECP256K1())
    no_signing = certified(NAME, own, NAME, own, usage=False)
    return [
        ("another passphrase", seal_pdf.new_key(NAME, AT, passphrase="sesame"), "sesam", "its passphrase is another"),
        ("no passphrase", seal_pdf.new_key(NAME, AT, passphrase="sesame"), "", "its passphrase is another"),
        ("nothing", b"", "", "cannot be opened"),
        ("noise", b"\x30\x82" + bytes(range(256)), "", "cannot be opened"),
        ("no certificate", packed(own, None), "", "no private key with its certificate"),
        ("small", packed(small, certified(NAME, small, NAME, small)), "", "RSA with 1024 bits"),
        ("odd curve", packed(odd, certified(NAME, odd, NAME, odd)), "", "of a kind that PDF readers cannot check"),
        ("edwards", packed(edwards, certified(NAME, edwards, NAME, other)), "", "of a kind that PDF readers"),
        ("not to sign", packed(own, no_signing), "", "may not be used to sign"),
    ]


UNUSABLE = unusable()


@pytest.mark.parametrize(("data", "passphrase", "sentence"), [row[1:] for row in UNUSABLE],
                         ids=[row[0] for row in UNUSABLE])  # fmt: skip
def test_a_file_that_cannot_seal_says_why(data: bytes, passphrase: str, sentence: str) -> None:
    with pytest.raises(seal_pdf.SealError, match=sentence):
        seal_pdf.load_key(data, passphrase)


def test_an_unknown_algorithm_makes_no_key() -> None:
    with pytest.raises(seal_pdf.SealError, match="not “dsa”"):
        seal_pdf.new_key(NAME, AT, algorithm="dsa")
