"""The sealed file as others read it: what is in it, whose seal it is, and what a second reader says of it."""

from __future__ import annotations

import asyncio
import hashlib
import io
import json
import shutil
import subprocess
import threading
from collections.abc import Iterator
from datetime import datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import pytest
from asn1crypto import keys, tsp
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import ExtendedKeyUsageOID
from pypdf import PdfReader

from doorframe.adapters import kept, seal_pdf
from doorframe.engines.sealing import canonical_bytes
from tests.adapters.seal_pdf import samples
from tests.adapters.seal_pdf.test_keys import brought, name


def opened(data: bytes) -> PdfReader:
    return PdfReader(io.BytesIO(data))


@pytest.fixture(scope="module")
def reader() -> PdfReader:
    return opened(samples.sealed())


# What is inside


@pytest.mark.promise("C8")
def test_the_record_and_the_words_of_the_policy_travel_inside(reader: PdfReader) -> None:
    files = {file: data[0] for file, data in reader.attachments.items()}
    assert files[seal_pdf.RECORD_FILE] == canonical_bytes(samples.record())
    assert files[seal_pdf.POLICY_FILE] == canonical_bytes(kept.words(samples.policy()))
    told = json.loads(files[seal_pdf.RECORD_FILE])
    assert hashlib.sha256(files[seal_pdf.POLICY_FILE]).hexdigest() == told["paper"]["text_sha256"]


def test_the_attachments_belong_to_the_document(reader: PdfReader) -> None:
    given = [each.get_object() for each in reader.trailer["/Root"]["/AF"]]
    assert {each["/UF"] for each in given} == {seal_pdf.RECORD_FILE, seal_pdf.POLICY_FILE}
    assert {each["/AFRelationship"] for each in given} == {"/Data"}
    assert {each["/EF"]["/F"].get_object()["/Subtype"] for each in given} == {"/application/json"}


@pytest.mark.promise("C8")
def test_the_pages_show_the_policy_the_signatures_and_every_hash(reader: PdfReader) -> None:
    text = "".join("".join(page.extract_text() for page in reader.pages).split())
    told = samples.record()
    for words in (
        "AnaLima,parentorguardian", "Relationship:mother", "solelegalcustody", "AgreestothepolicY".lower()[:8],
        "November21,2026,9:31AMPST(2026-11-2117:31:04UTC)", "Iwouldliketothinkaboutit.", "HL-7K3M(afamily)",
        "Alinkwassent", "stillopen", "doorframeverifyFILE", told["paper"]["text_sha256"], told["chain"]["hash"],
        told["disclosures"][0]["sha256"], samples.key().fingerprint,
        hashlib.sha256(canonical_bytes(told)).hexdigest(),
        "".join(samples.DISCLOSURE.split()),
    ):  # fmt: skip
        assert words in text or words in text.lower(), words


def test_the_same_record_makes_the_same_pages() -> None:
    assert samples.paper_of(samples.short_record()) == samples.paper_of(samples.short_record())


def test_the_file_stays_what_archives_and_screen_readers_ask_for(reader: PdfReader) -> None:
    root = reader.trailer["/Root"]
    assert samples.sealed().startswith(b"%PDF-1.7") and "/Version" not in root
    assert root["/MarkInfo"]["/Marked"] and root["/Lang"] == "en-US"
    xmp = root["/Metadata"].get_data().decode()
    assert "<pdfuaid:part>1<" in xmp and "<pdfaid:part>3<" in xmp and "<pdfaid:conformance>A<" in xmp
    assert xmp == opened(samples.unsealed()).trailer["/Root"]["/Metadata"].get_data().decode()
    assert reader.metadata == opened(samples.unsealed()).metadata
    (field,) = root["/AcroForm"]["/Fields"]
    field = field.get_object()
    assert field["/TU"] == samples.NAME, "a screen reader names the field"
    assert field["/F"] & 4 and not field["/F"] & 2, "PDF/A: printed, not hidden"
    assert max(field["/Rect"]) < 0, "PDF/UA: off the page"
    assert reader.pages[0]["/Tabs"] == "/S"


def test_a_drawn_signature_has_words_for_who_cannot_see_it(reader: PdfReader) -> None:
    alternatives = [each.get("/Alt") for each in elements(reader.trailer["/Root"]["/StructTreeRoot"])]
    assert "The drawn signature of João Lima" in alternatives


def elements(node: Any) -> Iterator[Any]:
    kids = node.get("/K")
    for kid in kids if isinstance(kids, list) else [kids]:
        found = kid.get_object() if hasattr(kid, "get_object") else kid
        if hasattr(found, "get") and "/S" in found:
            yield found
            yield from elements(found)


# The seal


def test_the_bytes_that_came_in_stay_as_they_are() -> None:
    assert samples.sealed().startswith(samples.unsealed())


def test_the_seal_tells_the_time_that_was_given_and_allows_no_change(reader: PdfReader) -> None:
    value = reader.trailer["/Root"]["/Perms"]["/DocMDP"]
    assert value["/M"] == "D:20261121174002Z"
    assert value["/Name"] == samples.NAME
    assert value["/SubFilter"] == "/ETSI.CAdES.detached"
    assert value["/Reference"][0]["/TransformParams"]["/P"] == 1
    seal = seal_pdf.verify(samples.sealed()).seal
    assert seal is not None
    assert datetime.fromisoformat(seal.sealed_at) == samples.AT
    assert seal.fingerprint == samples.key().fingerprint and seal.self_signed


@pytest.mark.promise("C8")
@pytest.mark.parametrize("which", ["own", "brought"])
def test_another_program_agrees(which: str, tmp_path: Path) -> None:
    """poppler validates RSA seals; the certificate of ours it calls unknown, as the certificate page says."""
    program = shutil.which("pdfsig")
    assert program, "pdfsig is missing; install poppler-utils (python3 run.py test does so on Debian)"
    key = samples.key("rsa") if which == "own" else seal_pdf.load_key(brought()[0], "sesame")
    path = tmp_path / "sealed.pdf"
    pdf = seal_pdf.paper(samples.short_policy(), samples.short_record(), words=samples.words(), key=key)
    path.write_bytes(seal_pdf.seal(pdf, key=key, at=samples.AT, name=samples.NAME))
    done = subprocess.run([program, str(path)], capture_output=True, text=True, timeout=60, check=False)
    assert "Signature is Valid" in done.stdout
    assert "Total document signed" in done.stdout
    assert samples.NAME in done.stdout
    path.write_bytes(path.read_bytes().replace(b"/Title", b"/Tiele", 1))
    again = subprocess.run([program, str(path)], capture_output=True, text=True, timeout=60, check=False)
    assert "Signature is Valid" not in again.stdout, "and it would notice"


@pytest.mark.promise("C8")
@pytest.mark.parametrize("algorithm", ["ec", "rsa"])
def test_the_recipe_on_the_certificate_works(algorithm: str, tmp_path: Path) -> None:
    program = shutil.which("openssl")
    assert program, "openssl is missing; install it (python3 run.py test does so on Debian)"
    data = samples.short(algorithm)
    before, after = samples.gap(data)
    (tmp_path / "sealed.bin").write_bytes(data[:before] + data[after:])
    (tmp_path / "seal.der").write_bytes(bytes.fromhex(data[before + 1 : after - 1].decode()))
    recipe = "cms -verify -binary -noverify -inform DER -in seal.der -content sealed.bin -out checked.bin"
    assert recipe in " ".join(samples.words()["check_seal"].replace("\\\n", "").split()), "as it is printed"

    def run() -> subprocess.CompletedProcess[str]:
        command = [program, *recipe.split()]
        return subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=60, check=False)  # type: ignore[arg-type]

    assert run().returncode == 0
    (tmp_path / "sealed.bin").write_bytes(data[:before] + data[after:] + b"\n")
    assert run().returncode != 0


def test_a_chain_travels_with_the_seal() -> None:
    key = seal_pdf.load_key(brought()[0], "sesame")
    pdf = seal_pdf.paper(samples.short_policy(), samples.short_record(), words=samples.words(), key=key)
    verdict = seal_pdf.verify(seal_pdf.seal(pdf, key=key, at=samples.AT, name=samples.NAME))
    assert verdict.outcome == "intact", verdict.checks
    assert verdict.seal is not None and not verdict.seal.self_signed
    assert "certified by" in verdict.notes[0] and "Middle" in verdict.notes[0]
    text = "".join("".join(page.extract_text() for page in opened(pdf).pages).split())
    assert "wascertifiedbyCN=Middle" in text


def test_it_seals_where_an_event_loop_runs_already() -> None:
    async def within() -> bytes:
        return seal_pdf.seal(samples.paper_of(samples.short_record()), key=samples.key(), at=samples.AT, name="H")

    assert seal_pdf.verify(asyncio.run(within())).outcome == "intact"


@pytest.mark.parametrize("data", [b"", b"hello", b"%PDF-1.7\n", b"%PDF-1.7\n" + b"x" * 5000], ids=len)
def test_what_is_no_pdf_is_not_sealed(data: bytes) -> None:
    with pytest.raises(seal_pdf.SealError):
        seal_pdf.seal(data, key=samples.key(), at=samples.AT, name=samples.NAME)


def test_a_sealed_file_is_not_sealed_again() -> None:
    with pytest.raises(seal_pdf.SealError):
        seal_pdf.seal(samples.short(), key=samples.key(), at=samples.AT, name=samples.NAME)


def test_a_time_needs_its_zone() -> None:
    with pytest.raises(ValueError, match="time zone"):
        seal_pdf.seal(samples.unsealed(), key=samples.key(), at=datetime(2026, 11, 21), name=samples.NAME)


def test_a_record_of_another_text_or_format_is_not_written() -> None:
    told = samples.short_record()
    with pytest.raises(seal_pdf.SealError, match="another text"):
        seal_pdf.paper(samples.policy(), told, words=samples.words(), key=samples.key())
    with pytest.raises(seal_pdf.SealError, match="format"):
        samples.paper_of({**told, "format": "doorframe-acknowledgement/9"})


# The time-stamp authority


class Authority(BaseHTTPRequestHandler):
    """An RFC 3161 authority, or one that is out of order."""

    stamper: Any = None
    asked: list[bytes] = []

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.asked.append(body)
        if self.stamper is None:
            self.send_error(503)
            return
        answer = asyncio.run(self.stamper.async_request_tsa_response(tsp.TimeStampReq.load(body))).dump()
        self.send_response(200)
        self.send_header("Content-Type", "application/timestamp-reply")
        self.end_headers()
        self.wfile.write(answer)

    def log_message(self, *_: object) -> None:
        """Quiet."""


@pytest.fixture
def authority() -> Iterator[str]:
    from pyhanko.sign.timestamps import DummyTimeStamper

    private = rsa.generate_private_key(65537, 2048)
    certificate = (
        x509.CertificateBuilder().subject_name(name("Time Witness")).issuer_name(name("Time Witness"))
        .public_key(private.public_key()).serial_number(7).not_valid_before(samples.AT - timedelta(days=1))
        .not_valid_after(samples.AT + timedelta(days=900))
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.TIME_STAMPING]), critical=True)
        .sign(private, hashes.SHA256())
    )  # fmt: skip
    Authority.stamper = DummyTimeStamper(
        tsa_cert=asn1_x509.Certificate.load(certificate.public_bytes(Encoding.DER)),
        tsa_key=keys.PrivateKeyInfo.load(private.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())),
        fixed_dt=samples.AT,
    )
    Authority.asked = []
    server = HTTPServer(("127.0.0.1", 0), Authority)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/"
    server.shutdown()
    server.server_close()


def test_an_authority_witnesses_the_time_and_sees_only_a_hash(authority: str) -> None:
    key = samples.key()
    pdf = seal_pdf.paper(samples.short_policy(), samples.short_record(), words=samples.words(), key=key, witnessed=True)
    data = seal_pdf.seal(pdf, key=key, at=samples.AT, name=samples.NAME, timestamp_url=authority)
    verdict = seal_pdf.verify(data)
    assert verdict.outcome == "intact", verdict.checks
    assert "time" in [check.id for check in verdict.checks]
    assert verdict.seal is not None and "Time Witness" in verdict.seal.witness
    assert datetime.fromisoformat(verdict.seal.witnessed) == samples.AT
    assert Authority.asked and all(len(body) < 200 for body in Authority.asked)
    before, after = samples.gap(data)
    cut = bytes.fromhex(data[before + 1 : after - 1].decode()).rstrip(b"\0")
    changed = cut[:-20] + bytes([cut[-20] ^ 1]) + cut[-19:]  # inside the authority's own signature, which ends the seal
    swapped = changed.hex().upper().encode().ljust(after - before - 2, b"0")
    assert seal_pdf.verify(data[: before + 1] + swapped + data[after - 1 :]).outcome == "altered"


def test_an_authority_that_is_down_seals_nothing(authority: str) -> None:
    Authority.stamper = None
    for url in (authority, "http://127.0.0.1:9/"):
        with pytest.raises(seal_pdf.SealError, match="tried again"):
            seal_pdf.seal(samples.unsealed(), key=samples.key(), at=samples.AT, name=samples.NAME, timestamp_url=url)
