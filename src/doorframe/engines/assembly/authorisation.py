"""The form that a client reads before they allow their story, filled for one practice and one request.

Every function takes the forms of content (`loader.load_authorisation`) and the Words of the practice. What a request
gives stands as it is: nothing in it is read as a template.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from doorframe.engines.assembly.document import (
    Block,
    Document,
    Mark,
    Paragraph,
    Section,
    SignatureLine,
    Signatures,
)
from doorframe.engines.assembly.words import Words
from doorframe.engines.citations import GOOD_PRACTICE, Citation
from doorframe.engines.content import authorisation as shapes
from doorframe.engines.content.conditions import holds
from doorframe.engines.text import Span

KIND = "authorisation"
_OWN = frozenset({"story", "places", "purpose", "who"})
"""What of a request is somebody's own words, and keeps its case and its spelling."""


class Incomplete(ValueError):
    """A form would not tell something that it must. `elements` says what; the message holds nothing of the request."""

    def __init__(self, elements: Sequence[str]) -> None:
        self.elements = tuple(elements)
        super().__init__(f"The form would not tell of: {', '.join(self.elements)}")


@dataclass(frozen=True, slots=True)
class Signing:
    """One place to sign.

    role   as it is printed: “Client”, “Parent or guardian”
    name   as it is known, or ""
    whom   for whom a guardian signs, in words
    """

    role: str
    name: str = ""
    guardian: bool = False
    whom: str = ""


@dataclass(frozen=True, slots=True)
class Request:
    """What a practice asks a client to allow.

    reference  opaque, printed on every page
    story      what may be told; lines become paragraphs
    places     where it may go out, each a name: “Instagram”
    purpose    why it would be told
    first,last ISO dates: the first and the last day of the permission
    people     who signs, in their order
    """

    reference: str
    story: str
    places: tuple[str, ...]
    purpose: str
    first: str
    last: str
    people: tuple[Signing, ...] = ()


@dataclass(frozen=True, slots=True)
class Asked:
    """The two answers, as they are shown; what each person says by signing, in the order of the request.

    right  what a guardian also writes
    """

    yes: str
    no: str
    statements: tuple[str, ...]
    right: str


@dataclass(frozen=True, slots=True)
class Note:
    """What the practice reads before it asks. current is True for what is about a client of today."""

    id: str
    title: str
    paragraphs: tuple[str, ...]
    citations: tuple[Citation, ...]
    current: bool


@dataclass(frozen=True, slots=True)
class Given:
    """A signature that was given. how says in a sentence how and when."""

    role: str
    name: str
    how: str
    statement: str


@dataclass(frozen=True)
class _Filled(Words):
    """Words that also know what a request gives."""

    given: Mapping[str, str] = field(default_factory=dict)

    def value(self, name: str) -> str:
        return self.given[name] if name in self.given else super().value(name)

    def _keeps_case(self, name: str) -> bool:
        return name in _OWN or super()._keeps_case(name)


def form(forms: shapes.Forms, words: Words) -> shapes.Form:
    """The form in force where the practice is."""
    return next(
        (one for one in forms.forms if not one.fallback and holds(one.when, words.facts)),
        next(one for one in forms.forms if one.fallback),
    )


def document(forms: shapes.Forms, words: Words, request: Request) -> Document:
    """The form as a Document with a page to sign. Raises Incomplete where a part that it needs would have no words."""
    chosen, filled = form(forms, words), _filled(words, request)
    parts = [(part, _section(filled, part)) for part in chosen.parts]
    told = {element for part, section in parts if section is not None for element in part.elements}
    missing = [element for element in chosen.needs if element not in told]
    missing += [element for element, value in _needed(request) if not value]
    if missing:
        raise Incomplete(missing)
    practice, title = words.value("practice_name"), words.fill(chosen.title)
    known = words.pack.labels
    edition = request.reference
    sections = (*(section for _part, section in parts if section is not None), _to_sign(filled, chosen, request))
    return Document(
        kind=KIND, title=title, subtitle=practice, language=words.language, author=practice, dated=words.dated,
        version=edition, draft=False, footer=" · ".join(text for text in (edition, practice, title) if text),
        pack=f"{words.pack.label}; {chosen.id} {forms.sha256[:12]}", sections=sections,
        labels={key: words.spell(known[key]) for key in known} | {"printed_date": words.date(words.dated)},
    )  # fmt: skip


def asked(forms: shapes.Forms, words: Words, request: Request) -> Asked:
    """What is said beside the buttons: the two answers, and what signing says."""
    chosen, filled = form(forms, words), _filled(words, request)
    yes, no, right = (filled.fill(text) for text in (chosen.yes, chosen.no, chosen.right))
    return Asked(yes, no, _statements(filled, chosen, request), right)


def notes(forms: shapes.Forms, words: Words, *, current: bool) -> tuple[Note, ...]:
    """What the practice is told before it asks. current adds what holds where somebody is a client now."""
    found: dict[str, Note] = {}
    for one in forms.notes:
        if one.id in found or not holds(one.when, words.facts) or (one.current and not current):
            continue
        text = tuple(filter(None, (" ".join(filter(None, map(words.sentence, lines))) for lines in one.text)))
        found[one.id] = Note(one.id, words.fill(one.title), text, _citations(words, one.cites), one.current)
    return tuple(found.values())


def signed(found: Document, title: str, given: Sequence[Given]) -> Document:
    """The form as it was signed: in the place of the page to sign, who signed, how and when."""
    shown = tuple(section for section in found.sections if section.id != "sign")
    people = tuple(_given(number, one) for number, one in enumerate(given, 1))
    return replace(found, sections=(*shown, Section("signed", title, (), people, new_page=True)))


def _given(number: int, one: Given) -> Section:
    id = f"signed-{number}"
    blocks: list[Block] = [Paragraph(f"{id}-says", (Span(one.statement),))] if one.statement else []
    if one.name:
        blocks.append(Mark(f"{id}-mark", typed=one.name))
    blocks.append(Paragraph(f"{id}-how", (Span(one.how),)))
    return Section(id, one.role, tuple(blocks))


def _needed(request: Request) -> Iterator[tuple[str, str]]:
    yield "information", request.story.strip()
    yield "who-receives", "".join(request.places)
    yield "purpose", request.purpose.strip()
    yield "expiry", request.first and request.last
    yield "signature", "yes" if request.people else ""


def _filled(words: Words, request: Request) -> _Filled:
    given = {
        "story": request.story.strip(), "places": words.join(list(request.places)),
        "purpose": " ".join(request.purpose.split()), "from": words.date(request.first) if request.first else "",
        "until": words.date(request.last) if request.last else "",
    }  # fmt: skip
    return _Filled(words.pack, words.facts, words.dated, given)


def _section(words: _Filled, part: shapes.FormPart) -> Section | None:
    """One part of the form. A paragraph that is the story alone keeps the lines of the request."""
    cites = _citations(words, part.cites)
    good = GOOD_PRACTICE in part.cites
    blocks: list[Block] = []
    for number, lines in enumerate(part.text, 1):
        id = f"{part.id}-{number}"
        if lines == ("{story}",):
            told = [line.strip() for line in words.given["story"].splitlines() if line.strip()]
            blocks += [Paragraph(f"{id}-{row}", (Span(line, own=True),)) for row, line in enumerate(told, 1)]
            continue
        spans = tuple(span for line in lines if (span := words.span(line, end=" ")).text)
        if spans:
            ended = (*spans[:-1], replace(spans[-1], text=spans[-1].text.rstrip()))
            blocks.append(Paragraph(id, ended))
    if not blocks:
        return None
    last = blocks[-1]
    if isinstance(last, Paragraph):
        blocks[-1] = replace(last, cites=cites, good_practice=good and not cites)
    return Section(part.id, words.fill(part.title), tuple(blocks))


def _to_sign(words: _Filled, chosen: shapes.Form, request: Request) -> Section:
    """The page to sign: each person has their own two answers and their own lines, so that a no is seen as one."""
    label = words.pack.labels
    fields = tuple(words.spell(label[key]) for key in ("name", "signature", "date"))
    choices = (words.fill(chosen.yes), words.fill(chosen.no))
    places = []
    for number, (one, said) in enumerate(zip(request.people, _statements(words, chosen, request), strict=True), 1):
        lines = [SignatureLine(one.role, fields)]
        if one.guardian:
            lines.append(SignatureLine(one.role, (words.fill(chosen.right),)))
        id = f"sign-{number}"
        blocks = (Paragraph(f"{id}-statement", (Span(said),)), Signatures(f"{id}-lines", choices, tuple(lines)))
        places.append(Section(id, f"{one.role}: {one.name}" if one.name else one.role, blocks))
    return Section("sign", words.spell(label["signature_title"]), (), tuple(places), new_page=True)


def _statements(words: _Filled, chosen: shapes.Form, request: Request) -> tuple[str, ...]:
    """What each person says by signing; who signs for somebody unnamed says it as for themselves."""
    return tuple(
        replace(words, given={**words.given, "who": one.whom}).fill(chosen.guardian)
        if one.guardian and one.whom
        else words.fill(chosen.statement)
        for one in request.people
    )


def _citations(words: Words, refs: tuple[str, ...]) -> tuple[Citation, ...]:
    """Those that bind this practice and that somebody has read."""
    known = (words.pack.references.get(ref) for ref in refs)
    return tuple(one.citation() for one in known if one and one.verified and holds(one.when, words.facts))
