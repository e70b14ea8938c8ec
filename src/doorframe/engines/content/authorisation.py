"""The shape of what a client reads before they allow their story, and of what a practice reads before it asks.

Texts are paragraphs of sentence templates, as in clauses. `engines/assembly/authorisation.py` fills them for a practice
and one request.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from doorframe.engines.citations import GOOD_PRACTICE
from doorframe.engines.content import schema as s
from doorframe.engines.content.checks import COMPUTED, PLACEHOLDER, QUOTED, VOICE, atom_problem
from doorframe.engines.content.conditions import ALWAYS, Condition, atoms
from doorframe.engines.content.parts import paragraphs, toml_table
from doorframe.engines.content.reader import Source, Table

Text = tuple[tuple[str, ...], ...]
"""Paragraphs, each of sentence templates."""

COMMON = (
    "information", "who-tells", "who-receives", "purpose", "expiry", "signature", "representative", "revoke",
    "how-to-revoke", "revoke-limits", "no-condition", "redisclosure", "recognition", "power", "testimonial", "several",
    "separate", "copy",
)  # fmt: skip
"""What every form tells, wherever the practice is: the parts of 45 CFR 164.508(c), and what care asks beyond them."""

ELEMENTS = (*COMMON, "health", "payment", "rights")
"""What a form can tell. `needs` of a form names what it must; COMMON is part of every list."""

GIVEN: dict[str, str] = {
    "story": "what may be told, in the words of the request; one paragraph for each of its lines",
    "places": "where it may go out, in words: “Instagram and our newsletter”",
    "purpose": "why it would be told, in the words of the request",
    "from": "the first day, in words",
    "until": "the last day, in words",
    "who": "the people for whom somebody else signs, in words",
}
"""Placeholders that a request gives, with what each says. A sentence without its value is left out."""

TAKEN = ("sign", "signed", "signatures")
"""Ids of the page to sign, which no part of a form may have."""

_FOLDER = "authorisation"
_BEFORE = f"{_FOLDER}/before.toml"


@dataclass(frozen=True, slots=True)
class FormPart:
    """One heading of a form. elements are what it tells of."""

    id: str
    title: str
    text: Text
    elements: tuple[str, ...]
    cites: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Form:
    """What a client reads and signs, in the place where `when` holds.

    needs      the elements that it must have
    yes, no    the two answers, in the client's words
    statement  what somebody says by signing; guardian what those say who sign for somebody else
    right      what those also write: over its place on the page to sign
    fallback   True for the one that speaks where no other does
    """

    id: str
    title: str
    when: Condition
    fallback: bool
    needs: tuple[str, ...]
    yes: str
    no: str
    statement: str
    guardian: str
    right: str
    parts: tuple[FormPart, ...]
    file: str


@dataclass(frozen=True, slots=True)
class Note:
    """What the practice reads before it asks. Of several with one id the first whose `when` holds is shown.

    current  True for what is said where somebody on the permission is a client now
    """

    id: str
    title: str
    text: Text
    when: Condition
    cites: tuple[str, ...]
    current: bool


@dataclass(frozen=True, slots=True)
class Forms:
    """Every form and every note. sha256 covers every byte that was read."""

    forms: tuple[Form, ...]
    notes: tuple[Note, ...]
    sha256: str


def read(sources: Mapping[str, Source], sha256: str) -> Forms:
    """Everything under authorisation/. What is missing or wrong is noted in the sources."""
    found = [form(source) for name, source in sorted(sources.items()) if name != _BEFORE]
    before = sources.get(_BEFORE)
    return Forms(tuple(one for one in found if one), notes(before) if before else (), sha256)


def form(source: Source) -> Form | None:
    """One form, with its parts."""
    table = toml_table(source, "a form")
    if table is None:
        return None
    found = Form(
        id=table.text("id", required=True), title=table.text("title", required=True), when=table.condition(),
        fallback=table.flag("fallback"), needs=_some(table, "needs"), yes=table.text("yes", required=True),
        no=table.text("no", required=True), statement=table.text("statement", required=True),
        guardian=table.text("guardian", required=True), right=table.text("right", required=True),
        parts=tuple(_part(row) for row in table.tables("parts", "a part of a form")), file=source.name,
    )  # fmt: skip
    table.done()
    return found


def notes(source: Source) -> tuple[Note, ...]:
    """What the practice reads before it asks."""
    table = toml_table(source, "the notes")
    if table is None:
        return ()
    found = []
    for row in table.tables("notes", "a note"):
        found.append(Note(row.text("id", required=True), row.text("title", required=True), _text(row),
                          row.condition(), row.texts("cites"), row.flag("current")))  # fmt: skip
        row.done()
    table.done()
    return tuple(found)


def _part(row: Table) -> FormPart:
    found = FormPart(row.text("id", required=True), row.text("title", required=True), _text(row),
                     _some(row, "elements"), row.texts("cites"))  # fmt: skip
    row.done()
    return found


def _text(row: Table) -> Text:
    return paragraphs(row.text("text", required=True).splitlines())


def _some(row: Table, key: str) -> tuple[str, ...]:
    found = row.texts(key)
    for wrong in (item for item in found if item not in ELEMENTS):
        row.source.problem(f"`{key}` of {row.what} knows {', '.join(ELEMENTS)}; not “{wrong}”",
                           row.source.line_of(key, row.line))  # fmt: skip
    return found


# What must hold --------------------------------------------------------------------------------------------------


def check(pack: s.Pack, words: Forms) -> Iterator[s.Problem]:
    """Every problem that only shows when the files are read together."""
    yield from _complete(words)
    yield from _conditions(pack, words)
    yield from _citations(pack, words)
    yield from _templates(pack, words)


def _complete(words: Forms) -> Iterator[s.Problem]:
    if sum(one.fallback for one in words.forms) != 1:
        yield s.Problem(_FOLDER, 0, "one form must be the fallback, for every other place")
    for one in words.forms:
        if not one.fallback and one.when == ALWAYS:
            yield s.Problem(one.file, 0, f"“{one.id}” needs `when`: only the fallback speaks everywhere")
        ids = [part.id for part in one.parts]
        for id in ids:
            if id in TAKEN or ids.count(id) > 1:
                yield s.Problem(one.file, 0, f"the id “{id}” of a part is taken: give it another")
        told = {element for part in one.parts for element in part.elements}
        for element in one.needs:
            if element not in told:
                yield s.Problem(one.file, 0, f"no part of “{one.id}” tells of “{element}”, which it needs")
        for element in COMMON:
            if element not in one.needs:
                yield s.Problem(one.file, 0, f"“{element}” is missing from `needs` of “{one.id}”: every form tells it")
    if not any(note.current for note in words.notes):
        yield s.Problem(_BEFORE, 0, "no note is about somebody who is a client now")


def _conditions(pack: s.Pack, words: Forms) -> Iterator[s.Problem]:
    stated = [(one.file, f"the form “{one.id}”", one.when) for one in words.forms]
    stated += [(_BEFORE, f"the note “{note.id}”", note.when) for note in words.notes]
    for file, what, condition in stated:
        for atom in atoms(condition):
            message = atom_problem(pack, atom.name, atom.value)
            if message:
                yield s.Problem(file, 0, f"{what}: {message}")


def _citations(pack: s.Pack, words: Forms) -> Iterator[s.Problem]:
    cited = [(one.file, part.title, part.cites) for one in words.forms for part in one.parts]
    cited += [(_BEFORE, note.title, note.cites) for note in words.notes]
    for file, title, refs in cited:
        if not refs:
            yield s.Problem(file, 0, f"“{title}” cites nothing: name a clause, or good-practice")
        for ref in refs:
            if ref != GOOD_PRACTICE and not (ref in pack.references and pack.references[ref].verified):
                yield s.Problem(file, 0, f"there is no verified citation “{ref}”")


def _templates(pack: s.Pack, words: Forms) -> Iterator[s.Problem]:
    known = {*pack.fields, *COMPUTED, *GIVEN, *(word for voice in pack.voices.values() for word in voice)}
    for file, what, template, practice in _places(words):
        names = PLACEHOLDER.findall(template)
        for name in names:
            if name not in known:
                yield s.Problem(file, 0, f"{what}: nothing fills the placeholder {{{name}}}")
        if not len(names) == template.count("{") == template.count("}"):
            yield s.Problem(file, 0, f"{what}: a brace is open or empty in “{template[:60]}”")
        bare = VOICE.search(QUOTED.sub("", PLACEHOLDER.sub("", template)))
        if practice and bare:
            yield s.Problem(file, 0, f"{what}: write {{I}}, {{me}} or {{my}}, not “{bare.group()}”: “{template[:60]}”")


def _places(words: Forms) -> Iterator[tuple[str, str, str, bool]]:
    """File, what it is, a template, and whether the practice says it; a client's own words are no matter of voice."""
    for one in words.forms:
        what = f"the form “{one.id}”"
        for template in (one.title, *(part.title for part in one.parts), *_lines(part.text for part in one.parts)):
            yield one.file, what, template, True
        for template in (one.yes, one.no, one.statement, one.guardian, one.right):
            yield one.file, what, template, False
    for note in words.notes:
        for template in (note.title, *_lines([note.text])):
            yield _BEFORE, f"the note “{note.id}”", template, True


def _lines(texts: Iterable[Text]) -> Iterator[str]:
    return (sentence for text in texts for paragraph in text for sentence in paragraph)
