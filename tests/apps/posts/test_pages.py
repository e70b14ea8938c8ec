"""The pages: what is typed is checked and kept nowhere; what is kept is mended, decided, planned and found again."""

from __future__ import annotations

import csv
import io
import json
import logging
import re
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from doorframe.apps.members.models import Membership
from doorframe.apps.members.roles import Role
from doorframe.apps.posts import queries, screening, shown
from doorframe.apps.posts.actions import deciding, keeping
from doorframe.apps.posts.models import Decision, OwnNames, Post
from doorframe.apps.posts.states import State
from doorframe.engines.screening.verdict import DO_NOT_POST, FAMILIES, Draft, Finding, Rewrite, Verdict
from doorframe.web.logs import QuietFormatter
from tests.apps.posts.conftest import Browse, Write, member
from tests.apps.posts.fake import GRAVE, LOOK, PLAIN, STORY, TIME, Fake

NASTY = '<script>alert(1)</script> "{{ x }}" {% now %} =1+1'
FROM_THE_PHONE = {"sec-fetch-site": "none"}


def soup(answer: Any) -> BeautifulSoup:
    return BeautifulSoup(answer.content.decode(), "html.parser")


def text_of(answer: Any) -> str:
    return " ".join(soup(answer).get_text().split())


def fields(text: str, **more: str) -> dict[str, str]:
    return {"kind": "caption", "platform": "instagram", "text": text, "planned_for": "", **more}


# Typed


@pytest.mark.promise("F10")
def test_what_is_typed_is_checked_and_kept_nowhere(owner: Membership, browse: Browse) -> None:
    page = browse(owner).post("/posts/check/", fields(STORY))
    assert page.status_code == 200 and "no-store" in page["Cache-Control"]
    found = soup(page)
    assert [mark.get_text() for mark in found.select("mark")] == [GRAVE, TIME]
    assert "About 1 to 3 people fit." in found.get_text()
    assert found.select_one("details").get_text().strip().endswith("Two in a hundred people are afraid of flying.")
    assert found.select_one("#said")["hx-swap-oob"] == "innerHTML"
    assert found.select_one("#said").get_text(strip=True) == "Please don’t post this yet. 2 notes."
    assert not Post.objects.exists()
    assert browse(owner).get("/posts/check/").status_code == 405, "words never stand in an address"


@pytest.mark.promise("F1")
def test_each_note_has_words_reason_and_clause(owner: Membership, browse: Browse) -> None:
    page = soup(browse(owner).post("/posts/check/", fields(STORY)))
    note = page.select_one("#note-1")
    assert "A story about a real client" in note.find_previous("h4").get_text()
    assert note.select_one(".words").get_text() == f"“{GRAVE}”"
    assert "One real client would know themselves." in note.get_text()
    link = note.find_next(class_="cite").a
    assert link["href"].startswith("https://") and "noreferrer" in link["rel"]
    assert page.select_one("#note-2").find_next(class_="cite").get_text(strip=True) == "Good practice"
    assert {one["href"] for one in page.select(".to-note")} == {"#note-1", "#note-2"}


@pytest.mark.promise("F1")
def test_nothing_found_is_said_to_be_no_guarantee(owner: Membership, browse: Browse) -> None:
    assert "no guarantee" in text_of(browse(owner).post("/posts/check/", fields(PLAIN)))


def test_an_empty_draft_says_what_will_be_there(owner: Membership, browse: Browse) -> None:
    assert "What is found will stand here" in text_of(browse(owner).post("/posts/check/", fields("  ")))
    half_written = browse(owner).post("/posts/check/", fields(PLAIN, planned_for="2026-"))
    assert "Nothing found" in text_of(half_written)
    assert "cannot be checked" in text_of(browse(owner).post("/posts/check/", fields("w" * 20_001)))


def test_a_check_costs_few_questions_to_the_database_however_much_there_is(
    owner: Membership, write: Write, browse: Browse
) -> None:
    browser = browse(owner)

    def cost() -> int:
        with CaptureQueriesContext(
            connection,
        ) as found:
            browser.post("/posts/check/", fields(STORY))
        return len(found)

    browser.post("/posts/check/", fields(STORY))
    before = cost()
    for _ in range(20):
        write(owner, STORY)
    assert cost() == before <= 9


def test_words_of_every_kind_stay_as_they_are(owner: Membership, browse: Browse) -> None:
    text = f"First line.\n\n  Second, with two spaces: {GRAVE}.\n{NASTY}"
    browse(owner).post("/posts/new/", fields(text.replace("\n", "\r\n"), do="keep"))
    post = Post.objects.get()
    assert post.text == text
    page = browse(owner).get(f"/posts/{post.uid}/change/")
    assert "<script>alert" not in page.content.decode()
    assert soup(page).select_one("textarea").get_text().strip() == text
    exact = soup(page).select_one(".exact")
    for number in exact.select(".to-note"):
        number.decompose()
    assert exact.get_text() == text


@pytest.mark.promise("F6")
def test_a_reference_that_is_not_in_force_is_said_to_be_none(owner: Membership, browse: Browse) -> None:
    data = fields(STORY, permission=" 7kqm 3fta ", do="keep")
    assert "This permission is not in force" in text_of(browse(owner).post("/posts/check/", data))
    page = browse(owner).post("/posts/new/", data, follow=True)
    assert Post.objects.get().permission == "7KQM-3FTA"
    assert "This permission is not in force" in text_of(page)
    assert "This permission" not in text_of(browse(owner).post("/posts/check/", fields(STORY)))


# Marks

SPANS = [
    # (spans as (start, end, grave)), pieces as text/numbers
    ([], ["abcdef"]),
    ([(0, 3)], ["abc:1", "def"]),
    ([(0, 6)], ["abcdef:1"]),
    ([(0, 4), (2, 6)], ["ab:1", "cd:12", "ef:2"]),
    ([(1, 5), (2, 3)], ["a", "b:1", "c:12", "de:1", "f"]),
    ([(2, 2)], ["abcdef"]),
]


@pytest.mark.parametrize(("spans", "pieces"), SPANS)
def test_marks_that_overlap_are_cut_where_each_begins_and_ends(spans: list[tuple[int, int]], pieces: list[str]) -> None:
    findings = tuple(
        Finding(f"rule-{n}", "identifier", start, end, "abcdef"[start:end], DO_NOT_POST, f"Why {n}.")
        for n, (start, end) in enumerate(spans)
    )
    result = shown.result("abcdef", Verdict(DO_NOT_POST, findings))
    said = ["".join([one.text, ":" if one.numbers else "", *map(str, one.numbers)]) for one in result.pieces]
    assert said == pieces
    assert len(result.notes) == len(spans)
    ended = sorted(number for piece in result.pieces for number in piece.ends)
    assert ended == [n + 1 for n, (start, end) in enumerate(spans) if start < end]


def test_one_reason_is_one_note_however_often_it_is_found() -> None:
    findings = tuple(
        Finding("name", "identifier", start, start + 2, "Jo", DO_NOT_POST, "A name.") for start in (6, 0, 3)
    )
    result = shown.result("Jo Jo Jo", Verdict(DO_NOT_POST, findings))
    assert [(note.number, note.words) for note in result.notes] == [(1, ("Jo",))]
    assert sum(1 for piece in result.pieces if piece.numbers == (1,)) == 3


def test_ways_to_the_same_words_are_one_button_and_twins_are_told_apart() -> None:
    ways = [("a/drop", 0, 2), ("b/drop", 0, 2), ("a/drop", 7, 9)]
    rewrites = tuple(Rewrite(id, "identifier", "drop", start, end, "", "Leave out the name") for id, start, end in ways)
    buttons = shown.result("Jo and Al", Verdict(DO_NOT_POST, (), rewrites=rewrites)).rewrites
    assert [(one.key, one.words) for one in buttons] == [("a/drop:0-2", "Jo"), ("a/drop:7-9", "Al")]


def test_every_family_has_a_heading() -> None:
    assert set(shown.FAMILIES) == set(FAMILIES)


# Kept


def test_without_a_script_the_button_checks_and_keeps_nothing(owner: Membership, browse: Browse) -> None:
    page = browse(owner).post("/posts/new/", fields(STORY, do="check"))
    assert page.status_code == 200 and not Post.objects.exists()
    assert soup(page).select_one("textarea").get_text().strip() == STORY
    assert "Please don’t post this yet" in text_of(page)


def test_a_mistake_keeps_the_words(owner: Membership, browse: Browse) -> None:
    page = browse(owner).post("/posts/new/", fields(STORY, planned_for="never", do="keep"))
    assert page.status_code == 422 and soup(page).select_one("textarea").get_text().strip() == STORY
    assert browse(owner).post("/posts/new/", fields("", do="keep")).status_code == 422
    assert not Post.objects.exists()


@pytest.mark.promise("F5")
def test_the_buttons_mend_step_by_step_and_show_before_and_after(owner: Membership, browse: Browse) -> None:
    browser = browse(owner)
    page = browser.post("/posts/new/", fields(STORY, do="check"))
    button = soup(page).find("button", string=re.compile("Leave out the time"))
    page = browser.post("/posts/new/", fields(STORY, rewrite=str(button["value"])), follow=True)
    post = Post.objects.get()
    assert TIME not in post.text
    found = soup(page)
    assert found.select_one("textarea").get_text().strip() == post.text
    walk = found.select_one(".walk").get_text()
    assert (
        "Leave out the time" in walk and "Before: Please don’t post this yet" in walk and "Lisbon on Saturday" in walk
    )
    button = found.find("button", string=re.compile("about people in general"))
    data = fields(post.text, rewrite=str(button["value"]), revision=str(post.revision))
    page = browser.post(f"/posts/{post.uid}/change/", data, follow=True)
    assert "Nothing found" in text_of(page)
    post.refresh_from_db()
    page = browser.post(f"/posts/{post.uid}/undo/", {"revision": str(post.revision)}, follow=True)
    assert "The step is undone" in text_of(page)
    assert GRAVE in Post.objects.get().text


def test_words_changed_elsewhere_are_not_lost_and_not_overwritten(
    owner: Membership, write: Write, browse: Browse
) -> None:
    post, browser = write(owner), browse(owner)
    first = browser.post(f"/posts/{post.uid}/change/", fields("Mine.", do="keep", revision="1"))
    second = browser.post(f"/posts/{post.uid}/change/", fields("Yours.", do="keep", revision="1"))
    assert (first.status_code, second.status_code) == (302, 409)
    assert soup(second).select_one("textarea").get_text().strip() == "Yours."
    assert "Nothing was overwritten" in text_of(second)
    assert Post.objects.get().text == "Mine."


@pytest.mark.promise("F9")
def test_what_must_not_go_out_has_no_way_on_any_page(
    owner: Membership, clinician: Membership, write: Write, browse: Browse
) -> None:
    post = write(clinician, STORY)
    page = browse(clinician).post(f"/posts/{post.uid}/change/", fields(STORY, do="submit", revision="1"), follow=True)
    assert "must not go out" in text_of(page)
    page = browse(clinician).post(f"/posts/{post.uid}/submit/", follow=True)
    assert "must not go out" in text_of(page)
    for who in (owner, clinician):
        shown_page = soup(browse(who).get(f"/posts/{post.uid}/"))
        assert not shown_page.find(string=re.compile("Send for approval|Approve|Read and decide|Mark as posted"))
    browse(owner).post(f"/posts/{post.uid}/approve/", {"do": "approve", "sha256": post.sha256, "reason": "So."})
    browse(clinician).post(f"/posts/{post.uid}/posted/", {"on": "2026-11-20"})
    post.refresh_from_db()
    assert post.state == State.DRAFT and not Decision.objects.exists()


@pytest.mark.promise("F9")
def test_staff_write_and_somebody_else_approves(owner: Membership, browse: Browse, now: datetime) -> None:
    staff = member(owner, "Ash", Role.FRONT_DESK, now)
    browser = browse(staff)
    browser.post("/posts/new/", fields(LOOK, do="submit"))
    post = Post.objects.get()
    assert post.state == State.WAITING
    assert browser.get(f"/posts/{post.uid}/approve/").status_code == 403
    boss = browse(owner)
    assert "1 post waits for a decision" in text_of(boss.get("/posts/"))
    assert "A post by Ash waits for your decision" in text_of(boss.get("/"))
    page = boss.post(f"/posts/{post.uid}/approve/", {"do": "approve", "sha256": post.sha256, "reason": "", "note": ""})
    assert page.status_code == 422 and "Write why this may go out" in text_of(page)
    page = boss.post(f"/posts/{post.uid}/approve/", {"do": "send-back", "sha256": post.sha256, "note": ""})
    assert page.status_code == 422 and "Write what should be different" in text_of(page)
    page = boss.post(
        f"/posts/{post.uid}/approve/", {"do": "send-back", "sha256": post.sha256, "note": "Who told you?"}, follow=True
    )
    assert "Who told you?" in text_of(page)
    assert "A post of yours came back" in text_of(browser.get("/"))
    browser.post(f"/posts/{post.uid}/submit/")
    said = {"do": "approve", "sha256": post.sha256, "reason": "It was in the paper."}
    page = boss.post(f"/posts/{post.uid}/approve/", said, follow=True)
    assert "It was in the paper." in text_of(page)
    page = browser.post(f"/posts/{post.uid}/posted/", {"on": "2026-11-20"}, follow=True)
    assert "Noted." in text_of(page)
    post.refresh_from_db()
    assert (post.state, post.published_on) == (State.PUBLISHED, date(2026, 11, 20))


def test_words_that_changed_under_the_reader_are_not_approved(
    owner: Membership, clinician: Membership, write: Write, browse: Browse, now: datetime
) -> None:
    post = deciding.submit_post(post=write(clinician), actor=clinician, at=now)
    page = browse(owner).post(f"/posts/{post.uid}/approve/", {"do": "approve", "sha256": "0" * 64}, follow=True)
    assert "changed in another window" in text_of(page)
    assert Post.objects.get().state == State.WAITING


def test_a_day_that_has_not_come_is_no_day_of_posting(approved: Post, clinician: Membership, browse: Browse) -> None:
    page = browse(clinician).post(f"/posts/{approved.uid}/posted/", {"on": "2099-01-01"})
    assert page.status_code == 422


def test_after_the_text_is_gone_the_page_says_so(
    owner: Membership, approved: Post, browse: Browse, now: datetime
) -> None:
    keeping.let_go(practice=owner.practice, at=now + timedelta(days=40), today=date(2027, 1, 1))
    page = text_of(browse(owner).get(f"/posts/{approved.uid}/"))
    assert "The words are gone" in page and PLAIN not in page and "Kim" in page
    assert browse(owner).get(f"/posts/{approved.uid}/change/").status_code == 302
    assert PLAIN not in text_of(browse(owner).get("/posts/"))


# Calendar, log, names


def test_the_calendar_shows_weeks_and_no_words(
    owner: Membership, clinician: Membership, write: Write, browse: Browse
) -> None:
    hers = write(clinician, planned_for=date(2026, 12, 3))
    mine = write(owner, planned_for=date(2026, 12, 4))
    page = browse(clinician).get("/posts/calendar/?month=2026-12")
    found = soup(page)
    assert "Planned posts, December 2026" in found.h1.get_text()
    assert len(found.select(".weeks section")) == 5
    assert PLAIN not in page.content.decode()
    links = {link["href"] for link in found.select(".weeks a")}
    assert links == {f"/posts/{hers.uid}/"}, "who may not read the words sees that something is planned"
    assert "Friday 4" in found.get_text() and str(mine.uid) not in page.content.decode()
    for month in ("2026-11", "nothing", "0000-00", "9999-12", "2026-13", ""):
        assert browse(owner).get(f"/posts/calendar/?month={month}").status_code == 200


def test_the_log_is_found_by_person_hash_text_and_outcome(
    owner: Membership, approved: Post, write: Write, browse: Browse, now: datetime
) -> None:
    other = write(owner, STORY)
    deciding.withdraw_post(post=other, actor=owner, at=now)
    browser = browse(owner)

    def rows(**wanted: str) -> int:
        page = browser.post("/posts/log/", {"outcome": "", "search": "", **wanted})
        assert page.status_code == 200
        return len(soup(page).select("tbody tr"))

    assert rows() == 3
    assert rows(outcome="do-not-post") == 1
    assert rows(search="Kim") == 2
    assert rows(search=approved.sha256[:12]) == rows(search=PLAIN) == 2
    assert rows(search=STORY) == 1
    assert rows(search="insta") == 3
    assert rows(search="Nobody") == 0
    assert rows(search=GRAVE) == 0, "a part of a text finds nothing: the log does not know it"
    assert len(soup(browser.get("/posts/log/?outcome=nothing-found")).select("tbody tr")) == 2
    assert len(soup(browse(approved.author).get("/posts/log/")).select("tbody tr")) == 2, "one's own posts"


@pytest.mark.promise("F9")
def test_the_log_leaves_without_words_and_without_formulas(
    owner: Membership, clinician: Membership, write: Write, browse: Browse, now: datetime
) -> None:
    clinician.user.display_name = "=HYPERLINK(1)"
    clinician.user.save()
    post = deciding.submit_post(post=write(clinician, LOOK), actor=clinician, at=now)
    deciding.approve_post(post=post, actor=owner, at=now, sha256=post.sha256, reason="=1+1")
    answer = browse(owner).post("/posts/log/export/")
    table = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert table[0][:3] == ["at", "step", "by"] and len(table) == 3
    assert {row[7] for row in table[1:]} == {screening.sha256(LOOK)}
    for cell in (cell for row in table for cell in row):
        assert not cell.startswith(("=", "+", "-", "@"))
    assert LOOK not in answer.content.decode()
    assert browse(clinician).post("/posts/log/export/").status_code == 403


def test_names_are_kept_one_a_line(owner: Membership, browse: Browse) -> None:
    page = browse(owner).get("/posts/names/")
    assert "Dr Imani Cole" in soup(page).select_one("textarea").get_text()
    browse(owner).post("/posts/names/", {"lines": " Biscuit \r\n\r\nBiscuit\r\n12 Harbour  Lane "})
    assert OwnNames.objects.get().lines == "Biscuit\n12 Harbour Lane"
    page = browse(owner).get("/posts/names/")
    assert "Known elsewhere, and not on this list" in text_of(page)
    assert browse(owner).post("/posts/names/", {"lines": "x" * 201}).status_code == 422
    assert browse(owner).post("/posts/names/", {"lines": "\n".join(map(str, range(301)))}).status_code == 422


# From a phone


def test_the_page_can_be_installed_and_shared_to() -> None:
    from django.contrib.staticfiles import finders

    found = json.loads(Path(str(finders.find("posts/doorframe.webmanifest"))).read_text(encoding="utf-8"))
    assert found["share_target"]["method"] == "POST" and found["share_target"]["action"] == "/posts/share/"
    assert found["display"] == "standalone" and found["start_url"].startswith("/posts/")


@pytest.mark.promise("F10")
def test_what_a_phone_hands_over_stands_in_the_form_and_is_kept_nowhere(owner: Membership, browse: Browse) -> None:
    data = {"title": "A thought", "text": STORY, "url": "https://x.example/"}
    page = browse(owner).post("/posts/share/", data, headers=FROM_THE_PHONE)
    assert page.status_code == 200 and "no-store" in page["Cache-Control"]
    assert soup(page).select_one("textarea").get_text().strip() == f"A thought\n{STORY}\nhttps://x.example/"
    assert not Post.objects.exists()
    assert soup(page).select_one("form.write [name=csrfmiddlewaretoken]")
    assert browse(owner).get("/posts/share/").status_code == 405


@pytest.mark.parametrize("site", ["cross-site", "same-site", "", None])
def test_another_website_hands_nothing_over(owner: Membership, browse: Browse, site: str | None) -> None:
    headers = {} if site is None else {"sec-fetch-site": site}
    page = browse(owner).post("/posts/share/", {"text": STORY}, headers=headers)
    assert page.status_code == 403 and "Lisbon" not in page.content.decode()


def test_who_is_signed_out_hands_nothing_over() -> None:
    page = Client().post("/posts/share/", {"text": STORY}, headers=FROM_THE_PHONE)
    assert page.status_code == 302 and "Lisbon" not in page["Location"]


# No word in a log, an error or an address


@pytest.mark.promise("C10")
def test_no_word_reaches_a_log_an_error_or_an_address(
    owner: Membership, browse: Browse, screener: Fake, monkeypatch: pytest.MonkeyPatch
) -> None:
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(QuietFormatter())
    logging.getLogger().addHandler(handler)
    browser = browse(owner)
    browser.raise_request_exception = False
    places = []
    try:
        for path in ("/posts/check/", "/posts/new/", "/posts/log/", "/posts/names/", "/posts/share/"):
            answer = browser.post(path, fields(STORY, search=STORY, lines=STORY, do="keep"), headers=FROM_THE_PHONE)
            places.append(answer.get("Location", ""))

        def fail(draft: Draft, **_given: Any) -> Verdict:
            raise ValueError(draft.text)

        monkeypatch.setattr(screener, "screen", fail)
        for path in ("/posts/check/", "/posts/new/"):
            answer = browser.post(path, fields(STORY, do="check"))
            assert answer.status_code == 500 and "Lisbon" not in answer.content.decode()
    finally:
        logging.getLogger().removeHandler(handler)
    written = stream.getvalue()
    assert written.count("ValueError raised at") == 2
    for word in ("Lisbon", "Saturday", GRAVE):
        assert word not in written and word not in str(places)


# The list


def test_the_list_shows_each_state_and_goes_on(owner: Membership, write: Write, browse: Browse) -> None:
    assert "Nothing is written yet" in text_of(browse(owner).get("/posts/"))
    for number in range(queries.PAGE + 1):
        write(owner, f"Number {number}.")
    page = soup(browse(owner).get("/posts/"))
    assert len(page.select(".posts > li")) == queries.PAGE
    assert page.find("a", rel="next")["href"] == "?after=20"
    assert len(soup(browse(owner).get("/posts/?after=20")).select(".posts > li")) == 1
    assert "No post stands here now" in text_of(browse(owner).get("/posts/?state=approved"))
    assert browse(owner).get("/posts/?state=nothing&after=x").status_code == 200
