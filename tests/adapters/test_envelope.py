"""The encrypted file: what goes in comes out, and nothing else ever does."""

from __future__ import annotations

import io
import json
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from doorframe.adapters import envelope
from doorframe.adapters.envelope import CHUNK_BYTES, MAGIC, TAG_BYTES, EnvelopeError, Reader, Writer, WrongPassphrase

WORDS = "a passphrase with ünïcode"
CHEAP = 2
BOX = CHUNK_BYTES + TAG_BYTES


def sealed(data: bytes, words: str = WORDS) -> bytes:
    file = io.BytesIO()
    writer = Writer(file, words, cost=CHEAP)
    writer.write(data)
    writer.finish()
    return file.getvalue()


def opened(data: bytes, words: str = WORDS) -> bytes:
    return Reader(io.BytesIO(data), words).readall()


def header_end(data: bytes) -> int:
    return data.index(b"\n", len(MAGIC)) + 1


def with_header(data: bytes, **changes: object) -> bytes:
    """The same file with other fields in its second line."""
    end = header_end(data)
    fields = {**json.loads(data[len(MAGIC) : end]), **changes}
    return MAGIC + json.dumps(fields, sort_keys=True, separators=(",", ":")).encode() + b"\n" + data[end:]


@pytest.mark.parametrize("size", [0, 1, CHUNK_BYTES - 1, CHUNK_BYTES, CHUNK_BYTES + 1, 3 * CHUNK_BYTES])
def test_what_goes_in_comes_out(size: int) -> None:
    data = bytes(number % 251 for number in range(size))
    assert opened(sealed(data)) == data


@given(st.lists(st.binary(max_size=70_000), max_size=5))
def test_it_does_not_matter_in_which_pieces(pieces: list[bytes]) -> None:
    file = io.BytesIO()
    writer = Writer(file, WORDS, cost=CHEAP)
    for piece in pieces:
        writer.write(piece)
    writer.finish()
    assert opened(file.getvalue()) == b"".join(pieces)


def test_nothing_of_it_can_be_seen_and_no_two_are_alike() -> None:
    first, second = sealed(b"Imani Cole" * 100), sealed(b"Imani Cole" * 100)
    assert b"Imani" not in first
    assert first[header_end(first) :] != second[header_end(second) :]


def test_a_passphrase_is_the_same_however_its_letters_are_composed() -> None:
    assert opened(sealed(b"x", "caf\u00e9"), "cafe\u0301") == b"x"


@pytest.mark.parametrize("words", ["", "a passphrase", WORDS + " ", WORDS.upper()])
def test_a_wrong_passphrase_is_said_to_be_wrong(words: str) -> None:
    with pytest.raises(WrongPassphrase, match="does not open this file"):
        opened(sealed(b"x"), words)


def test_one_changed_bit_anywhere_is_noticed() -> None:
    whole = sealed(b"x" * 300)
    for place in range(len(whole)):
        for bit in (1, 128):
            broken = bytearray(whole)
            broken[place] ^= bit
            with pytest.raises(EnvelopeError):
                opened(bytes(broken))


def test_cut_off_anywhere_near_a_border_is_noticed() -> None:
    whole = sealed(b"x" * (2 * CHUNK_BYTES + 100))
    start = header_end(whole)
    borders = [0, len(MAGIC), start, start + BOX, start + 2 * BOX, len(whole)]
    for border in borders:
        for place in (border - 1, border, border + 1):
            if 0 <= place < len(whole):
                with pytest.raises(EnvelopeError):
                    opened(whole[:place])


def test_cut_off_at_a_border_is_called_by_its_name() -> None:
    whole = sealed(b"x" * (2 * CHUNK_BYTES))
    with pytest.raises(EnvelopeError, match="ends too early"):
        opened(whole[: header_end(whole) + BOX])


@pytest.mark.parametrize(
    "change",
    [
        lambda boxes: [boxes[1], boxes[0], boxes[2]],
        lambda boxes: [boxes[0], boxes[0], boxes[2]],
        lambda boxes: [boxes[0], boxes[2]],
        lambda boxes: [*boxes, boxes[2]],
        lambda boxes: [*boxes, b"x"],
        lambda boxes: [boxes[2]],
    ],
    ids=["swapped", "repeated", "left out", "last twice", "appended", "last alone"],
)
def test_chunks_keep_their_places(change: Callable[[list[bytes]], list[bytes]]) -> None:
    whole = sealed(bytes(2 * CHUNK_BYTES + 5))
    start = header_end(whole)
    boxes = [whole[start : start + BOX], whole[start + BOX : start + 2 * BOX], whole[start + 2 * BOX :]]
    assert opened(whole[:start] + b"".join(boxes)) == bytes(2 * CHUNK_BYTES + 5)
    with pytest.raises(EnvelopeError):
        opened(whole[:start] + b"".join(change(boxes)))


def test_a_chunk_of_another_file_does_not_fit() -> None:
    first, second = sealed(b"first"), sealed(b"other")
    with pytest.raises(EnvelopeError):
        opened(first[: header_end(first)] + second[header_end(second) :])


@pytest.mark.parametrize("data", [b"", b"PK\x03\x04" + bytes(200), b"SQLite format 3\0", MAGIC, MAGIC + b"{}\n",
                                  MAGIC + b"[]\n", MAGIC + b"\xff\n", MAGIC + b"1" * 5_000, MAGIC.lower()])  # fmt: skip
def test_a_foreign_file_is_refused(data: bytes) -> None:
    with pytest.raises(EnvelopeError):
        opened(data)


@pytest.mark.parametrize(
    "changes",
    [{"n": 2**40}, {"n": 3}, {"n": 0}, {"n": "2"}, {"n": True}, {"r": 2**30}, {"p": 9}, {"salt": ""},
     {"salt": "zz" * 16}, {"prefix": 7}, {"more": 1}, {"format": 0}, {"format": "1"}],
    ids=str,
)  # fmt: skip
def test_a_header_beyond_reason_is_refused_before_any_work(changes: dict[str, object]) -> None:
    with pytest.raises(EnvelopeError, match="damaged"):
        opened(with_header(sealed(b"x"), **changes))


def test_a_newer_file_is_called_newer() -> None:
    with pytest.raises(EnvelopeError, match="newer Doorframe"):
        opened(with_header(sealed(b"x"), format=2, colour="blue"))


def test_a_cheaper_guess_is_no_way_in() -> None:
    """Whoever lowers the cost in the header gets another key."""
    with pytest.raises(WrongPassphrase):
        opened(with_header(sealed(b"x"), n=4))


def test_a_writer_that_was_only_closed_leaves_no_whole_file() -> None:
    file = io.BytesIO()
    writer = Writer(file, WORDS, cost=CHEAP)
    writer.write(b"x" * (CHUNK_BYTES + 1))
    writer.close()
    with pytest.raises(EnvelopeError):
        opened(file.getvalue())


def test_the_usual_cost_is_a_burden_for_guessers() -> None:
    assert envelope.COST >= 2**17
