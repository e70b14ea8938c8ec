"""JSON: lists, objects, lines, and what breaks in the middle."""

from __future__ import annotations

import json
import tracemalloc
from io import BytesIO

import pytest

from doorframe.adapters.conversations import discord, json_file
from doorframe.adapters.conversations.found import Told
from tests.adapters.conversations.samples import DISCORD, JSON, taken

pytestmark = [pytest.mark.promise("J6")]

OURS = [
    {"id": str(number), "conversation": "a", "author": "Ana", "at": number, "text": f"Text {number}"}
    for number in range(300)
]


@pytest.mark.parametrize(
    "data",
    [
        json.dumps(OURS),
        json.dumps(OURS, indent=2),
        json.dumps({"messages": OURS, "more": 1.5}),
        "\n".join(json.dumps(one) for one in OURS),
        "\ufeff" + json.dumps(OURS),
    ],
    ids=["list", "indented", "object", "lines", "mark"],
)
def test_our_own_shapes(data: str) -> None:
    found, told = taken(json_file, data)
    assert found == {"a": [(str(number), "Ana", f"Text {number}") for number in range(300)]}
    assert told.left.total() == 0


def test_an_object_with_a_name_notices_and_words_in_pieces() -> None:
    found, told = taken(json_file, JSON)
    assert found == {"carers": [("1", "Ana", "Hello there"), ("3", "Ben", "Look here.")]}
    assert told.left == {"notices of the program": 1}


@pytest.mark.parametrize("join", [",", ",\n", "\n"])
@pytest.mark.parametrize("broken", ['{"text": nope}', '{"text": "a" "b"}', '{"text" "a"}', "[" * 100_000])
def test_what_breaks_is_counted_and_the_rest_is_read(join: str, broken: str) -> None:
    parts = [json.dumps(one) for one in OURS]
    parts[100] = broken
    text = join.join(parts)
    found, told = taken(json_file, f"[{text}]" if "," in join else text)
    assert 298 <= len(found["a"]) <= 299 and told.left["broken"] >= 1
    assert found["a"][-1][0] == "299"


def test_a_file_that_ends_in_the_middle() -> None:
    found, told = taken(json_file, json.dumps(OURS)[:-20])
    assert len(found["a"]) == 299 and told.left == {"broken": 1}


def test_halves_of_letters_and_signs_that_steer() -> None:
    found, _ = taken(json_file, '[{"text": "a\\ud800b\\u0000\\u001b[31mc\\u202e", "author": "A\\u202e\\nB"}]')
    assert found["export"] == [("1", "A B", "a?b[31mc\u202e")]


def test_memory_stays_flat() -> None:
    peaks = []
    for count in (500, 5_000):
        data = json.dumps([{"id": n, "text": "x" * 200} for n in range(count)]).encode()
        stream = BytesIO(data)
        tracemalloc.start()
        assert sum(1 for one in json_file.read(stream, Told()) for _ in one.messages) == count
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
    assert peaks[1] < peaks[0] + 5_000 * 200, "what is remembered are ids, not words"


def test_discord() -> None:
    found, told = taken(discord, DISCORD)
    assert found == {"night-room": [("100", "Ana", "Anyone up?"), ("102", "Ana (ana.2)", "Me")]}
    assert told.left == {"notices of the program": 1, "without words": 1}
    assert told.back == 1


@pytest.mark.parametrize("number", ["1" + "0" * 400, "-1" + "0" * 400, "1e400", "1e300", "NaN", "true", "1" + "0" * 15])
def test_a_time_that_is_too_large_counts_as_none(number: str) -> None:
    stream = BytesIO(f'[{{"author": "Ana", "at": {number}, "text": "hello"}}]'.encode())
    assert [one.at for each in json_file.read(stream, Told()) for one in each.messages] == [None]
