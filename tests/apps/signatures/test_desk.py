"""The practice's own pages about one acknowledgement: what each role sees, each step, and that no link leaks."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.contrib.sessions.models import Session
from django.test import Client as Browser
from django.utils import timezone

from doorframe.adapters import seal_pdf
from doorframe.apps.clients import actions as clients
from doorframe.apps.clients.models import Capacity as Holds
from doorframe.apps.clients.models import Client, Status
from doorframe.apps.jobs import registry as jobs
from doorframe.apps.mail import registry as letters
from doorframe.apps.members.actions import add_member
from doorframe.apps.members.models import Membership
from doorframe.apps.members.roles import Role
from doorframe.apps.signatures import happening, queries, tokens, trail_words
from doorframe.apps.signatures.actions import answering, asking, questions, visits
from doorframe.apps.signatures.models import Acknowledgement, Explanation, Link, Seal, Signer
from doorframe.apps.signatures.states import Answer, Method, State
from doorframe.apps.trail.models import Event
from tests.apps.signatures.conftest import BACKEND, publish, work

QUESTION, REASON = "Do you read my posts at night?", "I would rather not say it on a screen"
NASTY = '<script>alert(1)</script> "{{ x }}" {% now "Y" %} =1+1 é 😀'


@pytest.fixture
def colleague(owner: Membership, now: datetime) -> Membership:
    return add_member(actor=owner, email="li@a.example", name="Li Wei", role=Role.CLINICIAN, at=now)


def browse(member: Membership) -> Browser:
    browser = Browser()
    browser.force_login(member.user, backend=BACKEND)
    return browser


def text(answer: Any) -> str:
    main = BeautifulSoup(answer.content, "html.parser").find("main")
    assert main is not None
    return re.sub(r"\s+", " ", main.get_text(" ", strip=True))


def sit(signer: Signer, owner: Membership, at: datetime) -> Any:
    """Her sitting, by a link."""
    link = asking.send_link(signer=signer, actor=owner, at=at)
    return visits.open_link(token=tokens.link_token(link.uid), code="", at=at)[0]


def sign(signer: Signer, owner: Membership, at: datetime) -> None:
    visit = sit(signer, owner, at)
    answering.sign(visit=visit, signer=signer, at=at, signature=answering.Signature("Ana L. Lima", "Words."))


@pytest.fixture
def signed(owner: Membership, asked: Acknowledgement, her: Signer) -> Acknowledgement:
    """She asked, read and signed; the therapist has not."""
    at = timezone.now()
    visit = sit(her, owner, at)
    questions.ask_about(visit=visit, signer=her, at=at, clause="email", title="E-mail", text=QUESTION)
    answering.sign(visit=visit, signer=her, at=at, signature=answering.Signature("Ana L. Lima", "Words."))
    return asked


@pytest.fixture
def complete(owner: Membership, signed: Acknowledgement) -> Acknowledgement:
    """Countersigned and sealed."""
    answering.countersign(item=signed, actor=owner, at=timezone.now())
    work(timezone.now())
    return queries.whole(signed)


def steps(item: Acknowledgement) -> list[tuple[str, str]]:
    """Every address about one acknowledgement, with its method."""
    her = item.signers.order_by("position")[0]
    base, one = f"/acknowledgements/{item.uid}/", f"/acknowledgements/{item.uid}/people/{her.uid}/"
    shown = ["", "explain/", "add/interpreter/", "add/witness/", "countersign/"]
    posts = ["again/", "withdraw/", "verify/", "sealed.pdf", "seal/"]
    return (
        [("get", base + name) for name in shown]
        + [("get", one + name) for name in ("send/", "record/")]
        + [("post", one + "copy/")]
        + [("post", base + name) for name in posts]
        + [("post", f"/acknowledgements/clients/{item.client.uid}/ask/")]
    )


# Who sees what


@pytest.mark.promise("L2")
@pytest.mark.parametrize("role", Role.values)
def test_each_role_reaches_what_it_may(owner: Membership, asked: Acknowledgement, role: str) -> None:
    Membership.objects.filter(pk=owner.pk).update(role=role)
    browser = browse(owner)
    sees = role not in {Role.FRONT_DESK, Role.MODERATOR}
    answers_only = ("explain/", "record/", "countersign/", "verify/", "sealed.pdf", "seal/")
    for method, address in steps(asked):
        status = getattr(browser, method)(address).status_code
        if role == Role.MODERATOR:
            assert status == 404, address
        elif not sees and address.endswith(answers_only):
            assert status == 403, address
        else:
            assert status in {200, 302}, address


@pytest.mark.promise("L2")
def test_a_colleague_reaches_nothing_of_it(signed: Acknowledgement, colleague: Membership) -> None:
    browser = browse(colleague)
    for method, address in steps(signed):
        assert getattr(browser, method)(address).status_code == 404, address
    assert Acknowledgement.objects.get().state == State.SIGNED


@pytest.mark.promise("L3")
def test_another_practice_reaches_nothing_of_it(signed: Acknowledgement, stranger: Membership) -> None:
    browser = browse(stranger)
    for method, address in steps(signed):
        assert getattr(browser, method)(address).status_code == 404, address
        assert browser.post(address, {"code": "no", "how": "paper", "on": "2026-11-01"}).status_code in {404, 405}
    assert Acknowledgement.objects.get().state == State.SIGNED


@pytest.mark.promise("L3")
def test_a_signer_answers_for_their_own_acknowledgement_alone(
    owner: Membership, asked: Acknowledgement, now: datetime
) -> None:
    bo = clients.add_client(actor=owner, at=now, values={"code": "B-1"}, people=[{"name": "Bo"}])
    other = asking.ask(client=bo, paper=asked.paper, actor=owner, at=now)
    foreign = queries.signers(other)[0]
    for name in ("send/", "record/", "copy/"):
        address = f"/acknowledgements/{asked.uid}/people/{foreign.uid}/{name}"
        assert browse(owner).post(address, {"code": "no"}).status_code == 404


@pytest.mark.promise("L2")
def test_the_front_desk_sees_names_and_states_and_never_an_answer(
    owner: Membership, colleague: Membership, asked: Acknowledgement, her: Signer
) -> None:
    at = timezone.now()
    visit = sit(her, owner, at)
    questions.ask_about(visit=visit, signer=her, at=at, clause="email", title="E-mail", text=QUESTION)
    answering.answer_otherwise(visit=visit, signer=her, at=at, answer=Answer.DECLINE, reason=REASON)
    Membership.objects.filter(pk=colleague.pk).update(role=Role.FRONT_DESK)
    desk = browse(colleague)
    pages = [f"/acknowledgements/{asked.uid}/", f"/clients/{asked.client.uid}/", "/clients/", "/acknowledgements/", "/"]
    for address in pages:
        said = text(desk.get(address))
        for secret in (QUESTION, REASON, "ecline", "question wait", "read to the end", "E-mail ·"):
            assert secret not in said, (address, secret)
    assert "Ana Lima" in text(desk.get(pages[0])) and "Has answered" in text(desk.get(pages[0]))
    assert REASON in text(browse(owner).get(pages[0])) and "Declined" in text(browse(owner).get(pages[0]))
    assert QUESTION in text(browse(owner).get(pages[0]))


def test_the_front_desk_sends_a_link(asked: Acknowledgement, her: Signer, colleague: Membership) -> None:
    Membership.objects.filter(pk=colleague.pk).update(role=Role.FRONT_DESK)
    browser = browse(colleague)
    address = f"/acknowledgements/{asked.uid}/people/{her.uid}/send/"
    assert browser.post(address, {"code": "no"}).status_code == 302
    assert Link.objects.count() == 1


# The client's page


def test_the_clients_page_teaches_to_publish_first(owner: Membership, now: datetime) -> None:
    bo = clients.add_client(actor=owner, at=now, values={"code": "B-1"})
    browser = browse(owner)
    assert "Publish your policy first" in text(browser.get(f"/clients/{bo.uid}/"))
    answer = browser.post(f"/acknowledgements/clients/{bo.uid}/ask/", follow=True)
    assert "Publish your policy first" in text(answer)
    assert not Acknowledgement.objects.exists()


def test_a_client_is_asked_from_their_page_once(owner: Membership, ana: Client) -> None:
    browser = browse(owner)
    assert "Ask to read and sign" in text(browser.get(f"/clients/{ana.uid}/"))
    for _ in range(2):
        assert browser.post(f"/acknowledgements/clients/{ana.uid}/ask/").status_code == 302
    assert Acknowledgement.objects.count() == 1
    said = text(browser.get(f"/clients/{ana.uid}/"))
    assert "Waiting for an answer from Ana Lima since" in said and "nothing was sent yet" in said
    assert "Ask to read and sign" not in said


def test_a_newer_version_is_offered_and_the_older_one_stays_below(
    owner: Membership, asked: Acknowledgement, now: datetime
) -> None:
    publish(owner, now + timedelta(days=1), material=True, response_time="within a week")
    browser = browse(owner)
    assert "Ask to read and sign version 2" in text(browser.get(f"/clients/{asked.client.uid}/"))
    browser.post(f"/acknowledgements/clients/{asked.client.uid}/ask/")
    said = text(browser.get(f"/clients/{asked.client.uid}/"))
    assert said.index("version 2") < said.index("version 1") and "A newer version has taken its place" in said
    older = text(browser.get(f"/acknowledgements/{asked.uid}/"))
    assert "Send a link" not in older and "In the room" not in older


def test_nobody_is_asked_who_has_finished(owner: Membership, ana: Client, now: datetime) -> None:
    clients.change_client(client=ana, actor=owner, at=now, values={"status": Status.FORMER})
    browser = browse(owner)
    assert "Ask to read and sign" not in text(browser.get(f"/clients/{ana.uid}/"))
    answer = browser.post(f"/acknowledgements/clients/{ana.uid}/ask/", follow=True)
    assert "has finished here" in text(answer) and not Acknowledgement.objects.exists()


@pytest.mark.promise("C2")
def test_a_couple_is_waited_for_by_name_and_each_reads_for_themselves(
    owner: Membership, ana: Client, now: datetime
) -> None:
    people = [{"name": "Kit Ames", "email": "kit@post.example"}, {"name": "Sam Ames", "email": "sam@post.example"}]
    couple = clients.add_client(actor=owner, at=now, values={"code": "C-1", "kind": "couple"}, people=people)
    browser = browse(owner)
    browser.post(f"/acknowledgements/clients/{couple.uid}/ask/")
    item = Acknowledgement.objects.get()
    assert "Waiting for an answer from Kit Ames and Sam Ames since" in text(browser.get(f"/clients/{couple.uid}/"))
    kit, sam = queries.signers(item)[:2]
    sign(kit, owner, timezone.now())
    assert "Waiting for an answer from Sam Ames since" in text(browser.get(f"/clients/{couple.uid}/"))
    at = timezone.now()
    answering.answer_otherwise(visit=sit(sam, owner, at), signer=sam, at=at, answer=Answer.TALK, reason=REASON)
    said = text(browser.get(f"/acknowledgements/{item.uid}/"))
    assert "Sam Ames would like to talk before signing" in said and "signed with a typed name" in said
    assert f"In their words: “{REASON}”" in said


@pytest.mark.promise("C10")
def test_the_list_says_where_each_stands_in_the_same_number_of_queries(
    owner: Membership, asked: Acknowledgement, now: datetime, django_assert_max_num_queries: Any
) -> None:
    browser = browse(owner)
    assert "Waiting for an answer since" in text(browser.get("/clients/"))
    with django_assert_max_num_queries(30) as first:
        browser.get(f"/clients/{asked.client.uid}/")
    few = len(first)
    for number in range(3):
        publish(owner, now + timedelta(days=number + 1), material=True, response_time=f"within {number + 3} days")
        asking.ask(client=asked.client, paper=queries.current_paper(owner.practice), actor=owner, at=now)
    with django_assert_max_num_queries(few) as later:
        browser.get(f"/clients/{asked.client.uid}/")
    assert len(later) == few


# Sending


@pytest.mark.promise("C6")
def test_a_code_is_shown_once_and_the_link_never(
    owner: Membership, asked: Acknowledgement, her: Signer, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("DEBUG")
    browser = browse(owner)
    address = f"/acknowledgements/{asked.uid}/people/{her.uid}/send/"
    assert text(browser.post(address, {})).count("Nothing was sent yet") == 2
    answer = browser.post(address, {"code": "yes"})
    shown = re.search(r"\b(\d{3}) (\d{3})\b", text(answer))
    assert shown is not None and answer.headers["Cache-Control"].count("no-store") == 1
    code, token = "".join(shown.groups()), tokens.link_token(Link.objects.get().uid)
    assert tokens.is_code(code, Link.objects.get().code_hash)
    later = [browser.get(place).content.decode() for place in (f"/acknowledgements/{asked.uid}/", address, "/mail/")]
    later.append(browser.get(f"/clients/{asked.client.uid}/").content.decode())
    told = [str(row) for row in Event.objects.values_list("data", flat=True)]
    sessions = [json.dumps(Session.objects.get(pk=row.pk).get_decoded()) for row in Session.objects.all()]
    for place in [*later, *told, *sessions, caplog.text]:
        assert code not in place and f"{code[:3]} {code[3:]}" not in place
    for place in [*later, *told, *sessions, caplog.text, answer.content.decode()]:
        assert token not in place
    assert "it opens once, with its code, until" in text(browser.get(f"/acknowledgements/{asked.uid}/"))


def test_links_are_withdrawn(owner: Membership, asked: Acknowledgement, her: Signer) -> None:
    browser = browse(owner)
    browser.post(f"/acknowledgements/{asked.uid}/people/{her.uid}/send/", {"code": "no"})
    assert "Withdraw the links" in text(browser.get(f"/acknowledgements/{asked.uid}/"))
    browser.post(f"/acknowledgements/{asked.uid}/withdraw/")
    said = text(browser.get(f"/acknowledgements/{asked.uid}/"))
    assert "the link was withdrawn" in said and "Withdraw the links" not in said
    assert Browser().get(f"/c/{tokens.link_token(Link.objects.get().uid)}/").status_code == 410


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"email": ""}, "No e-mail address is kept"),
        ({"electronic": False}, "has asked for paper"),
    ],
)
def test_a_link_that_cannot_go_says_why(
    owner: Membership, asked: Acknowledgement, her: Signer, change: dict[str, Any], sentence: str
) -> None:
    asked.client.people.update(**change)
    browser = browse(owner)
    said = text(browser.get(f"/acknowledgements/{asked.uid}/"))
    assert sentence in said and "Send a link" not in said
    answer = browser.post(f"/acknowledgements/{asked.uid}/people/{her.uid}/send/", {"code": "no"}, follow=True)
    assert sentence in text(answer) and not Link.objects.exists()


# In the room


@pytest.mark.promise("C4")
@pytest.mark.parametrize(
    ("how", "method", "state", "words"),
    [
        ("paper", Method.PAPER, State.SIGNED, "signed on paper on 2 November 2026, recorded by Dr Imani Cole"),
        ("verbal", Method.VERBAL, State.SIGNED, "Agreed aloud on 2 November 2026, recorded by Dr Imani Cole"),
        ("declined", Method.NONE, State.DECLINED, "Declined on 2 November 2026, recorded by Dr Imani Cole"),
    ],
)
def test_what_was_said_away_from_the_screen_is_recorded(
    owner: Membership, asked: Acknowledgement, her: Signer, how: str, method: str, state: str, words: str
) -> None:
    browser = browse(owner)
    address = f"/acknowledgements/{asked.uid}/people/{her.uid}/record/"
    sent = {"how": how, "on": "2026-11-02", "reason": NASTY if how == "declined" else ""}
    assert browser.post(address, sent).status_code == 302
    her.refresh_from_db()
    asked.refresh_from_db()
    assert (her.method, asked.state) == (method, state)
    page = browser.get(f"/acknowledgements/{asked.uid}/")
    assert words in text(page)
    assert b"<script>alert" not in page.content
    assert NASTY.split()[0] not in str(list(Event.objects.values_list("data", flat=True)))


@pytest.mark.parametrize("on", ["", "2099-01-01", "yesterday", "2026-13-40"])
def test_a_day_that_has_not_been_is_not_recorded(
    owner: Membership, asked: Acknowledgement, her: Signer, on: str
) -> None:
    browser = browse(owner)
    address = f"/acknowledgements/{asked.uid}/people/{her.uid}/record/"
    answer = browser.post(address, {"how": "paper", "on": on, "reason": "Kept words"})
    assert answer.status_code == 422 and "Kept words" in answer.content.decode()
    assert browser.post(f"/acknowledgements/{asked.uid}/explain/", {"on": on}).status_code == 422
    her.refresh_from_db()
    assert not her.answer and not Explanation.objects.exists()


@pytest.mark.promise("C9")
def test_explained_aloud_stands_with_its_day_and_person(owner: Membership, asked: Acknowledgement) -> None:
    browser = browse(owner)
    browser.post(f"/acknowledgements/{asked.uid}/explain/", {"on": "2026-11-02"})
    assert "On 2 November 2026, by Dr Imani Cole" in text(browser.get(f"/acknowledgements/{asked.uid}/"))


@pytest.mark.promise("C9")
def test_whoever_wants_to_talk_is_asked_again_after_it(owner: Membership, asked: Acknowledgement, her: Signer) -> None:
    at = timezone.now()
    answering.answer_otherwise(visit=sit(her, owner, at), signer=her, at=at, answer=Answer.TALK)
    browser = browse(owner)
    assert "Ana Lima would like to talk before signing" in text(browser.get(f"/acknowledgements/{asked.uid}/"))
    browser.post(f"/acknowledgements/{asked.uid}/explain/", {"on": "2026-11-02"})
    assert "Now ask again" in text(browser.get(f"/acknowledgements/{asked.uid}/"))
    browser.post(f"/acknowledgements/{asked.uid}/again/")
    asked.refresh_from_db()
    assert asked.state == State.OPEN


@pytest.mark.promise("C2")
def test_an_interpreter_and_a_witness_are_named_with_who_they_are(owner: Membership, asked: Acknowledgement) -> None:
    browser = browse(owner)
    base = f"/acknowledgements/{asked.uid}/add/"
    assert browser.post(f"{base}interpreter/", {"name": NASTY}).status_code == 422
    sent = {"name": f"Rosa {NASTY}", "relationship": "Interpreter by profession", "language": "Spanish"}
    assert browser.post(f"{base}interpreter/", sent).status_code == 302
    assert browser.post(f"{base}witness/", {"name": "Tom", "relationship": "King"}).status_code == 422
    assert browser.post(f"{base}witness/", {"name": "Tom", "relationship": "Friend or neighbor"}).status_code == 302
    for capacity in ("client", "guardian", "therapist", "owner"):
        assert browser.get(f"{base}{capacity}/").status_code == 404
    page = browser.get(f"/acknowledgements/{asked.uid}/")
    for words in ("Interpreter, Interpreter by profession, Spanish", "Witness, Friend or neighbor"):
        assert words in text(page)
    assert b"<script>alert" not in page.content


@pytest.mark.promise("C2")
def test_a_guardian_stands_with_the_relationship(owner: Membership, ana: Client, now: datetime) -> None:
    mother = {"name": "June Hart", "capacity": Holds.GUARDIAN, "relationship": "mother", "authority": "custody"}
    mia = clients.add_client(
        actor=owner, at=now, values={"code": "M-1"}, people=[{"name": "Mia Hart", "is_minor": True}, mother]
    )
    browser = browse(owner)
    browser.post(f"/acknowledgements/clients/{mia.uid}/ask/")
    assert "Parent or guardian, mother" in text(browser.get(f"/clients/{mia.uid}/"))


@pytest.mark.promise("C4")
def test_a_printed_copy_that_was_handed_over_is_recorded(
    owner: Membership, complete: Acknowledgement, her: Signer
) -> None:
    browser = browse(owner)
    assert browser.post(f"/acknowledgements/{complete.uid}/people/{her.uid}/copy/").status_code == 302
    assert Event.objects.filter(name="signatures.copy.printed").count() == 1
    assert "Printed copy handed over" in text(browser.get(f"/acknowledgements/{complete.uid}/"))


# Countersigning and proof


@pytest.mark.promise("C2")
def test_the_therapist_countersigns_what_they_have_read(owner: Membership, signed: Acknowledgement) -> None:
    browser = browse(owner)
    page = text(browser.get(f"/acknowledgements/{signed.uid}/countersign/"))
    assert "I have talked about this policy with the client, or offered to" in page
    assert "1 question of theirs is still open" in page and "signed with a typed name" in page
    browser.post(f"/acknowledgements/{signed.uid}/countersign/")
    signed.refresh_from_db()
    assert signed.state == State.COMPLETE
    again = browser.post(f"/acknowledgements/{signed.uid}/countersign/", follow=True)
    assert "once only" in text(again)


def test_nothing_is_countersigned_before_everyone_has_signed(owner: Membership, asked: Acknowledgement) -> None:
    answer = browse(owner).post(f"/acknowledgements/{asked.uid}/countersign/", follow=True)
    assert "once everyone else has signed" in text(answer)
    asked.refresh_from_db()
    assert asked.state == State.OPEN


@pytest.mark.promise("C8")
def test_the_sealed_copy_is_downloaded_verified_and_noted(owner: Membership, complete: Acknowledgement) -> None:
    browser = browse(owner)
    answer = browser.post(f"/acknowledgements/{complete.uid}/sealed.pdf")
    assert answer.headers["Content-Type"] == "application/pdf"
    assert seal_pdf.verify(answer.content).exit_code == 0
    assert seal_pdf.verify(answer.content.replace(b"%PDF-", b"%PDF-", 1)[:-20] + b"x" * 20).exit_code != 0
    assert Event.objects.filter(name="signatures.proof.taken").count() == 1
    assert "It is as it was sealed" in text(browser.post(f"/acknowledgements/{complete.uid}/verify/"))


@pytest.mark.promise("C8")
def test_a_seal_that_was_tampered_with_is_named(owner: Membership, complete: Acknowledgement) -> None:
    seal = Seal.objects.get()
    changed = bytearray(seal.data)
    changed[len(changed) // 3] ^= 1
    seal.data = bytes(changed)
    seal.save()
    said = text(browse(owner).post(f"/acknowledgements/{complete.uid}/verify/"))
    assert "It is as it was sealed" not in said and "not as it was sealed" in said


def test_a_seal_that_could_not_be_made_is_tried_again(
    owner: Membership, signed: Acknowledgement, monkeypatch: pytest.MonkeyPatch
) -> None:
    from doorframe.apps.signatures import proof

    def broken(*_: Any, **__: Any) -> Any:
        raise seal_pdf.SealError("The key cannot be read.")

    at = timezone.now()
    with monkeypatch.context() as patch:
        patch.setattr(proof, "make", broken)
        answering.countersign(item=signed, actor=owner, at=at)
        for hours in range(60):
            work(at + timedelta(hours=hours))
    browser = browse(owner)
    page = browser.get(f"/acknowledgements/{signed.uid}/")
    assert "The key cannot be read. What was signed is kept." in text(page)
    assert "A sealed copy could not be made" in text(browser.get("/"))
    not_yet = browser.post(f"/acknowledgements/{signed.uid}/sealed.pdf", follow=True)
    assert "not made yet" in text(not_yet)
    browser.post(f"/acknowledgements/{signed.uid}/seal/")
    work(timezone.now())
    assert Seal.objects.count() == 1
    assert "A sealed copy could not be made" not in text(browser.get("/"))
    assert "nothing to seal" in text(browser.post(f"/acknowledgements/{signed.uid}/seal/", follow=True))


def test_a_form_kept_open_too_long_changes_nothing(
    owner: Membership, complete: Acknowledgement, her: Signer, door_of: Callable[..., str]
) -> None:
    browser = browse(owner)
    sent = {"how": "declined", "on": "2026-11-02"}
    answer = browser.post(f"/acknowledgements/{complete.uid}/people/{her.uid}/record/", sent, follow=True)
    assert "signed already" in text(answer)
    assert "signed already" in text(browser.post(f"/acknowledgements/{complete.uid}/again/", follow=True))
    complete.refresh_from_db()
    assert complete.state == State.COMPLETE


@pytest.mark.promise("D3")
def test_every_event_has_words_of_its_own() -> None:
    folder = Path(happening.__file__).parent / "actions"
    source = "\n".join(path.read_text(encoding="utf-8") for path in folder.glob("*.py"))
    named = set(re.findall(r'"(signatures\.[a-z-]+\.[a-z-]+)"', source))
    kinds = {kind.name for kind in letters.kinds()} | set(jobs.names())
    assert named - kinds - set(happening.WORDS) - set(trail_words.MORE) == set()
    assert len(named) > 40
