"""The shape of what a client reads around a policy: disclosure, choices, capacities, questions, and words to talk.

Texts are paragraphs of sentence templates, as in clauses. `engines/assembly/signing.py` fills them for a practice.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from doorframe.engines.content.conditions import Condition
from doorframe.engines.content.parts import paragraphs, toml_table
from doorframe.engines.content.reader import Source, Table

Text = tuple[tuple[str, ...], ...]
"""Paragraphs, each of sentence templates."""

ELEMENTS = (
    "paper", "withdraw", "consequences", "scope", "how-to-withdraw", "update-contact", "copy", "cost", "equipment",
    "refuse", "keeping",
)  # fmt: skip
"""What a disclosure can tell. `needs` of a disclosure names those that its law asks for."""

CHOICES = ("agree", "agree-after-talk", "decline", "paper")
CAPACITIES = ("client", "guardian", "interpreter", "witness", "therapist")
ASKS = ("relationship", "authority", "language")
TALKS = ("third-session", "yearly", "after-change")


@dataclass(frozen=True, slots=True)
class DisclosurePart:
    """One heading of a disclosure. elements are what it tells of; the text may differ from its neighbour by `when`."""

    id: str
    title: str
    text: Text
    elements: tuple[str, ...]
    when: Condition
    cites: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Disclosure:
    """What is said before anything is read and signed on a screen, in the place where `when` holds.

    needs     the elements that it must have
    agree     what the client says by going on; paper what they say by not doing so: both in the client's own words
    fallback  True for the one that speaks where no other does
    """

    id: str
    title: str
    when: Condition
    fallback: bool
    needs: tuple[str, ...]
    agree: str
    paper: str
    parts: tuple[DisclosurePart, ...]
    file: str


@dataclass(frozen=True, slots=True)
class Choice:
    """One answer to a policy. label is in the client's words; after is what they read once it is given.

    signs  True where a name is put under it
    when   of several with the same id the first whose condition holds is offered
    """

    id: str
    when: Condition
    label: str
    explain: str
    signs: bool
    after_title: str
    after: Text


@dataclass(frozen=True, slots=True)
class Capacity:
    """In what capacity a person puts their name. statement is what they say by it, in their own words.

    asks  what is asked beside the name: of ASKS
    """

    id: str
    label: str
    explain: str
    statement: str
    asks: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Relationship:
    """Who somebody is to the client. authority asks what lets them sign; "" where nothing more is asked."""

    id: str
    label: str
    capacities: tuple[str, ...]
    authority: str


@dataclass(frozen=True, slots=True)
class CopyWay:
    """A way to get the copy. needs is "email" where an address is asked for."""

    id: str
    label: str
    explain: str
    needs: str


@dataclass(frozen=True, slots=True)
class Answer:
    """One of the answers to a question about the policy."""

    text: str
    right: bool


@dataclass(frozen=True, slots=True)
class Question:
    """Something to see whether the policy was clear. `when` makes its right answer follow from the policy.

    always  True for one that is asked wherever it applies
    """

    id: str
    topic: str
    when: Condition
    text: str
    answers: tuple[Answer, ...]
    explain: str
    always: bool
    file: str


@dataclass(frozen=True, slots=True)
class Talk:
    """A prompt for the therapist to talk about the policy again. opening is how it could begin, said aloud."""

    id: str
    title: str
    why: str
    opening: Text
    points: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Say:
    """A short text of the pages around a policy; of several with the same id the first whose `when` holds is said.

    own  True for what the client says, not the practice
    """

    id: str
    text: Text
    when: Condition
    own: bool


@dataclass(frozen=True, slots=True)
class Signing:
    """Everything that is said around the reading and signing of a policy.

    numbers  whole minutes in words, from one on, with words_a_minute for how fast people read
    sha256   covers every byte that was read
    """

    disclosures: tuple[Disclosure, ...]
    choices: tuple[Choice, ...]
    capacities: Mapping[str, Capacity]
    relationships: Mapping[str, Relationship]
    copies: Mapping[str, CopyWay]
    questions: tuple[Question, ...]
    talks: Mapping[str, Talk]
    says: tuple[Say, ...]
    numbers: tuple[str, ...]
    words_a_minute: int
    sha256: str


def read(sources: Mapping[str, Source], sha256: str) -> Signing:
    """Everything under signing/. What is missing or wrong is noted in the sources."""
    tables = {name: _table(sources, f"signing/{name}.toml") for name in ("choices", "people", "talking", "words")}
    found = Signing(
        disclosures=tuple(one for name in _under(sources, "disclosures") if (one := disclosure(sources[name]))),
        choices=choices(tables["choices"]), capacities=capacities(tables["people"]),
        relationships=relationships(tables["people"]), copies=copies(tables["choices"]),
        questions=tuple(one for name in _under(sources, "questions") for one in questions(sources[name])),
        talks=talks(tables["talking"]), says=says(tables["words"]), numbers=tables["words"].texts("numbers"),
        words_a_minute=tables["words"].number("words_a_minute", 200),
        sha256=sha256,
    )  # fmt: skip
    for table in tables.values():
        table.done()
    known = {*(f"signing/{name}.toml" for name in tables), *_ELSEWHERE}
    for name, source in sources.items():
        if name not in known and not name.startswith(_FOLDERS):
            source.problem("nothing reads this file: its name or its folder is not one of ours")
    return found


_FOLDERS = ("signing/disclosures/", "signing/questions/")
_ELSEWHERE = {"signing/certificate.toml"}
"""Files beside ours that something else reads."""


def _under(sources: Mapping[str, Source], folder: str) -> list[str]:
    return [name for name in sources if name.startswith(f"signing/{folder}/")]


def _table(sources: Mapping[str, Source], name: str) -> Table:
    """A file as a table; an empty one where it is missing, and the check then says what is not there."""
    source = sources.get(name) or Source(name, "", [])
    return toml_table(source, f"the file {name}") or Table(source, {}, name)


def disclosure(source: Source) -> Disclosure | None:
    """One file of signing/disclosures."""
    table = toml_table(source, "a disclosure")
    if table is None:
        return None
    found = Disclosure(
        id=table.text("id", required=True), title=table.text("title", required=True), when=table.condition(),
        fallback=table.flag("fallback"), needs=_some(table, "needs", ELEMENTS),
        agree=table.text("agree", required=True), paper=table.text("paper", required=True),
        parts=tuple(_part(row) for row in table.tables("parts", "a part of a disclosure")), file=source.name,
    )  # fmt: skip
    table.done()
    return found


def _part(row: Table) -> DisclosurePart:
    found = DisclosurePart(row.text("id", required=True), row.text("title", required=True), _text(row),
                           _some(row, "elements", ELEMENTS), row.condition(), row.texts("cites"))  # fmt: skip
    row.done()
    return found


def choices(table: Table) -> tuple[Choice, ...]:
    """The answers a client can give, in the order in which they are offered."""
    found = []
    for row in table.tables("choices", "a choice"):
        found.append(Choice(row.word("id", CHOICES, "agree"), row.condition(), row.text("label", required=True),
                            row.text("explain", required=True), row.flag("signs"),
                            row.text("after_title", required=True), _text(row, "after")))  # fmt: skip
        row.done()
    return tuple(found)


def capacities(table: Table) -> dict[str, Capacity]:
    """Those who can put their name under a policy."""
    found = []
    for row in table.tables("capacities", "a capacity"):
        found.append(Capacity(row.word("id", CAPACITIES, "client"), row.text("label", required=True),
                              row.text("explain", required=True), row.text("statement", required=True),
                              _some(row, "asks", ASKS)))  # fmt: skip
        row.done()
    return {one.id: one for one in found}


def relationships(table: Table) -> dict[str, Relationship]:
    """Who a guardian, an interpreter or a witness can be to the client."""
    found = []
    for row in table.tables("relationships", "a relationship"):
        found.append(Relationship(row.text("id", required=True), row.text("label", required=True),
                                  _some(row, "capacities", CAPACITIES), row.text("authority")))  # fmt: skip
        row.done()
    return {one.id: one for one in found}


def copies(table: Table) -> dict[str, CopyWay]:
    """The ways in which a client can have their copy."""
    found = []
    for row in table.tables("copies", "a way to get the copy"):
        found.append(CopyWay(row.text("id", required=True), row.text("label", required=True),
                             row.text("explain", required=True), row.word("needs", ("", "email"), "")))  # fmt: skip
        row.done()
    return {one.id: one for one in found}


def questions(source: Source) -> tuple[Question, ...]:
    """One file of questions about the policy."""
    table = toml_table(source, "a file of questions")
    if table is None:
        return ()
    found = []
    for row in table.tables("questions", "a question"):
        id = row.text("id", required=True)
        row.what = f"the question “{id}”"
        answers = [_answer(item) for item in row.tables("answers", f"an answer of “{id}”")]
        found.append(Question(id, row.text("topic", required=True), row.condition(), row.text("text", required=True),
                              tuple(answers), row.text("explain", required=True), row.flag("always"),
                              source.name))  # fmt: skip
        row.done()
    table.done()
    return tuple(found)


def _answer(row: Table) -> Answer:
    found = Answer(row.text("text", required=True), row.flag("right"))
    row.done()
    return found


def talks(table: Table) -> dict[str, Talk]:
    """The prompts to talk about the policy again."""
    found = []
    for row in table.tables("talks", "a prompt to talk"):
        found.append(Talk(row.word("id", TALKS, "yearly"), row.text("title", required=True),
                          row.text("why", required=True), _text(row, "opening"), row.texts("points")))  # fmt: skip
        row.done()
    return {one.id: one for one in found}


def says(table: Table) -> tuple[Say, ...]:
    """The short texts of the pages."""
    found = []
    for row in table.tables("says", "a short text"):
        found.append(Say(row.text("id", required=True), _text(row), row.condition(), row.flag("own")))
        row.done()
    return tuple(found)


def _text(row: Table, key: str = "text") -> Text:
    return paragraphs(row.text(key, required=True).splitlines())


def _some(row: Table, key: str, allowed: tuple[str, ...]) -> tuple[str, ...]:
    found = row.texts(key)
    for wrong in (item for item in found if item not in allowed):
        row.source.problem(f"`{key}` of {row.what} knows {', '.join(allowed)}; not “{wrong}”",
                           row.source.line_of(key, row.line))  # fmt: skip
    return found
