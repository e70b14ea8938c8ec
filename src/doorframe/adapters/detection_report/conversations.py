"""Conversations in a report: those with alerts in full, the others in one table."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from doorframe.adapters.detection_report import words
from doorframe.adapters.detection_report.names import shown
from doorframe.engines.assembly.document import Block, Chart, Paragraph, Section, Table
from doorframe.engines.content.detection import DetectionContent
from doorframe.engines.detection import axes, series
from doorframe.engines.detection.account import Account, Course, Seen
from doorframe.engines.detection.conversation import GROUP, UNCLEAR
from doorframe.engines.text import Span

MOST_IN_FULL = 30
"""Conversations with a picture and a table, those with the most to look at first."""

MOST_ROWS = 60
"""Lines of one such table, the likeliest."""

MOST_LISTED = 200
"""Other conversations that are listed."""

_DIRECTIONS = {
    "received": "tells of something done to them",
    "reported": "tells of something done to somebody else",
    "quoted": "repeats or gives an example",
    "self": "is hard on themselves",
}


def in_full(account: Account) -> list[Course]:
    """The conversations that are shown in full, in the order of reading."""
    found = [one for one in account.courses.values() if any(one.alerts)]
    chosen = sorted(found, key=lambda one: -len(one.seen))[:MOST_IN_FULL]
    kept = {id(one) for one in chosen}
    return [one for one in found if id(one) in kept]


def rows_of(course: Course) -> list[Seen]:
    """The messages of a conversation that stand in its table: the likeliest, in the order of writing."""
    every = course.seen
    if len(every) <= MOST_ROWS:
        return every
    kept = {id(one) for one in sorted(every, key=lambda one: -one.signal.score)[:MOST_ROWS]}
    return [one for one in every if id(one) in kept]


def sections(
    account: Account, full: Sequence[Course], threshold: float, content: DetectionContent
) -> Iterator[Section]:
    """Each in full; how to read a picture is told beside the first."""
    first = next((number for number, course in enumerate(full, 1) if len(course.scores) > 1), 0)
    for number, course in enumerate(full, 1):
        yield _section(f"conversation-{number}", course, threshold, content, explained=number == first)


def _section(id: str, course: Course, threshold: float, content: DetectionContent, *, explained: bool) -> Section:
    rows = rows_of(course)
    blocks: list[Block] = [Paragraph(f"{id}-counts", (Span(_counts(course, len(rows))),))]
    if explained:
        unclear = (Span(" Unclear", strong=True), Span(f" means: {content.ask.unclear}"))
        blocks.append(Paragraph(f"{id}-how", (Span(words.HOW_TO_READ), *unclear)))
    if len(course.scores) > 1:
        blocks.append(_chart(id, course, rows, threshold))
    blocks.append(_table(id, rows, content))
    name = shown(course.name, 70) or "Without a name"
    return Section(id, f"Windows of {name}" if course.alone else name, tuple(blocks))


def _counts(course: Course, rows: int) -> str:
    alerts, every = sum(course.alerts), len(course.seen)
    said = (
        f"{words.many(course.messages, 'message')} in {words.many(len(course.scores), 'window')}. "
        f"{words.many(alerts, 'window')} with a possible pattern; messages to look at: {every:,}."
    )
    if course.uncovered:
        said += f" {words.many(course.uncovered, 'more window')} in another language, not covered."
    return said if rows == every else f"{said} The {rows} likeliest are in the table."


def _chart(id: str, course: Course, rows: Sequence[Seen], threshold: float) -> Chart:
    numbers: dict[int, list[int]] = {}
    for number, one in enumerate(rows, 1):
        numbers.setdefault(one.place, []).append(number)
    found = series.scores(course, numbers)
    axis = "by time" if found.timed else "in the order of the file"
    caption = f"How much each window deserves a look, {axis}"
    if found.thinned:
        caption += f"; of {found.whole:,} windows, the highest of each stretch"
    low, high = min(course.scores), course.highest
    spoken = (
        f"Scores of {words.many(found.whole, 'window')}, {axis}, from {low:.2f} to {high:.2f}. The threshold is a "
        f"dashed line at {threshold:.2f}. {words.many(sum(course.alerts), 'window')} at or above it, drawn as filled "
        f"diamonds{_places(course)}; the table below names their messages."
    )
    return Chart(
        f"{id}-scores", caption, spoken, dots=found.dots, marks=found.marks,
        levels=((threshold, f"threshold {threshold:.2f}"),), across=found.across,
        up=((0, "0"), (0.5, "0.5"), (1, "1")), tall=0.33,
    )  # fmt: skip


def _places(course: Course) -> str:
    """Where the first alerts are, for whoever does not see the picture."""
    places = [place for place, alert in enumerate(course.alerts) if alert]
    if course.timed:
        told = [f"{axes.when(course.times[place])} ({course.scores[place]:.2f})" for place in places[:8]]
    else:
        told = [f"window {place + 1:,} ({course.scores[place]:.2f})" for place in places[:8]]
    more = f" and {len(places) - 8:,} more" if len(places) > 8 else ""
    return f": {'; '.join(told)}{more}"


def _table(id: str, rows: Sequence[Seen], content: DetectionContent) -> Table:
    lines = tuple(
        (words.cell(str(number)), words.cell(_when(one), own=True), _who(one),
         words.cell(f"“{shown(one.signal.text, 300)}”", own=True), _what(one, content))
        for number, one in enumerate(rows, 1)
    )  # fmt: skip
    return Table(f"{id}-table", "Messages to look at", ("No.", "Where", "Who", "The words", "What it may be"), lines)


def _when(one: Seen) -> str:
    place = f"message\u00a0{shown(one.signal.message_id, 40)}"
    if one.alone:
        place = f"{shown(one.window, 40)}, {place}"
    if one.at is None:
        return place
    return f"{axes.day(one.at, year=True)}\n{axes.hour(one.at)}\n{place}"


def _who(one: Seen) -> tuple[Span, ...]:
    author = shown(one.signal.author, 60) or "somebody"
    if one.signal.direction != "towards":
        return (Span(author, own=True), Span(f"\n{_DIRECTIONS.get(one.signal.direction, '')}"))
    spans = [Span(author, own=True), Span("\nit may be towards "), _member(one.signal.towards)]
    if one.signal.or_towards:
        spans += [Span(" or "), _member(one.signal.or_towards)]
    return tuple(spans)


def _member(name: str) -> Span:
    return Span("the group") if name == GROUP else Span(shown(name, 60) or "somebody", own=True)


def _what(one: Seen, content: DetectionContent) -> tuple[Span, ...]:
    """The likeliest patterns, linked to what to look for; whether it is unclear; and why."""
    if one.signal.direction != "towards":
        return (Span(one.signal.why),)
    spans: list[Span] = []
    for place, name in enumerate(named_in(one)):
        if place:
            spans.append(Span(", or "))
        spans.append(_tactic(name, content, begins=not place))
    if not spans:
        return (Span("Unclear."),)  # the page says above what that means
    last = ", or unclear." if UNCLEAR in [name for name, _ in one.signal.tactic[:2]] else "."
    return (*spans, Span(f"{last}\n{one.signal.why}".rstrip()))


def named_in(one: Seen) -> list[str]:
    """The patterns that a line of the table names: two at most."""
    return one.signal.named if one.signal.direction == "towards" else []


def _tactic(name: str, content: DetectionContent, *, begins: bool) -> Span:
    tactic = content.tactics.get(name)
    if tactic is None:
        return Span(name.replace("-", " "))
    title = tactic.title if begins else tactic.title[:1].lower() + tactic.title[1:]
    return Span(title, link=f"#look-{name}")


def rest(account: Account, full: Sequence[Course]) -> Section | None:
    """The conversations that are not shown in full, in one table: the highest score first."""
    kept = {id(one) for one in full}
    others = sorted(
        (one for one in account.courses.values() if id(one) not in kept), key=lambda one: (-one.highest, one.name)
    )
    if not others:
        return None
    lines = tuple(
        (words.cell(shown(one.name, 70) or "Without a name", own=True), words.cell(f"{one.messages:,}"),
         words.cell(f"{len(one.scores) + one.uncovered:,}"), words.cell(_highest(one)),
         words.cell(f"{sum(one.alerts):,}"))
        for one in others[:MOST_LISTED]
    )  # fmt: skip
    header = ("Conversation", "Messages", "Windows", "Highest score", "To look at")
    blocks: list[Block] = [Table("rest-table", "", header, lines)]
    loud = sum(any(one.alerts) for one in others)
    if loud:
        told = (
            f"{words.many(loud, 'conversation')} among these {'has' if loud == 1 else 'have'} something to look at and "
            "found no room above. To see it in full, make a report of that conversation alone."
        )
        blocks.insert(0, Paragraph("rest-loud", (Span(told),)))
    if len(others) > MOST_LISTED:
        more = f"And {len(others) - MOST_LISTED:,} more, none of them with a higher score."
        blocks.append(Paragraph("rest-more", (Span(more),)))
    title = "The other conversations" if full else "The conversations"
    return Section("rest", title, tuple(blocks))


def _highest(course: Course) -> str:
    return f"{course.highest:.2f}" if len(course.scores) else "not covered"
