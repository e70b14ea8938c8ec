"""A chain holds until someone touches it."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from doorframe.engines.sealing import GENESIS, WITHHELD, Link, find_breaks, link_hash


def chain(count: int) -> list[Link]:
    links: list[Link] = []
    previous = GENESIS
    for seq in range(1, count + 1):
        payload = {"seq": seq, "what": f"event {seq}"}
        links.append(Link(seq, payload, previous, link_hash(previous, payload)))
        previous = links[-1].hash
    return links


def head_of(links: list[Link]) -> tuple[int, str]:
    return (links[-1].seq, links[-1].hash) if links else (0, GENESIS)


@given(st.integers(0, 12))
def test_a_chain_as_written_holds(count: int) -> None:
    links = chain(count)
    assert list(find_breaks(links, head=head_of(links))) == []


@given(st.integers(1, 10), st.data())
def test_any_one_change_is_found(count: int, data: st.DataObject) -> None:
    links = chain(count)
    head = head_of(links)
    index = data.draw(st.integers(0, count - 1))
    how = data.draw(st.sampled_from(["alter", "delete", "rehash", "repeat"]))
    if how == "alter":
        links[index] = replace(links[index], payload={"seq": index + 1, "what": "something else"})
    elif how == "delete":
        del links[index]
    elif how == "rehash":
        payload = {"seq": index + 1, "what": "something else"}
        links[index] = replace(links[index], payload=payload, hash=link_hash(links[index].previous_hash, payload))
    else:
        links.insert(index, links[index])
    assert list(find_breaks(links, head=head))


@given(st.integers(2, 8), st.data())
def test_two_links_exchanged_are_found(count: int, data: st.DataObject) -> None:
    links = chain(count)
    head = head_of(links)
    first = data.draw(st.integers(0, count - 2))
    links[first], links[first + 1] = links[first + 1], links[first]
    assert list(find_breaks(links, head=head))


@pytest.mark.parametrize(
    ("cut", "head_at", "sentence"),
    [
        (2, 3, "the chain ends at record 2, but its head names record 3"),
        (3, 2, "the chain ends at record 3, but its head names only record 2"),
        (0, 3, "the chain ends at record 0, but its head names record 3"),
    ],
)
def test_a_cut_or_unknown_end_is_said_in_words(cut: int, head_at: int, sentence: str) -> None:
    links = chain(3)
    head = (head_at, links[head_at - 1].hash)
    assert [found.sentence for found in find_breaks(links[:cut], head=head)] == [sentence]


def test_a_missing_head_is_a_break() -> None:
    assert [found.seq for found in find_breaks(chain(2), head=None)] == [2]


def test_a_gap_names_the_missing_records() -> None:
    links = chain(5)
    found = [one.sentence for one in find_breaks([links[0], *links[3:]], head=head_of(links))]
    assert found[0] == "records 2 to 3 are missing"


@given(st.integers(1, 10), st.data())
def test_links_whose_words_are_withheld_hold_their_place(count: int, data: st.DataObject) -> None:
    links = chain(count)
    head = head_of(links)
    hidden = data.draw(st.sets(st.integers(0, count - 1)))
    shown = [replace(link, payload=WITHHELD) if index in hidden else link for index, link in enumerate(links)]
    assert list(find_breaks(shown, head=head)) == []
    index = data.draw(st.integers(0, count - 1))
    shown[index] = replace(shown[index], hash="f" * 64)
    assert list(find_breaks(shown, head=head))
