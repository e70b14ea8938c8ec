"""Tell whether a sealed file is as it was sealed. Needs the file and nothing else: no network, no account, no database.

Only what is needed is loaded: a file that is empty or no PDF is answered before the library is.
"""

from __future__ import annotations

import re

from doorframe.adapters.seal_pdf.verdict import Check, Seal, Verdict

LARGEST = 100_000_000
"""Bytes of a file; a sealed policy has some hundred thousand."""

_MARK = b"/ByteRange"
_FINGERPRINT = re.compile(r"[0-9a-f]{64}")
_NO_SEAL = "This PDF carries no seal. If it was given to you as a sealed copy, it is not one."


def fingerprint(text: str) -> str:
    """A fingerprint as a person writes it (capitals, colons, spaces) in our way; "" for what is none."""
    found = re.sub(r"[\s:]", "", text).lower()
    return found if _FINGERPRINT.fullmatch(found) else ""


def verify(data: bytes, *, trust: str = "") -> Verdict:
    """Look at a file and say what holds. Whatever the bytes are, this answers and raises nothing.

    trust  the fingerprint that the practice tells, as `fingerprint` gives it; "" compares none
    """
    if problem := _not_a_pdf(data):
        return Verdict("unreadable", problem)
    from doorframe.adapters.seal_pdf import contents, envelope

    try:
        looked = envelope.look(data)
    except envelope.Locked:
        return Verdict("unreadable", "This PDF is locked with a password, which no sealed copy is. It was not read.")
    except envelope.NoSeal:
        return _altered_beyond_reading() if _MARK in data else Verdict("unreadable", _NO_SEAL)
    except Exception:  # a broken file can break a reader anywhere; it is never the fault of who asks
        return _altered_beyond_reading() if _MARK in data else Verdict("unreadable", _unreadable())
    # A broken seal vouches for nothing inside, so nothing inside is read.
    whole = all(check.ok for check in looked.checks)
    inside = contents.look(data, looked.reader, looked.seal.fingerprint) if whole else contents.Contents(())
    checks = (*looked.checks, *inside.checks, *_trusted(looked.seal, trust))
    return _answer(checks, looked.seal, inside.about, trust)


def _not_a_pdf(data: bytes) -> str:
    """Why these bytes are not looked at, as a sentence; "" where they are."""
    if not data:
        return "This file is empty."
    if len(data) > LARGEST:
        return f"This file is larger than {LARGEST // 1_000_000} MB, which no sealed copy is. It was not read."
    if not data.startswith(b"%PDF-"):
        return "This file is not a PDF."
    return ""


def _unreadable() -> str:
    return "This PDF is damaged and cannot be read, and no seal was found in it. Ask for the file again."


def _altered_beyond_reading() -> Verdict:
    said = "This file was changed or cut after it was sealed, so much that it cannot be read as it was."
    return Verdict("altered", said, (Check("seal", False, "What is left of the seal does not fit the file."),))


def _trusted(seal: Seal, trust: str) -> tuple[Check, ...]:
    if not trust:
        return ()
    ok = seal.fingerprint == trust
    said = "The seal was made with the certificate you named." if ok else (
        "The seal was made with another certificate than the one you named."
    )  # fmt: skip
    return (Check("key", ok, said),)


def _answer(checks: tuple[Check, ...], seal: Seal, about: tuple[tuple[str, str], ...], trust: str) -> Verdict:
    failed = [check.id for check in checks if not check.ok]
    notes = tuple(_notes(seal, trust))
    if not failed:
        return Verdict(
            "intact", "This file is intact: it is what was sealed, to the last byte.", checks, notes, seal, about
        )
    if failed == ["key"]:
        said = "This file was not changed since it was sealed, but it was sealed by somebody else than you expect."
    elif {"seal", "whole", "time"} & set(failed):
        said = "This file was changed after it was sealed. Do not rely on it; ask the practice for the file again."
    else:
        said = "The seal was not touched, but what it closes does not agree with itself. Do not rely on this file."
    return Verdict("altered", said, checks, notes, seal, about)


def _notes(seal: Seal, trust: str) -> list[str]:
    """What the answer proves and what it does not."""
    said = []
    if trust:
        said.append("You named the certificate, so this answer also says whose seal it is.")
    elif seal.self_signed:
        said.append(
            "The key of this seal was made by its holder, and nobody else vouches for it. Anyone can make a seal with"
            " any name on it. Compare the fingerprint with the one that the practice tells you by another way."
        )
    else:
        said.append(
            f"The key of this seal says it was certified by {seal.issuer}. Without a network that cannot be asked, so"
            " compare the fingerprint with the one that the practice tells you."
        )
    if seal.witnessed:
        said.append(
            f"A time-stamp by {seal.witness} says that the seal was there at {seal.witnessed}. Whether to trust that"
            " authority is for you to say."
        )
    else:
        said.append("The times were told by the practice’s own computer; nobody else witnessed them.")
    said.append("No seal can prove who sat at the screen. That rests on the practice, which knows the people.")
    return said
