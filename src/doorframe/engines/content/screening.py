"""The shape of what screening knows, and its reading: rules by family, what makes a story, what clears it."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field

from doorframe.engines.content.parts import toml_table
from doorframe.engines.content.reader import Source, Table
from doorframe.engines.patterns import PatternError, Vocabulary, pattern

DO_NOT_POST, ASK, NOTHING_FOUND = "do-not-post", "ask", "nothing-found"
OUTCOMES = (DO_NOT_POST, ASK, NOTHING_FOUND)
"""From the gravest to the mildest."""

KINDS = ("post", "caption", "reply", "comment", "group-question", "newsletter")

FAMILIES = (
    "identifier",
    "case-story",
    "confirming",
    "attendance",
    "testimonial-request",
    "testimonial",
    "tagging",
    "check-in",
    "client-material",
    "referral-details",
)

STEPS = ("drop", "generalise", "blur", "plural", "replace")
_PATTERNS = frozenset({"cues", "bars", "near", "unless"})
_WHERE = ("country", "region", "profession", "kind", "not_kind")


@dataclass(frozen=True, slots=True)
class Sign:
    """A sentence that shows what a rule looks for: one of cues, none of bars.

    near     patterns of which one must stand somewhere in the draft, or empty
    unless   patterns; one of them anywhere in the draft clears it
    outcome  what it asks for here, "" for the rule's own
    where    the kinds, countries, regions and professions for which it holds; empty for all
    marked   kinds of identifiers that are a sign by themselves, with no cue beside them; bars hold for their sentence
    """

    cues: tuple[str, ...]
    bars: tuple[str, ...]
    near: tuple[str, ...]
    unless: tuple[str, ...]
    outcome: str
    why: str
    cites: tuple[str, ...]
    where: Mapping[str, tuple[str, ...]]
    marked: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Example:
    """A draft in which a rule must, or must not, be seen. kind, country and region as in a Draft."""

    text: str
    kind: str
    country: str
    region: str
    line: int


@dataclass(frozen=True, slots=True)
class Rule:
    """One thing that screening knows.

    cleared  True where what clears a story (an invented case, a book, the writer's own life) clears this too
    story    True where a hit makes the draft a story about one client; details then decide how grave it is
    """

    id: str
    title: str
    family: str
    outcome: str
    why: str
    cites: tuple[str, ...]
    step: str
    cleared: bool
    story: bool
    signs: tuple[Sign, ...]
    matches: tuple[Example, ...]
    passes: tuple[Example, ...]
    file: str


@dataclass(frozen=True, slots=True)
class Detail:
    """Something told in a story by which people are known.

    own     weight for the person who would know themselves; others weight for those near them
    step    the step of the ladder that mends it; said: that step as a button says it; words: what stands instead
    """

    id: str
    name: str
    own: int
    others: int
    step: str
    said: str
    words: str
    cues: tuple[str, ...]
    bars: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Clearing:
    """What shows that a story is nobody's: invented, read, one's own, about many. whole: it clears every sentence."""

    id: str
    why: str
    whole: bool
    cues: tuple[str, ...]
    bars: tuple[str, ...]
    passes: tuple[str, ...]


@dataclass(frozen=True, slots=True, eq=False)
class ScreeningRules:
    """Everything screening knows.

    sha256  the hash of the files
    homes   id of a code or law -> the places where it is in force, "UK" or "CA-ON"
    """

    classes: Vocabulary
    rules: Mapping[str, Rule]
    details: tuple[Detail, ...]
    clearings: tuple[Clearing, ...]
    replacements: Mapping[str, str]
    sha256: str = ""
    homes: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


def read(sources: Mapping[str, Source], sha256: str, *, patterns: bool = True) -> ScreeningRules:
    """All files of content/screening; whatever is wrong is noted in the sources.

    patterns False takes them as they are: they were tried before, and trying all takes half a second.
    """
    classes = _words([sources[name] for name in sorted(sources) if name.startswith("screening/words/")])
    found = [_rule(sources[name]) for name in sorted(sources) if name.startswith("screening/rules/")]
    details, clearings = _story(sources.get("screening/story.toml"))
    if patterns:
        _check_all(sources, classes)
    replacements = _replacements(sources.get("screening/replacements.toml"))
    return ScreeningRules(classes, {one.id: one for one in found if one}, details, clearings, replacements, sha256)


def cited(rules: ScreeningRules) -> list[tuple[str, tuple[str, ...]]]:
    """Every file with the references that it names."""
    return [
        (rule.file, rule.cites + tuple(ref for sign in rule.signs for ref in sign.cites))
        for rule in rules.rules.values()
    ]


def _words(sources: Iterable[Source]) -> Vocabulary:
    """The word classes of all files of screening/words; a name stands in one of them alone."""
    found: dict[str, tuple[str, ...]] = {}
    for source in sources:
        table = toml_table(source, "the word classes")
        for name in table.raw if table else ():
            if name in found:
                source.problem(f"there is a word class “{name}” in another file", source.line_of(name))
            found[name] = table.texts(name) if table else ()
    return Vocabulary(found)


def _rule(source: Source) -> Rule | None:
    table = toml_table(source, "a rule")
    if table is None:
        return None
    found = Rule(
        id=source.name.rsplit("/", 1)[-1].removesuffix(".toml"), title=table.text("title", required=True),
        family=table.word("family", FAMILIES, ""), outcome=table.word("outcome", (DO_NOT_POST, ASK), DO_NOT_POST),
        why=table.text("why", required=True), cites=table.texts("cites"), step=table.word("step", STEPS, "drop"),
        cleared=table.flag("cleared"), story=table.flag("story"),
        signs=tuple(_sign(row) for row in table.tables("signs", "a sign")),
        matches=_examples(table, "matches"), passes=_examples(table, "passes"), file=source.name,
    )  # fmt: skip
    table.done()
    if not found.matches or not found.passes:
        source.problem("a rule needs `matches` and `passes`: texts in which it must and must not be seen")
    return found


def _sign(row: Table) -> Sign:
    when = row.table("when", "where a sign holds")
    where = {name: when.texts(name) for name in _WHERE} if when else {}
    if when:
        when.done()
    for kind in (*where.get("kind", ()), *where.get("not_kind", ())):
        if kind not in KINDS:
            row.source.problem(f"there is no kind “{kind}”; it can be {', '.join(KINDS)}", row.line)
    found = Sign(row.texts("cues"), row.texts("bars"), row.texts("near"), row.texts("unless"),
                 row.word("outcome", (DO_NOT_POST, ASK, ""), ""), row.text("why"), row.texts("cites"),
                 {name: values for name, values in where.items() if values}, row.texts("marked"))  # fmt: skip
    row.done()
    return found


def _examples(table: Table, key: str) -> tuple[Example, ...]:
    """A list of texts, or of tables {text, kind, country, region}."""
    raw = table.any(key)
    found = []
    line = table.source.line_of(key, table.line)
    for item in raw if isinstance(raw, list) else []:
        if isinstance(item, str):
            found.append(Example(item, "post", "US", "", line))
            continue
        row = Table(table.source, item, "an example", line)
        found.append(Example(row.text("text", required=True), row.word("kind", KINDS, "post"),
                             row.text("country", "US"), row.text("region"), line))  # fmt: skip
        row.done()
    return tuple(found)


def _story(source: Source | None) -> tuple[tuple[Detail, ...], tuple[Clearing, ...]]:
    table = toml_table(source, "what makes a story") if source else None
    if source is None or table is None:
        return (), ()
    details = tuple(_detail(row) for row in table.tables("details", "a detail"))
    clearings = tuple(_clearing(row) for row in table.tables("clearings", "a clearing"))
    table.done()
    return details, clearings


def _detail(row: Table) -> Detail:
    found = Detail(row.text("id", required=True), row.text("name", required=True), row.number("own"),
                   row.number("others"), row.word("step", STEPS, "drop"), row.text("said", required=True),
                   row.text("words"), row.texts("cues"), row.texts("bars"))  # fmt: skip
    row.done()
    return found


def _clearing(row: Table) -> Clearing:
    found = Clearing(row.text("id", required=True), row.text("why", required=True), row.flag("whole"),
                     row.texts("cues"), row.texts("bars"), row.texts("passes"))  # fmt: skip
    row.done()
    return found


def _replacements(source: Source | None) -> Mapping[str, str]:
    table = toml_table(source, "the safer words") if source else None
    return {name: table.text(name) for name in table.raw} if table else {}


def _check_all(sources: Mapping[str, Source], classes: Vocabulary) -> None:
    """Try every pattern of every file: each text in a list that holds patterns."""
    for name, source in sources.items():
        if name.startswith("screening/words/"):
            _check(source, (item for items in classes.values() for item in items if item in source.text), classes)
        elif name.startswith("screening/rules/") or name == "screening/story.toml":
            with suppress(tomllib.TOMLDecodeError):  # said already, where the file was read
                _check(source, _patterns(source.parse(source.text)), classes)


def _patterns(raw: object) -> Iterator[str]:
    """Every text under a key of patterns, however deep."""
    if isinstance(raw, list):
        for item in raw:
            yield from _patterns(item)
    if isinstance(raw, dict):
        for key, value in raw.items():
            if key in _PATTERNS and isinstance(value, list):
                yield from (item for item in value if isinstance(item, str))
            else:
                yield from _patterns(value)


def _check(source: Source, cues: Iterable[str], classes: Vocabulary) -> None:
    for cue in cues:
        try:
            pattern(cue, classes)
        except PatternError as error:
            source.problem(str(error), next((n for n, line in enumerate(source.lines, 1) if cue in line), 0))
