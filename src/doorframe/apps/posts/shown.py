"""A verdict as a page shows it: one sentence, the words with marks, numbered notes, and ways to mend."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import pairwise

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from doorframe.apps.library import queries as library
from doorframe.apps.posts import screening
from doorframe.engines.citations import GOOD_PRACTICE, Citation
from doorframe.engines.screening.verdict import ASK, DO_NOT_POST, Finding, People, Rewrite, Verdict

FAMILIES: dict[str, str | Promise] = {
    "identifier": gettext_lazy("Something that names or identifies a person"),
    "case-story": gettext_lazy("A story about a real client"),
    "confirming": gettext_lazy("It confirms, or denies, that somebody is a client"),
    "attendance": gettext_lazy("Who came, who did not, or what was paid"),
    "testimonial-request": gettext_lazy("It asks for a review or a testimonial"),
    "testimonial": gettext_lazy("Praise by a client, made public"),
    "tagging": gettext_lazy("A tag or a mention of a person"),
    "check-in": gettext_lazy("A place that tells where somebody is"),
    "client-material": gettext_lazy("A client's own words or work"),
    "referral-details": gettext_lazy("More about a client than a referral needs"),
}
"""What each family of findings is about, as a heading."""

MISSING: dict[str, str | Promise] = {
    "names": gettext_lazy(
        "Names of people and places: no reader of names is installed. Only names with a form are seen."
    ),
    "second-reader": gettext_lazy("A second look by a trained reader: none is installed here."),
}
"""What a verdict says was not there, as sentences."""


@dataclass(frozen=True, slots=True)
class Cite:
    """A clause with the day on which its wording was last read."""

    clause: Citation
    read: date | None


@dataclass(frozen=True, slots=True)
class Note:
    """What was found once or several times for one reason."""

    number: int
    family: str
    words: tuple[str, ...]
    why: str
    grave: bool
    refs: tuple[str, ...]

    @property
    def id(self) -> str:
        return f"note-{self.number}"


@dataclass(frozen=True, slots=True)
class Group:
    """Notes of one family that rest on the same clauses."""

    title: str | Promise
    notes: tuple[Note, ...]
    cites: tuple[Cite, ...]


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of the words. `numbers` are the notes about it; `ends` are those whose words end here."""

    text: str
    numbers: tuple[int, ...] = ()
    ends: tuple[int, ...] = ()
    grave: bool = False


@dataclass(frozen=True, slots=True)
class Mend:
    """A button that takes one safer wording. `words` tell apart two buttons that say the same."""

    key: str
    label: str
    words: str = ""


@dataclass(frozen=True, slots=True)
class Result:
    """Everything that a page shows of a verdict. `tone` is the class of the note: stop, ask or fine."""

    outcome: str
    tone: str
    headline: str
    lede: str
    pieces: tuple[Piece, ...]
    groups: tuple[Group, ...]
    people: People | None
    rewrites: tuple[Mend, ...]
    missing: tuple[str, ...]
    lacks_permission: bool = False

    @property
    def notes(self) -> tuple[Note, ...]:
        """Every note, by its number."""
        return tuple(sorted((note for group in self.groups for note in group.notes), key=lambda note: note.number))

    @property
    def said(self) -> str:
        """The result in a breath, for whoever hears the page."""
        count = len(self.notes)
        notes = ngettext("%(count)s note.", "%(count)s notes.", count) % {"count": count} if count else ""
        return f"{self.headline}. {notes}".strip()


def result(text: str, verdict: Verdict, *, lacks_permission: bool = False) -> Result:
    """The verdict on this text, ready to show. lacks_permission: a permission is named, and none such is in force."""
    notes, numbered = _notes(verdict.findings)
    tone, headline = _headline(verdict.outcome)
    return Result(
        verdict.outcome, tone, headline, _lede(verdict), _pieces(text, numbered), _grouped(notes), verdict.people,
        _mends(text, verdict.rewrites),
        tuple(str(MISSING.get(part, part)) for part in verdict.missing), lacks_permission,
    )  # fmt: skip


def outcome_words(outcome: str) -> str:
    """An outcome as a sentence begins with it."""
    return _headline(outcome)[1]


def _headline(outcome: str) -> tuple[str, str]:
    if outcome == DO_NOT_POST:
        return "stop", _("Please don’t post this yet")
    if outcome == ASK:
        return "ask", _("A person must decide about this")
    return "fine", _("Nothing found, which is no guarantee")


def _lede(verdict: Verdict) -> str:
    """Who would recognise whom; where nothing was found, the question that is left."""
    risks = (verdict.self_risk, verdict.others_risk)
    if risks == ("high", "high"):
        return _("Your client would know that it is about them, and people close to them probably would too.")
    if verdict.self_risk == "high":
        return _("Your client would know that it is about them.")
    if verdict.others_risk == "high":
        return _("People close to your client would probably know who it is.")
    if "some" in risks:
        return _("A client may see themselves in it.")
    if verdict.outcome == DO_NOT_POST:
        return _("The notes say what stands in the way, and how to mend it.")
    if verdict.outcome == ASK:
        return _("The notes say what to think about. Whoever approves it writes down why.")
    return _("Would any client think “that is me”? If so, leave it.")


def _notes(findings: Sequence[Finding]) -> tuple[tuple[Note, ...], list[tuple[Finding, int]]]:
    """One note for each reason, in the order of the words; and each finding with the number of its note."""
    groups: dict[tuple[str, str, str], list[Finding]] = {}
    for finding in sorted(findings, key=lambda one: (one.start == one.end, one.start, one.end)):
        groups.setdefault((finding.rule, finding.why, finding.outcome), []).append(finding)
    notes, numbered = [], []
    for number, group in enumerate(groups.values(), 1):
        first = group[0]
        words = tuple(dict.fromkeys(one.text for one in group if one.text.strip()))
        notes.append(Note(number, first.family, words, first.why, first.outcome == DO_NOT_POST, first.cites))
        numbered += [(one, number) for one in group]
    return tuple(notes), numbered


def _grouped(notes: Sequence[Note]) -> tuple[Group, ...]:
    """The notes of a family together, with the clauses behind them once."""
    groups: dict[tuple[str, tuple[str, ...]], list[Note]] = {}
    for note in notes:
        groups.setdefault((note.family, note.refs), []).append(note)
    return tuple(
        Group(FAMILIES.get(family, family), tuple(found), _cites(refs)) for (family, refs), found in groups.items()
    )


def _mends(text: str, rewrites: Sequence[Rewrite]) -> tuple[Mend, ...]:
    """A button for each safer wording. Those that come to the same words are one."""
    found = list({(one.start, one.end, one.words): one for one in reversed(rewrites)}.values())[::-1]
    labels = Counter(one.label for one in found)
    return tuple(
        Mend(screening.key(one), one.label, text[one.start : one.end].strip() if labels[one.label] > 1 else "")
        for one in found
    )


def _pieces(text: str, numbered: Sequence[tuple[Finding, int]]) -> tuple[Piece, ...]:
    """The words cut wherever something that was found begins or ends."""
    spans = [
        (one.start, one.end, number, one.outcome == DO_NOT_POST) for one, number in numbered if one.start < one.end
    ]
    cuts = sorted({0, len(text), *(place for start, end, *_rest in spans for place in (start, end))})
    pieces = []
    for start, end in pairwise(cuts):
        over = [(number, last, grave) for first, last, number, grave in spans if first <= start and end <= last]
        numbers = tuple(sorted({number for number, _last, _grave in over}))
        ends = tuple(sorted({number for number, last, _grave in over if last == end}))
        pieces.append(Piece(text[start:end], numbers, ends, any(grave for *_rest, grave in over)))
    return tuple(pieces)


def _cites(refs: Sequence[str]) -> tuple[Cite, ...]:
    """The clauses that the content has and that somebody has verified."""
    pack = library.pack()
    known = [pack.references[ref] for ref in refs if ref != GOOD_PRACTICE and ref in pack.references]
    found = []
    for one in (one for one in known if one.verified):
        cite = one.citation()
        found.append(Cite(replace(cite, summary=pack.spelled(cite.summary)), _day(cite.checked)))
    return tuple(found)


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
