"""`doorframe verify` for an evidence pack: every file, every seal, every record and the trail, in one answer."""

from __future__ import annotations

import json
from collections import Counter
from typing import IO, TYPE_CHECKING

from doorframe.cli.errors import fail

if TYPE_CHECKING:
    from doorframe.adapters.export.evidence import Report

_NOTES = (
    "A change to one file, one record or one event shows here. Somebody could write the list of files anew as well, "
    "but not the seal of a PDF.",
    "Whoever owns the practice's computer could write a new trail from the start. Compare its last hash with one "
    "that left the practice earlier: in an older sealed copy, an older pack, or on paper.",
    "A certificate that a practice made itself has nobody else's word for whose it is. Ask the practice for its "
    "fingerprint by another way, and compare.",
)
_CLOSED = "Closed events show their place in the trail. Their words are with the practice and were not checked."


def run(name: str, file: IO[bytes], *, trust: str, as_json: bool) -> int:
    """Check the pack in a file, without reading it at once.

    `trust` is the fingerprint that every seal must have, "" for any. Returns 0 where everything holds, else 1; fails
    with a sentence where the file is no pack.
    """
    from doorframe.adapters.export.evidence import NotAPack, examine
    from doorframe.adapters.seal_pdf import verify

    seals: Counter[str] = Counter()

    def check_seal(pdf: bytes) -> str:
        verdict = verify(pdf, trust=trust)
        if verdict.seal:
            seals[verdict.seal.fingerprint] += 1
        return "" if verdict.outcome == "intact" else verdict.sentence

    try:
        report = examine(file, check_seal=check_seal)
    except NotAPack as error:
        fail(f"{name}: {error}")
    print(json.dumps(_plain(report, seals), ensure_ascii=False, indent=2) if as_json else _say(name, report, seals))
    return 0 if report.is_whole else 1


def _plain(report: Report, seals: Counter[str]) -> dict[str, object]:
    manifest = report.manifest
    return {
        "outcome": "intact" if report.is_whole else "altered",
        "findings": [{"path": one.path, "sentence": one.sentence} for one in report.findings],
        "files": report.files,
        "acknowledgements": report.records,
        "events": report.events,
        "closed": report.withheld,
        "sealed": len(report.sealed),
        "certificates": dict(sorted(seals.items())),
        **{key: manifest.get(key) for key in ("made_at", "practice", "about", "trail")},
    }


def _say(name: str, report: Report, seals: Counter[str]) -> str:
    answer = "This pack is as it was made." if report.is_whole else "Something in this pack does not hold."
    lines = [f"{name}: {answer}", *(f"  [FAILS] {_line(one.path)}: {one.sentence}" for one in report.findings)]
    lines += ["", "What was looked at", *(f"  {label:<16} {words}" for label, words in _counts(report))]
    lines += ["", "What the pack is about", *(f"  {label:<16} {words}" for label, words in _about(report))]
    if seals:
        lines += ["", "Whose seals they are"]
        lines += [f"  {count} with SHA-256 {_grouped(fingerprint)}" for fingerprint, count in sorted(seals.items())]
    notes = (*_NOTES, _CLOSED) if report.withheld else _NOTES
    return "\n".join([*lines, "", "What this proves, and what it does not", *(f"  - {note}" for note in notes)])


def _counts(report: Report) -> list[tuple[str, str]]:
    return [
        ("Files", str(report.files)),
        ("Acknowledgements", str(report.records)),
        ("Sealed PDFs", str(len(report.sealed))),
        ("Events", f"{report.events}, {report.withheld} of them closed" if report.withheld else str(report.events)),
    ]


def _about(report: Report) -> list[tuple[str, str]]:
    """What the manifest says of itself. A stranger may have written it, so it is told on one line each."""
    practice, about = report.manifest.get("practice"), report.manifest.get("about")
    head = report.manifest["trail"]
    known = [
        ("Practice", practice.get("name") if isinstance(practice, dict) else ""),
        ("About", f"{about.get('kind')} {about.get('reference')}" if isinstance(about, dict) else ""),
        ("Made", report.manifest.get("made_at")),
        ("End of the trail", f"event {head['seq']}, {head['hash']}"),
    ]
    return [(label, _line(words)) for label, words in known if words]


def _line(words: object) -> str:
    """Words from the file, on one line and without signs that steer a terminal."""
    return "".join(sign if sign.isprintable() else " " for sign in str(words))[:200].strip()


def _grouped(fingerprint: str) -> str:
    return " ".join(fingerprint[at : at + 4] for at in range(0, len(fingerprint), 4))
