"""What goes into screening and what comes out: a draft, findings, how many people would fit, and an outcome."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from doorframe.engines.content.screening import ASK, DO_NOT_POST, FAMILIES, KINDS, NOTHING_FOUND, OUTCOMES

__all__ = ["ASK", "DO_NOT_POST", "FAMILIES", "KINDS", "NOTHING_FOUND", "OUTCOMES"]


_HALF = re.compile("[\ud800-\udfff]")
_CALLED = {"GB": "UK", "USA": "US"}


def whole(text: str) -> str:
    """The text with the sign for what cannot be read for each half of a sign, which JSON can carry and no text can."""
    return _HALF.sub("\ufffd", text)


def place(country: str, region: str) -> tuple[str, str]:
    """A country and a region as a Draft names them, however they were typed: "gb" is "UK", "ca-on" is "CA-ON"."""
    code = country.strip().upper()
    return _CALLED.get(code, code), region.strip().upper()


@dataclass(frozen=True, slots=True)
class Draft:
    """Words that somebody is about to post.

    text       as written; offsets of everything that is found are code points of it
    kind       one of KINDS
    platform   where it would go, "" where unknown
    country    "US", "CA", "UK", "IE", "AU", "NZ"; elsewhere, and where it is "", what holds everywhere
    region     "TX", "ON"; where it is "", what holds in any region of the country
    profession as in the interview ("psychologist", "counsellor"); where it is "", what holds for any of them
    """

    text: str
    kind: str = "post"
    platform: str = ""
    country: str = ""
    region: str = ""
    profession: str = ""


@dataclass(frozen=True, slots=True)
class Profile:
    """The practice's own words, which tell of no client: names, addresses, staff, prices, pets, numbers, accounts."""

    own: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Authorisation:
    """A written, scoped and unexpired authorisation that covers this draft.

    current  True while the person is a client: a testimonial of theirs stays forbidden where the code says so
    """

    reference: str
    current: bool


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was found.

    rule      id of the rule, or "second-reader"
    family    one of FAMILIES
    start,end code points of the draft; equal where the finding is about the whole text
    text      the words between them
    outcome   what this finding alone asks for: "do-not-post" or "ask"
    why       one or two sentences for the person who wrote the draft
    cites     references of clauses, "hipaa/164.502(a)"; empty for good practice
    step      the first step of the rewrite ladder that mends it: "drop", "generalise", "blur", "plural", "replace"
    """

    rule: str
    family: str
    start: int
    end: int
    text: str
    outcome: str
    why: str
    cites: tuple[str, ...] = ()
    step: str = "drop"


@dataclass(frozen=True, slots=True)
class People:
    """About how many people fit what a story tells.

    said         in words: "About 1 to 3 people fit."
    assumptions  one sentence each, with the source of every figure
    """

    low: int
    high: int
    said: str
    assumptions: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Rewrite:
    """One safer wording that can be taken: replace text[start:end] of the draft by `words`.

    step     "drop", "generalise", "blur", "plural" or "replace"
    label    what it does, as a button says it: "Leave out the time"
    """

    id: str
    family: str
    step: str
    start: int
    end: int
    words: str
    label: str


@dataclass(frozen=True, slots=True)
class Name:
    """A name that a reader of names saw. kind is "person" or "place"."""

    kind: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Reading:
    """What the second reader thinks of a draft.

    unsafe    calibrated probability that a careful colleague would not let it pass
    grave     calibrated probability that it must not go out
    families  probability of each family
    moved     (start, end, family) of the words that moved it, strongest first
    """

    unsafe: float
    grave: float
    families: Mapping[str, float] = field(default_factory=dict)
    moved: tuple[tuple[int, int, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Verdict:
    """The outcome of one draft, and everything that it rests on.

    self_risk, others_risk  "none", "some" or "high": would the person know themselves; would those near them
    names_model, reader     what read the names and who read second, "" where none was there (and `missing` says so)
    """

    outcome: str
    findings: tuple[Finding, ...] = ()
    people: People | None = None
    rewrites: tuple[Rewrite, ...] = ()
    self_risk: str = "none"
    others_risk: str = "none"
    names_model: str = ""
    reader: str = ""
    missing: tuple[str, ...] = ()
