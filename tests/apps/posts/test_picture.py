"""The page for pictures: what the file told is gone, its words are screened, and nothing of it is kept anywhere."""

from __future__ import annotations

import base64
import io
import logging
import os
import re
import tempfile
from pathlib import Path
from typing import Any

import exifread
import pytest
from bs4 import BeautifulSoup
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from doorframe.adapters import image_words
from doorframe.adapters.image import Refused, look
from doorframe.adapters.image_words import NotRead, Words
from doorframe.apps.library import queries as library
from doorframe.apps.members.models import Membership
from doorframe.apps.posts import pictures
from doorframe.apps.posts.forms import PictureForm
from doorframe.apps.posts.models import Post
from doorframe.apps.trail.models import Event
from doorframe.engines.screening.verdict import Name
from doorframe.web.logs import QuietFormatter
from tests.adapters.image import samples as s
from tests.apps.posts.conftest import Browse
from tests.apps.posts.fake import GRAVE, PLAIN, TIME, Fake
from tests.apps.posts.whiteboard import board

PLACE = "/posts/picture/"
NAME = "Anna Meyer 2026-11-03.jpg"


@pytest.fixture
def words(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Let these be the words in every picture; None stands for no reader."""

    def given(text: str | None) -> None:
        monkeypatch.setattr(image_words, "read", lambda _data: None if text is None else Words(text))

    given("")
    return given


def soup(answer: Any) -> BeautifulSoup:
    return BeautifulSoup(answer.content.decode(), "html.parser")


def text_of(answer: Any) -> str:
    return " ".join(soup(answer).get_text().split())


def send(browser: Any, data: bytes, name: str = NAME, **more: str) -> Any:
    return browser.post(PLACE, {"picture": SimpleUploadedFile(name, data), **more})


def handed_out(answer: Any) -> tuple[str, str, bytes]:
    """The name, the kind and the bytes of the file that the page hands out."""
    link = soup(answer).select_one("a[download]")
    head, _comma, body = link["href"].partition(";base64,")
    return link["download"], head.removeprefix("data:"), base64.b64decode(body, validate=True)


def test_the_page_asks_for_one_picture_from_the_camera_roll(owner: Membership, browse: Browse) -> None:
    page = browse(owner).get(PLACE)
    form = soup(page).select_one("main form")
    assert form["enctype"] == "multipart/form-data" and form["method"] == "post"
    assert form.select_one("input[type=file]")["accept"] == "image/*"
    assert "up to 20 MB" in text_of(page) and "nothing is kept" in text_of(page)
    for place in ("/posts/", "/posts/new/"):
        assert soup(browse(owner).get(place)).select_one(f'main a[href="{PLACE}"]'), place


KINDS = [
    # (file, its name, the file that comes back and its kind, what must be said to have been there)
    (s.telephone, "IMG_2041.jpg", ("picture.jpg", "image/jpeg", "JPEG"),
     {"location", "date", "author", "camera", "serial", "comment", "thumbnail", "motion", "trailing", "profile"}),
    (s.screenshot, "Anna.png", ("picture.png", "image/png", "PNG"), {"location", "author", "text", "comment"}),
    (s.webp, "Anna.webp", ("picture.webp", "image/webp", "WEBP"), {"location", "xmp", "profile"}),
    (s.heic, "IMG_2041.HEIC", ("picture.jpg", "image/jpeg", "JPEG"), {"location", "camera", "xmp"}),
]  # fmt: skip


@pytest.mark.promise("F7")
@pytest.mark.parametrize(("made", "name", "back", "told"), KINDS, ids=[row[1] for row in KINDS])
def test_what_the_file_told_is_said_and_gone(
    owner: Membership, browse: Browse, words: Any, made: Any, name: str, back: tuple[str, str, str], told: set[str]
) -> None:
    given = made()
    page = send(browse(owner), given, name)
    assert page.status_code == 200 and "no-store" in page["Cache-Control"]
    found = look(given, name)
    assert told | {"name"} <= {one.kind for one in found}
    lines = [line.get_text().replace("olor", "olour") for line in soup(page).select(".told li")]
    assert lines == [one.said for one in found], "in the practice's own spelling"
    new_name, kind, data = handed_out(page)
    assert (new_name, kind) == back[:2]
    with Image.open(io.BytesIO(data)) as again:
        assert again.format == back[2] and not again.getexif()
    assert look(data) == () and not exifread.process_file(io.BytesIO(data))
    assert s.SECRET not in data and s.SECRET not in page.content
    assert Path(name).stem not in page.content.decode()
    preview = base64.b64decode(soup(page).select_one(".picture img")["src"].partition(",")[2])
    assert look(preview) == () and s.SECRET not in preview


@pytest.mark.promise("F7")
def test_it_says_how_that_was_proved(owner: Membership, browse: Browse, words: Any) -> None:
    page = text_of(send(browse(owner), s.telephone()))
    for line in ("No camera data (EXIF), no location.", "No byte after the end.", "No small copy of the picture."):
        assert line in page
    assert "things were in the file, and are gone" in page


def test_a_file_that_told_nothing_is_said_to(owner: Membership, browse: Browse, words: Any) -> None:
    page = send(browse(owner), s.saved(s.corners(), "PNG"), "picture.png")
    assert "Nothing stood beside the picture" in text_of(page) and not soup(page).select(".told")


def test_a_large_picture_is_shown_smaller_and_handed_out_whole(owner: Membership, browse: Browse, words: Any) -> None:
    page = send(browse(owner), s.jpeg(s.exif_segment(), image=s.corners(2400, 1200)))
    preview = base64.b64decode(soup(page).select_one(".picture img")["src"].partition(",")[2])
    with Image.open(io.BytesIO(preview)) as small, Image.open(io.BytesIO(handed_out(page)[2])) as whole:
        assert small.size == (1600, 800) and whole.size == (2400, 1200)
        assert not small.getexif() and look(preview) == ()
    see_through = s.png(image=Image.new("RGBA", (1700, 20), (9, 9, 9, 128)))
    page = send(browse(owner), see_through, "x.png")
    assert soup(page).select_one(".picture img")["src"].startswith("data:image/png;")


def test_a_file_too_large_for_a_link_comes_back_as_a_file(
    owner: Membership, browse: Browse, words: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pictures, "LARGEST_LINK", 100)
    page = send(browse(owner), s.telephone())
    assert not soup(page).select("a[download]") and "too large to be carried in this page" in text_of(page)
    assert soup(page).select_one("details[open] form button")["value"] == "download"
    answer = send(browse(owner), s.telephone(), do="download")
    assert answer["Content-Disposition"] == 'attachment; filename="picture.jpg"'
    assert (answer["Content-Type"], look(answer.content)) == ("image/jpeg", ())
    assert "no-store" in answer["Cache-Control"]


@pytest.mark.promise("F7")
@pytest.mark.parametrize(
    ("data", "name", "sentence"),
    [
        (s.claiming(60_000, 60_000), "ward7.png", "more than 64 million pixels"),
        (b"Anna Meyer, Tuesday", "ward7.jpg", "This is not a picture that can be cleaned"),
        (s.png(), "ward7.jpg", "The name ends in .jpg, but this is a PNG picture"),
        (s.saved(s.corners(), "GIF", save_all=True, append_images=[s.corners()]), "ward7.gif", "This is a GIF"),
        (s.telephone()[:2000], "ward7.jpg", "damaged, or only part of it arrived"),
        (b"", "ward7.jpg", "This file is empty"),
        (b"<svg onload='alert(7)'/>", "ward7.svg", "This is an SVG drawing"),
    ],
)
def test_what_is_no_sound_picture_comes_back_with_a_sentence(
    owner: Membership, browse: Browse, data: bytes, name: str, sentence: str
) -> None:
    page = send(browse(owner), data, name)
    assert page.status_code == 422 and sentence in text_of(page)
    summary = soup(page).select_one(".error-summary a")
    assert summary["href"] == "#id_picture" and soup(page).select_one("#id_picture[type=file]")
    assert "ward7" not in page.content.decode()
    assert not Event.objects.filter(name="posts.picture.cleaned").exists()


def test_what_is_too_large_or_missing_is_said(
    owner: Membership, browse: Browse, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "Choose a picture." in text_of(browse(owner).post(PLACE, {}))
    assert browse(owner).post(PLACE, {"picture": "words"}).status_code == 422
    monkeypatch.setattr(pictures, "LARGEST", 1000)
    page = send(browse(owner), s.telephone())
    assert page.status_code == 422 and "larger than 20 MB" in text_of(page)


def test_a_picture_that_is_taken_never_touches_the_disk(settings: Any) -> None:
    assert pictures.LARGEST < settings.FILE_UPLOAD_MAX_MEMORY_SIZE
    assert "up to 20 MB" in str(PictureForm().fields["picture"].help_text)
    assert pictures.LARGEST == 20 * 1024 * 1024


# The words in it


@pytest.mark.promise("F7")
def test_the_words_in_it_are_screened_like_a_draft(
    owner: Membership, browse: Browse, words: Any, screener: Fake
) -> None:
    words(f"Tuesday\n{GRAVE} <b>")
    page = send(browse(owner), s.jpeg())
    assert "Please don’t post this yet" in text_of(page)
    assert [mark.get_text() for mark in soup(page).select("mark")] == [GRAVE]
    assert not soup(page).select("button[name=rewrite]"), "words in a picture are not mended by a button"
    draft, profile, _authorisation = screener.calls[-1]
    assert draft.country == "US" and profile is not None and "Dr Imani Cole" in profile.own


class Annas:
    """Sees everybody called Anna, and the practice itself."""

    name = "one name"

    def find(self, text: str) -> list[Name]:
        return [Name("person", *one.span()) for one in re.finditer(f"Anna({TIME})?|Imani Cole", text)] + [
            Name("place", 0, 3)
        ]


@pytest.mark.promise("F7")
def test_a_name_in_a_picture_is_for_a_person_to_look_at(
    owner: Membership, browse: Browse, words: Any, screener: Fake
) -> None:
    screener.names = Annas()
    words(f"Ward 3\nAnna 4 pm\nImani Cole\nanna@post.example\n{PLAIN}")
    page = send(browse(owner), s.jpeg())
    assert "A person must decide about this" in text_of(page)
    assert [mark.get_text() for mark in soup(page).select("mark")] == ["Anna", "anna@post.example"]
    assert "cover it with a solid block" in soup(page).select_one("#note-1").get_text()
    words(f"Anna, {GRAVE}")
    page = send(browse(owner), s.jpeg())
    assert "Please don’t post this yet" in text_of(page), "what is graver stays so"
    assert [mark.get_text() for mark in soup(page).select("mark")] == ["Anna", GRAVE]
    words(f"Anna{TIME}")
    page = send(browse(owner), s.jpeg())
    assert [mark.get_text() for mark in soup(page).select("mark")] == ["Anna", TIME], "also where part of it is marked"
    words(f"Dr Imani Cole\n{PLAIN}")
    assert "Nothing found" in text_of(send(browse(owner), s.jpeg()))


def test_no_words_no_reader_and_a_reader_that_fails_are_three_sentences(
    owner: Membership, browse: Browse, words: Any, screener: Fake, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "No words could be read" in text_of(send(browse(owner), s.jpeg()))
    words(None)
    page = text_of(send(browse(owner), s.jpeg()))
    assert "No reader of pictures is installed here" in page and "read every sign, screen, label" in page

    def fails(error: Exception) -> Any:
        def read(_data: bytes) -> None:
            raise error

        return read

    for error in (NotRead("It took too long."), Refused("It took too long.")):
        monkeypatch.setattr(image_words, "read", fails(error))
        page = text_of(send(browse(owner), s.jpeg()))
        assert "It took too long." in page and "Nothing found" not in page
    assert screener.calls == []


@pytest.mark.skipif(os.name == "nt", reason="Windows has no package of it that the tests could install")
@pytest.mark.promise("F7")
def test_the_real_reader_and_the_page_together(owner: Membership, browse: Browse, screener: Fake) -> None:
    page = send(browse(owner), s.jpeg(s.exif_segment(orientation=3), image=board(GRAVE, "Tuesday").rotate(180)))
    assert [mark.get_text() for mark in soup(page).select("mark")] == [GRAVE]
    assert "Tuesday" in screener.calls[-1][0].text


# The list to tick


@pytest.mark.promise("F7")
def test_the_checklist_is_there_to_tick_and_is_not_sent(owner: Membership, browse: Browse, words: Any) -> None:
    page = soup(send(browse(owner), s.jpeg()))
    ticks = page.select(".looked input[type=checkbox]")
    checklist = library.pack().checklists["picture"]
    assert len(ticks) == sum(len(section.items) for section in checklist.sections) - 1, "all but the remark"
    assert not any(tick.find_parent("form") or tick.get("name") for tick in ticks)
    labels = {page.select_one(f'label[for="{tick["id"]}"]').get_text() for tick in ticks}
    assert len(labels) == len(ticks)
    said = " ".join(labels).lower()
    for word in ("people", "screens", "whiteboards", "name tags", "window", "calendars", "large, up to its edges"):
        assert word in said, word


# Kept nowhere


@pytest.mark.promise("C10")
def test_the_trail_holds_kinds_and_no_word(owner: Membership, browse: Browse, words: Any) -> None:
    words(f"Ward 3 {GRAVE}")
    send(browse(owner), s.telephone())
    send(browse(owner), s.saved(s.corners(), "PNG"), "picture.png", do="download")
    full, empty = Event.objects.filter(name="posts.picture.cleaned").order_by("seq")
    kinds = sorted(one.kind for one in look(s.telephone(), NAME))
    assert full.data == {"count": len(kinds), "kinds": kinds} and empty.data == {"count": 0, "kinds": []}
    assert full.subject_type == "members.practice" and not Post.objects.exists()


@pytest.mark.promise("C10")
def test_neither_name_nor_words_reach_a_log_or_a_file(
    owner: Membership, browse: Browse, words: Any, screener: Fake, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(QuietFormatter())
    root, before = logging.getLogger(), logging.getLogger().level
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    browser = browse(owner)
    browser.raise_request_exception = False
    words(f"Qroe {GRAVE}")
    try:
        assert send(browser, s.telephone()).status_code == 200
        assert send(browser, s.telephone()[:2000]).status_code == 422

        def fail(draft: Any, **_given: Any) -> None:
            raise ValueError(draft.text)

        monkeypatch.setattr(screener, "screen", fail)
        answer = send(browser, s.telephone())
    finally:
        root.removeHandler(handler)
        root.setLevel(before)
    assert answer.status_code == 500 and b"Qroe" not in answer.content
    written = stream.getvalue()
    assert "ValueError raised at" in written
    for word in ("Qroe", GRAVE, "Anna", "Meyer", "4711"):
        assert word not in written
    assert list(tmp_path.iterdir()) == []
