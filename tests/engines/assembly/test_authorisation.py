"""The form filled: every part of it for every practice, the request's own words as they are, and nothing left open."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from doorframe.adapters import kept
from doorframe.engines.assembly import authorisation as engine
from doorframe.engines.assembly.document import Document, Mark, Paragraph, Signatures
from doorframe.engines.assembly.words import Words
from doorframe.engines.content import loader
from doorframe.engines.interview.facts import resolve
from tests.engines.practices import COUNTRIES, basics, pack

FORMS = loader.load_authorisation(pack())
ROBIN = engine.Signing("Client", "Robin Example")
JUNE = engine.Signing("Parent or guardian", "June Hart", True, "Mia Hart")
REQUEST = engine.Request(
    "7KQM-3FTA", "That somebody slept again.\n\nThat it took time.", ("Instagram", "our newsletter"),
    "to show that sleep can get better", "2026-11-21", "2027-11-20", (ROBIN,),
)  # fmt: skip
PLACES = [(country, "") for country in COUNTRIES] + [("CA", "CA-ON"), ("CA", "CA-BC"), ("US", "US-TX")]


def words(country: str = "US", region: str = "", practice: str = "solo", **more: object) -> Words:
    answers = {**basics(country, practice=practice), **({"region": region} if region else {}), **more}
    return Words(pack(), resolve(pack(), answers), "2026-11-21")


def text(document: Document) -> str:
    return "\n".join(block.text for _depth, section in document.walk() for block in section.blocks)


def refs(document: Document) -> set[str]:
    blocks = (block for _depth, section in document.walk() for block in section.blocks)
    return {cite.ref for block in blocks if isinstance(block, Paragraph) for cite in block.cites}


@pytest.mark.promise("F6")
@pytest.mark.parametrize(("country", "region"), PLACES)
def test_each_place_has_exactly_one_form(country: str, region: str) -> None:
    from doorframe.engines.content.conditions import holds

    facts = words(country, region).facts
    fitting = [one.id for one in FORMS.forms if not one.fallback and holds(one.when, facts)]
    expected = {"other": "elsewhere"}.get(country, "ca-on" if region == "CA-ON" else country.lower())
    assert len(fitting) == (country != "other")
    assert engine.form(FORMS, words(country, region)).id == expected


@pytest.mark.promise("F6")
@pytest.mark.parametrize("practice", ["solo", "group"])
@pytest.mark.parametrize(("country", "region"), PLACES)
def test_the_form_says_what_it_must_in_every_place(country: str, region: str, practice: str) -> None:
    said = text(engine.document(FORMS, words(country, region, practice), REQUEST))
    me = "me" if practice == "solo" else "us"
    for wanted in (
        "You may say no, and nothing changes", "It can be hard to say no to the person who helps you.",
        "It is not part of", "That somebody slept again.", "That it took time.", "Instagram and our newsletter",
        "to show that sleep can get better", "2026", "2027", "You can take your yes back at any time",
        f"tell {me}", "remove what", "People who know you may still see that it is you", "anyone can copy it",
        "for reviews or praise", "one no is enough", "You get a copy",
    ):  # fmt: skip
        assert wanted.lower() in said.lower(), wanted
    assert "{" not in said and "}" not in said and "  " not in said


@pytest.mark.promise("F6")
@pytest.mark.parametrize(
    ("answers", "expected"),
    [
        ({"country": "US", "hipaa": "yes"}, {"hipaa/164.508(c)", "hipaa/164.508(a)(2)", "aca-2014/C.3.b"}),
        ({"country": "US", "hipaa": "no"}, {"aca-2014/C.3.b"}),
        ({"country": "US", "hipaa": "no", "profession": "psychologist"}, {"apa-2017/5.05"}),
        ({"country": "UK"}, {"uk-gdpr/Art.9"}),
        ({"country": "IE"}, {"eu-gdpr/Art.9"}),
        ({"country": "CA", "region": "CA-ON"}, {"crpo-2024/6.2.2"}),
        ({"country": "CA", "region": "CA-QC"}, set()),
        ({"country": "AU", "profession": "psychologist"}, {"ahpra-national-law/s133(1)"}),
        ({"country": "AU"}, set()),
        ({"country": "other"}, set()),
    ],
)
def test_it_cites_what_binds_there_and_nothing_else(answers: dict[str, object], expected: set[str]) -> None:
    country = str(answers["country"])
    filled = Words(pack(), resolve(pack(), {**basics(country), **answers}), "2026-11-21")
    assert refs(engine.document(FORMS, filled, REQUEST)) == expected


def test_in_the_united_states_it_is_taken_back_in_writing_and_elsewhere_by_a_word() -> None:
    assert "in writing" in text(engine.document(FORMS, words(), REQUEST))
    for country in ("UK", "IE"):
        said = text(engine.document(FORMS, words(country), REQUEST))
        assert "It is as easy as saying yes" in said and "has to be in writing" not in said


def test_a_way_that_the_practice_does_not_have_is_not_named() -> None:
    said = text(engine.document(FORMS, words(phone="", email=""), REQUEST))
    assert "You can also write to ." not in said and "hello@example.org" not in said
    assert "Give it to me at a session." in said


@pytest.mark.promise("F6")
@pytest.mark.parametrize(
    ("change", "element"),
    [
        ({"story": " \n"}, "information"),
        ({"places": ()}, "who-receives"),
        ({"purpose": "  "}, "purpose"),
        ({"last": ""}, "expiry"),
        ({"first": ""}, "expiry"),
        ({"people": ()}, "signature"),
    ],
)
def test_a_request_that_lacks_a_part_gives_no_form(change: dict[str, object], element: str) -> None:
    with pytest.raises(engine.Incomplete) as refused:
        engine.document(FORMS, words(), replace(REQUEST, **change))  # type: ignore[arg-type]
    assert element in refused.value.elements
    assert "slept" not in str(refused.value), "an error holds no word of the story"


@given(
    st.text(min_size=1, max_size=80).filter(str.strip), st.text(min_size=1, max_size=40).filter(str.strip),
    st.sampled_from(["{I}", "{phone}", "{}", "{story}", "</p>", "colour"]),
)  # fmt: skip
def test_what_a_request_says_stands_as_it_is(story: str, purpose: str, trap: str) -> None:
    request = replace(REQUEST, story=f"{story} {trap}", purpose=f"x {purpose} {trap} y")
    said = text(engine.document(FORMS, words(), request))
    assert all(line.strip() in said for line in f"{story} {trap}".splitlines())
    assert " ".join(f"x {purpose} {trap} y".split()) in said


def test_the_same_request_gives_the_same_document_that_can_be_kept() -> None:
    first, second = (engine.document(FORMS, words(), REQUEST) for _ in range(2))
    assert first == second == kept.from_plain(kept.to_plain(first))
    other = engine.document(FORMS, words(), replace(REQUEST, story="Another."))
    assert kept.words_hash(first) != kept.words_hash(other)
    ids = [section.id for _depth, section in first.walk()]
    assert len(ids) == len(set(ids)) and "signing" in ids and "sign" in ids


def test_a_guardian_says_for_whom_and_writes_by_what_right() -> None:
    document = engine.document(FORMS, words(), replace(REQUEST, people=(ROBIN, JUNE)))
    robin, june = document.sections[-1].sections
    assert (robin.title, june.title) == ("Client: Robin Example", "Parent or guardian: June Hart")
    place, guardians = (next(block for block in one.blocks if isinstance(block, Signatures)) for one in (robin, june))
    assert len(place.lines) == 1 and guardians.lines[1].fields == ("Who you are to them, and what lets you sign",)
    asked = engine.asked(FORMS, words(), replace(REQUEST, people=(ROBIN, JUNE)))
    assert "Mia Hart" in asked.statements[1] and "Mia Hart" not in asked.statements[0]
    assert place.choices == guardians.choices == (asked.yes, asked.no), "each has their own two answers"
    assert june.blocks[0].text == asked.statements[1]


def test_what_was_signed_takes_the_place_of_the_page_to_sign() -> None:
    document = engine.document(FORMS, words(), REQUEST)
    given = [engine.Given("Client: Robin", "Robin Example", "Said yes on 21 November 2026.", "I decide freely."),
             engine.Given("Client: Sam", "", "Said no on 21 November 2026.", "")]  # fmt: skip
    found = engine.signed(document, "Signatures", given)
    assert [section.id for section in found.sections][-1] == "signed"
    assert found.sections[:-1] == document.sections[:-1]
    marks = [block for _d, section in found.walk() for block in section.blocks if isinstance(block, Mark)]
    assert [mark.typed for mark in marks] == ["Robin Example"], "nobody who said no has signed"


@pytest.mark.promise("F6")
@pytest.mark.parametrize(
    ("country", "profession", "ref"),
    [
        ("US", "psychologist", {"apa-2017/5.05"}),
        ("US", "counsellor", {"aca-2014/C.3.b"}),
        ("AU", "psychologist", {"ahpra-national-law/s133(1)"}),
        ("UK", "counsellor", set()),
        ("other", "other", set()),
    ],
)
def test_a_practice_is_told_that_no_permission_opens_a_current_clients_testimonial(
    country: str, profession: str, ref: set[str]
) -> None:
    filled = words(country, profession=profession)
    notes = {note.id: note for note in engine.notes(FORMS, filled, current=True)}
    assert set(notes) == {"power", "recognition", "others", "current"}
    assert "permission does not change that" in " ".join(notes["current"].paragraphs)
    assert {cite.ref for cite in notes["current"].citations} == ref
    assert "current" not in {note.id for note in engine.notes(FORMS, filled, current=False)}
