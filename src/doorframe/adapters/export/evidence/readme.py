"""The words that travel with a pack, for somebody who has never heard of this program."""

from __future__ import annotations

import textwrap

from doorframe.adapters.export.evidence.entries import About

_SUBJECTS = {
    "client": "It shows what one client, known here as {reference}, was shown, asked and answered.",
    "version": "It shows who was asked about version {reference} of the policy, and what each person answered.",
    "practice": "It shows what every client of this practice was shown, asked and answered.",
}

_WITHHELD = """
The trail counts every event of the practice, since each is chained to the one
before it. Events that are not about the subject of this pack are shown by
their number and hashes alone. They prove that nothing was taken out between
the others. They tell nobody what happened to other people. What they say
cannot be checked from this pack; the practice can open them.
"""

_TEXT = """EVIDENCE PACK

{origin}

{subject}


WHAT IS IN IT

README.txt        this page
manifest.json     every file with its size and its SHA-256
acknowledgements  one folder for each acknowledgement, named by its reference:
    sealed.pdf    the policy, the signatures and a certificate, under one seal
    record.json   what the certificate says, for a program to read
    policy.json   the words of the policy, from which its hash is made
    fhir.json     the same as a FHIR R4 bundle, for a health record
trail.jsonl       what happened, one event a line, each with its hash
register.csv      the acknowledgements as a table, for a spreadsheet

Not every pack has every file. The manifest says which ones this pack has.


HOW TO CHECK IT

No network is needed, and nothing has to be sent to anybody.

With Doorframe:

    doorframe verify pack.zip

By hand, with the tools of any computer:

1. Take the SHA-256 of a file and compare it with the one in manifest.json.
   On Linux: sha256sum FILE. On a Mac: shasum -a 256 FILE.
   On Windows: certutil -hashfile FILE SHA256.
2. Open sealed.pdf in a reader that shows signatures. It says whether the file
   was changed after it was sealed. The files attached to it are record.json
   (under the name acknowledgement.json) and policy.json; compare them.
3. The SHA-256 of policy.json is the text_sha256 in record.json.
4. Each line of trail.jsonl holds "hash". It is the SHA-256 of three things in
   a row: the text of "previous_hash", one line feed, and the "payload" as
   JSON in UTF-8 with sorted keys and no spaces. "previous_hash" is the hash
   of the line before. The first is 64 zeros.
5. The last line has the number and the hash that stand under "trail" in
   manifest.json: number {seq}, hash
   {hash}


WHAT THIS PROVES, AND WHAT IT DOES NOT

The seal shows that a PDF has not changed by one letter since it was sealed,
and that it was sealed with the key of one certificate.{certificate}
If the practice made that certificate itself, nobody else has vouched for whose
key it is. Ask the practice for the fingerprint by another way, such as a
letter or a call, and compare. The time in such a seal is the time of the
practice's computer, unless the seal carries a stamp of a time authority.

The chain shows that no event was changed, added or taken out without every
later hash being wrong. Whoever owns the computer could write a new chain from
the start. So compare the last hash with one that left the practice earlier: in
a sealed PDF of an older date, in an older pack, or on paper.

The manifest shows that this pack is as it was made. It is not sealed itself:
somebody could change a file and the manifest together, or write the trail
anew. They could not make the seal of a PDF fit again. Each sealed PDF names
the last hash of the trail of its day, so the trail up to there is sealed too.
What came later rests on a hash that you have from somewhere else.

None of this shows who held the pen. The record says how somebody was asked
and in which capacity that person signed.
{withheld}

KEEP IT SAFE

This pack holds names and what people chose. Send it only to those who may
read it, by a way that is private, and delete copies that nobody needs.
"""


def readme(about: About) -> str:
    """README.txt: what this is, how to check it, what it proves and what not."""
    fingerprint = (
        f"\nThe fingerprint (SHA-256) of that certificate is\n{about.certificate}\n" if about.certificate else ""
    )
    return _TEXT.format(
        origin=_wrapped(f"From {about.practice_name}, made at {about.made_at} (UTC)."),
        subject=_wrapped(_SUBJECTS[about.kind].format(reference=about.reference)),
        seq=about.head[0],
        hash=about.head[1],
        certificate=fingerprint,
        withheld="" if about.kind == "practice" else _WITHHELD,
    )


def _wrapped(text: str) -> str:
    """One paragraph, whatever line breaks a name may hold."""
    return textwrap.fill(" ".join(text.split()), 78, break_long_words=False)
