"""Mailing lists: threads, and only the writer's own words."""

from __future__ import annotations

import pytest

from doorframe.adapters.conversations import mbox
from tests.adapters.conversations.samples import MBOX, taken

pytestmark = [pytest.mark.promise("J6")]


def test_threads_without_what_they_quote() -> None:
    found, told = taken(mbox, MBOX)
    assert found == {
        "Nights": [
            ("<1@example.org>", "Ana Lima", "I cannot sleep.\nFrom tomorrow I will try tea."),
            ("<2@example.org>", "Ben Ode", "Tea helps. ☕"),
        ],
        "Meeting": [("<3@example.org>", "ola@example.org", "Tuesday?\nAt six")],
    }
    assert told.left.total() == 0


def test_the_subject_joins_where_nothing_else_does() -> None:
    found, _ = taken(mbox, MBOX.replace("In-Reply-To: <1@example.org>\n", ""))
    assert [len(rows) for rows in found.values()] == [2, 1]


@pytest.mark.parametrize(
    "letter",
    [
        b"From x\nContent-Type: multipart/mixed; boundary=\n\n\xff\xfe",
        b"From x\nFrom: =?utf-8?b?////?=\nDate: Mon, 99 Foo\n\n\x00\xff",
        b"From x\nContent-Transfer-Encoding: base64\n\n!!!!",
        b"From x\n" + b"References: " + b"<a@b> " * 10_000 + b"\n\nhello",
        b"From x\n",
    ],
)
def test_hostile_letters_stop_nothing(letter: bytes) -> None:
    found, _ = taken(mbox, letter + b"\n\n" + MBOX.encode())
    assert len(found["Nights"]) == 2


def test_a_letter_twice_counts_once() -> None:
    found, told = taken(mbox, MBOX + "\n" + MBOX)
    assert sum(map(len, found.values())) == 3 and told.left["twice under one id"] == 3
