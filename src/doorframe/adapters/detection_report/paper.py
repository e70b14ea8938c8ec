"""The report from end to end: what was kept of the verdicts, as a Document that the renderers write."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from doorframe.adapters.detection_report import conversations, pairs, read, words
from doorframe.adapters.detection_report.names import shown
from doorframe.adapters.detection_report.read import Read
from doorframe.engines.assembly.document import Block, Chart, Document, ListBlock, Note, Paragraph, Section
from doorframe.engines.content.detection import DetectionContent, Tactic
from doorframe.engines.detection import series
from doorframe.engines.detection.account import Account, Course
from doorframe.engines.text import Span

KIND = "detection"


def document(account: Account, source: Read, content: DetectionContent) -> Document:
    """The report. The same verdicts and the same source always give the same document."""
    full = conversations.in_full(account)
    name = shown(source.name, 70)
    return Document(
        kind=KIND, title=words.TITLE, subtitle=name, language="en-GB", author="", dated=source.dated, version="",
        draft=False, footer=words.FOOTER, pack="", paper=source.paper,
        lede=tuple(_lede(account)), sections=tuple(_sections(account, source, content, full)),
    )  # fmt: skip


def _lede(account: Account) -> Iterator[Paragraph]:
    directions = [one.signal.direction for one in account.seen()]
    found, told = directions.count("towards"), len(directions) - directions.count("towards")
    if found or told:
        where = sum(any(one.alerts) for one in account.courses.values())
        many = len(account.courses)
        places = f", in {where:,} of {many:,} conversations" if many > 1 else ""
        support = f" In {words.many(told, 'message')} somebody tells of harm, and may need support." if told else ""
        said = (
            f"{words.many(found, 'message')} with a possible pattern{places}.{support} Please look; a person decides."
        )
    elif account.languages.total() == account.windows:
        said = words.NOTHING_COVERED
    else:
        said = words.NOTHING
    yield Paragraph("result", (Span(said),))


def _sections(account: Account, source: Read, content: DetectionContent, full: Sequence[Course]) -> Iterator[Section]:
    yield read.section(account, source)
    yield Section("what", "What this is, and what it is not", tuple(_what()))
    if full:
        yield _overview(account)
    yield from conversations.sections(account, full, source.threshold, content)
    between = pairs.section(account, content)
    if between:
        yield between
    rest = conversations.rest(account, full)
    if rest:
        yield rest
    named = _named(full, content)
    if named:
        yield Section("look", "What to look for", _paragraphs("look", words.TO_LOOK_FOR), tuple(map(_tactic, named)))


def _what() -> Iterator[Block]:
    yield from _paragraphs("what", words.WHAT_IT_IS, words.WHAT_IT_IS_NOT, words.MISSES, words.FALSE_ALARMS)
    yield Note("keep", "help", (Span(words.KEEP),))


def _paragraphs(id: str, *said: str) -> tuple[Paragraph, ...]:
    return tuple(Paragraph(f"{id}-{number}", (Span(one),)) for number, one in enumerate(said, 1))


def _overview(account: Account) -> Section:
    seen, span = list(account.seen()), account.span
    if span is not None and span[1] - span[0] > 86_400:
        found = series.over_days([one.at for one in seen if one.at is not None], *span)
        caption = f"Messages to look at, by {found.unit}"
    else:
        found = series.over_windows([one.order for one in seen], account.windows)
        caption = f"Messages to look at, for every {found.unit} in the order of reading"
    told = [f"{name}: {count:,}" for name, count in found.counts]
    more = f"; and {len(told) - 12} more" if len(told) > 12 else ""
    spoken = f"{caption}. {len(seen):,} in all. {'; '.join(told[:12])}{more}."
    chart = Chart("overview-chart", caption, spoken, bars=found.bars, across=found.across, up=found.up, tall=0.24)
    return Section("overview", "All of it at a glance", (chart,))


def _named(full: Sequence[Course], content: DetectionContent) -> list[Tactic]:
    """The patterns that the tables name, the ones that are named most first."""
    names = Counter(
        name for course in full for one in conversations.rows_of(course) for name in conversations.named_in(one)
    )  # fmt: skip
    found = [tactic for name, tactic in content.tactics.items() if name in names]
    return sorted(found, key=lambda one: -names[one.id])


def _tactic(one: Tactic) -> Section:
    id = f"look-{one.id}"
    blocks: list[Block] = [
        Paragraph(f"{id}-meaning", (Span(one.meaning),)),
        Paragraph(f"{id}-shows", (Span("What shows it:"),)),
        ListBlock(f"{id}-for", tuple((Span(item),) for item in one.look_for)),
        Paragraph(f"{id}-none", (Span("What only looks like it:"),)),
        ListBlock(f"{id}-not", tuple((Span(item),) for item in one.is_not)),
        Note(f"{id}-guidance", "help", (Span(one.guidance),)),
    ]
    return Section(id, one.title, tuple(blocks))
