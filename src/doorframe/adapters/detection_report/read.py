"""What was read for a report and what was not, in a table."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from doorframe.adapters.detection_report import words
from doorframe.engines.assembly.document import Block, ListBlock, Paragraph, Section, Table
from doorframe.engines.detection import axes
from doorframe.engines.detection.account import Account
from doorframe.engines.text import Span


@dataclass(frozen=True, slots=True)
class Read:
    """What the report says of its source.

    name       of the file or the export
    how        what it was read as: "a WhatsApp chat"
    left       sentences about what was left out
    threshold  score from which a window is an alert; own_threshold True where it is the model's
    model      id and sha256
    dated      ISO date on the report
    paper      "a4" or "us-letter"
    """

    name: str
    how: str
    left: tuple[str, ...]
    threshold: float
    own_threshold: bool
    model: tuple[str, str]
    quick: bool
    dated: str
    paper: str = "a4"


def section(account: Account, read: Read) -> Section:
    rows = tuple((words.cell(name), words.cell(said, own=own)) for name, said, own in _rows(account, read))
    return Section(
        "read", "What was read", (Table("read-table", "", ("What", "As it was found"), rows), *_left(account, read))
    )


def _rows(account: Account, read: Read) -> Iterator[tuple[str, str, bool]]:
    yield "Source", f"{read.name}, read as {read.how}", True
    messages, windows = words.many(account.messages, "message"), words.many(account.windows, "window")
    places = words.many(len(account.courses), "conversation")
    alone = all(one.alone for one in account.courses.values())
    yield "Read", f"{messages} in {windows}" if alone else f"{messages} in {places}, read as {windows}", False
    yield "Time", _time(account), False
    whose = "the model’s own" if read.own_threshold else "chosen for this report"
    yield "Threshold", f"{read.threshold:.2f}, {whose}", False
    yield "Model", f"{read.model[0]}, SHA-256 {read.model[1]}", False


def _time(account: Account) -> str:
    if account.first is None or account.last is None:
        return "The messages carry no date, so they stand in the order of the file."
    known = f"{axes.when(account.first)} to {axes.when(account.last)}"
    if account.untimed:
        return f"{known}; {words.many(account.untimed, 'message')} without a date"
    return f"{known}; clocks as in the source, UTC where it names a zone"


def _left(account: Account, read: Read) -> list[Block]:
    said = [*read.left]
    uncovered = account.languages.total()
    if uncovered:
        named = [f"{words.LANGUAGES.get(one, one) if one else 'a language that cannot be told'} {many:,}"
                 for one, many in account.languages.most_common(6)]  # fmt: skip
        said.append(f"{words.many(uncovered, 'window')} in a language that is not covered, so nothing was looked for: "
                    f"{', '.join(named)}. That says nothing about what was written.")  # fmt: skip
    if read.quick:
        said.append("The quick way was chosen: windows in which no word points anywhere were not read further, and "
                    "have no score above nought.")  # fmt: skip
    if not said:
        return [Paragraph("left-none", (Span("Nothing was left out."),))]
    return [Paragraph("left-heading", (Span("What was not read:"),)),
            ListBlock("left", tuple((Span(one, own=True),) for one in said))]  # fmt: skip
