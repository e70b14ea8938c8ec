"""Pairs over time in a report, as the memory of a pair adds them up."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from doorframe.adapters.detection_report import words
from doorframe.adapters.detection_report.names import shown
from doorframe.engines.assembly.document import Block, Chart, Paragraph, Section, Table
from doorframe.engines.content.detection import DetectionContent
from doorframe.engines.detection import axes, history, series
from doorframe.engines.detection.account import Account
from doorframe.engines.text import Span

MOST_DRAWN = 12
"""Pairs with a picture, those with the most evidence first."""

MOST_LISTED = 100

_DAY = 86_400.0

_TITLES = {"high": "Has been high", "rising": "Has been rising", "low": "Stayed low"}


def section(account: Account, content: DetectionContent) -> Section | None:
    """None where nothing goes from one member towards another."""
    counts = Counter(
        (one.signal.author, one.signal.towards) for one in account.seen()
        if one.signal.direction == "towards" and one.signal.author != one.signal.towards
    )  # fmt: skip
    if not counts:
        return None
    span = account.span
    if span is None or span[1] - span[0] < _DAY:
        return Section(
            "pairs", "Between members", (Paragraph("pairs-no-days", (Span(words.NO_DAYS),)), _counted(counts))
        )
    return _over_days(account, *span, content)


def _over_days(account: Account, first: float, last: float, content: DetectionContent) -> Section:
    """Pairs by the highest level that they reached, so that what has come down since is not overlooked."""
    by_pair: dict[tuple[str, str], list[history.Hit]] = {}
    for hit in account.hits():
        by_pair.setdefault((hit.author, hit.towards), []).append(hit)
    found = [(series.peak(by_pair[pair.author, pair.towards]), pair) for pair in history.pairs(account.hits(), last)]
    found.sort(key=lambda one: (-one[0], one[1].author, one[1].towards))
    inside: dict[str, list[Block]] = {}
    for number, (highest, pair) in enumerate(found[:MOST_DRAWN], 1):
        level = history.level(highest)
        said = Paragraph(f"pairs-{level}-words", (Span((content.ask.pairs or {}).get(level, "")),))
        drawn = _chart(f"pair-{number}", pair, by_pair[pair.author, pair.towards], first, last)
        inside.setdefault(level, [said]).append(drawn)
    levels = tuple(Section(f"pairs-{level}", _TITLES[level], tuple(blocks)) for level, blocks in inside.items())
    others = _others([pair for _, pair in found[MOST_DRAWN:]])
    return Section("pairs", "Between members, over days", (Paragraph("pairs-how", (Span(words.PAIRS),)),),
                   (*levels, *others))  # fmt: skip


def _counted(counts: Counter[tuple[str, str]]) -> Table:
    lines = tuple(
        (words.cell(_name(author), own=True), words.cell(_name(towards), own=True), words.cell(f"{many:,}"))
        for (author, towards), many in sorted(counts.items(), key=lambda one: (-one[1], one[0]))[:MOST_LISTED]
    )
    return Table("pairs-table", "", ("From", "Towards", "Messages to look at"), lines)


def _name(name: str) -> str:
    return "the group" if name == "group" else shown(name, 60) or "somebody"


def _chart(id: str, pair: history.Pair, hits: Sequence[history.Hit], first: float, last: float) -> Chart:
    found = series.evidence(hits, first, last)
    days = f"on {axes.day(pair.first_at, year=True)}"
    if pair.last_at - pair.first_at >= _DAY:
        days = f"from {axes.day(pair.first_at, year=True)} to {axes.day(pair.last_at, year=True)}"
    who = f"{_name(pair.author)} towards {_name(pair.towards)}"
    title = f"{who}: {words.many(pair.hits, 'signal')} {days}; at the end {pair.level}"
    spoken = (
        f"{title}. Evidence over days: its highest is {found.peak:.2f}, at the end it is {pair.evidence:.2f}. From "
        f"{history.RISING} it is rising, from {history.HIGH} high, both drawn as dashed lines. Diamonds are signals."
    )
    return Chart(
        f"{id}-days", title, spoken, line=found.line, marks=found.marks, across=found.across,
        levels=tuple((y, "") for y, _ in found.levels), up=((0, "0"), *found.levels), tall=0.17,
    )  # fmt: skip


def _others(pairs: Sequence[history.Pair]) -> tuple[Section, ...]:
    if not pairs:
        return ()
    lines = tuple(
        (words.cell(_name(one.author), own=True), words.cell(_name(one.towards), own=True),
         words.cell(f"{one.hits:,}"), words.cell(axes.day(one.last_at, year=True)), words.cell(one.level))
        for one in pairs[:MOST_LISTED]
    )  # fmt: skip
    table = Table("pairs-others-table", "", ("From", "Towards", "Signals", "Last", "At the end"), lines)
    more = len(pairs) - MOST_LISTED
    told = (Paragraph("pairs-more", (Span(f"And {more:,} more pairs, with less."),)),) if more > 0 else ()
    return (Section("pairs-others", "Other pairs", (table, *told)),)
