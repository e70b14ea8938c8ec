"""Over TLS: the name is checked, the secret never goes to anyone else, and a slow handshake is left."""

from __future__ import annotations

import datetime as dt
import socket
import ssl
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from doorframe.apps.connections import addresses, transport
from tests.apps.connections.program import Program

NAME = "diary.example"


def certificate(folder: Path, name: str, *, days: int = 30) -> Path:
    """A certificate that vouches for itself, with its key, in one file."""
    key = ec.generate_private_key(ec.SECP256R1())
    named = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    begin = dt.datetime.now(dt.UTC) - dt.timedelta(days=60)
    made = (
        x509.CertificateBuilder()
        .subject_name(named)
        .issuer_name(named)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(begin)
        .not_valid_after(begin + dt.timedelta(days=60 + days))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    file = folder / f"{name}.pem"
    file.write_bytes(
        made.public_bytes(serialization.Encoding.PEM)
        + key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    return file


@pytest.fixture
def secure(settings: Any, tmp_path: Path) -> Iterator[Program]:
    """Another program behind TLS, under its name."""
    settings.WEBHOOKS_NEAR = True
    made = Program(certificate(tmp_path, NAME))
    yield made
    made.close()


@pytest.fixture
def here(monkeypatch: pytest.MonkeyPatch) -> None:
    """The name server leads every name to this machine."""

    def answer(_host: str, port: int, *_given: Any, **_named: Any) -> list[Any]:
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.1", port))]

    monkeypatch.setattr(addresses.socket, "getaddrinfo", answer)


def trust(monkeypatch: pytest.MonkeyPatch, file: Path) -> None:
    """As if the certificate came from an authority that this machine knows."""
    usual = ssl.create_default_context

    def context() -> ssl.SSLContext:
        made = usual()
        made.load_verify_locations(file)
        return made

    monkeypatch.setattr(transport.ssl, "create_default_context", context)


@pytest.mark.promise("L6")
def test_a_valid_certificate_is_taken(
    secure: Program, here: None, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    trust(monkeypatch, tmp_path / f"{NAME}.pem")
    url = f"https://{NAME}:{secure.port}/hook?a=1"
    assert transport.deliver(url, body=b'{"a":1}', headers={"webhook-id": "msg_1"}) == 200
    (got,) = secure.got
    assert (got.path, got.body, got.headers["webhook-id"]) == ("/hook?a=1", b'{"a":1}', "msg_1")
    assert got.headers["host"] == f"{NAME}:{secure.port}"
    assert got.headers["content-type"] == "application/json"


@pytest.mark.promise("L6")
def test_an_unknown_certificate_and_one_of_another_name_are_refused(
    secure: Program, here: None, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    with pytest.raises(transport.NotNow, match="certificate is not valid"):
        transport.deliver(f"https://{NAME}:{secure.port}/", body=b"{}", headers={})
    trust(monkeypatch, tmp_path / f"{NAME}.pem")
    with pytest.raises(transport.NotNow, match="certificate is not valid"):
        transport.deliver(f"https://other.example:{secure.port}/", body=b"{}", headers={})
    assert secure.got == []


def test_an_expired_certificate_is_refused(
    settings: Any, here: None, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    settings.WEBHOOKS_NEAR = True
    file = certificate(tmp_path, NAME, days=-1)
    trust(monkeypatch, file)
    old = Program(file)
    with pytest.raises(transport.NotNow, match="certificate is not valid"):
        transport.deliver(f"https://{NAME}:{old.port}/", body=b"{}", headers={})
    old.close()
    assert old.got == []


@pytest.mark.parametrize("drip", [False, True])
def test_somebody_who_never_ends_the_handshake_is_left(settings: Any, here: None, drip: bool) -> None:
    settings.WEBHOOKS_NEAR = True
    over = threading.Event()
    with socket.create_server(("127.0.0.1", 0)) as listening:

        def hold() -> None:
            listening.settimeout(10)
            taken, _address = listening.accept()
            with taken:
                # The beginning of a long record, a byte at a time, so that no single wait is ever too long
                taken.sendall(b"\x16\x03\x03\x40\x00" if drip else b"")
                while not over.wait(0.05):
                    try:
                        taken.sendall(b"\x02" if drip else b"")
                    except OSError:
                        return

        thread = threading.Thread(target=hold, daemon=True)
        thread.start()
        with pytest.raises(transport.NotNow):
            transport.deliver(f"https://{NAME}:{listening.getsockname()[1]}/", body=b"{}", headers={}, seconds=0.5)
        over.set()
        thread.join()
