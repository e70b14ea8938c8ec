"""What looking at a sealed file gives: an answer, and each thing that was looked at, in plain words."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any, Literal

Outcome = Literal["intact", "altered", "unreadable"]
_EXITS = {"intact": 0, "altered": 1, "unreadable": 2}


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that was looked at. The sentence says what was found, whichever way it went."""

    id: str
    ok: bool
    sentence: str


@dataclass(frozen=True, slots=True)
class Seal:
    """What the seal says of itself.

    name, sealed_at     as the sealer wrote them; sealed_at is ISO text with its zone, "" where it says none
    fingerprint         SHA-256 of the certificate, in hexadecimal
    subject, issuer     of the certificate; the same where the key was made by its holder
    witness, witnessed  the time-stamp authority and its time; "" where none was asked
    """

    name: str
    sealed_at: str
    fingerprint: str
    subject: str
    issuer: str
    witness: str = ""
    witnessed: str = ""

    @property
    def self_signed(self) -> bool:
        return self.subject == self.issuer


@dataclass(frozen=True, slots=True)
class Verdict:
    """The answer.

    outcome   "intact": nothing was changed · "altered": something does not hold · "unreadable": no seal to look at
    sentence  the answer in one sentence
    checks    what was looked at, in order; empty where the file could not be read
    notes     what the answer proves, and what it does not
    about     what the record is about (practice, reference, policy, outcome), as plain text by name
    """

    outcome: Outcome
    sentence: str
    checks: tuple[Check, ...] = ()
    notes: tuple[str, ...] = ()
    seal: Seal | None = None
    about: tuple[tuple[str, str], ...] = ()

    @property
    def exit_code(self) -> int:
        """0 intact, 1 altered, 2 unreadable."""
        return _EXITS[self.outcome]

    def as_plain(self) -> dict[str, Any]:
        """The verdict as values for JSON."""
        seal = {**asdict(self.seal), "self_signed": self.seal.self_signed} if self.seal else None
        return {
            "outcome": self.outcome,
            "sentence": self.sentence,
            "checks": [asdict(check) for check in self.checks],
            "seal": seal,
            "about": dict(self.about),
            "notes": list(self.notes),
        }
