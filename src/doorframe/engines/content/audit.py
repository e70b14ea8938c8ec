"""The shape of the audit's content, and its reading: topics with their parts and stances, defects, services, codes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from doorframe.engines.content.parts import toml_table
from doorframe.engines.content.reader import Source, Table
from doorframe.engines.patterns import Classes, PatternError, Vocabulary, pattern

SEVERITIES = ("high", "medium", "low")
AUDIENCES = ("client", "staff", "website", "none")


@dataclass(frozen=True, slots=True)
class Part:
    """Something that a topic needs, or may have.

    group    parts with the same group stand in for each other; "" for a part that is not needed
    name     what it is, as a person reads it: "What happens to a request"
    missing  what to add where it is not there, as advice to the practice
    cues     patterns; one of them in a sentence about the topic shows the part
    alone    True where a cue shows the part, and the topic, in any sentence; else only near words of the topic
    far      True where a cue shows the part in any sentence, once the text speaks about the topic somewhere
    """

    id: str
    group: str
    name: str
    missing: str
    cues: tuple[str, ...]
    alone: bool = False
    far: bool = False


@dataclass(frozen=True, slots=True)
class Stance:
    """One way to settle a topic, and the answers that the interview starts with because of it."""

    id: str
    name: str
    cues: tuple[str, ...]
    answers: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Example:
    """A text with what the audit must see in it. status "" where only parts or stance are asked for."""

    text: str
    status: str
    parts: tuple[str, ...]
    stance: str
    line: int


@dataclass(frozen=True, slots=True)
class TopicRule:
    """How the audit knows a topic.

    headings  patterns for a heading under which every sentence is about the topic
    cues      patterns; one of them in a sentence makes it a sentence about the topic
    bars      patterns; a sentence with one of them is about something else
    why       why the topic matters, for a reader whose policy lacks it
    passes    texts in which the topic must not be seen
    """

    topic: str
    why: str
    headings: tuple[str, ...]
    cues: tuple[str, ...]
    bars: tuple[str, ...]
    parts: tuple[Part, ...]
    stances: tuple[Stance, ...]
    cites: tuple[str, ...]
    examples: tuple[Example, ...]
    passes: tuple[str, ...]
    file: str

    @property
    def groups(self) -> tuple[tuple[Part, ...], ...]:
        """The parts that are needed; of each group one is enough."""
        names = list(dict.fromkeys(part.group for part in self.parts if part.group))
        return tuple(tuple(part for part in self.parts if part.group == name) for name in names)


@dataclass(frozen=True, slots=True)
class DefectCue:
    """A sentence that shows a defect: one of cues, none of bars; about one of topics, where these are named.

    unless  patterns; one of them anywhere in the text clears it ("X, formerly Twitter")
    why     said instead of the defect's own reason where this cue knows better
    when    countries and professions for which it holds; empty for all
    """

    cues: tuple[str, ...]
    bars: tuple[str, ...]
    unless: tuple[str, ...]
    topics: tuple[str, ...]
    why: str
    cites: tuple[str, ...]
    when: Mapping[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Defect:
    """A kind of finding: what is wrong, why it matters, and the sentences that show it.

    audiences  whose policies it is looked for in
    matches, passes  texts that must and must not show it
    """

    id: str
    title: str
    severity: str
    why: str
    mend: str
    cites: tuple[str, ...]
    audiences: tuple[str, ...]
    signs: tuple[DefectCue, ...]
    matches: tuple[str, ...]
    passes: tuple[str, ...]
    settings: Mapping[str, object]
    file: str


@dataclass(frozen=True, slots=True)
class AudienceRule:
    """What tells for whom a text was written: patterns with a weight each.

    topics   the topics that make a text a policy; only with "none", for texts that speak about hardly any of them
    names    how a text calls itself a policy on these matters; only with "none", which it then is not
    matches  texts for this audience
    """

    id: str
    name: str
    cues: tuple[tuple[str, int], ...]
    topics: tuple[str, ...]
    names: tuple[str, ...]
    matches: tuple[str, ...]


@dataclass(frozen=True, slots=True, eq=False)
class AuditRules:
    """Everything the audit knows. classes are the word classes of audit/words.toml."""

    classes: Classes
    topics: Mapping[str, TopicRule]
    defects: Mapping[str, Defect]
    audiences: tuple[AudienceRule, ...]


def words(source: Source | None) -> Classes:
    """The word classes of audit/words.toml."""
    table = toml_table(source, "the word classes") if source else None
    if source is None or table is None:
        return Vocabulary({})
    found = Vocabulary({name: table.texts(name) for name in table.raw})
    _check_patterns(source, [item for items in found.values() for item in items], found)
    return found


def topic(source: Source, classes: Classes, known: Iterable[str]) -> TopicRule | None:
    """One file of audit/topics; its name is the topic's id."""
    table = toml_table(source, "a topic of the audit")
    if table is None:
        return None
    id = source.name.rsplit("/", 1)[-1].removesuffix(".toml")
    if id not in known:
        source.problem(f"there is no topic “{id}” in policy/pack.toml; the file name must be a topic id")
    found = TopicRule(
        topic=id, why=table.text("why", required=True), headings=table.texts("headings"), cues=table.texts("cues"),
        bars=table.texts("bars"), parts=tuple(_part(row) for row in table.tables("parts", "a part")),
        stances=tuple(_stance(row) for row in table.tables("stances", "a stance")), cites=table.texts("cites"),
        examples=tuple(_example(row) for row in table.tables("examples", "an example")),
        passes=table.texts("passes"), file=source.name,
    )  # fmt: skip
    table.done()
    _check_topic(source, found, classes)
    return found


def _part(row: Table) -> Part:
    id = row.text("id", required=True)
    row.what = f"the part “{id}”"
    needed = row.text("needed", id)
    found = Part(id, "" if needed == "no" else needed, row.text("name", required=True), row.text("missing"),
                 row.texts("cues"), row.flag("alone"), row.flag("far"))  # fmt: skip
    row.done()
    return found


def _stance(row: Table) -> Stance:
    id = row.text("id", required=True)
    row.what = f"the stance “{id}”"
    answers = row.table("answers", f"the answers of “{id}”")
    found = Stance(id, row.text("name", required=True), row.texts("cues"),
                   dict(answers.raw) if answers else {})  # fmt: skip
    row.done()
    return found


def _example(row: Table) -> Example:
    found = Example(row.text("text", required=True), row.text("status"), row.texts("parts"), row.text("stance"),
                    row.line)  # fmt: skip
    row.done()
    return found


def _check_topic(source: Source, found: TopicRule, classes: Classes) -> None:
    cues = [*found.headings, *found.cues, *found.bars]
    cues += [cue for part in found.parts for cue in part.cues] + [cue for one in found.stances for cue in one.cues]
    _check_patterns(source, cues, classes)
    if not found.groups:
        source.problem("a topic needs at least one part that is needed")
    parts, stances = {part.id for part in found.parts}, {stance.id for stance in found.stances}
    for example in found.examples:
        for wrong in [*(set(example.parts) - parts), *({example.stance} - stances - {""})]:
            source.problem(f"an example names “{wrong}”, which is no part and no stance here", example.line)


def defect(source: Source, classes: Classes) -> Defect | None:
    """One file of audit/defects; its name is the kind of the finding."""
    table = toml_table(source, "a defect")
    if table is None:
        return None
    settings = table.table("settings", "the settings")
    found = Defect(
        id=source.name.rsplit("/", 1)[-1].removesuffix(".toml"), title=table.text("title", required=True),
        severity=table.word("severity", SEVERITIES, "medium"), why=table.text("why", required=True),
        mend=table.text("mend", required=True), cites=table.texts("cites"),
        audiences=table.texts("audiences") or AUDIENCES[:3],
        signs=tuple(_sign(row) for row in table.tables("signs", "a sign")),
        matches=table.texts("matches"), passes=table.texts("passes"),
        settings=dict(settings.raw) if settings else {}, file=source.name,
    )  # fmt: skip
    table.done()
    _check_patterns(source, [cue for sign in found.signs for cue in (*sign.cues, *sign.bars, *sign.unless)], classes)
    return found


def _sign(row: Table) -> DefectCue:
    when = row.table("when", "where a sign holds")
    where = {name: when.texts(name) for name in ("country", "profession")} if when else {}
    if when:
        when.done()
    where = {name: values for name, values in where.items() if values}
    found = DefectCue(row.texts("cues"), row.texts("bars"), row.texts("unless"), row.texts("topics"), row.text("why"),
                      row.texts("cites"), where)  # fmt: skip
    row.done()
    return found


def audiences(source: Source | None, classes: Classes) -> tuple[AudienceRule, ...]:
    """audit/audience.toml: for clients, for staff, for the website."""
    table = toml_table(source, "the audiences") if source else None
    if source is None or table is None:
        return ()
    found = []
    for row in table.tables("audiences", "an audience"):
        cues = [(cue, 1) for cue in row.texts("cues")] + [(cue, 3) for cue in row.texts("strong")]
        found.append(AudienceRule(row.word("id", AUDIENCES, "client"), row.text("name", required=True), tuple(cues),
                                  row.texts("topics"), row.texts("names"), row.texts("matches")))  # fmt: skip
        row.done()
    table.done()
    _check_patterns(source, [cue for rule in found for cue in (*rule.names, *(cue for cue, _ in rule.cues))], classes)
    return tuple(found)


def _check_patterns(source: Source, cues: Iterable[str], classes: Classes) -> None:
    for cue in cues:
        try:
            pattern(cue, classes)
        except PatternError as error:
            source.problem(str(error), _line_with(source, cue))


def _line_with(source: Source, words: str) -> int:
    return next((number for number, line in enumerate(source.lines, start=1) if words in line), 0)
