"""A paper as a person reads it: page after page, one clause a card."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import lru_cache

from doorframe.adapters import kept
from doorframe.adapters.render import html
from doorframe.apps.library import queries as library
from doorframe.apps.signatures import queries
from doorframe.apps.signatures.models import Paper
from doorframe.engines.assembly import signing
from doorframe.engines.assembly.document import Document, ListBlock, Paragraph, Section
from doorframe.engines.assembly.signing import Asked, Choice, Disclosure
from doorframe.engines.assembly.words import Words
from doorframe.engines.interview.facts import resolve


@dataclass(frozen=True, slots=True)
class Card:
    """One clause: its id, its heading, and its words as HTML. `asks` says whether one can ask about it, `folded` if
    it is opened on demand: the table of sources is for the few who want it.
    """

    id: str
    title: str
    html: str
    asks: bool
    folded: bool = False


@dataclass(frozen=True, slots=True)
class Page:
    """What is read at one go: a heading with its cards."""

    number: int
    title: str
    cards: tuple[Card, ...]


@dataclass(frozen=True, slots=True)
class Reading:
    """A paper ready to be read. `lede` is HTML that stands before the first card; `minutes` is in words."""

    document: Document
    lede: str
    pages: tuple[Page, ...]
    minutes: str
    words: Words

    def page(self, number: int) -> Page:
        """The page with this number, or the nearest there is."""
        return self.pages[max(1, min(number, len(self.pages))) - 1]

    def card(self, id: str) -> tuple[Page, Card] | None:
        """A clause by its id, with the page that it stands on."""
        return next(((page, card) for page in self.pages for card in page.cards if card.id == id), None)

    @property
    def topics(self) -> set[str]:
        """What the paper speaks about."""
        return {section.topic for _depth, section in self.document.walk() if section.topic}

    def say(self, id: str, **given: str) -> tuple[str, ...]:
        """A short text of the pages, paragraph by paragraph."""
        return signing.say(library.signing(), self.words, id, **given)

    def line(self, id: str, **given: str) -> str:
        """A short text of the pages in one line."""
        return signing.line(library.signing(), self.words, id, **given)

    def choices(self) -> dict[str, Choice]:
        """What a reader can say to it."""
        return signing.choices(library.signing(), self.words)

    def disclosure(self) -> Disclosure:
        """What is told before anything is signed on a screen."""
        return signing.disclosure(library.signing(), self.words)

    def understanding(self, seed: str) -> tuple[Asked, ...]:
        """Up to three questions whose answers stand in this paper."""
        return signing.pick(library.signing(), self.words, self.topics, seed)


def reading(paper: Paper) -> Reading:
    """The paper ready to be read; made once for each paper and process."""
    return _made(paper.pk, paper.text_sha256)


@lru_cache(maxsize=64)
def _made(pk: int, text_sha256: str) -> Reading:
    # The hash is part of what is remembered: a paper never changes, but a test's database begins anew.
    paper = queries.paper_by_key(pk)
    document = kept.from_plain(paper.tree)
    words = _words(paper)
    return Reading(
        document=document,
        lede=_html(replace(document, sections=(), pack="")) if document.lede else "",
        pages=tuple(_pages(document)),
        minutes=signing.minutes(library.signing(), _text(document)),
        words=words,
    )


def _words(paper: Paper) -> Words:
    pack = library.pack()
    return Words(pack, resolve(pack, paper.answers), paper.in_force_from.isoformat())


def _pages(document: Document) -> list[Page]:
    found: list[Page] = []
    closing: list[Card] = []
    for section in document.sections:
        if section.id == "sign":
            continue
        if section.sections:
            cards = tuple(_card(document, child) for child in section.sections)
            found.append(Page(len(found) + 1, section.title, cards))
        else:
            closing.append(_card(document, section))
    if closing and found:
        last = found[-1]
        found[-1] = replace(last, cards=(*last.cards, *closing))
    return found or [Page(1, document.title, tuple(closing))]


def _card(document: Document, section: Section) -> Card:
    # Which rules rest on good practice is said once, at the end of the whole; beside each clause it would be noise.
    blocks = tuple(
        replace(block, good_practice=False) if isinstance(block, (Paragraph, ListBlock)) else block
        for block in section.blocks
    )
    alone = replace(document, lede=(), sections=(replace(section, blocks=blocks, new_page=False),), pack="")
    return Card(section.id, section.title, _html(alone), bool(section.topic), folded=section.id == "sources")


def _html(document: Document) -> str:
    return html.fragment(document, level=2, heading=False, prefix="")


def _text(document: Document) -> str:
    parts = [block.text for block in document.lede]
    for _depth, section in document.walk():
        if section.id not in {"sign", "sources"}:
            parts += [section.title, *(block.text for block in section.blocks)]
    return " ".join(parts)
