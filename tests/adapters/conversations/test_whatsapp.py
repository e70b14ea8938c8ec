"""Chats of WhatsApp, in the dates of many languages."""

from __future__ import annotations

from datetime import UTC, datetime
from io import BytesIO

import pytest

from doorframe.adapters.conversations import whatsapp
from doorframe.adapters.conversations.found import Told
from tests.adapters.conversations.samples import ANDROID_UK, IOS_US, taken

pytestmark = [pytest.mark.promise("J6")]


def times(data: str) -> list[str]:
    found = [m.at for one in whatsapp.read(BytesIO(data.encode()), Told()) for m in one.messages]
    return [f"{datetime.fromtimestamp(one or 0, UTC):%Y-%m-%d %H:%M:%S}" for one in found]


def test_android() -> None:
    found, told = taken(whatsapp, ANDROID_UK)
    assert found["export"] == [
        ("3", "Ana Lima", "Good evening\nhow is everybody?"),
        ("6", "Ben", "my garden"),
        ("10", "Ben", "Happy new year: all the best"),
    ]
    assert told.left == {"notices of the program": 4, "pictures and sounds that the export does not hold": 1}
    assert times(ANDROID_UK)[0] == "2023-12-31 21:16:00"


def test_ios() -> None:
    found, told = taken(whatsapp, IOS_US)
    assert found["export"] == [("2", "Ana", "Good evening"), ("4", "Ben", "Happy new year")]
    assert told.left == {"notices of the program": 1, "pictures and sounds that the export does not hold": 1}
    assert times(IOS_US) == ["2023-12-31 21:15:03", "2024-01-01 00:01:00"]


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("31.12.23, 21:15 - Ana: Hallo", "2023-12-31 21:15:00"),
        ("[31.12.23, 21:15:03] Ana: Hallo", "2023-12-31 21:15:03"),
        ("31-12-2023 21:15 - Ana: Hallo", "2023-12-31 21:15:00"),
        ("31/12/2023 à 21:15 - Ana: Hallo", "2023-12-31 21:15:00"),
        ("31/12/23 9:15 p. m. - Ana: Hallo", "2023-12-31 21:15:00"),
        ("31/12/2023, 9:15 pm - Ana: Hallo", "2023-12-31 21:15:00"),
        ("2023-12-31, 21:15 - Ana: Hallo", "2023-12-31 21:15:00"),
        ("31.12.2023 klo 21.15 - Ana: Hallo", "2023-12-31 21:15:00"),
        ("2023. 12. 31. 오후 9:15, Ana : Hallo", "2023-12-31 21:15:00"),
        ("[2023/12/31 下午9:15:03] Ana: Hallo", "2023-12-31 21:15:03"),
        ("٣١/١٢/٢٠٢٣، ٩:١٥ م - Ana: Hallo", "2023-12-31 21:15:00"),
        ("12/31/23, 12:15 AM - Ana: Hallo", "2023-12-31 00:15:00"),
    ],
)
def test_dates_of_many_languages(line: str, expected: str) -> None:
    found, told = taken(whatsapp, line)
    assert [row[1:] for row in found["export"]] == [("Ana", "Hallo")] and not told.left
    assert times(line) == [expected]


def test_the_order_of_day_and_month_is_learnt_from_the_whole() -> None:
    american = "".join(f"1/{day}/24, 9:00 AM - Ana: Day {day}\n" for day in (2, 3, 4))
    british = "".join(f"0{day}/01/2024, 09:00 - Ana: Day {day}\n" for day in (2, 3, 4))
    assert times(american)[0] == times(british)[0] == "2024-01-02 09:00:00"
    assert "could be read both ways" in taken(whatsapp, british)[1].notes[0]


def test_hidden_marks_do_not_hide_words() -> None:
    found, _ = taken(whatsapp, "31/12/2023, 21:15 - Ana: \u200eYou imagined it\n")
    assert found["export"][0][2] == "\u200eYou imagined it"


IPHONE = "".join(
    f"{mark}[12/31/23, 9:{15 + n}:03\u202fPM] {rest}\r\n"
    for n, (mark, rest) in enumerate(
        [
            ("", "Carers: \u200eMessages and calls are end-to-end encrypted. Only people in this chat can read them."),
            ("", "Ben: \u200eBen created this group"),
            ("", "Anna: \u200eBen added you"),
            ("", "Anna: I am here"),
            ("", "Anna: \u200eVoice call, \u200eNo answer"),
            ("", "Ben: \u200ePOLL:\r\nWhich day suits?\r\n\u200eOPTION: Monday (\u200e1 vote)"),
            ("", "Ben: \u200eUMFRAGE:\r\nWelcher Tag?\r\nOPTION: Montag"),
            ("\u200e", "Ben: \u200e<attached: 00000012-PHOTO.jpg>\r\nmy garden"),
            ("\u200e", "Ben: \u200eletter.pdf • \u200e3 pages \u200e<attached: 00000013-letter.pdf>"),
            ("\u200e", "Ben: \u200eletter.pdf • \u200e3 pages \u200edocument omitted\r\nread this"),
            ("\u200e", "Ben: I wrote it again \u200e<This message was edited>"),
            ("", "Ben: you \u200ewill see"),
            ("", "Anna: Good:\r\n\u200ethe mark stands below"),
            ("", "Anna: \u200eAnna left"),
        ]
    )
)


def test_what_an_iphone_says_itself_is_nobodys_words() -> None:
    found, told = taken(whatsapp, IPHONE)
    assert [row[1:] for row in found["export"]] == [
        ("Anna", "I am here"),
        ("Ben", "\u200ePOLL:\nWhich day suits?\n\u200eOPTION: Monday (\u200e1 vote)"),
        ("Ben", "\u200eUMFRAGE:\nWelcher Tag?\nOPTION: Montag"),
        ("Ben", "my garden"),
        ("Ben", "read this"),
        ("Ben", "I wrote it again"),
        ("Ben", "you \u200ewill see"),
        ("Anna", "Good:\n\u200ethe mark stands below"),
    ]
    assert told.left == {"notices of the program": 5, "pictures and sounds that the export does not hold": 1}


def test_on_android_the_mark_says_nothing() -> None:
    found, told = taken(whatsapp, "31/12/2023, 21:15 - Ben: \u200eBen created this group\n")
    assert [row[1:] for row in found["export"]] == [("Ben", "\u200eBen created this group")] and not told.left


def test_words_before_the_first_message_are_counted() -> None:
    found, told = taken(whatsapp, "stray\n31/12/2023, 21:15 - Ana: Hello\n")
    assert len(found["export"]) == 1 and told.left == {"broken": 1}


def test_a_message_without_end_is_cut() -> None:
    found, told = taken(whatsapp, "31/12/2023, 21:15 - Ana: Hello\n" + "word " * 200_000 + "\n" + "line\n" * 100_000)
    assert len(found["export"][0][2]) == 20_000 and told.cut == 1
