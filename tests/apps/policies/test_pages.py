"""Pages cost the same with one policy or ten thousand, and whatever people type stays words."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.db import connection
from django.test.utils import CaptureQueriesContext

from doorframe.apps.library import queries as library
from doorframe.apps.members.models import Membership
from doorframe.apps.policies import actions, documents
from doorframe.apps.policies.models import Version
from doorframe.apps.policies.states import State
from tests.apps.policies.conftest import COMPLETE

# Session, person and memberships are three of these; on Today the other rooms ask too. The check compares with the
# version before.
MOST = {"/policy/": 5, "/policy/?after=20": 5, "/": 18, "check/": 8, "text/": 5, "q/friending/": 5, "": 6}


def many(owner: Membership, number: int, at: datetime) -> None:
    """So many further versions of every state that a practice can hold many of."""
    states = [State.DRAFT, State.IN_REVIEW, State.APPROVED, State.RETIRED]
    Version.objects.bulk_create(
        Version(
            practice=owner.practice, title=f"Policy {count}", state=states[count % 4], answers=COMPLETE, author=owner,
            editors=[], created_at=at, changed_at=at + timedelta(seconds=count), submitted_at=at,
            number=count + 10 if count % 4 == 3 else None, in_force_from=at.date(), retired_at=at,
        )
        for count in range(number)
    )  # fmt: skip


def cost(browser: Any, address: str) -> int:
    with CaptureQueriesContext(
        connection,
    ) as queries:
        assert browser.get(address).status_code == 200, address
    return len(queries)


@pytest.mark.parametrize("group_rule", [False, True])
def test_queries_are_the_same_with_one_and_ten_thousand(
    owner: Membership, made: Any, signed_in: Any, now: datetime, group_rule: bool
) -> None:
    draft, issued = made(owner), made(owner, State.PUBLISHED)
    owner.practice.two_person_rule = group_rule
    owner.practice.save()
    made_already, browser = 0, signed_in(owner)
    pages = {
        **{path: path for path in MOST if path.startswith("/")},
        **{path: f"/policy/{draft.uid}/{path}" for path in MOST if path and not path.startswith("/")},
        "": f"/policy/{issued.uid}/",
    }
    browser.get("/")
    found: list[dict[str, int]] = []
    for number in (1, 10, 100, 10_000):
        many_more = number - made_already
        Version.objects.filter(title__startswith="Policy ").delete()
        many(owner, number, now)
        assert many_more > 0
        made_already = number
        found.append({path: cost(browser, address) for path, address in pages.items()})
    assert all(one == found[-1] for one in found[1:]), found
    for path, most in MOST.items():
        assert max(one[path] for one in found) <= most, (path, found)


def test_a_long_list_is_shown_by_pages(owner: Membership, signed_in: Any, now: datetime) -> None:
    many(owner, 45, now)
    browser, seen = signed_in(owner), []
    address = "/policy/"
    while address:
        soup = BeautifulSoup(browser.get(address).content, "html.parser")
        seen += [str(b.get_text()) for b in soup.select(".due b")]
        following = soup.find("a", rel="next")
        address = f"/policy/{following['href']}" if following else ""
    assert sorted(seen) == sorted(f"Policy {count}" for count in range(45))
    for odd in ("x", "-1", "²", "٣", "9" * 400, "", "1e3", "'"):
        assert browser.get("/policy/", {"after": odd}).status_code == 200


# --- Whatever people type -----------------------------------------------------------------------------------------

HOSTILE = {
    "script": "<script>alert(1)</script>",
    "attribute": '" onmouseover="alert(1)" x="',
    "template": "{{ 7*7 }}{% now 'Y' %}{practice_name}",
    "typst": '#let x = 1 #read("/etc/passwd") $ * _ @a',
    "right to left": "\u202e\u05e9\u05dc\u05d5\u05dd \u0645\u0631\u062d\u0628\u0627",
    "emoji": "🌿👩🏽\u200d⚕\ufe0f🇺🇸",
    "nul": "a\x00b\x07c\x1b[31m\u2028",
    "spreadsheet": "=1+1|cmd",
    "markdown": "](javascript:alert(1)) `x` ![y](http://z.example/p.gif) <!-- ",
}


@pytest.mark.parametrize("case", HOSTILE)
def test_hostile_words_stay_words_on_every_page(owner: Membership, signed_in: Any, now: datetime, case: str) -> None:
    text, browser = HOSTILE[case], signed_in(owner)
    version = actions.start_version(actor=owner, at=now, answers=COMPLETE)
    stem = f"/policy/{version.uid}"
    for screen, answers in (
        ("practice", {"practice": "solo", "practice_name": text, "therapist_name": f"Dr {text}"}),
        ("contact", {"phone": text[:40], "phone_use": text, "address": f"1\n{text}", "email": "a@b.example",
                     "response_time": text}),
        ("accounts", {"accounts-rows": "1", "accounts-0-platform": "instagram", "accounts-0-handle": text,
                      "accounts-0-kind": "professional", "accounts-0-purpose": text}),
    ):  # fmt: skip
        for path in (f"{stem}/q/{screen}/save/", f"{stem}/q/{screen}/"):
            answer = browser.post(path, {**answers, "revision": Version.objects.get().revision, "continue": "1"})
            assert answer.status_code in {200, 302}, (screen, answer.content.decode()[:3000])
    version.refresh_from_db()
    assert "\x00" not in str(version.answers)
    version = actions.rename_version(version=version, actor=owner, at=now, title=text)
    pages = ["/", "/policy/", f"{stem}/check/", f"{stem}/text/", f"{stem}/go-on/"]
    pages += [f"{stem}/q/{screen.id}/" for screen in library.pack().screens[::4]]
    kept = " ".join(str(version.answers["practice_name"]).split())
    seen = 0
    for path in pages:
        answer = browser.get(path, follow=True)
        assert answer.status_code == 200, path
        soup = BeautifulSoup(answer.content, "html.parser")
        assert "alert(1)" not in " ".join(script.get_text() for script in soup.find_all("script")), path
        for tag in soup.find_all(True):
            assert not [name for name in tag.attrs if name.startswith("on")], (path, tag)
            assert not str(tag.get("href", "")).lower().startswith(("javascript:", "data:")), (path, tag)
        assert not soup.find("img", src=True)
        assert "49" not in soup.get_text() or case != "template"
        seen += kept in " ".join(soup.get_text(" ").split())
    assert seen >= 2, "the words themselves are shown"
    for name, format, _ in documents.outputs():
        assert browser.get(f"{stem}/documents/{name}.{format}").status_code == 200, (name, format)
    exported = browser.get(f"{stem}/answers.toml").content
    from django.core.files.uploadedfile import SimpleUploadedFile

    browser.post("/policy/import/", {"answers": SimpleUploadedFile("answers.toml", exported)})
    assert Version.objects.latest("pk").answers == version.answers


def test_a_change_note_is_words_too(owner: Membership, made: Any, signed_in: Any) -> None:
    first, browser = made(owner, State.PUBLISHED), signed_in(owner)
    browser.post("/policy/start/", {"based_on": first.uid})
    version = Version.objects.get(state=State.DRAFT)
    note = "".join(HOSTILE.values()) * 30
    answer = browser.post(f"/policy/{version.uid}/publish/", {"change_note": note, "material": "yes"})
    assert answer.status_code == 302
    version.refresh_from_db()
    assert (version.state, version.material, len(version.change_note)) == ("published", True, 2000)
    assert "\x00" not in version.change_note
    for path in ("/policy/", f"/p/{owner.practice.slug}/versions/"):
        soup = BeautifulSoup(browser.get(path).content, "html.parser")
        assert "alert(1)" not in " ".join(script.get_text() for script in soup.find_all("script"))


ODD: dict[str, Callable[[dict[str, Any]], dict[str, Any]]] = {
    "no revision": lambda fields: {key: value for key, value in fields.items() if key != "revision"},
    "a superscript": lambda fields: {**fields, "revision": "²", "accounts-rows": "²"},
    "a huge number": lambda fields: {**fields, "revision": "9" * 5000, "accounts-rows": "9" * 5000},
    "a negative one": lambda fields: {**fields, "revision": "-1", "accounts-rows": "-1"},
    "words": lambda fields: {**fields, "revision": "x", "accounts-rows": "x"},
    "an unknown choice": lambda fields: {**fields, "friending": "<b>", "clients": ["x"], "clients-shown": "1"},
    "an unknown field": lambda fields: {**fields, "banana": "1", "state": "published", "number": "7"},
    "a list for one": lambda fields: {**fields, "friending": ["decline", "case-by-case"]},
    "nothing": lambda fields: {},
}


@pytest.mark.parametrize("case", ODD)
@pytest.mark.parametrize("screen", ["friending", "accounts", "clients", "crisis", "contact", "country"])
def test_whatever_a_browser_sends_is_answered(
    owner: Membership, made: Any, signed_in: Any, case: str, screen: str
) -> None:
    version, browser = made(owner), signed_in(owner)
    sent = ODD[case]({"revision": "0", "friending": "decline", "continue": "1", "accounts-rows": "0"})
    for path in ("", "save/"):
        answer = browser.post(f"/policy/{version.uid}/q/{screen}/{path}", sent)
        assert answer.status_code in {200, 302, 409, 422}, path
    version.refresh_from_db()
    assert (version.state, version.number) == ("draft", None)
    assert set(version.answers) <= set(library.pack().fields)
    kept = {key: version.answers[key] for key in COMPLETE if key != "clients"}
    assert kept == {key: COMPLETE[key] for key in kept}, "what was not on the page stands as it was"


@pytest.mark.promise("B4")
def test_today_shows_what_somebody_else_wrote(
    group: Membership, in_role: Any, made: Any, signed_in: Any, now: datetime
) -> None:
    from doorframe.apps.members.roles import Role

    supervisor, clinician = in_role(group, Role.SUPERVISOR), in_role(group, Role.CLINICIAN)
    for minutes in range(7):
        made(supervisor, State.IN_REVIEW, at=now + timedelta(minutes=minutes))
    theirs = made(clinician, State.IN_REVIEW, at=now + timedelta(hours=1))
    page = signed_in(supervisor).get("/").content.decode()
    assert page.count("<b>A policy waits for your approval</b>") == 1 and str(theirs.uid) in page
    assert "Written by A Clinician." in page
    assert signed_in(group).get("/").content.decode().count("<b>A policy waits for your approval</b>") == 5
    assert "waits for your approval" not in signed_in(clinician).get("/").content.decode()


def test_a_question_that_an_answer_brings_up_is_asked_and_is_no_fault(
    owner: Membership, made: Any, signed_in: Any
) -> None:
    version, browser = made(owner), signed_in(owner)
    address = f"/policy/{version.uid}/q/friending/"
    answer = browser.post(address, {"friending": "decline-current", "revision": "0", "continue": "1"})
    soup = BeautifulSoup(answer.content, "html.parser")
    assert answer.status_code == 200
    assert "brings up one more question" in soup.get_text() and not soup.select(".wrong, .error-summary")
    field = soup.find("input", id="id_friending_years")
    assert field is not None and field["value"] == "two years"
    version.refresh_from_db()
    assert (version.answers["friending"], version.done) == ("decline-current", [])
    sent = {"friending": "decline-current", "friending_years": "five years", "continue": "1"}
    answer = browser.post(address, {**sent, "revision": version.revision})
    assert answer.status_code == 302
    version.refresh_from_db()
    assert (version.answers["friending_years"], version.done) == ("five years", ["friending"])


def test_a_needed_answer_that_is_missing_is_named_and_the_rest_is_kept(
    owner: Membership, made: Any, signed_in: Any
) -> None:
    version, browser = made(owner, practice_name="", therapist_name=""), signed_in(owner)
    sent = {"practice": "group", "practice_name": "", "therapist_name": "Jo", "revision": "0", "continue": "1"}
    answer = browser.post(f"/policy/{version.uid}/q/practice/", sent)
    soup = BeautifulSoup(answer.content, "html.parser")
    assert answer.status_code == 422
    assert [str(link["href"]) for link in soup.select(".error-summary a")] == ["#id_practice_name"]
    assert "Please answer this. Everything else is kept." in soup.get_text()
    version.refresh_from_db()
    assert (version.answers["practice"], version.answers["therapist_name"]) == ("group", "Jo")
    assert "practice" not in version.done
