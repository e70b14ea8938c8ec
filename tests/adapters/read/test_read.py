"""Files as people have them: what is read, what is left out, and the one sentence where nothing can be read."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import docx
import pypdf
import pytest

from doorframe.adapters import read as reading
from doorframe.adapters.read import Unreadable, read, read_words

SENTENCE = "I do not accept friend requests from clients."


def word(*, heading: str = "Friending", text: str = SENTENCE) -> bytes:
    document = docx.Document()
    document.add_heading(heading, level=2)
    document.add_paragraph(text)
    document.add_paragraph("No texting", style="List Bullet")
    table = document.add_table(rows=1, cols=2)
    table.rows[0].cells[0].text, table.rows[0].cells[1].text = "Instagram", "news only"
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def pdf(*, password: str = "", pages: int = 1) -> bytes:
    writer = pypdf.PdfWriter()
    for _ in range(pages):
        writer.add_blank_page(width=300, height=300)
    if password:
        writer.encrypt(password)
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def said(data: bytes) -> str:
    with pytest.raises(Unreadable) as refused:
        read(data)
    sentence = str(refused.value)
    assert sentence.endswith(".") and "Traceback" not in sentence and len(sentence) < 200
    return sentence


@pytest.mark.promise("A9")
def test_a_word_file_keeps_its_headings_lists_and_tables() -> None:
    text = read(word()).text
    assert f"## Friending\n\n{SENTENCE}\n\n- No texting\n\nInstagram: news only" in text


@pytest.mark.promise("A9")
def test_a_pdf_of_our_own_gives_its_words(checkout: Path, tmp_path: Path) -> None:
    from doorframe.cli import main

    answers = next((checkout / "tests" / "golden").rglob("answers.toml"))
    assert (
        main.main(["policy", "build", str(answers), "--out", str(tmp_path), "--only", "policy", "--format", "pdf"]) == 0
    )
    found = read((tmp_path / "policy.pdf").read_bytes())
    assert found.kind == "pdf" and found.pages >= 3
    assert "friend" in found.text and "emergency" in found.text


def test_a_web_page_gives_what_its_reader_sees() -> None:
    page = (
        "<html><head><title>t</title><style>p{}</style></head><body><script>alert('client')</script><h2>Texting</h2>"
        "<p>Please text&nbsp;me to <b>move</b> a session &amp; nothing else.</p><ul><li>one</li></ul></body></html>"
    )
    found = read(page.encode())
    assert found.kind == "html"
    assert "## Texting" in found.text and "Please text me to move a session & nothing else." in found.text
    assert "alert" not in found.text and "p{}" not in found.text


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_text_is_read_in_every_encoding_that_people_have(encoding: str) -> None:
    assert "I don’t text" in read("I don’t text — ever.".encode(encoding)).text


def test_plain_text_is_not_changed_so_that_places_count_its_letters() -> None:
    text = "# Friending\r\n\r\nI don't.  Really.\n\tYes"
    assert read(text.encode()).text == text


@pytest.mark.promise("A9")
@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (b"", "empty"),
        (b" \n\t ", "empty"),
        (b"--- ***", "no words"),
        (pdf(pages=3), "scan"),
        (pdf(password="secret"), "password"),
        (b"%PDF-1.7 and then nothing", "damaged"),
        (word()[: len(word()) // 2], "damaged"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 500, "older Word"),
        (b"{\\rtf1 hello}", "older Word"),
        (b"\x89PNG\r\n\x1a\n" + b"\0" * 99, "picture"),
        (bytes(range(1, 32)) * 200, "No words can be read"),
        (b"x" * (reading.LARGEST_FILE + 1), "20 MB"),
        (b"word " * (reading.LONGEST_TEXT // 5 + 9), "700 pages"),
    ],
)
def test_what_cannot_be_read_is_said_in_one_sentence(data: bytes, expected: str) -> None:
    assert expected in said(data)


def test_a_bomb_is_not_opened() -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("word/document.xml", b"0" * (210 * 1024 * 1024))
    assert len(out.getvalue()) < 1024 * 1024
    assert "far more than a policy" in said(out.getvalue())


def test_another_zip_is_told_apart_from_word() -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("content.xml", "<a/>")
    assert "no Word text" in said(out.getvalue())


def test_a_file_is_known_by_its_bytes_and_not_by_its_name() -> None:
    assert read(word()).kind == "docx" and read(b"plain words").kind == "text"


def test_a_paste_of_ten_megabytes_is_refused() -> None:
    with pytest.raises(Unreadable, match="700 pages"):
        read_words("a policy " * 1_200_000)
