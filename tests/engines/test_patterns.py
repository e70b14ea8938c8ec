"""Word patterns: a table of pattern, text, and the words that are found."""

from __future__ import annotations

import pytest

from doorframe.engines.patterns import Index, PatternError, pattern

CLASSES = {"not": ["not|never|don't"], "client": ["client*|you", "people I see"], "deep": ["<not> .. <client>"]}


@pytest.mark.parametrize(
    ("source", "text", "found"),
    [
        ("friend request*", "i decline friend requests.", "friend requests"),
        ("friend request*", "i decline friendly requests.", None),
        ("friend|contact request*", "a contact request came", "contact request"),
        ("accept .. request*", "accept any friend or contact requests", "accept any friend or contact requests"),
        ("accept .. request*", "accept that one two three four five requests", None),
        (
            "accept ... request*",
            "accept that one two three four five requests",
            "accept that one two three four five requests",
        ),
        ("e-mail", "write an email", "email"),
        ("e-mail", "write an e-mail", "e mail"),
        ("e-mail", "write an e mail", "e mail"),
        ("<not> .. accept", "i don't usually accept", "don't usually accept"),
        ("accept <client>", "accept people i see", None),
        ("<client>", "my clients' words", "clients"),
        ("client record", "the client's record", "client's record"),
        ("the? nearest", "go to the nearest", "the nearest"),
        ("the? nearest", "go to nearest", "nearest"),
        ("go+to|visit hospital", "please go to hospital", "go to hospital"),
        ("^please", "please wait", "please"),
        ("^please", "if you please", None),
        ("text && <not>", "never send a text", "text"),
        ("text && <not>", "send a text", None),
        ("text && !book*", "a text book", None),
        ("text && !book*", "a text", "text"),
        ("google\\+", "on google+ too", "google+"),
        ("google\\+", "on google too", None),
        ("<deep>", "never accept clients", "never accept clients"),
    ],
)
def test_a_pattern_finds_what_it_says(source: str, text: str, found: str | None) -> None:
    assert pattern(source, CLASSES).search(text) == found


@pytest.mark.parametrize("source", ["", ".. word", "word ..", "a||b", "<unknown>", "!only not", "a && ", "the?"])
def test_a_pattern_that_cannot_be_read_is_refused(source: str) -> None:
    with pytest.raises(PatternError):
        pattern(source, CLASSES)


def test_a_class_that_holds_itself_is_refused() -> None:
    with pytest.raises(PatternError, match="holds itself"):
        pattern("<a>", {"a": ["b <a>"]})


@pytest.mark.parametrize("text", ["i accept a friend request", "never", "e mail me", "nothing here", ""])
def test_an_index_finds_what_each_pattern_alone_finds(text: str) -> None:
    sources = ["friend request*", "<not>", "e-mail", "accept .. request*", "text && !book*"]
    index = Index((pattern(source, CLASSES), source) for source in sources)
    alone = [source for source in sources if pattern(source, CLASSES).search(text)]
    assert [means for means, _ in index.search(text)] == alone
