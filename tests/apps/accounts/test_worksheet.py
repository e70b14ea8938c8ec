"""The worksheet: kept as it is written, decided once, printed as it was."""

from __future__ import annotations

import io
from datetime import datetime, timedelta

import pytest
from bs4 import BeautifulSoup
from django.core.exceptions import PermissionDenied
from django.http import Http404
from pypdf import PdfReader

from doorframe.apps.accounts import actions, queries, questions, record, rules, today
from doorframe.apps.accounts.models import Account, Outcome, Worksheet
from doorframe.apps.library import queries as library
from doorframe.apps.members.models import Membership
from doorframe.apps.members.roles import Role
from doorframe.apps.trail.models import Event
from tests.apps.accounts.conftest import Browse

ANSWERS: dict[str, object] = {
    "benefit-public": "much", "risk-messages": "serious",
    "risk-messages_controls": ["messages-off", "messages-profile"],
    "risk-messages_remark": "Nobody reads them.", "purpose": "short films about sleep", "who_posts": "Dr Cole",
    "two_factor": "yes", "recovery": "the safe", "alternatives": ["website"], "outcome": "open",
    "reason": "Teenagers look there first.", "review": "quarter",
}  # fmt: skip
NASTY = '<b>x</b> {{ y }} #let "quoted" ‮ 😀'


def save(worksheet: Worksheet, actor: Membership, at: datetime, **more: object) -> Worksheet:
    answers = {**ANSWERS, **more}
    return actions.save_worksheet(worksheet=worksheet, actor=actor, at=at, answers=answers, revision=0)


@pytest.fixture
def decided(worksheet: Worksheet, owner: Membership, now: datetime) -> Worksheet:
    save(worksheet, owner, now)
    return actions.decide(worksheet=worksheet, actor=owner, at=now)


@pytest.mark.promise("A10")
def test_the_worksheet_asks_for_benefits_risks_controls_and_the_decision(owner: Membership) -> None:
    found = questions.checklist(owner.practice)
    assert [section.id for section in found.sections] == ["benefits", "risks", "running", "alternatives", "decision"]
    risks = next(section for section in found.sections if section.id == "risks")
    asked = " ".join(f"{item.title} {item.explain}" for item in risks.items).lower()
    for word in ("see it", "contacts", "direct messages", "comments", "reviews", "tracking", "private life",
                 "recognizes"):  # fmt: skip
        assert word in asked, word
    assert all(len(item.fields[1].options) >= 3 for item in risks.items), "each risk offers its own controls"
    assert {option.id for option in found.fields["outcome"].options} == set(Outcome.values)


@pytest.mark.promise("A10")
def test_a_decision_is_kept_with_the_register_and_leads_to_an_entry(
    decided: Worksheet, owner: Membership, browse: Browse
) -> None:
    client = browse(owner)
    page = BeautifulSoup(client.get("/accounts/").content, "html.parser")
    assert page.select_one(f'a[href="/accounts/decisions/{decided.uid}/"]') is not None
    own = BeautifulSoup(client.get(f"/accounts/decisions/{decided.uid}/").content, "html.parser")
    link = own.select_one("main .note a")
    assert link is not None
    form = BeautifulSoup(client.get(str(link["href"])).content, "html.parser")
    assert form.select_one("#id_purpose")["value"] == "short films about sleep"  # type: ignore[index]
    assert form.select_one("#id_platform option[selected]")["value"] == "tiktok"  # type: ignore[index]
    posted = {"platform": "tiktok", "handle": "@lane", "kind": "professional", "two_factor": "yes"}
    assert client.post(str(link["href"]), posted).status_code == 302
    decided.refresh_from_db()
    assert decided.account == Account.objects.get(platform="tiktok")
    assert client.post(str(link["href"]), {**posted, "handle": "@twice"}).status_code == 302
    assert Account.objects.count() == 1


def test_only_a_decision_to_open_becomes_an_entry(
    worksheet: Worksheet, owner: Membership, now: datetime, values: dict[str, object]
) -> None:
    with pytest.raises(rules.NotNow):
        actions.add_account(actor=owner, at=now, values=values, worksheet=worksheet)
    save(worksheet, owner, now, outcome="wait")
    waits = actions.decide(worksheet=worksheet, actor=owner, at=now)
    with pytest.raises(rules.NotNow):
        actions.add_account(actor=owner, at=now, values=values, worksheet=waits)
    assert not Account.objects.exists()


@pytest.mark.promise("A10")
def test_the_record_prints_as_a_pdf_with_the_words_of_the_page(
    decided: Worksheet, owner: Membership, browse: Browse
) -> None:
    client = browse(owner)
    answer = client.get(f"/accounts/decisions/{decided.uid}.pdf")
    assert answer["Content-Type"] == "application/pdf"
    words = " ".join(" ".join(page.extract_text() for page in PdfReader(io.BytesIO(answer.content)).pages).split())
    page = client.get(f"/accounts/decisions/{decided.uid}/").content.decode()
    for said in ("Teenagers look there first.", "Switch messages off", "Direct messages", "Serious", "In three months"):
        assert said in words, said
        assert said in page, said
    assert record.file(decided) == record.file(decided)


def test_the_record_stands_when_the_questions_change(decided: Worksheet, monkeypatch: pytest.MonkeyPatch) -> None:
    before = record.page(decided)
    monkeypatch.setitem(library.pack().checklists, "open-account", None)
    assert record.page(Worksheet.objects.get(pk=decided.pk)) == before
    assert "Teenagers look there first." in before


def test_what_is_decided_stands_still(decided: Worksheet, owner: Membership, now: datetime, browse: Browse) -> None:
    with pytest.raises(rules.NotNow):
        save(decided, owner, now, reason="Something else")
    with pytest.raises(rules.NotNow):
        actions.delete_worksheet(worksheet=decided, actor=owner, at=now)
    with pytest.raises(rules.NotNow):
        actions.decide(worksheet=decided, actor=owner, at=now)
    client = browse(owner)
    address = f"/accounts/worksheet/{decided.uid}/"
    assert client.get(address).headers["Location"] == f"/accounts/decisions/{decided.uid}/"
    assert client.post(address, {"reason": "Something else", "decide": "1"}).status_code == 302
    assert Worksheet.objects.get().answers["reason"] == ANSWERS["reason"]


@pytest.mark.parametrize("missing", ["outcome", "reason"])
def test_nothing_is_decided_without_an_outcome_and_a_reason(
    worksheet: Worksheet, owner: Membership, now: datetime, browse: Browse, missing: str
) -> None:
    save(worksheet, owner, now, **{missing: ""})
    with pytest.raises(actions.NotDecided) as refusal:
        actions.decide(worksheet=worksheet, actor=owner, at=now)
    assert refusal.value.missing == [missing]
    kept = {**ANSWERS, missing: ""}
    answer = browse(owner).post(f"/accounts/worksheet/{worksheet.uid}/", {**kept, "revision": "9", "decide": "1"})
    soup = BeautifulSoup(answer.content, "html.parser")
    assert answer.status_code == 422
    links = [str(link["href"]) for link in soup.select(".error-summary a")]
    assert len(links) == 1 and soup.select_one(links[0]) is not None
    assert Worksheet.objects.get().is_draft


@pytest.mark.promise("A10")
def test_a_worksheet_is_kept_and_resumed(
    worksheet: Worksheet, owner: Membership, now: datetime, browse: Browse
) -> None:
    client = browse(owner)
    address = f"/accounts/worksheet/{worksheet.uid}/"
    posted = {"risk-audience": "small", "risk-audience_controls": ["hide-lists"], "reason": "So far.\nMore later.",
              "save": "1", "revision": "0"}  # fmt: skip
    assert client.post(address, posted).status_code == 302
    soup = BeautifulSoup(client.get(address).content, "html.parser")
    assert soup.select_one("#id_risk-audience_small[checked]") is not None
    assert soup.select_one("#id_risk-audience_controls_hide-lists[checked]") is not None
    assert soup.select_one("#id_reason").get_text().strip() == "So far.\nMore later."  # type: ignore[union-attr]
    item = next(iter(today.items(owner, now=now)))
    assert item.link == address and "TikTok (@lane)" in item.title
    client.post(f"{address}delete/")
    assert list(today.items(owner, now=now)) == [] and not Worksheet.objects.exists()


def test_two_tabs_never_overwrite_each_other_in_silence(
    worksheet: Worksheet, owner: Membership, now: datetime, browse: Browse
) -> None:
    save(worksheet, owner, now, reason="From the other tab")
    with pytest.raises(actions.Conflict) as conflict:
        save(worksheet, owner, now, reason="From this tab")
    assert conflict.value.fields == ["reason"]
    address = f"/accounts/worksheet/{worksheet.uid}/"
    answer = browse(owner).post(address, {**ANSWERS, "reason": "From this tab", "revision": "0", "save": "1"})
    assert answer.status_code == 409
    assert "From this tab" in answer.content.decode()
    assert Worksheet.objects.get().answers["reason"] == "From the other tab"
    again = browse(owner).post(address, {**ANSWERS, "reason": "From this tab", "revision": "1", "save": "1"})
    assert again.status_code == 302
    assert Worksheet.objects.get().answers["reason"] == "From this tab"


def test_each_step_is_on_the_trail_without_words(decided: Worksheet, owner: Membership) -> None:
    rows = Event.objects.for_practice(owner.practice).filter(name__startswith="accounts.").order_by("seq")
    assert [row.name for row in rows] == [f"accounts.worksheet.{step}" for step in ("started", "saved", "decided")]
    assert "Teenagers" not in str([row.data for row in rows])


@pytest.mark.promise("L3")
def test_another_practice_has_no_part_in_it(
    decided: Worksheet, owner: Membership, stranger: Membership, now: datetime, browse: Browse,
    values: dict[str, object],
) -> None:  # fmt: skip
    draft = actions.start_worksheet(actor=owner, at=now, platform="x", handle="", kind="personal")
    assert queries.drafts(stranger.practice) == queries.decisions(stranger.practice) == []
    for item in (draft, decided):
        with pytest.raises(Http404):
            queries.worksheet(stranger.practice, item.uid)
    for step in (
        lambda: save(draft, stranger, now),
        lambda: actions.decide(worksheet=draft, actor=stranger, at=now),
        lambda: actions.delete_worksheet(worksheet=draft, actor=stranger, at=now),
        lambda: actions.add_account(actor=stranger, at=now, values=values, worksheet=decided),
    ):
        with pytest.raises(PermissionDenied):
            step()
    client = browse(stranger)
    for address in (f"worksheet/{draft.uid}/", f"decisions/{decided.uid}/", f"decisions/{decided.uid}.pdf",
                    f"add/?from={decided.uid}"):  # fmt: skip
        assert client.get(f"/accounts/{address}").status_code == 404, address
    for address in (f"worksheet/{draft.uid}/", f"worksheet/{draft.uid}/save/", f"worksheet/{draft.uid}/delete/",
                    f"decisions/{decided.uid}/again/"):  # fmt: skip
        assert client.post(f"/accounts/{address}", ANSWERS).status_code == 404, address
    assert Worksheet.objects.get(pk=draft.pk).answers == {}


@pytest.mark.promise("L2")
@pytest.mark.parametrize("role", Role.values)
def test_each_role_reads_and_writes_what_it_may(
    worksheet: Worksheet, owner: Membership, now: datetime, browse: Browse, role: str
) -> None:
    save(worksheet, owner, now)
    done = actions.decide(worksheet=worksheet, actor=owner, at=now)
    draft = actions.start_worksheet(actor=owner, at=now, platform="x", handle="", kind="personal")
    owner.role = role
    owner.save()
    reads, writes = role != Role.MODERATOR, role in {Role.OWNER, Role.SUPERVISOR, Role.CLINICIAN}
    client = browse(owner)
    for address in (f"decisions/{done.uid}/", f"decisions/{done.uid}.pdf"):
        assert client.get(f"/accounts/{address}").status_code == (200 if reads else 403)
    assert client.get(f"/accounts/worksheet/{draft.uid}/").status_code == (200 if writes else 403)
    saved = client.post(f"/accounts/worksheet/{draft.uid}/save/", {"reason": "Because"})
    assert saved.status_code == (200 if writes else 403)
    assert bool(Worksheet.objects.get(pk=draft.pk).answers) is writes
    assert bool(list(today.items(owner, now=now))) is writes


def test_hostile_words_stay_words(worksheet: Worksheet, owner: Membership, browse: Browse) -> None:
    client = browse(owner)
    address = f"/accounts/worksheet/{worksheet.uid}/"
    answer = client.post(address, {"reason": NASTY, "outcome": "not-open", "talked_to": NASTY, "decide": "1"})
    assert answer.status_code == 302
    page = client.get(answer.headers["Location"]).content.decode()
    assert "<b>x</b>" not in page and "&lt;b&gt;x&lt;/b&gt; {{ y }} #let" in page
    pdf = client.get(f"/accounts/decisions/{worksheet.uid}.pdf")
    words = " ".join(part.extract_text() for part in PdfReader(io.BytesIO(pdf.content)).pages)
    assert "<b>x</b> {{ y }} #let" in words


def test_what_cannot_be_kept_is_named_and_nothing_typed_is_lost(
    worksheet: Worksheet, owner: Membership, browse: Browse
) -> None:
    client = browse(owner)
    posted = {"outcome": "burn-it", "reason": "y" * 3000, "talked_to": "A colleague", "decide": "1"}
    answer = client.post(f"/accounts/worksheet/{worksheet.uid}/", posted)
    soup = BeautifulSoup(answer.content, "html.parser")
    assert answer.status_code == 422
    assert len(soup.select(".error-summary li")) == 2
    assert soup.select_one("#id_reason").get_text().strip() == "y" * 3000  # type: ignore[union-attr]
    assert Worksheet.objects.get().answers["talked_to"] == "A colleague"
    assert Worksheet.objects.get().is_draft


def test_an_account_that_is_there_can_be_thought_over_and_closed(
    owner: Membership, account: Account, browse: Browse
) -> None:
    client = browse(owner)
    started = client.post(f"/accounts/worksheet/new/?account={account.uid}").headers["Location"]
    assert "Should this account stay?" in client.get(started).content.decode()
    posted = {"outcome": "close", "reason": "Nobody has time for it.", "decide": "1"}
    page = client.get(client.post(started, posted).headers["Location"]).content.decode()
    assert f"/accounts/{account.uid}/close/" in page


def test_thinking_again_starts_from_the_answers_but_not_from_the_decision(
    decided: Worksheet, owner: Membership, browse: Browse
) -> None:
    browse(owner).post(f"/accounts/decisions/{decided.uid}/again/")
    again = Worksheet.objects.get(decided_at__isnull=True)
    assert again.answers["risk-messages"] == "serious"
    assert not {"outcome", "reason", "review"} & set(again.answers)


def test_decisions_come_in_pages(owner: Membership, now: datetime, browse: Browse) -> None:
    for number in range(queries.PAGE + 1):
        at = now + timedelta(minutes=number)
        item = actions.start_worksheet(actor=owner, at=at, platform="x", handle=f"@n{number}", kind="personal")
        save(item, owner, at)
        actions.decide(worksheet=item, actor=owner, at=at)
    client = browse(owner)
    first, second = (client.get(f"/accounts/?after={after}").content.decode() for after in (0, queries.PAGE))
    assert "@n20" in first and "(@n0)" not in first
    assert "(@n0)" in second and "@n20" not in second
    assert client.get("/accounts/?after=1e9").status_code == 200


@pytest.mark.parametrize("name", ["close-account", "../open-account", "open-account.toml", ""])
def test_only_a_worksheet_that_the_content_knows_is_read(owner: Membership, name: str) -> None:
    assert questions.checklist(owner.practice).id == "open-account"
    with pytest.raises(Http404):
        questions.checklist(owner.practice, name)
