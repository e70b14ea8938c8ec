"""Citations, services, routes in a crisis, times and voices: what no pattern alone can see."""

from __future__ import annotations

from functools import cache

import pytest

from doorframe.engines.content.loader import load, load_audit
from doorframe.engines.coverage.audience import audience
from doorframe.engines.coverage.blocks import read
from doorframe.engines.coverage.findings import findings
from doorframe.engines.coverage.found import Place
from doorframe.engines.coverage.report import Finding
from doorframe.engines.coverage.sight import Sieve, look
from doorframe.engines.coverage.topics import topics


@cache
def sieve() -> Sieve:
    return Sieve(load_audit(load()))


def of_kind(kind: str, text: str, country: str = "US", profession: str = "counsellor") -> list[Finding]:
    sight = look(text, sieve())
    found = findings(sight, topics(sight), Place("client", country, profession))
    return [one for one in found if one.kind == kind]


def test_a_service_is_told_once_where_it_stands_first() -> None:
    text = "I hold sessions by Skype.\n\nI read Google Reader.\n\nIf Skype fails, I ring you."
    assert [one.quote.text for one in of_kind("dead-service", text)] == [
        "I hold sessions by Skype.", "I read Google Reader.",
    ]  # fmt: skip


def test_what_a_wrong_citation_claims_is_not_told_a_second_time() -> None:
    text = "HIPAA § 164.999 forbids therapists to use e-mail."
    assert len(of_kind("wrong-citation", text)) == 1
    assert of_kind("unsupported-claim", text) == []


@pytest.mark.parametrize(
    ("text", "country", "profession", "why"),
    [
        ("Article 117 of the GDPR forbids me to reply.", "IE", "counsellor", "There is no clause 117 in this text."),
        ("GDPR Art. 33 means I cannot text you.", "IE", "counsellor", "Clause 33 is about something else."),
        (
            "NASW 1.06(z): I may not follow you.",
            "US",
            "social-worker",
            "There is no clause 1.06.z in this text.",
        ),
        ("I am bound by the BACP framework.", "AU", "counsellor", "This binds practices in another country."),
        ("I am bound by the APA Ethics Code.", "US", "counsellor", "This code binds another profession."),
    ],
)
def test_a_citation_says_what_is_wrong_with_it(text: str, country: str, profession: str, why: str) -> None:
    (found,) = of_kind("wrong-citation", text, country, profession)
    assert found.why == why


@pytest.mark.parametrize(
    ("text", "country", "profession"),
    [
        ("I do not ask for reviews. The code says the same (APA 5.05).", "US", "psychologist"),
        ("Based on [National Law s 133(1)](https://law.example/What-We-Do)", "AU", "psychologist"),
        ("I follow the ACA Code of Ethics.", "AU", "counsellor"),
        ("Under section 14.2 of this agreement, in keeping with the HCPC standards, I reply.", "UK", "psychologist"),
        ("I follow the BACP framework; the ACA code, H.6.c, speaks of searching too.", "UK", "counsellor"),
    ],
)
def test_a_citation_that_holds_or_claims_nothing_is_left_alone(text: str, country: str, profession: str) -> None:
    assert [one.why for one in of_kind("wrong-citation", text, country, profession)] == []


def test_an_abbreviation_before_a_number_ends_no_sentence() -> None:
    (block,) = read("See GDPR Art. 33 and Sec. 4. Then call.")
    assert [one.plain for one in block.sentences] == ["see gdpr art. 33 and sec. 4.", "then call."]


@pytest.mark.parametrize(
    ("text", "quote"),
    [
        ("Text me about times. In an emergency dial 999.", "In an emergency dial 999."),
        ("In danger call 911.\n\nIf you feel suicidal, send me a text.", "If you feel suicidal, send me a text."),
        ("You may e-mail me about times. I reply within two days.", ""),
    ],
)
def test_a_route_that_does_not_work_is_found(text: str, quote: str) -> None:
    assert [one.quote.text for one in of_kind("crisis-route", text)] == [quote]


@pytest.mark.parametrize(
    "text",
    [
        "If you are in crisis, text me. If I do not answer at once, call 988.",
        "In danger call 911.\n\nFor something urgent about a bill, e-mail me.",
        "E-mail me about times. In danger call 911; while you are in the UK the number is 999.",
    ],
)
def test_a_route_that_works_is_left_alone(text: str) -> None:
    assert of_kind("crisis-route", text) == []


def test_the_place_of_a_practice_is_heard_in_its_text() -> None:
    text = "I work in Leeds and keep to the UK GDPR. E-mail me about times. In an emergency call 911."
    assert [one.quote.text for one in of_kind("crisis-route", text, country="")] == ["In an emergency call 911."]


def test_words_to_sign_and_questions_are_not_the_author() -> None:
    ours = "We do not accept friend requests. We reply within two days. "
    assert (
        of_kind("mixed-voice", f"{ours}Can I text you? Will I follow you?\n\nI have read this. I ask. I reply.") == []
    )
    assert of_kind("mixed-voice", f"{ours}I do not follow clients. I keep my pages private.") != []


@pytest.mark.parametrize(
    ("text", "whom"),
    [
        ("The Practice shall not accept requests from a Client. Employees shall not follow Clients. "
         "The Client shall call the office. A Client may leave a review.", "client"),
        ("Never look a client up. If a client finds you, tell your supervisor. Don't friend clients.", "staff"),
        ("I don't follow clients. Nothing I post is therapy. By browsing this site you accept this notice.", "website"),
        ("Fees: sixty an hour. I trained in Cork. Parking is free. Find me on Facebook and Instagram.", "none"),
    ],
)  # fmt: skip
def test_whom_a_text_addresses(text: str, whom: str) -> None:
    sight = look(text, sieve())
    assert audience(sight, topics(sight)) == whom
