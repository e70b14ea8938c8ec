"""One value has one sequence of bytes."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from doorframe.engines.sealing import CanonicalError, canonical_bytes

_text = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"))
_scalars = st.none() | st.booleans() | st.integers(-(2**53) + 1, 2**53 - 1) | _text
_values = st.recursive(_scalars, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(_text, inner, max_size=4))


@given(_values)
def test_bytes_read_back_as_the_value(value: Any) -> None:
    assert json.loads(canonical_bytes(value)) == value


@given(st.dictionaries(_text, _scalars, min_size=2))
def test_order_of_keys_changes_nothing(value: dict[str, Any]) -> None:
    turned = dict(reversed(value.items()))
    assert canonical_bytes(turned) == canonical_bytes(value)


@given(_values, _values)
def test_different_values_have_different_bytes(first: Any, second: Any) -> None:
    same = json.dumps(first, sort_keys=True) == json.dumps(second, sort_keys=True)
    assert (canonical_bytes(first) == canonical_bytes(second)) is same


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ({"b": 1, "a": [True, None]}, b'{"a":[true,null],"b":1}'),
        ({"name": "Zoë “Ann” 🙂"}, '{"name":"Zoë “Ann” 🙂"}'.encode()),
        ({"שם": "כן"}, '{"שם":"כן"}'.encode()),
        ((1, 2), b"[1,2]"),
    ],
)
def test_known_bytes(value: Any, expected: bytes) -> None:
    assert canonical_bytes(value) == expected


@pytest.mark.parametrize(
    ("value", "place"),
    [
        (1.5, "value is a float"),
        ({"a": [0, float("nan")]}, r"value\.a\[1\] is a float"),
        ({"a": 2**53}, r"value\.a is beyond"),
        ({1: "x"}, "a key of value is a int"),
        ({"a": "\ud800"}, r"value\.a holds half a character"),
        ({"a": "x\x00y"}, r"value\.a holds a null"),
        ({"a": b"raw"}, r"value\.a is a bytes"),
        ({"a": {1, 2}}, r"value\.a is a set"),
    ],
)
def test_what_cannot_be_written_is_refused_with_its_place(value: Any, place: str) -> None:
    with pytest.raises(CanonicalError, match=place):
        canonical_bytes(value)
