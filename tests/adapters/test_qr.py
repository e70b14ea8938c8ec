"""The square code says what it was given, to a camera and to a screen reader, and needs no style."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from doorframe.adapters import qr

ADDRESS = "https://harbour.example/a/3f0c9d1e7b"


def squares(picture: str) -> set[tuple[int, int]]:
    """The dark squares that a path draws, without the border."""
    found = set()
    for x, y, width, back in re.findall(r"M(\d+),(\d+)h(\d+)v1h-(\d+)z", picture):
        assert width == back
        found |= {(int(x) + step - 4, int(y) - 4) for step in range(int(width))}
    return found


@given(st.text(min_size=1, max_size=100))
def test_the_picture_shows_every_square_of_the_code(text: str) -> None:
    rows = qr.matrix(text)
    assert squares(qr.svg(text)) == {(x, y) for y, row in enumerate(rows) for x, dark in enumerate(row) if dark}


def test_it_has_the_marks_of_a_code_and_a_border() -> None:
    rows = qr.matrix(ADDRESS)
    ring = [[True] * 7, [True, *[False] * 5, True], *[[True, False, True, True, True, False, True]] * 3]
    ring = [*ring, ring[1], ring[0]]
    assert [row[:7] for row in rows[:7]] == ring
    assert [row[-7:] for row in rows[:7]] == ring
    assert [row[:7] for row in rows[-7:]] == ring
    size = len(rows) + 8
    assert f'viewBox="0 0 {size} {size}"' in qr.svg(ADDRESS)


def test_it_needs_no_style_and_is_spoken() -> None:
    picture = qr.svg(ADDRESS, title='Opens the page “Read & sign” <on "this" tablet>')
    element = etree.fromstring(picture.encode())
    assert element.get("role") == "img"
    assert element.get("aria-label") == 'Opens the page “Read & sign” <on "this" tablet>'
    assert not [name for one in element.iter() for name in one.attrib if name == "style" or name.startswith("on")]
    assert {etree.QName(one).localname for one in element.iter()} == {"svg", "rect", "path"}
    assert ADDRESS not in picture
    assert etree.fromstring(qr.svg(ADDRESS).encode()).get("aria-hidden") == "true"


@pytest.mark.parametrize("text", ["", "x" * 1001, "é" * 501])
def test_what_no_camera_reads_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="1 to 1000 bytes"):
        qr.svg(text)


def test_the_longest_still_fits() -> None:
    assert qr.svg("x" * 1000)
