"""A picture in a real browser: what its file told is gone, its words are found, and a person looks at the rest."""

from __future__ import annotations

import io
import os
from pathlib import Path

import exifread
import pytest
from django.core.management import call_command
from PIL import Image
from playwright.sync_api import Page, expect

from doorframe.adapters.image import look
from doorframe.apps.members.models import Membership
from doorframe.apps.posts.models import Post
from doorframe.apps.trail.models import Event
from tests.adapters.image import samples
from tests.apps.posts.whiteboard import board
from tests.journeys.conftest import Door
from tests.journeys.test_posts import right

needs_reader = pytest.mark.skipif(os.name == "nt", reason="Windows has no package of it that the tests could install")


def choose(page: Page, name: str, data: bytes, media_type: str = "image/jpeg") -> None:
    page.get_by_label("The picture", exact=True).set_input_files({"name": name, "mimeType": media_type, "buffer": data})


def downloaded(page: Page, button: str, role: str = "link") -> tuple[str, bytes]:
    """The name and the bytes of the file that is saved."""
    with page.expect_download() as begun:
        page.get_by_role(role, name=button).click()  # type: ignore[arg-type]
    return begun.value.suggested_filename, Path(begun.value.path()).read_bytes()


def tells_nothing(data: bytes) -> bool:
    """Whether Pillow, exifread and our own reader find nothing beside the picture."""
    with Image.open(io.BytesIO(data)) as picture:
        beside = set(picture.info) - {"jfif", "jfif_version", "jfif_unit", "jfif_density"}
        return not picture.getexif() and not beside and not exifread.process_file(io.BytesIO(data)) and not look(data)


@needs_reader
@pytest.mark.promise("F7")
def test_a_picture_with_a_place_and_a_whiteboard(door: Door, owner: Membership) -> None:
    # Given a photograph from a telephone, which tells where it was taken and shows what is on the whiteboard
    call_command("createcachetable", verbosity=0)
    photograph = samples.jpeg(samples.exif_segment(), image=board("Anna 4 pm session", "Supervision Thursday"))
    assert {"location", "camera", "thumbnail"} <= {one.kind for one in look(photograph)}
    page = door.open(owner, width=360)
    page.goto("/posts/")
    page.get_by_role("link", name="Clean a picture").click()
    right(door, page, "Which picture do you want to post?")
    page.set_viewport_size({"width": 360, "height": 900})
    # When it is sent
    choose(page, "IMG_20261103_Anna.jpg", photograph)
    page.get_by_role("button", name="Clean it and look").click()
    # Then the place was in the file and is gone, and how that was proved can be read
    right(door, page, "The file is clean. Now look at the picture")
    expect(page.get_by_text("Where the picture was taken was present (location).")).to_be_visible()
    expect(page.get_by_text("No camera data (EXIF), no location.")).to_be_hidden()
    page.get_by_text("How this was proved").click()
    expect(page.get_by_text("No camera data (EXIF), no location.")).to_be_visible()
    assert page.locator(".picture img").evaluate("image => image.complete && image.naturalWidth") == 900
    # And the words on the whiteboard are found, by what reads drafts
    expect(page.get_by_role("heading", name="A person must decide about this")).to_be_visible()
    expect(page.locator("mark", has_text="Anna")).to_be_visible()
    # And what only a person can see is looked for, and ticked
    for thing in page.locator(".looked").get_by_role("checkbox").all():
        thing.check()
    expect(page.get_by_role("checkbox", name="Whiteboards, flip charts and sticky notes")).to_be_checked()
    right(door, page)
    # And the file that is saved has a neutral name and tells nothing
    name, data = downloaded(page, "Download the clean picture")
    assert name == "picture.jpg" and tells_nothing(data) and samples.SECRET not in data
    # And nothing of it is kept but that it happened, nor stood in an address
    kept = Event.objects.get(name="posts.picture.cleaned").data
    assert set(kept) == {"count", "kinds"} and "Anna" not in str(kept)
    assert not Post.objects.exists()
    assert not [url for url in door.asked if "Anna" in url and not url.startswith("data:")]


@pytest.mark.promise("F7")
def test_a_large_picture_is_saved_from_the_page_and_as_a_file_without_a_script(door: Door, owner: Membership) -> None:
    # Given a picture whose clean file has several million bytes, and a browser without scripts
    call_command("createcachetable", verbosity=0)
    noise = Image.frombytes("RGB", (2200, 1500), os.urandom(2200 * 1500 * 3))
    photograph = samples.png(samples.chunk(b"eXIf", samples.exif()), image=noise)
    page = door.open(owner, java_script_enabled=False)
    page.goto("/posts/picture/")
    choose(page, "large.png", photograph, "image/png")
    page.get_by_role("button", name="Clean it and look").click()
    # Then the link on the page saves all of it
    name, data = downloaded(page, "Download the clean picture")
    assert name == "picture.png" and len(data) > 8_000_000 and tells_nothing(data)
    # And where a browser saves nothing from a page, it comes as a file
    page.get_by_text("The download does not begin").click()
    choose(page, "large.png", photograph, "image/png")
    name, again = downloaded(page, "Clean it and download", "button")
    assert name == "picture.png" and again == data


@pytest.mark.promise("F7")
def test_what_is_no_picture_comes_back_with_a_sentence(door: Door, owner: Membership) -> None:
    call_command("createcachetable", verbosity=0)
    page = door.open(owner)
    page.goto("/posts/picture/")
    choose(page, "notes.jpg", b"Anna, 4 pm")
    page.get_by_role("button", name="Clean it and look").click()
    expect(page.get_by_role("alert")).to_contain_text("This is not a picture that can be cleaned.")
    right(door, page, "Which picture do you want to post?")
    page.get_by_role("alert").get_by_role("link").click()
    expect(page.get_by_label("The picture", exact=True)).to_be_focused()
