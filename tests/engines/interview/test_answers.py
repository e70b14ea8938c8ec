"""Answers as people give them: what is kept, and the one sentence for what is not."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from doorframe.engines.content.schema import Field
from doorframe.engines.interview import answers, answers_file
from doorframe.engines.interview.facts import resolve
from tests.engines.practices import legal_answers, pack

REFUSED = [
    # question, value, sentence
    ("freinding", "decline", "There is no question called “freinding”. Did you mean “friending”?"),
    ("zzz", 1, "There is no question called “zzz”."),
    ("x" * 500, 1, f"There is no question called “{'x' * 60}…”."),
    ("practice_name", 5, "“practice_name” must be text in quotes."),
    ("practice_name", ["a"], "“practice_name” must be text in quotes."),
    ("practice_name", {"a": {"b": "c"}}, "“practice_name” must be text in quotes."),
    ("practice_name", True, "“practice_name” must be text in quotes."),
    ("practice_name", "n" * 5_000, "“practice_name” has 5000 characters. There is room for 120."),
    ("address", "n" * 5_001, "“address” has 5001 characters. There is room for 5000."),
    ("country", "France", "“country” can be US, UK, CA, AU, IE, other. It cannot be “France”."),
    ("country", True, "“country” must be text in quotes."),
    (
        "region",
        "Bavaria",
        "“region” can be US-AL, US-AK, US-AZ, US-AR, US-CA, US-CO, US-CT, US-DE, US-DC, US-FL, US-GA, US-HI"
        " and 65 more. It cannot be “Bavaria”.",
    ),
    ("clients", "everyone", "“clients” can be adults, minors, couples-families, groups. It cannot be “everyone”."),
    ("clients", ["adults", 5], "“clients” must be a list of texts, for example [\"adults\"]."),
    ("clients", False, "“clients” must be a list of texts, for example [\"adults\"]."),
    ("clients", 0, "“clients” must be a list of texts, for example [\"adults\"]."),
    ("email", "not an address", "“email” does not look like an e-mail address: “not an address”."),
    ("email", "a@b@c.org", "“email” does not look like an e-mail address: “a@b@c.org”."),
    ("website", "javascript:alert(1)", "“website” does not look like a web address: “javascript:alert(1)”."),
    ("website", "my page", "“website” does not look like a web address: “my page”."),
    ("accounts", "instagram", "“accounts” must be a list of tables, each begun with [[accounts]]."),
    ("accounts", [["instagram"]], "“accounts” must be a list of tables, each begun with [[accounts]]."),
    ("accounts", [{}] * 61, "“accounts” has 61 rows. It can hold 60."),
    (
        "accounts",
        [{"platform": "instagram", "followers": "9"}],
        "A row of “accounts” has no “followers”. It knows platform, handle, kind, purpose.",
    ),
    ("accounts", [{"handle": "@x"}], "A row of “accounts” needs “platform”."),
    ("accounts", [{"platform": "instagram", "handle": 5}], "“handle” must be text in quotes."),
]  # fmt: skip


@pytest.mark.parametrize(("key", "value", "sentence"), REFUSED, ids=[f"{r[0][:20]}={str(r[1])[:20]}" for r in REFUSED])
def test_what_cannot_be_kept_gets_one_sentence(key: str, value: object, sentence: str) -> None:
    kept, problems = answers.check(pack(), {key: value, "practice": "solo"})
    assert [(problem.field, problem.message) for problem in problems] == [(key, sentence)]
    assert kept == {"practice": "solo"}, "nothing else is lost"


KEPT = [
    ("practice_name", "  Harbour \n Lane ", "Harbour Lane"),
    ("practice_name", "#let x = 1 {{ y }} <b>", "#let x = 1 {{ y }} <b>"),
    ("practice_name", "Zoë 🙂 “Q” O'Hara \\ \"x\"", "Zoë 🙂 “Q” O'Hara \\ \"x\""),
    ("practice_name", "ד״ר ליאה כהן", "ד״ר ליאה כהן"),
    ("practice_name", "a\x00b\x07c\x85d\ufeffe\u202ef\ufffeg", "abcdefg"),
    ("practice_name", "a\ud800b", "ab"),
    ("practice_name", "שלום\u200f!", "שלום\u200f!"),
    ("crisis_own", "one\r\ntwo\rthree\n", "one\ntwo\nthree"),
    ("address", "n" * 5_000, "n" * 5_000),
    ("country", "usa", "US"),
    ("country", "United States", "US"),
    ("country", "", ""),
    ("hipaa", True, "yes"),
    ("hipaa", False, "no"),
    ("clients", "minors", ["minors"]),
    ("clients", ["groups", "Adults", "adults", ""], ["adults", "groups"]),
    ("clients", "", []),
    ("website", "example.org", "example.org"),
    ("accounts", [{}, {"kind": "personal"}], []),
    (
        "accounts",
        [{"platform": "Instagram", "handle": " @x "}],
        [{"platform": "instagram", "handle": "@x", "kind": "professional", "purpose": ""}],
    ),
]  # fmt: skip


@pytest.mark.parametrize(("key", "value", "expected"), KEPT, ids=[f"{k[0]}={str(k[1])[:20]!r}" for k in KEPT])
def test_what_is_kept(key: str, value: object, expected: object) -> None:
    assert answers.check(pack(), {key: value}) == ({key: expected}, [])


BAD_FILES = [
    ("country = ", "The answers file is not valid TOML: "),
    ('country = "US"\ncountry = "UK"', "The answers file is not valid TOML: "),
    ("PK\x03\x04", "The answers file is not valid TOML: "),
    ("x = " + "[" * 50_000, "The answers file is nested too deeply to be one of ours. Nothing was read."),
    ("x = " + "9" * 5_000, "The answers file holds a number that is far too long. Nothing was read."),
    (
        "x = 1\n" * 1_700_000,
        "This file is about 10200 kB. An answers file is a few kilobytes, so nothing was read.",
    ),
]


@pytest.mark.parametrize(("text", "sentence"), BAD_FILES, ids=[text[:12] for text, _ in BAD_FILES])
def test_a_file_that_cannot_be_read_gets_one_sentence(text: str, sentence: str) -> None:
    raw, problems = answers.read_toml(pack(), text)
    assert raw == {}
    assert len(problems) == 1
    assert problems[0].message.startswith(sentence)
    assert "\n" not in problems[0].message


@given(legal_answers())
def test_what_was_kept_once_is_kept_unchanged(given_answers: dict[str, object]) -> None:
    assert answers.check(pack(), given_answers) == (dict(given_answers), [])


_ANYTHING = st.recursive(
    st.one_of(st.text(max_size=20), st.integers(), st.booleans(), st.floats(allow_nan=False)),
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(st.text(max_size=8), inner, max_size=3)),
    max_leaves=6,
)


@given(st.dictionaries(st.one_of(st.sampled_from(sorted(pack().fields)), st.text(max_size=12)), _ANYTHING, max_size=6))
def test_anything_at_all_is_kept_or_named(raw: dict[str, object]) -> None:
    kept, problems = answers.check(pack(), raw)
    for problem in problems:
        assert problem.message.strip() and len(problem.message) < 400
    expected = set(raw) - {"pack", "doorframe"}
    assert set(kept) | {problem.field for problem in problems} == expected
    assert not set(kept) & {problem.field for problem in problems}


@pytest.mark.promise("A7")
@given(legal_answers())
def test_a_file_of_answers_reads_back_the_same(given_answers: dict[str, object]) -> None:
    text = answers_file.write(pack(), given_answers, every_question=False)
    raw, problems = answers.read_toml(pack(), text)
    assert problems == [], text
    assert answers.check(pack(), raw) == (dict(given_answers), [])


@pytest.mark.promise("A7")
@given(legal_answers())
def test_a_file_of_every_question_reads_back_to_the_same_facts(given_answers: dict[str, object]) -> None:
    raw, problems = answers.read_toml(pack(), answers_file.write(pack(), given_answers))
    assert problems == []
    read, problems = answers.check(pack(), raw)
    assert problems == []
    for id, value in given_answers.items():
        assert read[id] == value
    assert resolve(pack(), read) == resolve(pack(), given_answers)


def test_the_usual_lines_follow_a_later_change_of_place() -> None:
    text = answers_file.write(pack(), {"country": "UK"})
    assert '# number = "111, then option 2"' in text
    raw, _ = answers.read_toml(pack(), text + '\n[[accounts]]\nplatform = "x"\n')
    read, _ = answers.check(pack(), {**raw, "region": "GB-NIR"})
    lines = resolve(pack(), read)["crisis_lines"]
    assert isinstance(lines, list)
    assert "111, then option 2" not in [line["number"] for line in lines]


def test_no_lines_at_all_is_an_answer_that_lasts() -> None:
    text = answers_file.write(pack(), {"country": "UK", "crisis_lines": []}, every_question=False)
    raw, _ = answers.read_toml(pack(), text)
    assert raw["crisis_lines"] == []


def test_a_blank_file_asks_every_question_with_its_choices() -> None:
    text = answers_file.write(pack(), {})
    for id, field in pack().fields.items():
        assert f"{id} = " in text or f"[[{id}]]" in text, id
        if len(field.options) <= 12:
            assert all(f"#   {option.id}: " in text for option in field.options), id
    assert max(len(line) for line in text.splitlines() if line.startswith("#")) <= 120


def test_a_field_of_each_kind_is_tried_above() -> None:
    tried = {pack().fields[row[0]].kind for row in (*REFUSED, *KEPT) if row[0] in pack().fields}
    kinds = {field.kind for field in pack().fields.values()}
    assert kinds - tried == {"phone"}, "a phone number is text like any other"
    assert isinstance(pack().fields["phone"], Field)
