"""The shape of what the detector knows in words, and its reading: tactics with their cues, and what is said of them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from doorframe.engines.content.parts import toml_table
from doorframe.engines.content.reader import Source, Table
from doorframe.engines.patterns import PatternError, Vocabulary, pattern

TACTICS = (
    "denial-of-events",
    "minimising",
    "blame-shifting",
    "confusing",
    "isolating",
    "guilt",
    "threat",
    "belittling",
    "playing-the-victim",
    "feigned-innocence",
    "love-bombing",
    "moving-goalposts",
    "triangulating",
)
"""Each has a file of its own."""

DIRECTIONS = ("towards", "received", "reported", "quoted", "self")
LEVELS = ("low", "rising", "high")

_FOLDER = "detection/tactics/"
_WORDS, _ASK = "detection/words.toml", "detection/ask.toml"
_ID = re.compile(r"[a-z][a-z0-9]*(?:-[a-z0-9]+)*")
_SENTENCE = re.compile(r"[.?](?:\s|$)")


@dataclass(frozen=True, slots=True)
class Cue:
    """A way of saying that often stands where a tactic does. It explains and never decides.

    id        unique within its tactic
    patterns  word patterns, any of which may stand in a sentence
    """

    id: str
    patterns: tuple[str, ...]
    line: int


@dataclass(frozen=True, slots=True)
class Tactic:
    """One way of working on somebody's sense of what is real, worth or free.

    meaning   two or three sentences
    look_for  what shows it; is_not what looks like it and is none
    why       the sentence that a moderator sees: about the words, never about a person
    guidance  what to do, for whom it may be done to first, and what to leave
    sources   references, or "good-practice"
    matches   texts that do it, in which a cue stands; passes look like it and have none
    also      texts in which a cue stands though nobody is worked on: told, quoted, asked about
    lines     of each example, its line in the file
    """

    id: str
    title: str
    meaning: str
    look_for: tuple[str, ...]
    is_not: tuple[str, ...]
    why: str
    guidance: str
    sources: tuple[str, ...]
    cues: tuple[Cue, ...]
    matches: tuple[str, ...]
    passes: tuple[str, ...]
    also: tuple[str, ...]
    lines: Mapping[str, int]
    file: str


@dataclass(frozen=True, slots=True)
class Ask:
    """What a moderator sees beside a signal.

    heading      above every one
    unclear      instead of a tactic's sentence, where none stands out
    nearest      after it, with {titles} of the patterns that come nearest
    joined       between the sentences of two tactics, where either may be
    not_covered  where the language is none that the detector reads
    no_model     where nothing is installed that could judge
    directions   a sentence for each of DIRECTIONS; pairs one for each of LEVELS
    """

    heading: str = ""
    unclear: str = ""
    nearest: str = ""
    joined: str = ""
    not_covered: str = ""
    no_model: str = ""
    directions: Mapping[str, str] | None = None
    pairs: Mapping[str, str] | None = None


@dataclass(frozen=True, slots=True, eq=False)
class DetectionContent:
    """Everything the detector knows in words. sha256 is the hash of the files."""

    classes: Vocabulary
    tactics: Mapping[str, Tactic]
    ask: Ask
    sha256: str = ""


def read(sources: Mapping[str, Source], sha256: str, *, patterns: bool = True) -> DetectionContent:
    """All files of content/detection; whatever is wrong is noted in the sources.

    patterns False takes them as they are: they were tried before.
    """
    classes = _words(sources.get(_WORDS))
    found = [_tactic(sources[name]) for name in sorted(sources) if name.startswith(_FOLDER)]
    known = {one.id: one for one in found if one}
    if patterns:
        _check_classes(sources.get(_WORDS), classes)
        for one in known.values():
            _check_cues(sources[one.file], one, classes)
    _strangers(sources)
    return DetectionContent(classes, {id: known[id] for id in TACTICS if id in known}, _ask(sources.get(_ASK)), sha256)


def missing(content: DetectionContent) -> Iterator[tuple[str, str]]:
    """(file, what is wrong) for each file that ought to be there and is not."""
    for id in TACTICS:
        if id not in content.tactics:
            yield f"{_FOLDER}{id}.toml", "there is no readable file for this tactic"
    if not content.ask.heading:
        yield _ASK, "there are no readable words for the moderator"


def _strangers(sources: Mapping[str, Source]) -> None:
    for name, source in sources.items():
        if name not in {_WORDS, _ASK} and not name.startswith(_FOLDER):
            source.problem("nothing reads this file: its name is not one of ours")


def _words(source: Source | None) -> Vocabulary:
    table = toml_table(source, "the word classes") if source else None
    return Vocabulary({name: table.texts(name) for name in table.raw} if table else {})


def _tactic(source: Source) -> Tactic | None:
    table = toml_table(source, "a tactic")
    if table is None:
        return None
    id = table.word("id", TACTICS, "")
    matches, passes, also = (table.texts(key) for key in ("matches", "passes", "also"))
    found = Tactic(
        id=id, title=table.text("title", required=True), meaning=table.text("meaning", required=True),
        look_for=table.texts("look_for"), is_not=table.texts("is_not"), why=table.text("why", required=True),
        guidance=table.text("guidance", required=True), sources=table.texts("sources"),
        cues=tuple(_cue(row) for row in table.tables("cues", "a cue")), matches=matches, passes=passes, also=also,
        lines={text: _line_of_text(source, text) for text in (*matches, *passes, *also)}, file=source.name,
    )  # fmt: skip
    table.done()
    if source.name != f"{_FOLDER}{id}.toml":
        source.problem(f"the file of the tactic “{id}” must be called {id}.toml", source.line_of("id"))
    _check_sizes(source, found)
    return found


def _line_of_text(source: Source, text: str) -> int:
    """The line in which a text begins, 0 where it is written with signs that stand for others."""
    return next((number for number, line in enumerate(source.lines, 1) if text in line), 0)


def _cue(row: Table) -> Cue:
    found = Cue(row.text("id", required=True), row.texts("patterns"), row.line)
    row.done()
    return found


def _check_sizes(source: Source, one: Tactic) -> None:
    """How many there must be of each, so that every tactic is told as fully as the others."""
    lists = {"look_for": (one.look_for, 3, 6), "is_not": (one.is_not, 3, 6), "sources": (one.sources, 1, 9),
             "matches": (one.matches, 4, 99), "passes": (one.passes, 6, 99), "also": (one.also, 3, 99),
             "cues": (one.cues, 1, 99)}  # fmt: skip
    for key, (items, least, most) in lists.items():
        if not least <= len(items) <= most:
            source.problem(f"`{key}` of a tactic has {least} to {most} items, not {len(items)}", source.line_of(key))
    for key, text, least, most in (("meaning", one.meaning, 2, 3), ("why", one.why, 1, 1),
                                   ("guidance", one.guidance, 2, 5)):  # fmt: skip
        count = len(_SENTENCE.findall(text))
        if text and not least <= count <= most:
            wanted = "one sentence" if most == 1 else f"{least} to {most} sentences"
            source.problem(f"`{key}` of a tactic has {wanted}, not {count}", source.line_of(key))


def _ask(source: Source | None) -> Ask:
    table = toml_table(source, "the words for the moderator") if source else None
    if table is None:
        return Ask()
    found = Ask(table.text("heading", required=True), table.text("unclear", required=True),
                table.text("nearest", required=True), table.text("joined", required=True),
                table.text("not_covered", required=True), table.text("no_model", required=True),
                _said(table, "directions", DIRECTIONS), _said(table, "pairs", LEVELS))  # fmt: skip
    if found.nearest and "{titles}" not in found.nearest:
        table.source.problem("`nearest` needs {titles}", table.source.line_of("nearest"))
    table.done()
    return found


def _said(table: Table, key: str, names: tuple[str, ...]) -> Mapping[str, str]:
    """A sentence for each name."""
    row = table.table(key, f"`{key}`")
    if row is None:
        table.source.problem(f"{table.what} needs a table `{key}`", table.line)
        return {}
    found = {name: row.text(name, required=True) for name in names}
    row.done()
    return found


def _check_classes(source: Source | None, classes: Vocabulary) -> None:
    for name, items in classes.items():
        for item in items:
            if source is not None:
                _try(source, item, classes, source.line_of(name))


def _check_cues(source: Source, one: Tactic, classes: Vocabulary) -> None:
    seen: set[str] = set()
    for cue in one.cues:
        if not _ID.fullmatch(cue.id):
            source.problem(f"the id of a cue is small letters, figures and hyphens, not “{cue.id}”", cue.line)
        if cue.id in seen:
            source.problem(f"there is another cue “{cue.id}” in this file", cue.line)
        if not cue.patterns:
            source.problem("a cue needs `patterns`: word patterns, any of which may stand", cue.line)
        seen.add(cue.id)
        for words in cue.patterns:
            _try(source, words, classes, _line_of_text(source, words) or cue.line)


def _try(source: Source, words: str, classes: Vocabulary, line: int) -> None:
    try:
        pattern(words, classes)
    except PatternError as error:
        source.problem(str(error), line)
