"""Which format it is, Slack as ZIP and folder, windows of mixed conversations, and ZIP bombs."""

from __future__ import annotations

import json
import os
import zipfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from doorframe.adapters.conversations import exports, flow, slack
from doorframe.adapters.conversations.found import Conversation, Told, Unreadable
from doorframe.engines.detection.conversation import Message
from doorframe.engines.detection.windows import SIZE, Stream, windows
from tests.adapters.conversations.samples import ANDROID_UK, CSV, DISCORD, IOS_US, JSON, MBOX, SLACK, rows

pytestmark = [pytest.mark.promise("J6")]


def workspace(place: Path) -> Path:
    for name, data in SLACK.items():
        (place / name).parent.mkdir(parents=True, exist_ok=True)
        (place / name).write_text(json.dumps(data), encoding="utf-8")
    return place


def packed(place: Path, files: dict[str, str], under: str = "") -> Path:
    with zipfile.ZipFile(place, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(under + name, data)
    return place


@pytest.mark.parametrize(
    ("data", "format"),
    [(CSV, "csv"), (JSON, "json"), (DISCORD, "discord"), (ANDROID_UK, "whatsapp"), (IOS_US, "whatsapp"),
     ("sep=;\nAutor;Text\nAna;Hallo\n", "csv"), (MBOX, "mbox"), ('[{"text": "a"}]', "json"),
     ('{"id": "1", "text": "a"}\n', "json")],
)  # fmt: skip
def test_the_format_is_told_by_what_stands_in_it(tmp_path: Path, data: str, format: str) -> None:
    place = tmp_path / "export.bin"
    place.write_text(data, encoding="utf-8", newline="")
    assert exports.guess(place) == format
    assert sum(map(len, rows(exports.read(place, format, Told())).values())) >= 1


def test_nothing_is_guessed_that_cannot_be_told(tmp_path: Path) -> None:
    for data in (b"", b"Dear all, this is a letter.\n", b"\x89PNG\r\n\x1a\n", b"a,b\n1,2\n"):
        (tmp_path / "x").write_bytes(data)
        with pytest.raises(Unreadable, match="--format"):
            exports.guess(tmp_path / "x")


EXPECTED = {
    "carers/1709413200.000200": [
        ("1709413200.000200", "Ana", "Hi @Ben Ode & all, see this"),
        ("1709413220.000400", "Ben Ode", "Thanks"),
    ],
    "carers": [("1709413210.000300", "Ben Ode", "In <between>"), ("1709500000.000100", "Ben Ode", "Next day")],
}


def test_slack_as_folder_and_as_zip(tmp_path: Path) -> None:
    folder = workspace(tmp_path / "unpacked")
    files = {name: json.dumps(data) for name, data in SLACK.items()}
    for place in (folder, packed(tmp_path / "a.zip", files), packed(tmp_path / "b.zip", files, "Harbour export/")):
        assert exports.guess(place) == "slack"
        told = Told()
        assert rows(exports.read(place, "slack", told)) == EXPECTED
        assert told.left == {"notices of the program": 1}


def test_slack_as_a_mac_packs_it_again(tmp_path: Path) -> None:
    files = {f"Harbour/{name}": json.dumps(data) for name, data in SLACK.items()}
    twins = {f"__MACOSX/{name.rpartition('/')[0]}/._{name.rpartition('/')[2]}": "\0\5\x16\7" for name in files}
    place = packed(tmp_path / "a.zip", {**twins, **files, "Harbour/carers/._2024-03-02.json": "\0"})
    told = Told()
    assert rows(exports.read(place, exports.guess(place), told)) == EXPECTED
    assert told.left == {"notices of the program": 1} and not told.notes


def test_slack_in_the_folder_above(tmp_path: Path) -> None:
    workspace(tmp_path / "Harbour export")
    (tmp_path / "._Harbour export").write_bytes(b"\0")
    assert rows(exports.read(tmp_path, "slack", Told())) == EXPECTED
    (tmp_path / "other.json").write_text("[]", encoding="utf-8")
    told = Told()
    assert rows(exports.read(tmp_path, "slack", told)) == EXPECTED
    assert told.notes == ["Files that lie beside the folder of the export were not read."]


def test_a_chat_that_a_mac_packed_again(tmp_path: Path) -> None:
    place = packed(tmp_path / "chat.zip", {"_chat.txt": IOS_US, "__MACOSX/.__chat.txt": "\0"})
    assert exports.guess(place) == "whatsapp"
    assert len(rows(exports.read(place, "whatsapp", Told()))["export"]) == 2


def test_what_can_be_read_once_alone_is_not_opened(tmp_path: Path) -> None:
    place = tmp_path / "pipe"
    os.mkfifo(place)
    for read in (exports.guess, lambda one: rows(exports.read(one, "csv", Told()))):
        with pytest.raises(Unreadable, match="read twice"):
            read(place)


def test_a_damaged_day_costs_that_day_alone(tmp_path: Path) -> None:
    folder = workspace(tmp_path)
    (folder / "carers" / "2024-03-01.json").write_text("[{", encoding="utf-8")
    told = Told()
    assert rows(exports.read(folder, "slack", told)) == EXPECTED and told.left["broken"] == 1


def test_a_bomb_does_not_go_off(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(slack, "LARGEST_DAY", 100_000)
    bomb = json.dumps([{"type": "message", "text": "0" * 5_000_000}])
    place = packed(tmp_path / "a.zip", {"users.json": "[]", "carers/1.json": bomb, "carers/2.json": "[]"})
    told = Told()
    assert rows(exports.read(place, "slack", told)) == {} and told.left["broken"] == 1
    monkeypatch.setattr(slack, "LARGEST", 1_000_000)
    with pytest.raises(Unreadable, match="larger than"):
        rows(exports.read(place, "slack", Told()))


def test_a_damaged_zip_is_said(tmp_path: Path) -> None:
    place = packed(tmp_path / "a.zip", {"users.json": "[]"})
    place.write_bytes(place.read_bytes()[:40])
    with pytest.raises(Unreadable, match="damaged"):
        exports.guess(place)


def test_a_chat_in_a_zip(tmp_path: Path) -> None:
    place = packed(tmp_path / "chat.zip", {"_chat.txt": IOS_US, "photo.jpg": "x"})
    assert exports.guess(place) == "whatsapp"
    assert len(rows(exports.read(place, "whatsapp", Told()))["export"]) == 2


# Windows


MESSAGES = st.lists(
    st.tuples(st.text(max_size=5), st.sampled_from(["a", "b", "c"]), st.one_of(st.none(), st.floats(0, 1e6))),
    max_size=60,
).map(lambda found: [Message(str(n), author, text, at) for n, (text, author, at) in enumerate(found)])


@given(MESSAGES)
@settings(max_examples=150, deadline=None)
def test_a_stream_gives_what_the_whole_gives_and_holds_little(messages: list[Message]) -> None:
    stream, dropped = Stream("c"), []
    for message in messages:
        dropped += stream.add(message)
        assert len(stream._last) <= SIZE
    dropped += stream.end()
    assert dropped == list(windows("c", messages))
    assert {m.id for window in dropped for m in window.messages} == {m.id for m in messages}, "none is lost"
    assert all(len(window.messages) <= SIZE for window in dropped)


@given(MESSAGES, MESSAGES, st.randoms(use_true_random=False))
@settings(max_examples=50, deadline=None)
def test_mixed_conversations_give_the_windows_of_each(one: list[Message], two: list[Message], random) -> None:
    mixed = [("one", m) for m in one] + [("two", m) for m in two]
    order = sorted(range(len(mixed)), key=lambda _: random.random())
    places = {"one": iter(one), "two": iter(two)}
    stretches = [Conversation(mixed[n][0], [next(places[mixed[n][0]])]) for n in order]
    found = list(flow.windows(stretches))
    for name, messages in (("one", one), ("two", two)):
        assert [window for whose, window in found if whose == name] == list(windows(name, messages))


def test_of_too_many_conversations_the_most_silent_is_ended() -> None:
    stretches = [Conversation(str(n % 5), [Message(str(n), "a", "x")]) for n in range(20)]
    found = list(flow.windows(stretches, most=3))
    assert {m.id for _, window in found for m in window.messages} == {str(n) for n in range(20)}
