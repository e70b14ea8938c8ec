"""The fast reader of plain TOML says what tomllib says, of every text."""

from __future__ import annotations

import tomllib
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from doorframe.adapters import toml_plain
from doorframe.engines.content import loader


def answer(loads: Any, text: str) -> str:
    """What a reader makes of a text, with the type of every value; or what it says against it."""
    try:
        return repr(loads(text))
    except tomllib.TOMLDecodeError as error:
        return f"refused: {error}"


def test_every_text_of_our_content_is_read_alike() -> None:
    texts: list[str] = []

    def noting(text: str) -> dict[str, Any]:
        texts.append(text)
        return tomllib.loads(text)

    pack, problems = loader.read(toml=noting)
    assert pack is not None and not problems and len(texts) > 500
    assert [text[:60] for text in texts if answer(toml_plain.loads, text) != answer(tomllib.loads, text)] == []


PIECES = [
    "a = 1", "a = 01", "b = -2", "c = 1.5", "d = 2026-11-21", "d = 2026-13-41", "e = true", "e = True",
    'f = "words"', 'f = "wo\\"rds"', 'f = "tab\tinside"', "f = 'words'", 'f = """\nx = 1\n[y]\n"""', 'f = "open',
    'g = ["a", "b"]', 'g = ["a" "b"]', 'g = [\n  "a", # why\n  "b",\n]', "g = []", "g = [,]", 'g = ["a",,]',
    "g = [1, 2]",
    "h = { x = 1 }", "h = [{ x = 1 }, { x = 2 }]", "h.x = 1", '"h" = 1', "h = {}", "  a = 3", "  [t]", "[t]", "[t.u]",
    "[[t]]", "[[t.u]]", "[[r]]", "[r]", "[r.s]", "[[r.s]]", "[h]", "[h.x]", "[[h]]", "[[g]]", "[ t ]", "[t] # why",
    "# a remark", "", "a", "= 1", "]", "[", "a = 1 b = 2", "a = 1 # why", "\x00", "k = 99999999999999999999",
]  # fmt: skip


@settings(max_examples=1500, deadline=None)
@given(st.lists(st.sampled_from(PIECES), max_size=7), st.booleans())
def test_any_statements_in_any_order_are_read_alike(pieces: list[str], ended: bool) -> None:
    text = "\n".join(pieces) + "\n" * ended
    assert answer(toml_plain.loads, text) == answer(tomllib.loads, text)


@settings(max_examples=300, deadline=None)
@given(st.text(st.characters(), max_size=40))
def test_any_text_at_all_is_read_alike(text: str) -> None:
    for whole in (text, f'a = "{text}"\nb = 1\n', f'a = ["{text}"]\n', f"[{text}]\na = 1\n", f"a = 1 # {text}\n"):
        assert answer(toml_plain.loads, whole) == answer(tomllib.loads, whole)


@pytest.mark.parametrize("text", ['a = "1"\na = "2"\n', "[a]\n[a]\n", "a = []\n[[a]]\n", "a = {}\n[a.b]\n"])
def test_what_stands_twice_is_refused(text: str) -> None:
    with pytest.raises(tomllib.TOMLDecodeError):
        toml_plain.loads(text)
