"""Close a PDF: PAdES, with nothing allowed to change afterwards."""

from __future__ import annotations

import asyncio
import io
from datetime import datetime
from typing import TYPE_CHECKING, Any

from doorframe.adapters.seal_pdf.errors import SealError
from doorframe.adapters.seal_pdf.keys import Key
from doorframe.adapters.seal_pdf.loops import outside_any_loop

if TYPE_CHECKING:
    from pyhanko.sign.signers import PdfSigner, SimpleSigner
    from pyhanko.sign.timestamps import TimeStamper

FIELD = "Seal"
DIGEST = "sha256"
_TSA_SECONDS = 10


def seal(pdf: bytes, *, key: Key, at: datetime, name: str, timestamp_url: str = "") -> bytes:
    """The PDF with a seal over every byte of it. The bytes that came in stay as they are, at the beginning.

    at             aware; stands in the seal as its time, told by our own clock
    name           whose seal it is, as PDF readers show it
    timestamp_url  an RFC 3161 authority that witnesses the time; only the hash of the seal is sent there

    PAdES B-B, with an authority B-T. Raises SealError with a sentence; the caller may try again.
    """
    if at.tzinfo is None:
        raise ValueError("The time of a seal needs its time zone")
    if not pdf.startswith(b"%PDF-"):
        raise SealError("What was to be sealed is no PDF. Nothing was sealed.")
    return outside_any_loop(lambda: asyncio.run(_sealed(pdf, key, at, name, timestamp_url)))


async def _sealed(pdf: bytes, key: Key, at: datetime, name: str, timestamp_url: str) -> bytes:
    from pyhanko.pdf_utils.misc import PdfError
    from pyhanko.sign.general import SigningError
    from pyhanko.sign.timestamps import TimestampRequestError

    try:
        return await _written(pdf, _signer(key, name, timestamp_url), at)
    except TimestampRequestError as error:
        raise SealError(
            "The time-stamp authority did not answer as it should. Nothing was sealed, and it can be tried again."
        ) from error
    except (SigningError, PdfError) as error:
        raise SealError(f"This PDF cannot be sealed: {error}") from error


async def _written(pdf: bytes, signer: PdfSigner, at: datetime) -> bytes:
    """One revision after the bytes that came in. The steps are pyHanko's own; the time is ours."""
    from pyhanko.pdf_utils.extensions import DeveloperExtension
    from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
    from pyhanko.sign.signers.pdf_cms import PdfCMSSignedAttributes

    class Writer(IncrementalPdfFileWriter):
        def _update_meta(self) -> None:
            """The properties stay as they were set: the library would write its own name and the clock's time."""

        # PDF/A-3 is PDF 1.7, and so the file stays: what would call it a PDF 2.0 only tells of a curve.
        output_version = (1, 7)

        def ensure_output_version(self, version: tuple[int, int]) -> None:
            return None

        def register_extension(self, ext: DeveloperExtension) -> None:
            if ext.base_version != "/2.0":
                super().register_extension(ext)

    writer = Writer(io.BytesIO(pdf))
    session = signer.init_signing_session(writer)
    session.system_time = at
    room = await session.estimate_signature_container_size(None, tight=False)
    document = session.prepare_tbs_document(validation_info=None, bytes_reserved=room)
    output = io.BytesIO()
    prepared, _ = document.digest_tbs_document(output=output)
    done = await document.perform_signature(
        document_digest=prepared.document_digest, pdf_cms_signed_attrs=PdfCMSSignedAttributes(signing_time=at)
    )
    await done.post_signature_processing(output)
    return output.getvalue()


def _signer(key: Key, name: str, timestamp_url: str) -> PdfSigner:
    from pyhanko.sign.fields import InvisSigSettings, MDPPerm, SigFieldSpec, SigSeedSubFilter
    from pyhanko.sign.signers import PdfSignatureMetadata, PdfSigner

    meta = PdfSignatureMetadata(
        field_name=FIELD, md_algorithm=DIGEST, name=name, certify=True, docmdp_permissions=MDPPerm.NO_CHANGES,
        subfilter=SigSeedSubFilter.PADES,
    )  # fmt: skip
    # Unseen and off the page: PDF/A asks that it would print, PDF/UA that it is in nobody's way.
    unseen = InvisSigSettings(set_print_flag=True, set_hidden_flag=False, box_out_of_bounds=True)
    field = SigFieldSpec(sig_field_name=FIELD, on_page=0, readable_field_name=name, invis_sig_settings=unseen)
    return PdfSigner(meta, signer=_hand(key), timestamper=_authority(timestamp_url), new_field_spec=field)


def _hand(key: Key) -> SimpleSigner:
    from asn1crypto import keys, x509
    from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
    from pyhanko.sign.signers import SimpleSigner
    from pyhanko_certvalidator.registry import SimpleCertificateStore

    untyped: Any = SimpleCertificateStore
    store = untyped.from_certs(
        [x509.Certificate.load(certificate.public_bytes(Encoding.DER)) for certificate in key.chain]
    )
    private = key.private.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())
    own = x509.Certificate.load(key.certificate.public_bytes(Encoding.DER))
    return SimpleSigner(signing_cert=own, signing_key=keys.PrivateKeyInfo.load(private), cert_registry=store)


def _authority(url: str) -> TimeStamper | None:
    if not url:
        return None
    from pyhanko.sign.timestamps import HTTPTimeStamper

    made: Any = HTTPTimeStamper(url, timeout=_TSA_SECONDS)
    stamper: TimeStamper = made
    return stamper
