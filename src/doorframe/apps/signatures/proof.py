"""The sealed PDF of an acknowledgement: made here, kept by actions.proof."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from doorframe.adapters import kept, seal_pdf
from doorframe.apps.library import queries as library
from doorframe.apps.signatures import queries
from doorframe.apps.signatures.models import Acknowledgement, SealKey
from doorframe.apps.signatures.record import record


@dataclass(frozen=True, slots=True)
class Sealed:
    """A sealed file, with the place in the chain that it names."""

    data: bytes
    chain_seq: int
    chain_hash: str
    fingerprint: str


def fresh_key(name: str, *, at: datetime) -> tuple[bytes, str]:
    """A new key of our own for a practice, as PKCS#12, and its fingerprint."""
    made = seal_pdf.new_key(name, at)
    return made, seal_pdf.load_key(made).fingerprint


def make(item: Acknowledgement, *, key: SealKey, at: datetime) -> Sealed:
    """Write and seal the file. Raises SealError, RenderError."""
    kept_key = seal_pdf.load_key(bytes(key.pkcs12), key.passphrase)
    told = record(item, at=at)
    policy = kept.from_plain(item.paper.tree)
    url = queries.preferences(item.practice).timestamp_url
    pages = seal_pdf.paper(policy, told, words=library.certificate_words(), key=kept_key, witnessed=bool(url))
    data = seal_pdf.seal(pages, key=kept_key, at=at, name=item.practice.name, timestamp_url=url)
    chain = told["chain"]
    assert isinstance(chain, dict)
    return Sealed(data, int(str(chain["seq"])), str(chain["hash"]), kept_key.fingerprint)
