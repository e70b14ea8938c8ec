"""Tables: names, separators, dates, and rows that break."""

from __future__ import annotations

import pytest

from doorframe.adapters.conversations import csv_file
from doorframe.adapters.conversations.found import Told, Unreadable
from tests.adapters.conversations.samples import CSV, taken

pytestmark = [pytest.mark.promise("J6")]


def test_a_table_with_other_names_and_a_mark() -> None:
    found, told = taken(csv_file, CSV)
    assert found == {
        "night-room": [("1", "Ana", "I slept, finally"), ("2", "Ben", 'She said "no" and left')],
        "grief": [("7", "Ola", "First line\nsecond line")],
    }
    assert (told.messages, told.left.total()) == (3, 0)


@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
def test_separators(separator: str) -> None:
    data = "\n".join(separator.join(row) for row in (("author", "text"), ("Ana", "hello")))
    assert taken(csv_file, data)[0] == {"export": [("2", "Ana", "hello")]}


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_encodings(encoding: str) -> None:
    assert taken(csv_file, "author,text\nZoë,café à côté\n".encode(encoding))[0]["export"][0][1:] == (
        "Zoë", "café à côté",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("dates", "expected"),
    [
        (("13/01/2024 09:00",), 1705136400),
        (("01/13/2024 9:00 AM",), 1705136400),
        (("1/4/2024 9:00", "1/5/2024 9:00"), 1704358800),
        (("4/1/2024 9:00", "5/1/2024 9:00"), 1704358800),
        (("1704358800",), 1704358800),
        (("1704358800000",), 1704358800),
        (("Jan 4, 2024 9:00 am",), 1704358800),
        (("4 January 2024 09:00",), 1704358800),
        (("2024-01-04T10:00:00+01:00",), 1704358800),
    ],
)
def test_dates(dates: tuple[str, ...], expected: float) -> None:
    data = "text;at\n" + "".join(f"hello;{one}\n" for one in dates)
    conversations = list(csv_file.read(_stream(data), Told()))[:1]
    assert conversations
    told = Told()
    times = [message.at for one in csv_file.read(_stream(data), told) for message in one.messages]
    assert times[0] == expected


def test_date_and_time_in_columns_of_their_own() -> None:
    data = "date,time,author,text\n2024-01-04,09:00,Ana,hello\n"
    times = [message.at for one in csv_file.read(_stream(data), Told()) for message in one.messages]
    assert times == [1704358800]


def test_rows_that_break_are_counted_and_the_rest_is_read() -> None:
    data = (
        "id,author,text\n1,Ana,one\n2\n"
        '3,Ben,"never closed\n4,Ana,four, with commas, unquoted\n5,Ana,"quoted" wrongly\n6,Ola,six\n'
    )
    found, told = taken(csv_file, data)
    texts = [text for _, _, text in found["export"]]
    assert texts[0] == "one" and texts[-1] == "six" and "four, with commas, unquoted" in texts
    assert told.left["broken"] == 1
    assert any("never closed" in text for text in texts)


def test_a_mark_that_never_closes_costs_its_row_alone() -> None:
    data = 'id,author,text\n1,"Ana,one\n' + "".join(f"{number},Ben,line {number}\n" for number in range(2, 5000))
    found, told = taken(csv_file, data)
    assert len(found["export"]) == 4998 and told.left["broken"] == 1


def test_a_gigantic_row_is_left_out() -> None:
    data = "id,author,text\n1,Ana,one\n2,Ben," + "x" * 3_000_000 + "\n3,Ola,three\n"
    found, told = taken(csv_file, data)
    assert [row[0] for row in found["export"]] == ["1", "3"] and told.left["broken"] == 1


def test_twice_under_one_id_and_times_that_run_back() -> None:
    data = "id,at,text\n1,2024-01-02,b\n1,2024-01-02,again\n2,2024-01-01,a\n3,2024-01-03,  \n"
    found, told = taken(csv_file, data)
    assert [text for _, _, text in found["export"]] == ["b", "a"]
    assert (told.left["twice under one id"], told.left["without words"], told.back) == (1, 1, 1)
    assert "1 message with a time before" in " ".join(told.said("a table"))


@pytest.mark.parametrize(
    "titles",
    ["Autor;Datum;Text", "Absender;Datum;Nachricht", "Expéditeur;Date;Message", "Expe\u0301diteur;Envoyé le;Texte",
     "Remitente;Fecha;Mensaje", "Mittente;Data;Testo", "Afzender;Datum;Bericht", "Von;Gesendet am;Inhalt"],
)  # fmt: skip
def test_names_of_other_languages(titles: str) -> None:
    told = Told()
    stream = _stream(f"{titles}\nAna;13.01.2024 09:00;hello\n")
    found = [(one.author, one.at, one.text) for each in csv_file.read(stream, told) for one in each.messages]
    assert found == [("Ana", 1705136400, "hello")] and not told.notes


@pytest.mark.parametrize(("date", "time"), [("Datum", "Uhrzeit"), ("Fecha", "Hora"), ("Date", "Heure")])
def test_date_and_time_apart_in_other_languages(date: str, time: str) -> None:
    stream = _stream(f"{time};{date};author;text\n09:00;13.01.2024;Ana;hello\n")
    assert [one.at for each in csv_file.read(stream, Told()) for one in each.messages] == [1705136400]


def test_who_wrote_is_named_nowhere() -> None:
    found, told = taken(csv_file, "Schreiberling;Datum;Text\nAna;13.01.2024;hallo\n")
    assert found == {"export": [("2", "", "hallo")]}
    assert told.notes == ["No column says who wrote; name it author."]


@pytest.mark.parametrize("first", ["sep=;", '"sep=;"', "\ufeffSEP=;", "sep=;;;"])
def test_the_line_that_excel_writes_above(first: str) -> None:
    found, told = taken(csv_file, f"{first}\r\nauthor;text\r\nAna;one, two, three\r\n")
    assert found == {"export": [("3", "Ana", "one, two, three")]} and not told.left


def test_excel_names_another_separator() -> None:
    assert taken(csv_file, "sep=^\nauthor^text\nAna^hello; you, all\n")[0]["export"] == [
        ("3", "Ana", "hello; you, all")
    ]


@pytest.mark.parametrize("data", ["sep=;", "sep=;\n", 'sep="\ntext\nhello\n', f"a,{'x' * 200_000}\nhello,1\n"])
def test_a_first_line_that_is_odd(data: str) -> None:
    with pytest.raises(Unreadable, match="names no column"):
        taken(csv_file, data)


def test_no_column_for_words() -> None:
    with pytest.raises(Unreadable, match="names no column"):
        taken(csv_file, "a,b\n1,2\n")


def _stream(data: str):
    from io import BytesIO

    return BytesIO(data.encode())
