"""The shared word for a citation: where a rule comes from, and when someone last read it."""

from __future__ import annotations

from dataclasses import dataclass

GOOD_PRACTICE = "good-practice"
"""The reference a passage carries when no code speaks to it: shown as "good practice"."""


@dataclass(frozen=True, slots=True)
class Citation:
    """One clause of one edition of one code or law, as shown to a reader.

    ref      stable id of pack and clause, "aca-2014/A.5.e"
    short    what people call it, "ACA Code of Ethics 2014, A.5.e"
    summary  the clause in our own words
    link     address of the body's own page
    checked  ISO date on which someone last read the wording, "2026-11-21"
    kind     "code", "law" or "guidance"
    """

    ref: str
    short: str
    summary: str
    link: str
    checked: str
    kind: str = "code"
