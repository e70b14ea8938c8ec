"""The words around signing, filled: the same for the same practice, whole sentences only, and nothing typed is run."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from doorframe.engines.assembly import signing
from doorframe.engines.assembly.words import Words
from doorframe.engines.content import loader
from doorframe.engines.content.signing_checks import GIVEN, SAYS
from doorframe.engines.interview.facts import resolve
from tests.engines.practices import COUNTRIES, basics, choice_answers, choices, pack, wide

SIGNING = loader.load_signing(pack())
CLIENT_SAYS = {"signed-by", "countersign"}


def words(answers: dict[str, object] | None = None) -> Words:
    return Words(pack(), resolve(pack(), answers or basics()), "2026-11-21")


@pytest.mark.promise("C3")
def test_the_text_that_is_kept_is_every_word_that_was_shown() -> None:
    shown = signing.disclosure(SIGNING, words())
    for text in (shown.title, shown.agree, shown.paper, *(part.title for part in shown.parts)):
        assert text in shown.text.split("\n\n") or text + "\n" in shown.text.split("\n\n")
    assert all(paragraph in shown.text for part in shown.parts for paragraph in part.paragraphs)
    assert shown.sha256 == hashlib.sha256(shown.text.encode("utf-8")).hexdigest()
    assert shown == signing.disclosure(SIGNING, words()), "and the same each time"


@pytest.mark.promise("C3")
@pytest.mark.parametrize("change", [{"phone": "555 0199"}, {"practice": "group"}, {"country": "UK"}])
def test_other_words_have_another_hash(change: dict[str, object]) -> None:
    before = signing.disclosure(SIGNING, words())
    after = signing.disclosure(SIGNING, words({**basics(), **change}))
    assert before.text != after.text and before.sha256 != after.sha256


def test_a_group_speaks_as_we_and_one_person_as_i() -> None:
    alone, group = (signing.disclosure(SIGNING, words(basics(practice=kind))).text for kind in ("solo", "group"))
    assert "tell me" in alone and "tell us" not in alone
    assert "tell us" in group and "tell me" not in group


def test_a_way_that_the_practice_does_not_have_is_not_named() -> None:
    without = {**basics(), "phone": "", "email": ""}
    text = signing.disclosure(SIGNING, words(without)).text
    assert "You can also" not in text and "Tell me at a session." in text and "  " not in text


@pytest.mark.parametrize("country", COUNTRIES)
def test_each_country_has_its_own_and_cites_only_what_binds_there(country: str) -> None:
    shown = signing.disclosure(SIGNING, words(basics(country)))
    assert shown.id == {"other": "elsewhere"}.get(country, country.lower())
    cited = {citation.ref.split("/")[0] for part in shown.parts for citation in part.citations}
    assert cited == {
        "US": {"esign-2000", "ueta-1999"}, "UK": {"uk-gdpr"}, "IE": {"eidas-2014", "ie-ecommerce-2000", "eu-gdpr"},
        "AU": {"au-eta-1999"}, "CA": set(), "other": set(),
    }[country]  # fmt: skip


@pytest.mark.parametrize(
    ("country", "region", "expected"),
    [
        ("US", "US-NY", {"esign-2000"}),  # no uniform act there
        ("CA", "CA-ON", {"on-ecommerce-2000"}),
        ("UK", "GB-ENG", {"law-com-386", "uk-gdpr"}),
        ("UK", "GB-SCT", {"uk-gdpr"}),
    ],
)
def test_a_state_or_a_nation_can_differ(country: str, region: str, expected: set[str]) -> None:
    shown = signing.disclosure(SIGNING, words({**basics(country), "region": region}))
    assert {citation.ref.split("/")[0] for part in shown.parts for citation in part.citations} == expected


def test_spelling_follows_the_practice() -> None:
    label = {country: signing.relationships(SIGNING, words(basics(country)), "witness")["friend"].label
             for country in ("US", "UK")}  # fmt: skip
    assert label == {"US": "Friend or neighbor", "UK": "Friend or neighbour"}


@pytest.mark.promise("C2")
def test_only_a_guardian_is_asked_what_lets_them_sign() -> None:
    found = {capacity: signing.relationships(SIGNING, words(), capacity)
             for capacity in ("client", "guardian", "interpreter", "witness", "therapist")}  # fmt: skip
    assert found["client"] == found["therapist"] == {}
    assert found["guardian"]["guardian"].more and not found["guardian"]["parent"].more
    assert not any(option.more for capacity in ("interpreter", "witness") for option in found[capacity].values())
    assert all("other" in found[capacity] for capacity in ("guardian", "interpreter", "witness"))


@pytest.mark.promise("C4")
def test_only_a_yes_is_signed() -> None:
    assert {one.id: one.signs for one in signing.choices(SIGNING, words()).values()} == {
        "agree": True, "agree-after-talk": False, "decline": False, "paper": False,
    }  # fmt: skip


@pytest.mark.promise("C4")
def test_where_the_policy_asks_for_no_signature_nothing_is_signed() -> None:
    found = signing.choices(SIGNING, words({**basics(), "acknowledgement": "talk-and-record"}))
    assert list(found) == list(signing.choices(SIGNING, words()))
    assert not any(one.signs for one in found.values())
    for one in found.values():
        text = " ".join([one.label, one.explain, *one.after]).replace("nothing to sign", "")
        assert "sign" not in text, text


@pytest.mark.parametrize("country", COUNTRIES)
@pytest.mark.parametrize("practice", ["solo", "group"])
@pytest.mark.parametrize("id", SAYS)
def test_every_short_text_is_said_everywhere(country: str, practice: str, id: str) -> None:
    given_values = dict.fromkeys(GIVEN, "something")
    said = signing.line(SIGNING, words(basics(country, practice=practice)), id, **given_values)
    assert said and "{" not in said and "  " not in said
    if practice == "group" and id not in CLIENT_SAYS:
        assert " I " not in f" {said} " and " me " not in f" {said} "


def test_a_short_text_that_content_does_not_know() -> None:
    with pytest.raises(KeyError):
        signing.say(SIGNING, words(), "nonsense")


def test_the_greeting() -> None:
    said = signing.line(SIGNING, words(), "greeting", minutes=signing.minutes(SIGNING, "word " * 801))
    assert said == "From Dr Imani Cole. Four minutes. Ask about anything; you can also decide later or on paper."
    assert "four" not in signing.line(SIGNING, words(), "greeting").lower(), "left out where nobody counted"


@pytest.mark.parametrize(
    ("count", "expected"),
    [(0, "one minute"), (200, "one minute"), (500, "two minutes"), (2800, "fourteen minutes"),
     (10**6, "a quarter of an hour or more")],
)  # fmt: skip
def test_how_long_it_takes(count: int, expected: str) -> None:
    assert signing.minutes(SIGNING, "word " * count) == expected


@pytest.mark.parametrize("name", ["{I}", "{{x}}", "{practice_name}", "<b>Ann</b>", "iMani", "N. N."])
def test_nothing_given_is_read_as_a_template(name: str) -> None:
    said = signing.line(SIGNING, words(), "verbal-client", date="1 May 2026", who=name)
    assert said.startswith(f"On 1 May 2026, {name} went through this policy aloud.")


def test_a_name_first_in_a_sentence_stands_as_it_was_given(tmp_path: Path) -> None:
    (tmp_path / "signing").mkdir()
    text = (loader.OWN / "signing" / "words.toml").read_text(encoding="utf-8")
    text = text.replace("On {date}, {who} went", "{who} went")
    (tmp_path / "signing" / "words.toml").write_text(text, encoding="utf-8")
    own = loader.load_signing(pack(), tmp_path)
    assert signing.line(own, words(), "verbal-client", who="iMani Ltd.").startswith("iMani Ltd. went through")


def test_no_question_with_a_hole_in_it() -> None:
    """Where no number is known, nobody is asked which number to call."""
    nowhere = {**basics("other"), "emergency_number": "", "crisis_lines": []}
    assert signing.pick(SIGNING, words(nowhere), ["crisis-or-emergency-contact"], "x") == ()


@pytest.mark.promise("C9")
@given(choice_answers(), st.text(max_size=20))
def test_three_questions_that_follow_from_the_policy(answers: dict[str, object], seed: str) -> None:
    filled = words(answers)
    picked = signing.pick(SIGNING, filled, pack().topics, seed)
    assert len(picked) == 3
    assert picked == signing.pick(SIGNING, filled, pack().topics, seed), "the same for the same reading"
    assert len({one.topic for one in picked}) == 3
    assert "crisis" in {one.id for one in picked}
    for one in picked:
        assert one.right in {answer.id for answer in one.answers}
        assert len({answer.label for answer in one.answers}) == len(one.answers) >= 2
        texts = [one.text, one.explain, *(answer.label for answer in one.answers)]
        assert all(text and "{" not in text and "  " not in text for text in texts)


@pytest.mark.promise("C9")
def test_only_what_the_policy_speaks_about_is_asked() -> None:
    topics = ["friending", "email"]
    picked = signing.pick(SIGNING, words(wide()), topics, "x")
    assert sorted(one.topic for one in picked) == sorted(topics)
    assert signing.pick(SIGNING, words(wide()), [], "x") == ()


def test_another_reading_is_asked_other_things_in_another_order() -> None:
    filled = words(wide())
    found = [signing.pick(SIGNING, filled, pack().topics, str(seed)) for seed in range(40)]
    assert len({one.topic for picked in found for one in picked}) > 10
    places = {tuple(answer.id for answer in one.answers).index(one.right) for picked in found for one in picked}
    assert places == {0, 1, 2}, "the right answer stands in every place"


@pytest.mark.promise("C9")
@pytest.mark.parametrize("stance", [f"{id}:{value}" for id, value in choices() if "." not in id])
def test_an_exception_in_own_words_silences_the_question(stance: str) -> None:
    field, _, value = stance.partition(":")
    if f"{field}_exception" not in pack().fields:
        return
    answers = {**wide(), field: value, f"{field}_exception": "Except on Sundays."}
    topics = pack().screen_of[field].topics
    asked = [signing.pick(SIGNING, words(answers), [topic], str(seed)) for topic in topics for seed in range(3)]
    rests_on = [one for one in SIGNING.questions if field in str(one.when)]
    assert not {one.id for picked in asked for one in picked} & {one.id for one in rests_on}


@pytest.mark.promise("C9")
@pytest.mark.parametrize("kind", ["third-session", "yearly", "after-change"])
def test_words_to_talk_again(kind: signing.TalkKind) -> None:
    talk = signing.talk(SIGNING, words(), kind)
    assert talk.title and talk.why and talk.opening and len(talk.points) >= 3
