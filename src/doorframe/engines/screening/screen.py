"""A draft in, a verdict out: the rules, what makes a story one person's, who else would fit, and the second reader."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from doorframe.engines.citations import GOOD_PRACTICE
from doorframe.engines.content.screening import Clearing, Detail, Rule, Sign
from doorframe.engines.screening import combine, rewrites
from doorframe.engines.screening.lines import Line
from doorframe.engines.screening.sight import Seen, Sieve, holds
from doorframe.engines.screening.verdict import (
    ASK,
    DO_NOT_POST,
    NOTHING_FOUND,
    Authorisation,
    Draft,
    Finding,
    People,
    Profile,
    Reading,
    Verdict,
)

ANSWERS = frozenset({"reply", "comment"})
"""Kinds of draft that answer somebody."""

HIGH = 2
"""Weight of a story's details from which a person, or those near them, would know who is meant."""

_FOR_READERS = frozenset({"telephone", "fax", "email", "street-address", "postcode", "handle", "date", "person"})
"""What a practice gives its readers too: it is somebody's only in the sentence that speaks of treatment."""

_NOBODY = frozenset({"place", "organisation", "url"})
"""What is marked and names no person: it counts as a detail of a story, never as an identifier by itself."""

FEW, SOME = 20, 200
"""So many people fitting or fewer: those near them know at once, or may guess."""


@dataclass(frozen=True, slots=True)
class Marked:
    """A stretch of the draft that names somebody: an identifier, or a name that a reader of names saw."""

    kind: str
    start: int
    end: int


def _nobody_counted() -> People | None:
    return None


@dataclass(frozen=True, slots=True)
class Read:
    """What others read in the draft before it is judged.

    marked   identifiers and names, in code points of the draft
    people   how many would fit the details, None where nothing narrows; asked only where a story is told
    reading  the second reader's, None where there is none
    """

    marked: Sequence[Marked] = ()
    people: Callable[[], People | None] = _nobody_counted
    reading: Reading | None = None
    names_model: str = ""
    reader: str = ""
    missing: tuple[str, ...] = ()


NOTHING_READ = Read()


def screen(
    draft: Draft,
    sieve: Sieve,
    read: Read = NOTHING_READ,
    *,
    profile: Profile | None = None,
    authorisation: Authorisation | None = None,
    combination: combine.Combination | None = None,
) -> Verdict:
    """Judge one draft. Offsets are code points of `draft.text`; the same draft gives the same verdict."""
    told = _told(draft, sieve, read, profile)
    found = told.findings
    by = combination or combine.Combination()
    known, few = told.own >= HIGH, told.others >= HIGH
    result = combine.outcome(found, sieve.firm, read.reading, by, known=known, few=few, answers=draft.kind in ANSWERS)
    if result == NOTHING_FOUND:
        return _nothing(read)
    found, result = _authorised(_second(draft, found, read.reading), result, authorisation)
    if result == ASK:
        found = [replace(one, outcome=ASK) for one in found]
    found = [replace(one, cites=_local(one.cites, draft, sieve.rules.homes)) for one in found]
    return Verdict(
        result, tuple(found), told.people, tuple(rewrites.ladder(draft, found, told.details, sieve.rules)),
        _level(told.own, told.story), _level(told.others, False), read.names_model, read.reader, read.missing,
    )  # fmt: skip


def _nothing(read: Read) -> Verdict:
    """What rules and reader together let pass tells of nobody: no risk is shown beside it."""
    return Verdict(NOTHING_FOUND, (), None, (), "none", "none", read.names_model, read.reader, read.missing)


def weighed(draft: Draft, sieve: Sieve, read: Read) -> dict[str, float]:
    """The signs of one draft, for whoever fits the weights. Raises ValueError without a second reader's reading."""
    if read.reading is None:
        raise ValueError("there is no reading to weigh")
    told = _told(draft, sieve, read, None)
    return combine.signs(told.findings, read.reading, known=told.own >= HIGH, few=told.others >= HIGH)


@dataclass(frozen=True, slots=True)
class _Told:
    """What the rules see in a draft: findings, and of a story its details and who would know whom it is about."""

    findings: list[Finding]
    details: list[tuple[Detail, Seen]]
    story: bool
    people: People | None
    own: int
    others: int


def _told(draft: Draft, sieve: Sieve, read: Read, profile: Profile | None) -> _Told:
    lines, seen = sieve.look(draft)
    own = _own_places(draft.text, profile or Profile())
    cleared = _cleared(lines, seen)
    hits = [one for one in _uncleared(draft, lines, seen) if not _of_ours(one, own)]
    marked = [one for one in read.marked if not any(start <= one.start and one.end <= end for start, end in own)]
    found = _findings(draft, hits, lines, marked) + _alone(draft, sieve, lines, marked)
    stories = [hit for hit in hits if hit.rule.story]
    details = _details(seen, cleared, stories)
    own_weight = sum(detail.own for detail, _ in details)
    # A question to colleagues that tells of somebody is read by people who may know them, as a story is.
    told = bool(stories) or any(one.family == "referral-details" for one in found)
    people = read.people() if told else None
    others_weight = sum(detail.others for detail, _ in details) + _few(people)
    if stories:
        found += _story(draft, stories, details, max(own_weight, others_weight))
    return _Told(_apart(found), details, bool(stories), people, own_weight, others_weight)


def seen_rules(draft: Draft, sieve: Sieve, read: Read = NOTHING_READ) -> frozenset[str]:
    """The rules that see something in a draft, also where a graver finding covers theirs: for content's examples."""
    lines, seen = sieve.look(draft)
    hits = _uncleared(draft, lines, seen)
    told = {hit.rule.id for hit in hits if hit.rule.story}
    found = _findings(draft, hits, lines, read.marked) + _alone(draft, sieve, lines, read.marked)
    return frozenset(told | {one.rule for one in found})


def _uncleared(draft: Draft, lines: Sequence[Line], seen: Sequence[Seen]) -> list[_Hit]:
    cleared = _cleared(lines, seen)
    return [hit for hit in _hits(draft, seen) if not (hit.rule.cleared and hit.seen.line in cleared)]


@dataclass(frozen=True, slots=True)
class _Hit:
    rule: Rule
    sign: Sign
    seen: Seen


def _hits(draft: Draft, seen: Sequence[Seen]) -> list[_Hit]:
    """Signs that hold in this draft, here and for this kind."""
    near, cleared = set(), set()
    for one in seen:
        if isinstance(one.cue.of, tuple):
            if one.cue.part == "near":
                near.add(id(one.cue.of[1]))
            elif one.cue.part == "unless":
                cleared.add(id(one.cue.of[1]))
    found = []
    for one in seen:
        if not isinstance(one.cue.of, tuple) or one.cue.part != "cue":
            continue
        rule, sign = one.cue.of
        if id(sign) in cleared or (sign.near and id(sign) not in near) or not holds(draft, sign):
            continue
        found.append(_Hit(rule, sign, one))
    return found


def _cleared(lines: Sequence[Line], seen: Sequence[Seen]) -> frozenset[int]:
    """The sentences that speak of nobody real, or of nobody else."""
    found: set[int] = set()
    for one in seen:
        if isinstance(one.cue.of, Clearing):
            found.update(range(len(lines)) if one.cue.of.whole else (one.line,))
    return frozenset(found)


def _findings(draft: Draft, hits: Sequence[_Hit], lines: Sequence[Line], marked: Sequence[Marked]) -> list[Finding]:
    """One finding for each sign that was seen; an identifier only beside treatment."""
    found = []
    for hit in hits:
        if hit.rule.story:
            continue
        if hit.rule.family != "identifier":
            found.append(_finding(draft, hit.rule, hit.sign, hit.seen.start, hit.seen.end))
            continue
        beside = [one for one in marked if one.kind not in _NOBODY and _beside(one, lines, hit.seen.line)]
        found += [_finding(draft, hit.rule, hit.sign, one.start, one.end) for one in beside]
    return found


def _beside(one: Marked, lines: Sequence[Line], place: int) -> bool:
    """Whether what is marked stands in a sentence; what is given to no reader, in the next or the last one too."""
    near = 0 if one.kind in _FOR_READERS else 1
    first, last = lines[max(place - near, 0)], lines[min(place + near, len(lines) - 1)]
    return first.starts[0] - 1 <= one.start <= last.ends[-1] + 1


def _alone(draft: Draft, sieve: Sieve, lines: Sequence[Line], marked: Sequence[Marked]) -> list[Finding]:
    """A number that is somebody's whatever stands around it: of a record, of a policy, of a car."""
    found = []
    for rule, sign in sieve.alone:
        if not holds(draft, sign):
            continue
        for one in marked:
            if one.kind in sign.marked and not any(
                line.starts[0] - 1 <= one.start <= line.ends[-1] and sieve.bars(sign, line) for line in lines
            ):
                found.append(_finding(draft, rule, sign, one.start, one.end))
    return found


def _finding(draft: Draft, rule: Rule, sign: Sign, start: int, end: int) -> Finding:
    return Finding(rule.id, rule.family, start, end, draft.text[start:end], sign.outcome or rule.outcome,
                   sign.why or rule.why, sign.cites or rule.cites, rule.step)  # fmt: skip


def _local(cites: Iterable[str], draft: Draft, homes: Mapping[str, Sequence[str]]) -> tuple[str, ...]:
    """The clauses that are in force where the draft goes out; all of them where nobody knows where that is. Where no
    clause of the place speaks of it, the rule is good practice.
    """
    found = tuple(ref for ref in cites if _in_force(homes.get(ref.partition("/")[0], ()), draft))
    return found or (GOOD_PRACTICE,)


def _in_force(places: Sequence[str], draft: Draft) -> bool:
    """Whether one of some places ("UK", "CA-ON") is the draft's. What names no place is in force everywhere."""
    if not places or not draft.country:
        return True
    region = draft.region.rsplit("-", 1)[-1]
    return any(
        country == draft.country and (not part or not region or part == region)
        for country, _, part in (place.partition("-") for place in places)
    )


def _details(seen: Sequence[Seen], cleared: frozenset[int], told: Sequence[_Hit]) -> list[tuple[Detail, Seen]]:
    """The details that are told near a story, each kind once: two times of day tell no more than one."""
    if not told:
        return []
    lines = {hit.seen.line + step for hit in told for step in (-2, -1, 0, 1, 2, 3)}
    found: dict[str, tuple[Detail, Seen]] = {}
    for one in seen:
        if isinstance(one.cue.of, Detail) and one.line in lines and one.line not in cleared:
            found.setdefault(one.cue.of.id, (one.cue.of, one))
    return list(found.values())


def _story(draft: Draft, told: Sequence[_Hit], details: Sequence[tuple[Detail, Seen]], weight: int) -> list[Finding]:
    """The story itself, and every detail by which its person would be known."""
    grave = DO_NOT_POST if weight >= HIGH else ASK
    found = []
    for hit in told:
        one = _finding(draft, hit.rule, hit.sign, hit.seen.start, hit.seen.end)
        found.append(replace(one, outcome=max(one.outcome, grave, key=(ASK, DO_NOT_POST).index)))
    first = told[0].rule
    for detail, seen in details:
        words = draft.text[seen.start : seen.end]
        found.append(Finding(f"{first.id}/{detail.id}", first.family, seen.start, seen.end, words, grave, detail.name,
                             first.cites, detail.step))  # fmt: skip
    return found


def _apart(findings: Sequence[Finding]) -> list[Finding]:
    """Each stretch once: of two findings of a family that overlap the graver stays, then the longer."""
    order = sorted(findings, key=lambda one: (one.outcome != DO_NOT_POST, one.start - one.end))
    kept: list[Finding] = []
    for one in order:
        if not any(one.family == other.family and one.start < other.end and other.start < one.end for other in kept):
            kept.append(one)
    return sorted(kept, key=lambda one: (one.start, one.end))


def _second(draft: Draft, found: list[Finding], reading: Reading | None) -> list[Finding]:
    """What the second reader adds to a draft that is stopped: the words that moved it and that no rule marked."""
    if reading is None:
        return found
    more = []
    for start, end, family in reading.moved:
        if not any(start < one.end and one.start < end for one in found):
            why = "This reads like something that could tell of a client. Please look at it before it goes out."
            more.append(Finding("second-reader", family, start, end, draft.text[start:end], ASK, why, (), "drop"))
    return sorted([*found, *more], key=lambda one: (one.start, one.end))


def _authorised(found: list[Finding], result: str, authorisation: Authorisation | None) -> tuple[list[Finding], str]:
    """With a written authorisation a story is for a person to decide; nothing else becomes milder."""
    if authorisation is None or result != DO_NOT_POST:
        return found, result
    mild = [
        replace(one, outcome=ASK) if one.family in {"case-story", "client-material"} else one
        if one.family != "testimonial" or authorisation.current else replace(one, outcome=ASK) for one in found
    ]  # fmt: skip
    return mild, combine.gravest(mild)


def _own_places(text: str, profile: Profile) -> list[tuple[int, int]]:
    """Where the practice's own names stand, capitals or not."""
    small = text.lower()
    if len(small) != len(text):
        small = text
    found = []
    for name in profile.own:
        word = name.strip().lower()
        start = small.find(word) if len(word) > 1 else -1
        while start >= 0:
            found.append((start, start + len(word)))
            start = small.find(word, start + 1)
    return found


def _of_ours(hit: _Hit, own: Sequence[tuple[int, int]]) -> bool:
    """Whether it is one of the practice's own people who comes late or moves an hour."""
    return hit.rule.family == "attendance" and any(start <= hit.seen.start < end for start, end in own)


def _few(people: People | None) -> int:
    """Weight of so few people fitting that those near them know who is meant."""
    if people is None or people.high > SOME:
        return 0
    return HIGH if people.high <= FEW else 1


def _level(weight: int, told: bool) -> str:
    if weight >= HIGH:
        return "high"
    return "some" if weight or told else "none"
