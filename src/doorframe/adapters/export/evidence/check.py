"""Checking a pack with nothing but the pack: the manifest, every hash, the records, and the chain of the trail."""

from __future__ import annotations

import hashlib
import io
import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import IO, Any, TypeAlias

from doorframe.adapters.export.evidence.archive import Archive, NotAPack
from doorframe.adapters.export.evidence.entries import FORMAT, MANIFEST, TRAIL
from doorframe.adapters.export.evidence.records import Claims, Finding, attached_record, claims_of, record_findings
from doorframe.engines.sealing import GENESIS, WITHHELD, Link, find_breaks

__all__ = ["Finding", "NotAPack", "Report", "SealCheck", "examine", "verify_pack"]

_LARGEST_MANIFEST = 64 * 1024 * 1024
_LARGEST_RECORD = 64 * 1024 * 1024
_LONGEST_LINE = 1024 * 1024
_MOST_FINDINGS = 100
_RECORD = "/record.json"
_SEALED = "/sealed.pdf"


@dataclass(slots=True)
class Report:
    """What was found in a pack.

    manifest   as it stands in the pack
    files      how many files were compared with the manifest
    records    how many acknowledgements
    events     how many events of the trail, and `withheld` of them without their words
    sealed     the paths of the sealed PDFs, beside their records
    findings   what does not hold, at most 100; empty where everything does
    """

    manifest: Mapping[str, Any]
    files: int = 0
    records: int = 0
    events: int = 0
    withheld: int = 0
    sealed: list[str] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)

    @property
    def is_whole(self) -> bool:
        return not self.findings

    def add(self, path: str, sentence: str) -> None:
        if len(self.findings) < _MOST_FINDINGS:
            self.findings.append(Finding(path, sentence))


SealCheck: TypeAlias = Callable[[bytes], str]
"""Looks at the seal of one PDF: a sentence where it does not hold, "" where it does."""


def verify_pack(source: bytes | IO[bytes], *, check_seal: SealCheck | None = None) -> list[Finding]:
    """What does not hold in a pack: a file and a sentence each; empty where everything holds.

    The seals of the PDFs are checked by `check_seal`, and not at all without it. Raises NotAPack, with one sentence
    for a person, where the file is no pack of ours or is made to do harm; nothing of such a file is unpacked.
    """
    return examine(source, check_seal=check_seal).findings


def examine(source: bytes | IO[bytes], *, check_seal: SealCheck | None = None) -> Report:
    """The same with what was checked, for those who print it. Raises NotAPack as `verify_pack` does."""
    with Archive(io.BytesIO(source) if isinstance(source, bytes) else source) as archive:
        report = Report(_manifest(archive))
        _check_files(archive, report)
        claims = _check_records(archive, report, check_seal)
        _check_trail(archive, report, claims)
        return report


def _manifest(archive: Archive) -> Mapping[str, Any]:
    if MANIFEST not in archive.names:
        raise NotAPack("This ZIP file has no manifest.json, so it is no evidence pack.")
    found = _loaded(archive.read(MANIFEST, _LARGEST_MANIFEST))
    if not isinstance(found, dict) or found.get("format") != FORMAT:
        raise NotAPack("The manifest of this file is not one that this version can read.")
    head = found.get("trail")
    if not isinstance(head, dict) or not _is_number(head.get("seq")) or not isinstance(head.get("hash"), str):
        raise NotAPack("The manifest of this file names no last event of the trail.")
    if not isinstance(found.get("files"), list) or not all(map(_is_listed, found["files"])):
        raise NotAPack("The list of files in the manifest cannot be read.")
    return found


def _loaded(data: bytes | None) -> Any:
    """JSON as values; None where it is none."""
    try:
        return json.loads(data or b"")
    except (ValueError, RecursionError):
        return None


def _is_number(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def _is_listed(value: object) -> bool:
    if not isinstance(value, dict):
        return False
    return isinstance(value.get("path"), str) and isinstance(value.get("sha256"), str) and _is_number(value.get("size"))


# Files


def _check_files(archive: Archive, report: Report) -> None:
    """Every file is in the manifest, every file of the manifest is here, and none has changed."""
    listed: dict[str, Mapping[str, Any]] = {}
    for one in report.manifest["files"]:
        if one["path"] in listed:
            report.add(one["path"], "The manifest names this file twice.")
        listed[one["path"]] = one
    for name in sorted(archive.names - listed.keys() - {MANIFEST}):
        report.add(name, "This file is not in the manifest.")
    for path, one in listed.items():
        if path not in archive.names:
            report.add(path, "The manifest names this file, but it is missing.")
            continue
        report.files += 1
        found = _digest(archive, path)
        if found is None:
            report.add(path, "This file is damaged and cannot be read to its end.")
        elif found != (one["size"], one["sha256"]):
            report.add(path, "This file is not the one that the manifest names: its hash is another.")


def _digest(archive: Archive, path: str) -> tuple[int, str] | None:
    digest, size = hashlib.sha256(), 0
    try:
        for part in archive.parts(path):
            digest.update(part)
            size += len(part)
    except NotAPack:
        return None
    return size, digest.hexdigest()


# Records


def _check_records(archive: Archive, report: Report, check_seal: SealCheck | None) -> Claims:
    """Each record fits the words and the PDF beside it. Gives back what the records say about the trail."""
    claims: Claims = {}
    for path in sorted(name for name in archive.names if name.endswith(_RECORD)):
        report.records += 1
        data = archive.read(path, _LARGEST_RECORD)
        record = _loaded(data)
        if data is None or not isinstance(record, dict):
            report.add(path, "This record cannot be read.")
            continue
        folder = path.removesuffix(_RECORD)
        policy = archive.read(f"{folder}/policy.json", _LARGEST_RECORD)
        for sentence in record_findings(record, data, policy, str(_practice(report.manifest))):
            report.add(path, sentence)
        _check_sealed(archive, report, folder, data, check_seal)
        for seq, claim in claims_of(path, record):
            claims.setdefault(seq, []).append(claim)
    for path in sorted(name for name in archive.names if name.endswith(_SEALED)):
        if path.removesuffix(_SEALED) + _RECORD not in archive.names:
            report.add(path, "No record lies beside this PDF.")
    return claims


def _practice(manifest: Mapping[str, Any]) -> object:
    practice = manifest.get("practice")
    return practice.get("uid") if isinstance(practice, dict) else None


def _check_sealed(archive: Archive, report: Report, folder: str, record: bytes, check_seal: SealCheck | None) -> None:
    """The PDF carries the very record that lies beside it, and its seal holds."""
    path = folder + _SEALED
    if path not in archive.names:
        return
    report.sealed.append(path)
    pdf = archive.read(path, _LARGEST_RECORD)
    attached = attached_record(pdf)
    if attached is None:
        report.add(path, "No record is attached to this PDF, or the PDF cannot be read.")
    elif attached != record:
        report.add(path, "The record that is attached to this PDF is not the one beside it.")
    sentence = check_seal(pdf or b"") if check_seal else ""
    if sentence:
        report.add(path, sentence)


# The trail


def _check_trail(archive: Archive, report: Report, claims: Claims) -> None:
    """The chain holds to the head that the manifest names, and every record stands in it."""
    head = (report.manifest["trail"]["seq"], report.manifest["trail"]["hash"])
    if TRAIL not in archive.names:
        if claims or head != (0, GENESIS):
            report.add(TRAIL, "The trail is missing, so nothing can be said about what happened when.")
        return
    try:
        for found in find_breaks(_links(archive, report, claims), head=head):
            report.add(TRAIL, f"{found.sentence[:1].upper()}{found.sentence[1:]}.")
    except RecursionError:
        report.add(TRAIL, "An event of the trail is nested too deep to be read, so nothing after it was checked.")
    for seq, waiting in sorted(claims.items()):
        for claim in waiting:
            report.add(claim.path, f"This record names event {seq}, which is not in the trail.")


def _links(archive: Archive, report: Report, claims: Claims) -> Iterator[Link]:
    """The lines as links. What a record says of an event is compared as it passes, and then forgotten."""
    practice = _practice(report.manifest)
    for number, line in enumerate(archive.lines(TRAIL, _LONGEST_LINE), 1):
        link = _link(line)
        if link is None:
            report.add(TRAIL, f"Line {number} of the trail cannot be read, so nothing after it was checked.")
            return
        report.events += 1
        payload = link.payload
        if isinstance(payload, dict):
            if payload.get("seq") != link.seq or payload.get("practice") != practice:
                report.add(TRAIL, f"Record {link.seq} says that it is another one.")
        else:
            report.withheld += 1
        for claim in claims.pop(link.seq, ()):
            sentence = claim.against(link)
            if sentence:
                report.add(claim.path, sentence)
        yield link


def _link(line: bytes | None) -> Link | None:
    found = _loaded(line)
    if not isinstance(found, dict) or not _is_number(found.get("seq")):
        return None
    if not isinstance(found.get("hash"), str) or not isinstance(found.get("previous_hash"), str):
        return None
    payload = found.get("payload", WITHHELD)
    if payload is not WITHHELD and not isinstance(payload, dict):
        return None
    return Link(found["seq"], payload, found["previous_hash"], found["hash"])
