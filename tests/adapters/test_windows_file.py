"""Windows from lines: ids that are never twice in a window, names, and times as programs write them."""

from __future__ import annotations

import json

import pytest

from doorframe.adapters import windows_file
from doorframe.engines.detection.conversation import Window


def ids(*given: object) -> list[str]:
    raw = json.dumps({"id": "w", "messages": [{"id": one, "text": "a"} for one in given]}).encode()
    found = windows_file.window(raw, 1)
    assert isinstance(found, Window)
    return [one.id for one in found.messages]


@pytest.mark.parametrize(
    ("given", "wanted"),
    [
        ((None, None, None), ["1", "2", "3"]), (("", " ", []), ["1", "2", "3"]),
        (("7", 7, " 7 "), ["7", "7#2", "7#3"]), (("7", "7", "7#2"), ["7", "7#3", "7#2"]),
        (("2", None), ["2", "2#2"]), ((None, "1"), ["1#2", "1"]), ((0, "a"), ["0", "a"]),
    ],
)  # fmt: skip
def test_no_two_messages_of_a_window_share_an_id(given: tuple[object, ...], wanted: list[str]) -> None:
    assert ids(*given) == wanted


def test_a_window_without_an_id_is_called_by_its_line_and_names_have_no_spaces_around() -> None:
    found = windows_file.window(b'{"id": null, "messages": [{"author": " Ana ", "text": "a"}]}', 4)
    assert isinstance(found, Window) and found.id == "4" and found.messages[0].author == "Ana"
    found = windows_file.window(b'{"id": "", "messages": [{"author": null, "text": "a"}]}', 5)
    assert isinstance(found, Window) and found.id == "5" and found.messages[0].author == ""


@pytest.mark.parametrize(
    ("value", "wanted"),
    [
        (1709413200, 1709413200.0), (1709413200000, 1709413200.0), ("1709413200", 1709413200.0),
        (" 1709413200000 ", 1709413200.0), ("1709413200.5", 1709413200.5), (0, 0.0), (60, 60.0),
        ("2024-03-02T21:00:00Z", 1709413200.0), ("20240302", 1709337600.0),
        ("2150-01-01", None), (5_000_000_000, None), (9e14, None), (10**401, None), (float("nan"), None),
        ("nan", None), ("9" * 400, None), (True, None), (None, None), ([], None),
    ],
)  # fmt: skip
def test_times_as_programs_write_them(value: object, wanted: float | None) -> None:
    assert windows_file.moment(value) == wanted
