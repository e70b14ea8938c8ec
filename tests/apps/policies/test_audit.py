"""A policy that a practice brings: the report is true to its words, nothing of it is kept, and a draft can begin."""

from __future__ import annotations

import io
import json
import logging
import re
from datetime import date
from itertools import product
from typing import Any

import pypdf
import pytest
from bs4 import BeautifulSoup
from django.apps import apps
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from doorframe.adapters.read import LARGEST_FILE, LONGEST_TEXT
from doorframe.adapters.render import render
from doorframe.apps.library import queries as library
from doorframe.apps.members.models import Membership
from doorframe.apps.members.roles import Role
from doorframe.apps.policies import audit_paper
from doorframe.apps.policies.audit_forms import settled
from doorframe.apps.policies.audit_marks import Mark, marked
from doorframe.apps.policies.audit_page import MOST_FINDINGS, AuditPage
from doorframe.apps.policies.models import Version
from doorframe.apps.policies.states import State
from doorframe.apps.trail.models import Event
from doorframe.engines.interview.answers import check
from tests.apps.policies.brought import OTHER, POLICY, STAFF, as_docx, scan, use_own_rules

AUDIT = "/policy/audit/"
BUTTONS = {"pdf": f"{AUDIT}report.pdf", "json": f"{AUDIT}report.json", "start": f"{AUDIT}start/"}

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def rules_folder(tmp_path_factory: Any) -> Any:
    return tmp_path_factory.mktemp("rules")


@pytest.fixture(autouse=True)
def own_rules(monkeypatch: Any, rules_folder: Any) -> None:
    use_own_rules(monkeypatch, rules_folder)


def paste(browser: Client, text: str, **more: str) -> Any:
    return browser.post(AUDIT, {"text": text, **more})


def send(browser: Client, name: str, data: bytes, **more: str) -> Any:
    return browser.post(AUDIT, {"file": SimpleUploadedFile(name, data), **more})


def soup(answer: Any) -> BeautifulSoup:
    return BeautifulSoup(answer.content, "html.parser")


def seen(answer: Any) -> str:
    return " ".join(soup(answer).get_text(" ").split())


def rows() -> dict[str, int]:
    """How many rows every table has."""
    return {model._meta.label: model._base_manager.count() for model in apps.get_models(include_auto_created=True)}


# --- The report ---


@pytest.mark.promise("A9")
def test_a_pasted_policy_is_judged_with_the_words_that_each_finding_rests_on(owner: Membership, signed_in: Any) -> None:
    answer = paste(signed_in(owner), POLICY, country="US", profession="psychologist")
    assert answer.status_code == 200
    page = soup(answer)
    assert page.h1 is not None and page.h1.get_text() == "1 of 3 topics are settled"
    assert "Read as a policy for clients." in seen(answer)
    assert "one is only mentioned, one is missing" in seen(answer)
    assert "2 things need mending. One of them comes first." in seen(answer)
    first = page.select_one("#finding-1")
    assert first is not None
    assert "Forbids clients to speak" in first.get_text() and "free to speak" in first.get_text()
    assert first.blockquote is not None and first.blockquote.get_text() == "You may not post reviews of this practice."
    # Whatever jumps has somewhere to land, and lands on the words
    for link in page.select("main a[href^='#']"):
        assert page.select_one(str(link["href"])) is not None, link
    place = first.select_one("a[href^='#at-']")
    assert place is not None
    mark = page.select_one(str(place["href"]))
    assert mark is not None and mark.find_next("mark").get_text() == "You may not post reviews of this practice."  # type: ignore[union-attr]
    assert [one.get_text() for one in page.select(".brought .ref.high")] == ["1"]


def test_topics_stand_in_the_order_of_a_policy(owner: Membership, signed_in: Any) -> None:
    text = "Your friend requests? We will see.\n\nYou can check-in wherever you like.\n\nYour reviews are yours."
    names = [one["id"] for one in soup(paste(signed_in(owner), text)).select("#status-mentioned ~ .topic")]
    assert names == ["topic-friending", "topic-location-services", "topic-review-sites"]


def test_only_the_clauses_that_bind_this_practice_are_named(owner: Membership, made: Any, signed_in: Any) -> None:
    browser = signed_in(owner)

    def cites(**place: str) -> list[str]:
        found = soup(paste(browser, POLICY, **place)).select("#finding-1 .cite")
        assert all(str(one.a["href"]).startswith("https://") for one in found if one.a)
        return [" ".join(one.get_text().split()) for one in found]

    assert len(cites()) == 2, "all of them where nobody says where the practice is"
    american, british = cites(country="US", profession="psychologist"), cites(country="UK", profession="counsellor")
    assert len(american) == len(british) == 1
    assert "APA" in american[0] and "checked" in american[0] and "if you are a member" not in american[0]
    assert "BACP" in british[0] and "if you are a member" in british[0]
    # Once the practice has said to which bodies it belongs, nothing is left open
    version = made(owner, country="UK", profession="counsellor", bodies=["bacp"])
    assert "if you are a member" not in cites(country="UK", profession="counsellor")[0]
    version.answers["bodies"] = ["ncps"]
    version.save()
    assert cites(country="UK", profession="counsellor") == []


def test_every_kind_of_file_is_read(owner: Membership, signed_in: Any) -> None:
    html = "".join(f"<p>{one}</p>" for one in POLICY.removeprefix("# ").split("\n\n"))
    for name, data in (("p.docx", as_docx(POLICY)), ("p.md", POLICY.encode()), ("p.txt", POLICY.encode("utf-16")),
                       ("p.html", f"<html><body>{html}</body></html>".encode())):  # fmt: skip
        answer = send(signed_in(owner), name, data)
        assert answer.status_code == 200 and "1 of 3 topics are settled" in seen(answer), name


def test_a_staff_policy_and_another_text_are_named_as_such(owner: Membership, signed_in: Any) -> None:
    assert "Read as rules for staff, and judged as such" in seen(paste(signed_in(owner), STAFF))
    answer = paste(signed_in(owner), OTHER)
    assert answer.status_code == 200
    assert "This does not look like a social media policy" in seen(answer) and "nothing was judged" in seen(answer)
    assert not soup(answer).select(".note, .topic, form[action='/policy/audit/start/']")


def test_the_form_knows_where_the_practice_is(owner: Membership, made: Any, signed_in: Any) -> None:
    made(owner, country="UK", profession="counsellor")
    page = soup(signed_in(owner).get(AUDIT))
    chosen = [option["value"] for option in page.select("option[selected]")]
    assert chosen == ["UK", "counsellor"]


def test_the_real_rules_make_a_report(owner: Membership, signed_in: Any, monkeypatch: Any) -> None:
    monkeypatch.undo()
    library.sieve.cache_clear()
    assert paste(signed_in(owner), POLICY * 3).status_code == 200
    assert library.sieve() is library.sieve()


def test_every_stance_of_the_real_rules_is_an_answer_that_the_interview_takes(monkeypatch: Any) -> None:
    monkeypatch.undo()
    library.sieve.cache_clear()
    pack = library.pack()
    stances = [one for rule in library.sieve().rules.topics.values() for one in rule.stances]
    assert any(one.answers for one in stances)
    for one in stances:
        answers, problems = check(pack, one.answers)
        assert problems == [] and answers == dict(one.answers), one.id


# --- What cannot be read ---


@pytest.mark.parametrize(
    ("name", "data", "sentence"),
    [
        ("p.pdf", scan(), "This PDF is a scan"),
        ("p.pdf", b"%PDF-1.7 broken", "damaged"),
        ("p.docx", b"PK\x03\x04 broken", "damaged"),
        ("p.doc", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 old", "older Word file"),
        ("p.png", b"\x89PNG\r\n", "picture"),
        ("p.txt", b"", "empty"),
        ("p.txt", b"x" * (LARGEST_FILE + 5), "larger than 20 MB"),
        ("p.txt", b"...", "no words"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_what_cannot_be_read_is_said_in_a_sentence(
    owner: Membership, signed_in: Any, name: str, data: bytes, sentence: str
) -> None:
    answer = send(signed_in(owner), name, data)
    assert answer.status_code == 422
    error = soup(answer).select_one(".errors")
    assert error is not None and sentence in error.get_text()


def test_pasted_words_stay_when_something_is_wrong(owner: Membership, signed_in: Any) -> None:
    browser = signed_in(owner)
    answer = browser.post(AUDIT, {"text": POLICY, "file": SimpleUploadedFile("p.txt", b"Other words")})
    assert answer.status_code == 422 and "A file and pasted words came together" in seen(answer)
    box = soup(answer).textarea
    assert box is not None and box.get_text().strip() == POLICY.strip()
    assert "Choose a file, or paste the words" in seen(browser.post(AUDIT, {"text": "  \n"}))
    answer = paste(browser, POLICY, country="Atlantis")
    assert answer.status_code == 422 and POLICY.split("\n")[2] in answer.content.decode()


def test_a_very_long_paste_gets_an_answer(owner: Membership, signed_in: Any) -> None:
    browser = signed_in(owner)
    assert paste(browser, ("é" * 39 + " ") * (LONGEST_TEXT // 40)).status_code == 200
    answer = paste(browser, "word " * 2_000_000)
    assert answer.status_code == 422 and "longer than about 700 pages" in seen(answer)
    assert answer.content.count(b"word ") >= 2_000_000, "and the words are still there"
    answer = paste(browser, "word " * 3_000_000)
    assert answer.status_code == 400 and "more than Doorframe takes in at once" in seen(answer)
    answer = browser.post(BUTTONS["json"], {"words": "word " * 2_000_000})
    assert answer.status_code == 422 and "did not arrive" in seen(answer)


def test_a_text_broken_everywhere_has_a_page_that_ends(owner: Membership, signed_in: Any) -> None:
    names = ["".join(letters) for letters in product("bdfgh", "aeiou", "klmnp", "rst")][: MOST_FINDINGS + 7]
    lines = [f"You may not post reviews of {name}.\n\n" for name in names]
    answer = paste(signed_in(owner), "Your friend requests are welcome.\n\n" + "".join(lines))
    assert len(soup(answer).select(".note[id]")) == MOST_FINDINGS
    assert "7 more of the same are left out here" in seen(answer)


# --- Hostile words ---

HOSTILE = {
    "script": "<script>alert(1)</script>",
    "attribute": '" onmouseover="alert(1)" x="',
    "template": "{{ 7*7 }}{% now 'Y' %}",
    "typst": '#let x = 1 #read("/etc/passwd") $ * _ @a',
    "right to left": "\u202eabc \u05e9\u05dc\u05d5\u05dd",
    "emoji": "🌿👩🏽\u200d⚕\ufe0f",
    "nul": "a\x00b\x07c\x1b[31m\u2028",
    "markdown": "](javascript:alert(1)) <!-- ",
    "end of the form": "</textarea></form><form action=/x>",
}


@pytest.mark.parametrize("case", HOSTILE)
def test_hostile_words_stay_words(owner: Membership, signed_in: Any, case: str) -> None:
    text, browser = HOSTILE[case], signed_in(owner)
    words = f"I do not accept friend requests {text} from you.\n\nYou may not post reviews {text} here."
    answer = paste(browser, words)
    page = soup(answer)
    assert answer.status_code == 200
    shown = [one.get_text() for one in page.select("main script, main img, main [onmouseover], main [style]")]
    assert shown == [] and "49" not in page.select_one(".brought").get_text()  # type: ignore[union-attr]
    assert len(page.select("main form")) == 1
    assert not page.select("a[href^=javascript]")
    kept = settled(words)
    hidden = page.select_one("input[name=words]")
    assert hidden is not None and hidden["value"] == kept
    sheet = page.select_one(".brought")
    for link in sheet.select(".ref"):  # type: ignore[union-attr]
        link.replace_with("")
    assert "".join(sheet.get_text().split()) == "".join(kept.split())  # type: ignore[union-attr]
    for name in ("pdf", "json"):
        answer = browser.post(BUTTONS[name], {"words": kept})
        assert answer.status_code == 200, answer.content[:500]
    found = json.loads(answer.content)["findings"][0]
    assert kept[found["start"] : found["end"]] == found["text"]


def test_in_the_pdf_hostile_words_are_words(owner: Membership, signed_in: Any) -> None:
    text = HOSTILE["typst"] + HOSTILE["template"] + HOSTILE["script"]
    answer = signed_in(owner).post(BUTTONS["pdf"], {"words": POLICY.replace("this practice", text)})
    pages = pypdf.PdfReader(io.BytesIO(answer.content)).pages
    said = "".join("".join(page.extract_text() for page in pages).split())
    for part in ("#letx=1", '#read("/etc/passwd")', "{{7*7}}", "<script>alert(1)</script>"):
        assert part in said
    assert "root:" not in said


# --- Nothing is kept ---


@pytest.mark.promise("A9")
def test_nothing_is_kept_and_nothing_is_logged(owner: Membership, signed_in: Any, caplog: Any) -> None:
    caplog.set_level(logging.DEBUG)
    browser, secret = signed_in(owner), "Zebrafinch"
    before, session = rows(), dict(browser.session)
    words = POLICY.replace("Google Buzz", secret)
    for answer in (paste(browser, words), send(browser, f"{secret}.docx", as_docx(words)),
                   browser.post(BUTTONS["pdf"], {"words": words}), browser.post(BUTTONS["json"], {"words": words}),
                   send(browser, f"{secret}.pdf", scan()), paste(browser, OTHER)):  # fmt: skip
        assert answer.status_code in {200, 422}
        assert "no-store" in answer["Cache-Control"] and secret not in str(answer.headers)
    assert rows() == before and dict(browser.session) == session
    assert secret not in caplog.text


def test_a_file_is_read_without_being_written_anywhere(owner: Membership, signed_in: Any, settings: Any) -> None:
    settings.FILE_UPLOAD_TEMP_DIR = "/nowhere/at/all"
    html = f"<html><body><p>{POLICY}</p><!--{'x' * 9_000_000}--></body></html>"
    assert send(signed_in(owner), "p.html", html.encode()).status_code == 200


def test_a_mistake_of_ours_says_none_of_the_words(
    owner: Membership, signed_in: Any, monkeypatch: Any, caplog: Any
) -> None:
    browser, secret = signed_in(owner), "Zebrafinch"
    browser.raise_request_exception = False

    def fail() -> Any:
        raise RuntimeError("our mistake")

    monkeypatch.setattr(library, "sieve", fail)
    answer = paste(browser, POLICY + secret)
    assert answer.status_code == 500 and secret not in answer.content.decode()
    assert secret not in caplog.text


def test_queries_are_the_same_for_any_text(owner: Membership, made: Any, signed_in: Any) -> None:
    made(owner, State.PUBLISHED)
    browser, found = signed_in(owner), set()
    browser.get(AUDIT)
    for text in (OTHER, POLICY, POLICY * 40):
        with CaptureQueriesContext(connection) as queries:
            assert paste(browser, text).status_code == 200
        found.add(len(queries))
    assert len(found) == 1 and max(found) <= 4
    with CaptureQueriesContext(connection) as queries:
        browser.get(AUDIT)
    assert len(queries) <= 5


# --- What the buttons do ---


def test_the_words_come_back_as_they_went_out(owner: Membership, signed_in: Any) -> None:
    browser = signed_in(owner)
    first = soup(send(browser, "p.txt", b"<p>not html here\n\n" + POLICY.replace("\n", "\r\n").encode()))
    hidden = first.select_one("input[name=words]")
    assert hidden is not None
    # A browser sends every line end as two signs, and the words may look like some other kind of file by now.
    again = str(hidden["value"]).replace("\n", "\r\n")
    answer = browser.post(BUTTONS["json"], {"words": again, "country": "US", "profession": "psychologist"})
    assert (answer["Content-Type"], answer.status_code) == ("application/json", 200)
    report = json.loads(answer.content)
    assert report["topics"]["friending"]["status"] == "adequate"
    for found in report["findings"]:
        assert str(hidden["value"])[found["start"] : found["end"]] == found["text"]


def test_the_pdf_is_tagged_and_dated_and_the_same_twice(owner: Membership, signed_in: Any) -> None:
    browser = signed_in(owner)
    answer = browser.post(BUTTONS["pdf"], {"words": POLICY})
    assert answer["Content-Type"] == "application/pdf" and "attachment" in answer["Content-Disposition"]
    reader = pypdf.PdfReader(io.BytesIO(answer.content))
    assert reader.trailer["/Root"]["/MarkInfo"]["/Marked"]
    said = "".join(page.extract_text() for page in reader.pages)
    assert "1 of 3 topics are settled" in said and "Forbids clients to speak" in said and "Harbour Lane" in said
    page = AuditPage(POLICY, {"country": "US", "profession": "psychologist"})
    document = audit_paper.paper(page, owner.practice, date(2026, 11, 21))
    assert render(document, "pdf") == render(document, "pdf")
    other = audit_paper.paper(AuditPage(OTHER, {}), owner.practice, date(2026, 11, 21))
    assert b"nothing was judged" in render(other, "md") and render(other, "pdf")


@pytest.mark.promise("A9")
def test_a_draft_begins_with_what_was_found(owner: Membership, signed_in: Any) -> None:
    browser = signed_in(owner)
    answer = browser.post(BUTTONS["start"], {"words": POLICY, "country": "UK", "profession": "counsellor"}, follow=True)
    version = Version.objects.get()
    assert answer.redirect_chain[-1][0].startswith(f"/policy/{version.uid}/q/")
    assert "One answer comes from your old policy." in seen(answer)
    # The stance that was found and the place that was said; what nobody found is as the practice has it
    assert version.answers["friending"] == "decline"
    assert (version.answers["country"], version.answers["profession"]) == ("UK", "counsellor")
    assert version.answers["practice_name"] == "Harbour Lane"
    # An answer that no question asks for, or of a kind it cannot have, is dropped
    assert not {"nonsense", "sms", "tags"} & set(version.answers)
    assert version.done == []
    event = Event.objects.get(name="policies.version.started")
    assert {key: event.data[key] for key in ("found", "topics", "findings")} == {"found": 1, "topics": 1, "findings": 2}
    assert "Google Buzz" not in json.dumps(event.data)
    assert "checked" in str(browser.get(f"/policy/{version.uid}/q/friending/").content)


@pytest.mark.parametrize("name", BUTTONS)
def test_a_button_without_its_words_asks_for_them(owner: Membership, signed_in: Any, name: str) -> None:
    for sent in ({}, {"words": ""}, {"words": POLICY, "country": "Atlantis"}):
        answer = signed_in(owner).post(BUTTONS[name], sent)
        assert answer.status_code == 422 and "did not arrive" in seen(answer)
        assert "Send the policy once more" in seen(answer)
    assert not Version.objects.exists()


# --- Who may ---


@pytest.mark.promise("L2")
@pytest.mark.parametrize("role", Role, ids=lambda role: role.value)
def test_who_reads_policies_may_audit_and_who_writes_may_begin(
    owner: Membership, in_role: Any, signed_in: Any, role: Role
) -> None:
    browser = signed_in(in_role(owner, role))
    writes = role in {Role.OWNER, Role.SUPERVISOR, Role.CLINICIAN}
    answer = paste(browser, POLICY)
    assert browser.get(AUDIT).status_code == answer.status_code == 200
    assert ("Start my policy with what was found" in seen(answer)) is writes
    assert browser.post(BUTTONS["json"], {"words": POLICY}).status_code == 200
    assert browser.post(BUTTONS["start"], {"words": POLICY}).status_code == (302 if writes else 403)
    assert Version.objects.exists() is writes


@pytest.mark.promise("L3")
def test_the_draft_and_the_place_are_ones_own(
    owner: Membership, stranger: Membership, made: Any, signed_in: Any
) -> None:
    made(stranger, country="UK", profession="counsellor")
    page = soup(signed_in(owner).get(AUDIT))
    assert "counsellor" not in [option["value"] for option in page.select("option[selected]")]
    signed_in(owner).post(BUTTONS["start"], {"words": POLICY})
    assert Version.objects.for_practice(owner.practice).get().answers["practice_name"] == "Harbour Lane"
    assert Version.objects.for_practice(stranger.practice).count() == 1


def test_strangers_and_forms_without_proof_get_nowhere(owner: Membership) -> None:
    for address in (AUDIT, *BUTTONS.values()):
        assert "/me/login/" in Client().post(address, {"words": POLICY, "text": POLICY})["Location"]
        browser = Client(enforce_csrf_checks=True)
        browser.force_login(owner.user, backend="doorframe.apps.members.backends.MemberBackend")
        assert browser.post(address, {"words": POLICY, "text": POLICY}).status_code == 403


def test_it_is_offered_where_there_is_no_policy(owner: Membership, made: Any, signed_in: Any) -> None:
    browser = signed_in(owner)
    for path in ("/", "/policy/"):
        assert soup(browser.get(path)).select(f"main a[href='{AUDIT}']"), path
    made(owner, State.PUBLISHED)
    assert not soup(browser.get("/")).select(f"main a[href='{AUDIT}']")


# --- Marks ---


def test_passages_that_overlap_and_nest_are_marked_and_linked() -> None:
    text = "# Top\n\nOne two three four.\n\nFive <six>."
    marks = [
        Mark(7, 26, "topic", "topic-a", "A", "Topic: A"), Mark(11, 20, "high", "finding-1", "1", "Finding 1"),
        Mark(15, 26, "low", "finding-2", "2", "Finding 2"), Mark(28, 39, "topic", "topic-b", "B", "Topic: B"),
        Mark(0, 5, "topic", "topic-c", "C", "Topic: C"), Mark(30, 5000, "high", "finding-3", "3", "Beyond the end"),
        Mark(20, 38, "medium", "finding-4", "4", "Over two paragraphs"), Mark(9, 9, "high", "finding-5", "5", "None"),
    ]  # fmt: skip
    page = BeautifulSoup(marked(text, marks), "html.parser")
    ids = [str(one["id"]) for one in page.select("[id]")]
    assert sorted(ids) == ["at-0", "at-11", "at-15", "at-20", "at-28", "at-7"] and len(ids) == len(set(ids))
    links = [one.get_text() for one in page.select(".ref")]
    assert sorted(links) == ["1", "2", "4", "A", "B", "C"]
    assert [(one.get_text(), one["class"][0]) for one in page.select("p:nth-of-type(2) mark")] == [
        ("One ", "topic"), ("two ", "high"), ("three", "high"), (" four.", "medium"),
    ]  # fmt: skip
    for link in page.select(".ref"):
        link.replace_with("")
    assert re.sub(r"\s+", "", page.get_text()) == "TopOnetwothreefour.Five<six>."
    assert page.select("p.title")[0].get_text().strip() == "Top"
