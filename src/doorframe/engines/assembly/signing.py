"""The words around reading and signing, filled for one practice: what is shown, and so what is kept and hashed.

Every function takes the words of content (`loader.load_signing`) and the Words of the published version. Values that a
page gives (`signing_checks.GIVEN`) stand as they are: nothing in them is read as a template.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Literal

from doorframe.engines.assembly.words import Words
from doorframe.engines.citations import Citation
from doorframe.engines.content import signing as shapes
from doorframe.engines.content.conditions import holds, names

Paragraphs = tuple[str, ...]
TalkKind = Literal["third-session", "yearly", "after-change"]


@dataclass(frozen=True, slots=True)
class Part:
    """One heading of a disclosure, as it is shown."""

    id: str
    title: str
    paragraphs: Paragraphs
    citations: tuple[Citation, ...]


@dataclass(frozen=True, slots=True)
class Disclosure:
    """The disclosure, as it is shown. agree and paper are the labels of the two ways on, in the client's words."""

    id: str
    title: str
    parts: tuple[Part, ...]
    agree: str
    paper: str

    @property
    def text(self) -> str:
        """Every word that was shown, as plain text: paragraphs apart by an empty line. This is kept with the record."""
        lines = [self.title]
        for part in self.parts:
            lines += [part.title, *part.paragraphs]
        return "\n\n".join([*lines, self.agree, self.paper]) + "\n"

    @property
    def sha256(self) -> str:
        """The SHA-256 of `text` in UTF-8, in lower-case hexadecimal."""
        return hashlib.sha256(self.text.encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Choice:
    """One answer to the policy. label is in the client's words; signs is True where a name is put under it."""

    id: str
    label: str
    explain: str
    signs: bool
    after_title: str
    after: Paragraphs


@dataclass(frozen=True, slots=True)
class Capacity:
    """In what capacity somebody signs. statement is what they say by it; asks what is asked beside the name."""

    id: str
    label: str
    explain: str
    statement: str
    asks: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Option:
    """Something to choose: a relationship, or a way to get the copy. more is what is asked then, "" for nothing."""

    id: str
    label: str
    explain: str = ""
    more: str = ""


@dataclass(frozen=True, slots=True)
class Asked:
    """A question about the policy. right is the id of the answer that follows from it."""

    id: str
    topic: str
    text: str
    answers: tuple[Option, ...]
    right: str
    explain: str


@dataclass(frozen=True, slots=True)
class Talk:
    """A prompt for the therapist: why to talk, how it could begin, what to ask."""

    id: str
    title: str
    why: str
    opening: Paragraphs
    points: tuple[str, ...]


@dataclass(frozen=True)
class _Given(Words):
    """Words that also know what a page gives."""

    given: Mapping[str, str] = field(default_factory=dict)

    def value(self, name: str) -> str:
        return self.given[name] if name in self.given else super().value(name)

    def _keeps_case(self, name: str) -> bool:
        return name == "who" or super()._keeps_case(name)


def disclosure(signing: shapes.Signing, words: Words) -> Disclosure:
    """The disclosure in force where the practice is."""
    chosen = next(
        (one for one in signing.disclosures if not one.fallback and holds(one.when, words.facts)),
        next(one for one in signing.disclosures if one.fallback),
    )
    parts = []
    for part in chosen.parts:
        paragraphs = _paragraphs(words, part.text) if holds(part.when, words.facts) else ()
        if paragraphs:
            parts.append(Part(part.id, words.fill(part.title), paragraphs, _citations(words, part.cites)))
    return Disclosure(chosen.id, words.fill(chosen.title), tuple(parts), words.fill(chosen.agree),
                      words.fill(chosen.paper))  # fmt: skip


def choices(signing: shapes.Signing, words: Words) -> dict[str, Choice]:
    """The answers a client can give, by id, in the order in which they are offered."""
    found: dict[str, Choice] = {}
    for one in signing.choices:
        if one.id not in found and holds(one.when, words.facts):
            found[one.id] = Choice(one.id, words.fill(one.label), words.fill(one.explain), one.signs,
                                   words.fill(one.after_title), _paragraphs(words, one.after))  # fmt: skip
    return found


def capacities(signing: shapes.Signing, words: Words) -> dict[str, Capacity]:
    """Those who can put their name under the policy, by id."""
    return {
        one.id: Capacity(one.id, words.fill(one.label), words.fill(one.explain), words.fill(one.statement), one.asks)
        for one in signing.capacities.values()
    }


def relationships(signing: shapes.Signing, words: Words, capacity: str) -> dict[str, Option]:
    """Who a guardian, an interpreter or a witness can be to the client. `more` asks what lets them sign."""
    asks = "authority" in signing.capacities[capacity].asks
    return {
        one.id: Option(one.id, words.fill(one.label), more=words.fill(one.authority) if asks else "")
        for one in signing.relationships.values()
        if capacity in one.capacities
    }


def copies(signing: shapes.Signing, words: Words) -> dict[str, Option]:
    """The ways to get the copy. `more` is "email" where an address is needed."""
    return {
        one.id: Option(one.id, words.fill(one.label), words.fill(one.explain), one.needs)
        for one in signing.copies.values()
    }


def say(signing: shapes.Signing, words: Words, id: str, **given: str) -> Paragraphs:
    """A short text of the pages (`signing_checks.SAYS` lists them), paragraph by paragraph.

    given  values for its placeholders; a sentence whose value is missing is left out
    Raises KeyError for an id that content does not know.
    """
    known = [one for one in signing.says if one.id == id]
    if not known:
        raise KeyError(id)
    chosen = next((one for one in known if holds(one.when, words.facts)), None)
    filled = _Given(words.pack, words.facts, words.dated, given)
    return _paragraphs(filled, chosen.text) if chosen else ()


def line(signing: shapes.Signing, words: Words, id: str, **given: str) -> str:
    """A short text as one line: a heading, a label, a single paragraph."""
    return " ".join(say(signing, words, id, **given))


def minutes(signing: shapes.Signing, text: str) -> str:
    """How long a text takes to read, in words: "four minutes". At least one."""
    count = max(1, round(len(text.split()) / signing.words_a_minute))
    return signing.numbers[min(count, len(signing.numbers)) - 1]


def talk(signing: shapes.Signing, words: Words, kind: TalkKind) -> Talk:
    """A prompt to talk about the policy again, for the therapist."""
    found = signing.talks[kind]
    return Talk(found.id, words.fill(found.title), words.fill(found.why), _paragraphs(words, found.opening),
                tuple(text for point in found.points if (text := words.sentence(point))))  # fmt: skip


def pick(signing: shapes.Signing, words: Words, topics: Collection[str], seed: str, most: int = 3) -> tuple[Asked, ...]:
    """Questions about the policy, at most one for each topic: the same for the same seed, fewer where fewer apply.

    topics  the topics that the policy speaks about
    seed    whatever stands for the reading: the id of a request. Never a name
    """
    fitting = [one for one in signing.questions if one.topic in topics and _follows(one, words.facts)]
    chosen: dict[str, shapes.Question] = {}
    for question in sorted(fitting, key=lambda one: (not one.always, _lot(seed, one.id))):
        filled = all(words.sentence(text) for text in _texts(question))
        if filled and question.topic not in chosen and len(chosen) < most:
            chosen[question.topic] = question
    return tuple(_asked(words, one, seed) for one in sorted(chosen.values(), key=lambda one: _lot(seed, one.id)))


def _follows(question: shapes.Question, facts: Mapping[str, object]) -> bool:
    """Whether the right answer follows from the policy: it may not where the practice wrote an exception of its own."""
    return holds(question.when, facts) and not any(facts.get(f"{name}_exception") for name in names(question.when))


def _asked(words: Words, question: shapes.Question, seed: str) -> Asked:
    answers = [Option(str(number), words.fill(one.text)) for number, one in enumerate(question.answers, start=1)]
    right = next(str(number) for number, one in enumerate(question.answers, start=1) if one.right)
    answers.sort(key=lambda one: _lot(seed, f"{question.id}/{one.id}"))
    return Asked(question.id, question.topic, words.fill(question.text), tuple(answers), right,
                 words.fill(question.explain))  # fmt: skip


def _texts(question: shapes.Question) -> tuple[str, ...]:
    return (question.text, question.explain, *(one.text for one in question.answers))


def _lot(seed: str, id: str) -> str:
    """A place in an order that looks drawn by lot and is always the same."""
    return hashlib.sha256(f"{seed}\0{id}".encode()).hexdigest()


def _paragraphs(words: Words, text: shapes.Text) -> Paragraphs:
    """Each paragraph as one line of text. A sentence that names what nobody has given is left out."""
    found = (" ".join(filter(None, (words.sentence(sentence) for sentence in paragraph))) for paragraph in text)
    return tuple(paragraph for paragraph in found if paragraph)


def _citations(words: Words, refs: tuple[str, ...]) -> tuple[Citation, ...]:
    """Those that bind this practice and that somebody has read."""
    known = (words.pack.references.get(ref) for ref in refs)
    return tuple(one.citation() for one in known if one and one.verified and holds(one.when, words.facts))
