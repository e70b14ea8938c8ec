"""The file of an evidence pack: how it is put together, and how it is kept encrypted until it is taken."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import IO, Any

from django.conf import settings

from doorframe.adapters import kept
from doorframe.adapters.export import evidence, fhir
from doorframe.adapters.export.evidence.records import attached_record
from doorframe.apps.members import encryption
from doorframe.apps.signatures.models import Acknowledgement, EvidencePack, Paper, Seal
from doorframe.apps.signatures.queries import evidence as queries
from doorframe.apps.signatures.record import moment, record_until
from doorframe.engines.sealing import Json, Link

PART = 1024 * 1024
"""Bytes that are encrypted at a time: memory holds one part, however large the pack."""

Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Kept:
    """What is known of a file that was put away."""

    size: int
    sha256: str


def build(pack: EvidencePack, *, at: datetime, progress: Progress = lambda done, whole: None) -> IO[bytes]:
    """The pack as a file at its beginning; the caller closes it. What happens meanwhile is not in it."""
    head = queries.head(pack.practice)
    about = evidence.About(
        kind=pack.kind, reference=pack.reference, practice_uid=str(pack.practice.uid),
        practice_name=pack.practice.name, made_at=moment(at), head=head,
        certificate=queries.certificate(pack.practice),
    )  # fmt: skip
    return evidence.pack(_entries(pack, head[0], at, progress), about=about)


def sealed_record(seal: Seal | None) -> dict[str, Any] | None:
    """The record inside a sealed file, as it was sealed; None where there is none to be had."""
    data = attached_record(bytes(seal.data)) if seal is not None and seal.data else None
    return json.loads(data) if data else None


def _entries(pack: EvidencePack, until: int, at: datetime, progress: Progress) -> Iterator[evidence.Entry]:
    ids = queries.acknowledgement_ids(pack)
    words: dict[int, dict[str, Json]] = {}
    for place, id in enumerate(ids):
        if place % 20 == 0:
            progress(place, len(ids))
        item, seal = queries.with_seal(id)
        if item.paper_id not in words:
            words = {item.paper_id: _words(item.paper)}
        yield from _one(item, seal, words[item.paper_id], until, at)
    mine = queries.subjects(pack, ids)
    links = queries.links(pack.practice, until=until)
    yield evidence.Entry("trail.jsonl", evidence.trail_lines(links, is_open=lambda link: _is_open(link, mine)))


def _one(
    item: Acknowledgement, seal: Seal | None, words: dict[str, Json], until: int, at: datetime
) -> Iterator[evidence.Entry]:
    if seal is not None and not seal.data:
        return  # its time of keeping is over; the trail tells that it was there
    told = sealed_record(seal) or record_until(item, at=at, seq=until)
    if told is None:
        return  # it came after this pack was begun
    yield from evidence.acknowledgement(
        told, sealed_pdf=bytes(seal.data) if seal is not None and seal.data else None, policy=words,
        fhir=fhir.bundle(told, policy_pdf=None),
    )  # fmt: skip


def _words(paper: Paper) -> dict[str, Json]:
    return kept.words(kept.from_plain(paper.tree))


def _is_open(link: Link, mine: queries.Subjects | None) -> bool:
    if mine is None:
        return True
    payload: Any = link.payload
    return payload["subject_id"] in mine.get(payload["subject_type"], ())


# Keeping


def put_away(pack: EvidencePack, file: IO[bytes]) -> Kept:
    """Write the file encrypted, part by part; a second time replaces the first."""
    place, digest, size = _place(pack), hashlib.sha256(), 0
    place.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    draft = place.with_suffix(".part")
    with draft.open("wb") as target:
        os.chmod(draft, 0o600)
        for number, part in enumerate(iter(lambda: file.read(PART), b"")):
            digest.update(part)
            size += len(part)
            sealed = encryption.seal_bytes(part, _context(pack, number))
            target.write(len(sealed).to_bytes(4, "big") + sealed)
    os.replace(draft, place)
    return Kept(size, digest.hexdigest())


def parts(pack: EvidencePack) -> Iterator[bytes]:
    """The file again, part by part. Raises FileNotFoundError, DecryptError, UnknownKey."""
    with _place(pack).open("rb") as source:
        number = 0
        while length := source.read(4):
            yield encryption.open_bytes(source.read(int.from_bytes(length, "big")), _context(pack, number))
            number += 1


def is_there(pack: EvidencePack) -> bool:
    """Whether the file is still kept."""
    return _place(pack).is_file()


def throw_away(pack: EvidencePack) -> None:
    """Remove the file; one that is gone already is no fault."""
    _place(pack).unlink(missing_ok=True)


def _place(pack: EvidencePack) -> Path:
    return Path(settings.DATA) / "packs" / f"{pack.uid}.sealed"


def _context(pack: EvidencePack, number: int) -> str:
    return f"signatures.pack.{pack.uid}.{number}"
