"""Identifiers by their form: what is found, what looks alike and is none, and that no text makes it slow."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from doorframe.engines.screening.identifiers import FORMS, LETTERS, Identifier, checksums, find, marks_of, matches, page


def _said(text: str, known: frozenset[str] = frozenset()) -> list[tuple[str, str]]:
    return [(one.kind, text[one.start : one.end]) for one in find(text, known)]


HITS = [
    # telephone and fax
    ("Text me on 512-555-0143 tonight", "telephone", "512-555-0143"),
    ("(512) 555-0143", "telephone", "(512) 555-0143"),
    ("her cell: 512.555.0143!", "telephone", "512.555.0143"),
    ("512 555 0143", "telephone", "512 555 0143"),
    ("+1 (416) 555-0199", "telephone", "+1 (416) 555-0199"),
    ("1-416-555-0199 ext. 12", "telephone", "1-416-555-0199 ext. 12"),
    ("call 5125550143", "telephone", "5125550143"),
    ("his number is 555-0143", "telephone", "555-0143"),
    ("CALL 07700 900123", "telephone", "07700 900123"),
    ("07700900123", "telephone", "07700900123"),
    ("+44 7700 900 123", "telephone", "+44 7700 900 123"),
    ("+44 (0)20 7946 0123", "telephone", "+44 (0)20 7946 0123"),
    ("0044 161 496 0123", "telephone", "0044 161 496 0123"),
    ("020 7946 0123", "telephone", "020 7946 0123"),
    ("(0161) 496 0123", "telephone", "(0161) 496 0123"),
    ("01632 960123", "telephone", "01632 960123"),
    ("085 123 4567", "telephone", "085 123 4567"),
    ("+353 85 123 4567", "telephone", "+353 85 123 4567"),
    ("(01) 555 0142", "telephone", "(01) 555 0142"),
    ("+353 1 555 0142", "telephone", "+353 1 555 0142"),
    ("0412 345 678", "telephone", "0412 345 678"),
    ("+61 412 345 678", "telephone", "+61 412 345 678"),
    ("(02) 9876 5432", "telephone", "(02) 9876 5432"),
    ("ring 9876 5432", "telephone", "9876 5432"),
    ("087 123 4567", "telephone", "087 123 4567"),
    ("(03) 9876 5432", "telephone", "(03) 9876 5432"),
    ("03 555 1234", "telephone", "03 555 1234"),
    ("021-555-123", "telephone", "021-555-123"),
    ("021 123 4567", "telephone", "021 123 4567"),
    ("+64 21 123 4567", "telephone", "+64 21 123 4567"),
    ("09 123 4567", "telephone", "09 123 4567"),
    ("+49 30 1234567", "telephone", "+49 30 1234567"),
    ("07700 📞 900 📞 123", "telephone", "07700 📞 900 📞 123"),
    ("0 7 7 0 0 9 0 0 1 2 3", "telephone", "0 7 7 0 0 9 0 0 1 2 3"),
    ("5️⃣1️⃣2️⃣-5️⃣5️⃣5️⃣-0️⃣1️⃣4️⃣3️⃣", "telephone", "5️⃣1️⃣2️⃣-5️⃣5️⃣5️⃣-0️⃣1️⃣4️⃣3️⃣"),
    ("５１２－５５５－０１４３", "telephone", "５１２－５５５－０１４３"),
    ("512\u00a0555\u00a00143", "telephone", "512\u00a0555\u00a00143"),
    ("512–555–0143 or 512‑555", "telephone", "512–555–0143"),
    ("_512-555-0143_", "telephone", "512-555-0143"),
    ("fax: 512-555-0144", "fax", "512-555-0144"),
    ("Fax us at 020 7946 0124", "fax", "020 7946 0124"),
    ("020 7946 0124 (fax)", "fax", "020 7946 0124"),
    # e-mail, web, machines, handles
    ("Write to jane.doe+x@mail.example.com.", "email", "jane.doe+x@mail.example.com"),
    ("JANE@EXAMPLE.COM", "email", "JANE@EXAMPLE.COM"),
    ("jane＠example.com", "email", "jane＠example.com"),
    ("jane at example dot com", "email", "jane at example dot com"),
    ("jane dot doe at example dot co dot uk", "email", "jane dot doe at example dot co dot uk"),
    ("jane (at) example (dot) org", "email", "jane (at) example (dot) org"),
    ("jane[at]example.org", "email", "jane[at]example.org"),
    ("janedoe at gmail.com", "email", "janedoe at gmail.com"),
    ("see https://example.org/x?y=1.", "url", "https://example.org/x?y=1"),
    ("WWW.EXAMPLE.ORG/US", "url", "WWW.EXAMPLE.ORG/US"),
    ("her shop janebakes.co.uk is open", "url", "janebakes.co.uk"),
    ("t.me/janebakes", "url", "t.me/janebakes"),
    ("linktr.ee/janebakes", "url", "linktr.ee/janebakes"),
    ("logged in from 192.168.10.7.", "ip-address", "192.168.10.7"),
    ("2001:db8::8a2e:370:7334", "ip-address", "2001:db8::8a2e:370:7334"),
    ("00:1B:44:11:3A:B7", "mac-address", "00:1B:44:11:3A:B7"),
    ("aa:bb:cc:dd:ee:ff", "mac-address", "aa:bb:cc:dd:ee:ff"),
    ("00-1B-44-11-3A-B7", "mac-address", "00-1B-44-11-3A-B7"),
    ("proud of @jane.runs!", "handle", "@jane.runs"),
    ("ask u/jane_runs about it", "handle", "u/jane_runs"),
    ("@jane@mastodon.example", "handle", "@jane@mastodon.example"),
    # public numbers
    ("SSN 536-90-4399", "us-ssn", "536-90-4399"),
    ("536 90 4399", "us-ssn", "536 90 4399"),
    ("536–90–4399", "us-ssn", "536–90–4399"),
    ("social security number 536904399", "us-ssn", "536904399"),
    ("SSN ending in 4399", "us-ssn", "4399"),
    ("SIN 046 454 286", "ca-sin", "046 454 286"),
    ("130-692-544", "ca-sin", "130-692-544"),
    ("NHS number 943 476 5919", "uk-nhs-number", "943 476 5919"),
    ("943 476 5919", "uk-nhs-number", "943 476 5919"),
    ("nhs no 9434765919", "uk-nhs-number", "9434765919"),
    ("AB 12 34 56 C", "uk-ni-number", "AB 12 34 56 C"),
    ("ab123456c", "uk-ni-number", "ab123456c"),
    ("PPS 1234567T", "ie-pps", "1234567T"),
    ("1234567FA", "ie-pps", "1234567FA"),
    ("Medicare 2123 45670 1", "au-medicare", "2123 45670 1"),
    ("2123 45670 1", "au-medicare", "2123 45670 1"),
    ("TFN 123 456 782", "au-tfn", "123 456 782"),
    ("IHI 8003 6066 9000 0017", "au-ihi", "8003 6066 9000 0017"),
    ("NHI ZAC5361", "nz-nhi", "ZAC5361"),
    ("zac5361 came by", "nz-nhi", "zac5361"),
    ("ZBN77VL", "nz-nhi", "ZBN77VL"),
    ("IRD 49-091-850", "nz-ird", "49-091-850"),
    ("ird number 136410132", "nz-ird", "136410132"),
    ("her Medicare number 1EG4-TE5-MK73", "us-mbi", "1EG4-TE5-MK73"),
    ("IBAN GB82 WEST 1234 5698 7654 32 please", "iban", "GB82 WEST 1234 5698 7654 32"),
    ("gb82west12345698765432", "iban", "gb82west12345698765432"),
    ("IE29 AIBK 9311 5212 3456 78", "iban", "IE29 AIBK 9311 5212 3456 78"),
    ("4111 1111 1111 1111", "card", "4111 1111 1111 1111"),
    ("4111-1111-1111-1111", "card", "4111-1111-1111-1111"),
    ("3782 822463 10005", "card", "3782 822463 10005"),
    ("IMEI 490154203237518", "imei", "490154203237518"),
    ("VIN 1HGCM82633A004352", "vin", "1HGCM82633A004352"),
    ("1m8gdm9axkp042788", "vin", "1m8gdm9axkp042788"),
    # by label
    ("MRN: 00482913", "medical-record", "00482913"),
    ("medical record number A-48213", "medical-record", "A-48213"),
    ("Patient ID 48213", "medical-record", "48213"),
    ("case no. 2026-CV-0148", "case-number", "2026-CV-0148"),
    ("claim number 77-20431", "health-plan", "77-20431"),
    ("policy #AB120034", "health-plan", "AB120034"),
    ("Member ID: XQZ884210", "health-plan", "XQZ884210"),
    ("account number 31926819", "account", "31926819"),
    ("sort code 20-00-00", "account", "20-00-00"),
    ("driver's license D1234567", "licence", "D1234567"),
    ("licence number LPC-48213", "licence", "LPC-48213"),
    ("certificate no 884213", "licence", "884213"),
    ("passport 533401372", "passport", "533401372"),
    ("license plate 7ABC123", "plate", "7ABC123"),
    ("number plate LK19 XYZ, blue", "plate", "LK19 XYZ"),
    ("rego 1AB 2CD", "plate", "1AB 2CD"),
    ("driving off in LK19 XYZ", "plate", "LK19 XYZ"),
    ("serial number SN-448213", "device", "SN-448213"),
    ("booking reference 7H4K22", "unique-code", "7H4K22"),
    ("participant ID P-0012", "unique-code", "P-0012"),
    # places
    ("lives at 12 Elm Street, you know", "street-address", "12 Elm Street"),
    ("12 ELM STREET", "street-address", "12 ELM STREET"),
    ("12 elm street", "street-address", "12 elm street"),
    ("1200 N Lamar Blvd", "street-address", "1200 N Lamar Blvd"),
    ("350 5th Ave", "street-address", "350 5th Ave"),
    ("Flat 3, 12 Elm Road", "street-address", "Flat 3, 12 Elm Road"),
    ("5/12 Smith Street", "street-address", "5/12 Smith Street"),
    ("14a St Mary's Close", "street-address", "14a St Mary's Close"),
    ("7 The Green", "street-address", "7 The Green"),
    ("Rose Cottage, Church Lane", "street-address", "Rose Cottage, Church Lane"),
    ("123 rue Sainte-Catherine", "street-address", "123 rue Sainte-Catherine"),
    ("PO Box 4410", "street-address", "PO Box 4410"),
    ("Austin, TX 78701", "postcode", "78701"),
    ("78701-1234", "postcode", "78701-1234"),
    ("zip 78701", "postcode", "78701"),
    ("K1A 0B1", "postcode", "K1A 0B1"),
    ("k1a0b1", "postcode", "k1a0b1"),
    ("SW1A 1AA", "postcode", "SW1A 1AA"),
    ("m1 1ae", "postcode", "m1 1ae"),
    ("D02 AF30", "postcode", "D02 AF30"),
    ("a65f4e2", "postcode", "a65f4e2"),
    ("Fitzroy VIC 3065", "postcode", "3065"),
    ("Auckland 1010", "postcode", "1010"),
    # dates and ages
    ("on 3 March", "date", "3 March"),
    ("the 3rd of March 2024", "date", "3rd of March 2024"),
    ("March 3rd, 2024", "date", "March 3rd, 2024"),
    ("on Sept. 14", "date", "Sept. 14"),
    ("03/14/2024", "date", "03/14/2024"),
    ("dob is 14 02 1990", "date", "14 02 1990"),
    ("14/3/24", "date", "14/3/24"),
    ("14.03.2024", "date", "14.03.2024"),
    ("2024-03-14T10:00", "date", "2024-03-14"),
    ("2024-03-14", "date", "2024-03-14"),
    ("14-Mar-2024", "date", "14-Mar-2024"),
    ("DOB 4/11", "date", "4/11"),
    ("ON MARCH 3", "date", "MARCH 3"),
    ("since may 3rd", "date", "may 3rd"),
    ("the fourteenth of March", "date", "fourteenth of March"),
    ("March the third", "date", "March the third"),
    ("３ Ｍａｒｃｈ", "date", "３ Ｍａｒｃｈ"),
    ("my 93-year-old", "age-over-89", "93-year-old"),
    ("she is 94.", "age-over-89", "94"),
    ("aged 101", "age-over-89", "101"),
    ("a ninety-two-year-old widow", "age-over-89", "ninety-two-year-old"),
    ("Mavis turned 103 today", "age-over-89", "103"),
    ("92yo", "age-over-89", "92yo"),
    ("for her 100th birthday", "age-over-89", "100th birthday"),
]


@pytest.mark.promise("F2")
@pytest.mark.parametrize(("text", "kind", "words"), HITS, ids=[text for text, _, _ in HITS])
def test_what_is_an_identifier(text: str, kind: str, words: str) -> None:
    found = _said(text)
    assert found == [(kind, words)]
    # Within a sentence it is the same.
    assert (kind, words) in _said(f"Well, {text}\nand that was that.")


PASSES = [
    "", "Sit with it. Breathe. Then write it down.", "Rest is not a reward.",
    # numbers without label or form
    "123456789", "5125550143 steps", "we are 4521 people", "population 67,026,292", "1 234 567", "943476591",
    # prices, shares, years, lengths, times of day
    "$1,200.00 a year", "£60 for 50 minutes", "€1.200,00", "a 50-minute session", "90% of us, 12.5 percent",
    "2019-2024",
    "in 2024", "since 1987", "2023/24", "10:30-11:20", "9.00 to 17.30", "9-5", "24/7", "by 4pm", "at 16h30", "$512 555",
    "3/10 days", "half is 1/2", "5/5 would cry again", "9/11 changed us", "50/50", "4-7-8 breathing",
    "5-4-3-2-1 grounding",
    # episodes, chapters, verses, codes
    "Episode 214 is out", "Ep. #112", "S2 1st episode", "John 3:16", "Psalm 119:105-112", "1 Corinthians 13:4-7",
    "F43.10 and F32.1", "DSM-5-TR 309.81", "CPT 90837", "ICD-11 6B41", "ISBN 978-0-306-40615-7", "9780306406157",
    "10.1037/0033-2909.126.1.78", "vitamin B12 5mg", "version 1.2.3.4", "the PHQ-9 and GAD-7", "APA2026", "WCAG 2.2",
    # crisis and service lines
    "Call 988 or 911", "ring 999 or 112", "NHS 111, option 2", "Samaritans on 116 123", "text HOME to 741741",
    "text SHOUT to 85258", "1-800-273-8255", "0800 58 58 58", "Lifeline 13 11 14", "1800 55 1800", "0300 123 3393",
    "9-8-8", "1737 in New Zealand", "0800 1111", "0845 790 9090", "0818 123 456",
    # dates that are none
    "on Tuesday", "in March", "March 2024", "May I say", "you may 3 times say no", "the march 5 miles long",
    "in May 20 people came", "October 50-minute sessions", "31 days of May", "Sept '24", "30 February",
    "the first of many",
    "Tuesdays at 3", "week 12 of March madness", "March on, you two", "a second march",
    # ages that may be told
    "aged 45", "88-year-old", "in her nineties", "90+ and thriving", "aged 90 and over", "a 120-year-old house",
    "a 100 year old debate", "he is 100% right", "she is 95 miles away", "turning 100 pages", "100 days sober",
    "one hundred percent", "he was 90 minutes late",
    # places that are none
    "5 minutes down the street", "7 Ways To Find Your Way", "3 people in the court", "a 2 way street",
    "10 Wall Street-style",
    "5 steps up the hill", "two doors down our road", "Room 4, second floor", "Mental Health Month NSW 2026",
    "OK 50000",
    "Privacy Act 1988", "PRIVACY ACT 1988", "Wellington 2024", "Court 3", "rooms 14 02 1990", "Highway 4",
    # handles, links and mail that are none
    "@home and @work", "meet @4pm", "me @ the gym", "e.g. this", "i.e. that", "done.So tired", "thanks.Me too",
    "w/o it",
    "find us at the library", "look at gmail", "notes.pdf", "a::b", "::", "10:30:15", "ratio 1:2:3",
    # labels without a number
    "my policy: 24-hour notice", "case: 12-year-old boys", "policy 4.2 says", "a record 1200 people", "claim 1:",
    "account @ work", "plate of 12 biscuits", "promo code SPRING20", "session number 12", "step no. 3",
    "room number 304",
    "number one fan", "client no. 3", "the file of 2024", "group of 12", "a licence to care", "serial killers of 1970s",
]  # fmt: skip


MANY = [
    ("SSN 536-90-4399, born 3 March 1990, 12 Elm Street, Austin, TX 78701",
     ["us-ssn", "date", "street-address", "postcode"]),
    ("Flat 2, 14 Mill Road, Cambridge CB1 2AD; 07700 900123", ["street-address", "postcode", "telephone"]),
    ("jane@example.com and https://example.com/jane@2024-03-14", ["email", "url"]),
    ("call 512-555-0143, fax 512-555-0144", ["telephone", "fax"]),
    ("call 512-555-0143 or 512-555-0144", ["telephone", "telephone"]),
    ("from 3 to 5 March, then 9 April", ["date", "date"]),
    ("@jane @tom", ["handle", "handle"]),
]  # fmt: skip


@pytest.mark.promise("F2")
@pytest.mark.parametrize(("text", "kinds"), MANY)
def test_several_in_one_text(text: str, kinds: list[str]) -> None:
    assert [one.kind for one in find(text)] == kinds


CHECKED = [
    ("536-90-4399", "000-90-4399"), ("536-90-4399", "536-00-4399"), ("536-90-4399", "536-90-0000"),
    ("130-692-544", "130-692-545"), ("401 023 2137", "401 023 2138"), ("1234567T", "1234567S"),
    ("1234567FA", "1234567GA"), ("2123 45670 1", "2123 45671 1"), ("TFN 123 456 782", "TFN 123 456 783"),
    ("NHI ZAC5361", "NHI ZAC5362"), ("NHI ZBN77VL", "NHI ZBN77VM"), ("NHI ZAC5361", "NHI ZIC5361"),
    ("IRD 49-091-850", "IRD 49-091-851"), ("GB82WEST12345698765432", "GB82WEST12345698765433"),
    ("4111 1111 1111 1111", "4111 1111 1111 1112"), ("1HGCM82633A004352", "1HGCM82643A004352"),
    ("AB123456C", "GB123456C"), ("AB123456C", "AB123456E"), ("192.168.10.7", "192.168.10.256"),
    ("IHI 8003606690000017", "IHI 8003606690000018"), ("12 AB 2CD SW1A 1AA", "12 AB 2CD XW1A 1AA"),
    ("Fitzroy VIC 3065", "Fitzroy VIC 4065"), ("3 March", "32 March"), ("14/03/2024", "14/13/2024"),
    ("512-555-0143", "112-555-0143"), ("2001:db8::7334", "2001:db8:7334"),
]  # fmt: skip


@pytest.mark.promise("F2")
@pytest.mark.parametrize(("right", "wrong"), CHECKED)
def test_a_wrong_check_sign_or_place_is_no_identifier(right: str, wrong: str) -> None:
    assert len(find(right)) == 1
    assert find(wrong) == []


ISSUED = [
    (checksums.nhs, "9434765919"), (checksums.nhs, "4010232137"), (checksums.luhn, "046454286"),
    (checksums.luhn, "490154203237518"), (checksums.tfn, "123456782"), (checksums.medicare, "2123456701"),
    (checksums.ird, "49091850"), (checksums.ird, "35901981"), (checksums.ird, "49098576"),
    (checksums.ird, "136410132"), (checksums.iban, "IE29AIBK93115212345678"), (checksums.vin, "1M8GDM9AXKP042788"),
    (checksums.nhi, "ZAC5361"), (checksums.nhi, "ZBN77VL"), (checksums.pps, "1234567T"),
]  # fmt: skip
"""Examples that the issuers publish."""


@pytest.mark.parametrize(("valid", "signs"), ISSUED)
def test_every_wrong_digit_is_caught(valid: Callable[[str], bool], signs: str) -> None:
    assert valid(signs)
    last = max(place for place, sign in enumerate(signs) if sign.isdigit() and place < 9)
    changed = [signs[:last] + digit + signs[last + 1 :] for digit in "0123456789" if digit != signs[last]]
    # Two rows of weights let a few New Zealand tax numbers through.
    assert sum(valid(other) for other in changed) <= (1 if valid is checksums.ird else 0)


KNOWN = frozenset({"988", "911", "116123", "+18006686868", "0477131114", "5125550143", "442079460123"})


@pytest.mark.promise("F3")
@pytest.mark.parametrize(
    "text",
    [
        "0477 13 11 14",
        "(512) 555-0143",
        "+1 512 555 0143",
        "1-512-555-0143",
        "020 7946 0123",
        "+44 20 7946 0123",
        "116 123",
    ],
)
def test_a_line_that_everybody_may_call_is_no_identifier(text: str) -> None:
    assert find(f"Text {text} at any hour", KNOWN) == []


def test_a_known_line_hides_no_other_number() -> None:
    assert _said("Call 512-555-0143 or 512-988-0144", KNOWN) == [("telephone", "512-988-0144")]
    assert _said("0477 13 11 14") == [("telephone", "0477 13 11 14")]


@pytest.mark.promise("F3")
@pytest.mark.parametrize("text", PASSES)
def test_what_looks_alike_and_is_none(text: str) -> None:
    assert _said(text) == []
    assert _said(f"So {text} it was") == []


def test_every_kind_has_its_letter_and_its_example() -> None:
    assert {kind for _, kind, _ in HITS} | {"health-card"} == set(LETTERS)
    assert set(LETTERS.values()) == set("BCDEFGHIJKLMNOR")
    assert _said("OHIP 1234 567 897") == [("health-card", "1234 567 897")]


_PIECES = st.sampled_from(
    [text for text, _, _ in HITS] + PASSES + list("0123456789@.-/: ()+#📞\n") + ["\u200b", "\ufe0f", "İ"]
)


@given(st.lists(_PIECES | st.text(max_size=8), max_size=8).map("".join))
def test_what_is_found_is_in_order_apart_and_inside(text: str) -> None:
    found = find(text)
    assert all(0 <= one.start < one.end <= len(text) and one.kind in LETTERS for one in found)
    assert all(first.end <= second.start for first, second in pairwise(found))


@given(st.lists(_PIECES, max_size=6).map(" ".join))
def test_wide_digits_other_hyphens_and_hard_spaces_change_nothing(text: str) -> None:
    signs = {ord(plain): wide for plain, wide in zip("0123456789- ", "０１２３４５６７８９‑\u00a0", strict=True)}
    assert find(text.translate(signs)) == find(text)


@given(st.lists(_PIECES, max_size=6).map(" ".join))
def test_signs_that_cannot_be_seen_hide_nothing(text: str) -> None:
    hidden = "".join(sign + ("\u200b" if sign.isdigit() else "") for sign in text)
    assert [one.kind for one in find(hidden)] == [one.kind for one in find(text)]


def test_places_are_code_points_of_the_text_as_given() -> None:
    text = "👨‍👩‍👧 İ 🏳️‍🌈 e\u0301 0\u200b7700 900123"
    assert find(text) == [Identifier("telephone", text.index("0\u200b"), len(text))]


@pytest.mark.parametrize(
    "text",
    [
        "Some weeks the work is sitting still while somebody finds a word. Then we both breathe out and march on.",
        "MAY YOU ALL HAVE A SOFT LANDING TONIGHT: WHEREVER YOU ARE, IT’S ALL RIGHT 🍵 (and the kettle is on; come in!)",
        "The rest of us, at the end of the day, sit on the sofa – that is the whole of the plan.",
    ],
)
def test_a_post_without_signs_of_an_identifier_tries_no_expression(text: str) -> None:
    assert marks_of(text) == frozenset()


@pytest.mark.parametrize(("text", "kind", "words"), HITS, ids=[text for text, _, _ in HITS])
def test_the_marks_never_hide_a_form(text: str, kind: str, words: str) -> None:
    read = page.read(text)
    every = {one.kind for form in FORMS for one in matches(form, read)}
    assert kind in every or kind == "fax"
