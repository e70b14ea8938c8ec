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


def letter(body: str, kind: str = "plain") -> str:
    head = "From a@x Sat Mar  2 21:14:00 2024\nFrom: Anna <a@x>\nSubject: Help\nMessage-ID: <1@x>\n"
    return f"{head}Content-Type: text/{kind}; charset=utf-8\n\n{body}\n"


OWN = "Look what he wrote."


@pytest.mark.parametrize(
    "block",
    [
        "From: Ben <b@x>\nSent: Monday\nTo: Anna\nSubject: you",
        "*From:* Ben <b@x>\n*Sent:* Monday\n*To:* Anna",
        "**From:** Ben\n**Date:** Monday",
        "Von: Ben\r\nGesendet: Montag\r\nAn: Anna\r\nBetreff: du",
        "De\u00a0: Ben\nEnvoyé\u00a0: lundi\nÀ\u00a0: Anna\nObjet\u00a0: toi",
        "De: Ben\nEnviado: lunes\nPara: Ana\nAsunto: tú",
        "Da: Ben\nInviato: lunedì\nA: Anna\nOggetto: tu",
        "Van: Ben\nVerzonden: maandag\nAan: Anna\nOnderwerp: jij",
        "From: Ben of a department with a long name\n  <ben@a-long-address.example.org>\nTo: Anna",
        "From: Ben\n\nSubject: you",
    ],
)
def test_what_outlook_quotes_is_not_the_writers(block: str) -> None:
    found, _ = taken(mbox, letter(f"{OWN}\n\n{block}\n\nYou owe me."))
    assert found["Help"] == [("<1@x>", "Anna", OWN)]


@pytest.mark.parametrize(
    "block",
    [
        '<div style="border:none"><p><b>From:</b> Ben<br>\n<b>Sent:</b> Monday<br><b>To:</b> Anna<br></p></div>',
        "<p><b><span>Von: </span></b>Ben</p><p> </p><p><b>Gesendet:</b> Montag</p><p> </p><p><b>An:</b> Anna</p>",
        "<hr><b>From:</b> Ben<br><b>Subject:</b> you<br>",
        "<b>From:</b> Ben<br><b>Sent:</b> Monday<br>",
        "<table><tr><td>From:</td><td>Ben</td></tr><tr><td>Date:</td><td>Monday</td></tr></table>",
    ],
)
def test_what_outlook_quotes_in_a_web_page_is_not_the_writers(block: str) -> None:
    found, _ = taken(mbox, letter(f"<html><body><div>{OWN}</div>{block}<p>You owe me.</p></body></html>", "html"))
    assert found["Help"] == [("<1@x>", "Anna", OWN)]


@pytest.mark.parametrize(
    "own",
    [
        "From: me to you.\nIt was a long day.\nGood night.",
        "From: me to you.\nOne.\nTwo.\nThree.\nSubject: none",
        "Now:\nFrom here on I stay.\nTo: you",
        "He said From: Ben\nSent: Monday",
        "Dear all\nTo: whom it concerns\nSubject: tea",
    ],
)
def test_a_sentence_that_begins_alike_is_the_writers(own: str) -> None:
    assert taken(mbox, letter(own))[0]["Help"] == [("<1@x>", "Anna", own)]


def test_many_lines_that_begin_alike_take_no_long_time() -> None:
    found, _ = taken(mbox, letter("From: x\n" + "\n" * 20 + ("From: x\n" + "\n" * 20) * 20_000))
    assert found["Help"][0][2].startswith("From: x")


def test_a_letter_twice_counts_once() -> None:
    found, told = taken(mbox, MBOX + "\n" + MBOX)
    assert sum(map(len, found.values())) == 3 and told.left["twice under one id"] == 3
