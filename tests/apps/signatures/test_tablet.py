"""The tablet at intake: nothing of the practice is in reach, nothing of one reader shows to the next."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client as Browser
from django.utils import timezone

from doorframe.apps.clients import actions as clients
from doorframe.apps.clients.models import Client
from doorframe.apps.members.models import Membership
from doorframe.apps.signatures import queries, sitting, tokens
from doorframe.apps.signatures.actions import answering, asking, visits
from doorframe.apps.signatures.models import Acknowledgement, Link, Pin, Preferences, Question, Signer, Visit
from doorframe.apps.signatures.states import Capacity
from doorframe.apps.trail import queries as trail
from doorframe.apps.trail.models import Event
from tests.apps.signatures.conftest import ANA, BACKEND, publish

PIN = "482915"
PASSWORD = "a quiet long password"
BEN = {"name": "Ben Ortega", "email": "ben@post.example"}
STAFF = (
    "/", "/clients/", "/acknowledgements/", "/policy/", "/accounts/", "/help/", "/me/login/", "/me/logout/",
    "/me/password/reset/", "/p/harbour-lane/", "/begin/", "/join/x/", "/c/abc/", "/api/", "/api/v1/acknowledgements",
    "/healthz", "/robots.txt", "/practice/people/", "/nowhere", "/readme/", "//read/",
)  # fmt: skip


@pytest.fixture
def couple(owner: Membership) -> Client:
    """Two partners who sign one paper."""
    publish(owner, timezone.now())
    client = clients.add_client(actor=owner, at=timezone.now(), values={"code": "C-2"}, people=[ANA, BEN])
    visits.set_pin(actor=owner, pin=PIN, at=timezone.now())
    return client


@pytest.fixture
def item(owner: Membership, couple: Client) -> Acknowledgement:
    """What the two were asked."""
    return asking.ask(client=couple, paper=queries.current_paper(owner.practice), actor=owner, at=timezone.now())


@pytest.fixture
def ana_and_ben(item: Acknowledgement) -> list[Signer]:
    """Their two lines."""
    return queries.signers(item)[:2]


@pytest.fixture
def desk(owner: Membership) -> Browser:
    """The tablet in the hands of whoever works here."""
    owner.user.set_password(PASSWORD)
    owner.user.save()
    browser = Browser()
    browser.force_login(owner.user, backend=BACKEND)
    return browser


@pytest.fixture
def kiosk(desk: Browser, item: Acknowledgement) -> Browser:
    """The same tablet, handed over."""
    answer = desk.post(f"/acknowledgements/{item.uid}/hand-over/")
    assert answer.status_code == 302 and answer["Location"] == "/read/turns/"
    return desk


def take(kiosk: Browser, signer: Signer) -> Any:
    return kiosk.post("/read/turns/", {"signer": str(signer.uid)})


def sign(kiosk: Browser, signer: Signer) -> None:
    assert take(kiosk, signer)["Location"] == "/read/1/"
    assert kiosk.post("/read/sign/", {"name": signer.name})["Location"] == "/read/done/"
    assert kiosk.post("/read/copy-way/", {"copy": "print"})["Location"] == "/read/turns/"


def words(answer: Any) -> str:
    found: str = answer.content.decode()
    return found


@pytest.mark.promise("C5")
def test_handing_over_ends_the_staff_session_first(desk: Browser, item: Acknowledgement) -> None:
    session = desk.cookies["sessionid"].value
    answer = desk.post(f"/acknowledgements/{item.uid}/hand-over/")
    assert answer["Clear-Site-Data"] == '"cache"' and "no-store" in answer["Cache-Control"]
    thief = Browser()
    thief.cookies["sessionid"] = session
    assert thief.get("/clients/")["Location"].startswith("/me/login/")
    assert not desk.cookies["sessionid"].value
    cookie = desk.cookies[sitting.TABLET]
    assert cookie["httponly"] and cookie["samesite"] == "Lax"
    assert cookie.value not in str(list(Visit.objects.values()))


@pytest.mark.promise("C5")
@pytest.mark.parametrize("path", STAFF)
def test_every_other_address_leads_back(kiosk: Browser, path: str) -> None:
    answer = kiosk.get(path)
    assert (answer.status_code, answer["Location"]) == (302, "/read/turns/")
    refused = kiosk.post(path)
    assert refused.status_code == 403 and "shows one thing" in words(refused)
    assert refused["Cache-Control"] == "no-store"


@pytest.mark.promise("C5")
def test_even_with_a_living_session_the_tablet_shows_nothing_else(kiosk: Browser, owner: Membership) -> None:
    held = kiosk.cookies[sitting.TABLET].value
    kiosk.force_login(owner.user, backend=BACKEND)
    kiosk.cookies[sitting.TABLET] = held
    assert kiosk.get("/clients/")["Location"] == "/read/turns/"


@pytest.mark.promise("C5")
def test_what_a_browser_asks_for_by_itself_ends_nobodys_turn(kiosk: Browser, ana_and_ben: list[Signer]) -> None:
    take(kiosk, ana_and_ben[0])
    assert kiosk.get("/apple-touch-icon.png", headers={"Sec-Fetch-Dest": "image"}).status_code == 403
    assert kiosk.get("/read/1/").status_code == 200


@pytest.mark.promise("C5")
def test_a_stolen_secret_of_the_tablet_gives_no_staff_page(kiosk: Browser) -> None:
    thief = Browser()
    thief.cookies[sitting.TABLET] = kiosk.cookies[sitting.TABLET].value
    assert thief.get("/clients/")["Location"] == "/read/turns/"
    thief.cookies[sitting.COOKIE] = thief.cookies.pop(sitting.TABLET).value
    assert thief.get("/clients/")["Location"].startswith("/me/login/")


@pytest.mark.promise("C5")
@pytest.mark.parametrize("path", ["/read/copy/", "/read/copy.pdf", "/read/document.pdf"])
def test_no_file_is_left_on_the_tablet(kiosk: Browser, ana_and_ben: list[Signer], path: str) -> None:
    take(kiosk, ana_and_ben[0])
    assert kiosk.get(path)["Location"] == "/read/turns/"


@pytest.mark.promise("C5")
def test_no_link_leads_out_of_the_tablet(kiosk: Browser, ana_and_ben: list[Signer]) -> None:
    take(kiosk, ana_and_ben[0])
    page = words(kiosk.get("/read/whole/"))
    assert 'href="http' not in page and 'href="tel:' not in page and 'href="mailto:' not in page
    assert 'href="/read/1/"' in page and "988" in page


@pytest.mark.promise("C5")
def test_staff_pages_are_kept_by_no_browser(desk: Browser, item: Acknowledgement) -> None:
    for path in ("/", "/clients/", "/help/", f"/acknowledgements/{item.uid}/hand-over/", "/nowhere/"):
        assert "no-store" in desk.get(path)["Cache-Control"], path


# Turns


@pytest.mark.promise("C2")
def test_a_couple_signs_in_turn(kiosk: Browser, item: Acknowledgement, ana_and_ben: list[Signer]) -> None:
    ana, ben = ana_and_ben
    sign(kiosk, ana)
    assert "Whose turn" in words(kiosk.get("/read/turns/"))
    sign(kiosk, ben)
    end = words(kiosk.get("/read/turns/"))
    assert "hand the tablet back" in end and "Ana Lima" not in end and "Ben Ortega" not in end
    item.refresh_from_db()
    assert item.state == "signed"
    assert trail.verify(item.practice).is_whole


@pytest.mark.promise("C5")
def test_one_sees_nothing_of_what_the_other_asked(kiosk: Browser, ana_and_ben: list[Signer]) -> None:
    ana, ben = ana_and_ben
    take(kiosk, ana)
    kiosk.post("/read/ask/friending/", {"text": "He reads my phone"})
    assert Question.objects.get().signer == ana
    # handed on without a word: whoever comes to the list ends the turn
    kiosk.get("/read/turns/")
    assert kiosk.get("/read/1/")["Location"] == "/read/"
    for signer in (ben, ana):
        take(kiosk, signer)
        for path in ("/read/1/", "/read/2/", "/read/whole/", "/read/ask/friending/", "/read/turns/"):
            assert "reads my phone" not in words(kiosk.get(path)), (signer, path)


@pytest.mark.promise("C5")
def test_an_answer_once_given_is_out_of_everyones_sight(kiosk: Browser, ana_and_ben: list[Signer]) -> None:
    ana, ben = ana_and_ben
    take(kiosk, ana)
    kiosk.post("/read/answer/", {"choice": "decline", "reason": "Not with him"})
    assert kiosk.get("/read/done/").status_code == 200
    kiosk.get("/read/turns/")
    refused = take(kiosk, ana)
    assert refused.status_code == 409 and "answered already" in words(refused)
    take(kiosk, ben)
    for path in ("/read/done/", "/read/answer/", "/read/turns/"):
        assert "Not with him" not in words(kiosk.get(path, follow=True))


@pytest.mark.promise("C2")
def test_guardian_interpreter_and_witness_sign_on_the_tablet(owner: Membership, desk: Browser) -> None:
    now = timezone.now()
    publish(owner, now, clients=["adults", "minors"])
    visits.set_pin(actor=owner, pin=PIN, at=now)
    people = [
        {"name": "Lia Lima", "is_minor": True},
        {"name": "Ana Lima", "capacity": "guardian", "relationship": "mother", "authority": "parent"},
    ]
    client = clients.add_client(actor=owner, at=now, values={"code": "M-1"}, people=people)
    item = asking.ask(client=client, paper=queries.current_paper(owner.practice), actor=owner, at=now)
    for capacity, name in ((Capacity.INTERPRETER, "Ivo Kern"), (Capacity.WITNESS, "Wilma Ost")):
        asking.add_helper(item=item, actor=owner, at=now, capacity=capacity, values={"name": name})
    desk.post(f"/acknowledgements/{item.uid}/hand-over/")
    for signer in queries.signers(item):
        if signer.member_id is None:
            sign(desk, signer)
    item.refresh_from_db()
    assert item.state == "signed"
    kept = {one.capacity: one for one in queries.signers(item)}
    assert kept["guardian"].relationship == "mother" and kept["witness"].signed_name == "Wilma Ost"


@pytest.mark.promise("C5")
def test_nobody_of_another_paper_takes_a_turn(
    kiosk: Browser, owner: Membership, stranger: Membership, ana_and_ben: list[Signer]
) -> None:
    other = clients.add_client(actor=owner, at=timezone.now(), values={"code": "X-1"}, people=[{"name": "Ada"}])
    item = asking.ask(client=other, paper=queries.current_paper(owner.practice), actor=owner, at=timezone.now())
    for value in (str(queries.signers(item)[0].uid), "", "x", "1", str(ana_and_ben[0].pk)):
        assert "Whose turn" in words(kiosk.post("/read/turns/", {"signer": value}))
        assert kiosk.get("/read/1/")["Location"] == "/read/"


# Silence


def quiet(minutes: float) -> None:
    Visit.objects.update(last_at=timezone.now() - timedelta(minutes=minutes))


@pytest.mark.promise("C5")
def test_after_quiet_minutes_it_is_locked_whatever_is_asked_for(kiosk: Browser, ana_and_ben: list[Signer]) -> None:
    take(kiosk, ana_and_ben[0])
    quiet(2.9)
    assert kiosk.get("/read/1/").status_code == 200
    quiet(3)
    assert kiosk.get("/read/1/")["Location"] == "/read/turns/"
    page = words(kiosk.get("/read/turns/"))
    assert "locked itself" in page and "Ana Lima" not in page and "Ben Ortega" not in page
    for path in ("/read/sign/", "/read/ask/friending/", "/read/whole/done/"):
        assert kiosk.post(path, {"name": "Ana Lima", "text": "x"})["Location"] == "/read/turns/"
    assert not Question.objects.exists()


@pytest.mark.promise("C5")
def test_the_minutes_are_the_practices_own(kiosk: Browser, owner: Membership, ana_and_ben: list[Signer]) -> None:
    Preferences.objects.create(practice=owner.practice, idle_minutes=10)
    take(kiosk, ana_and_ben[0])
    page = words(kiosk.get("/read/1/"))
    assert "after 10 quiet minutes" in page and 'content="600;url=/read/lock/"' in page
    quiet(9)
    assert kiosk.post("/read/awake/").status_code == 204
    quiet(10)
    assert kiosk.post("/read/awake/")["Location"] == "/read/turns/"


@pytest.mark.promise("C5")
def test_a_locked_tablet_opens_for_whoever_says_their_name(kiosk: Browser, ana_and_ben: list[Signer]) -> None:
    ana, ben = ana_and_ben
    sign(kiosk, ana)
    kiosk.get("/read/lock/")
    assert take(kiosk, ben).status_code == 422
    for wrong in ("Carl", "", "Ana Lima"):
        refused = kiosk.post("/read/turns/", {"name": wrong})
        assert refused.status_code == 422 and "Ben" not in words(refused)
    assert kiosk.post("/read/turns/", {"name": "  ben   ortega "})["Location"] == "/read/1/"


@pytest.mark.promise("C5")
def test_nobody_tries_out_who_comes_here(kiosk: Browser) -> None:
    kiosk.get("/read/lock/")
    for _try in range(5):
        kiosk.post("/read/turns/", {"name": "Carl"})
    refused = kiosk.post("/read/turns/", {"name": "Ben Ortega"})
    assert refused.status_code == 422 and "too often" in words(refused)


# Taking it back


@pytest.mark.promise("C5")
def test_the_pin_brings_the_one_back_who_handed_over(kiosk: Browser, owner: Membership) -> None:
    assert kiosk.get("/read/back/").status_code == 200
    before = kiosk.cookies[sitting.TABLET].value
    answer = kiosk.post("/read/back/", {"pin": PIN})
    assert answer["Location"] == "/" and not kiosk.cookies[sitting.TABLET].value
    assert kiosk.get("/clients/").status_code == 200
    # what asks for a fresh proof still asks: the PIN is none
    assert "/me/reauthenticate/" in kiosk.get("/acknowledgements/pin/")["Location"]
    thief = Browser()
    thief.cookies[sitting.TABLET] = before
    assert thief.get("/read/1/").status_code in {302, 410}
    assert thief.get("/clients/")["Location"].startswith("/me/login/")


@pytest.mark.promise("C5")
def test_five_wrong_pins_and_only_a_full_sign_in_follows(kiosk: Browser, owner: Membership) -> None:
    for _try in range(4):
        assert kiosk.post("/read/back/", {"pin": "000000"}).status_code == 422
    last = kiosk.post("/read/back/", {"pin": "000001"})
    assert last["Location"].startswith("/me/login/")
    assert Visit.objects.get().ended_at is not None
    assert kiosk.post("/read/back/", {"pin": PIN}).status_code in {302, 410}
    assert kiosk.get("/clients/")["Location"].startswith("/me/login/")


@pytest.mark.promise("C5")
def test_tries_are_counted_over_all_sittings(kiosk: Browser, owner: Membership, item: Acknowledgement) -> None:
    for _try in range(3):
        kiosk.post("/read/back/", {"pin": "000000"})
    visits.end_visit(visit=Visit.objects.get(), at=timezone.now())
    kiosk.force_login(owner.user, backend=BACKEND)
    kiosk.post(f"/acknowledgements/{item.uid}/hand-over/")
    kiosk.post("/read/back/", {"pin": "000000"})
    assert kiosk.post("/read/back/", {"pin": "000000"})["Location"].startswith("/me/login/")
    # and with a PIN that is spent nothing is handed over any more, until there is a new one
    kiosk.force_login(owner.user, backend=BACKEND)
    assert kiosk.post(f"/acknowledgements/{item.uid}/hand-over/")["Location"].startswith("/acknowledgements/pin/")
    visits.set_pin(actor=owner, pin="771204", at=timezone.now())
    assert kiosk.post(f"/acknowledgements/{item.uid}/hand-over/")["Location"] == "/read/turns/"
    assert kiosk.post("/read/back/", {"pin": "771204"})["Location"] == "/"
    assert Pin.objects.get().tries == 0


@pytest.mark.promise("C5")
@pytest.mark.parametrize("what", ["member", "person", "pin"])
def test_who_no_longer_works_here_does_not_come_back(kiosk: Browser, owner: Membership, what: str) -> None:
    if what == "member":
        Membership.objects.update(is_active=False)
    elif what == "person":
        type(owner.user).objects.update(is_active=False)
    else:
        Pin.objects.all().delete()
    assert kiosk.post("/read/back/", {"pin": PIN})["Location"].startswith("/me/login/")
    assert kiosk.get("/clients/")["Location"].startswith("/me/login/")


@pytest.mark.promise("C5")
def test_a_readers_own_device_has_no_way_to_a_staff_session(owner: Membership, ana_and_ben: list[Signer]) -> None:
    link = asking.send_link(signer=ana_and_ben[0], actor=owner, at=timezone.now())
    phone = Browser()
    phone.post(f"/c/{tokens.link_token(link.uid)}/")
    for path in ("/read/back/", "/read/turns/", "/read/own-phone/"):
        assert phone.post(path, {"pin": PIN, "signer": str(ana_and_ben[1].uid)}).status_code == 302, path
    assert phone.get("/clients/")["Location"].startswith("/me/login/")
    # nor by calling its secret that of a tablet
    phone.cookies[sitting.TABLET] = phone.cookies[sitting.COOKIE].value
    assert phone.get("/clients/")["Location"].startswith("/me/login/")


def test_the_sitting_ends_after_its_hours(kiosk: Browser) -> None:
    Visit.objects.update(ends_at=timezone.now())
    assert kiosk.get("/clients/")["Location"].startswith("/me/login/")
    assert not kiosk.cookies[sitting.TABLET].value


# The PIN


@pytest.fixture
def fresh(desk: Browser) -> Browser:
    """A session that gave its password a moment ago."""
    desk.post("/me/reauthenticate/", {"password": PASSWORD})
    return desk


@pytest.mark.promise("C5")
@pytest.mark.parametrize("pin", ["", "12345", "111111", "121212", "abcdef", "1234567890123", "٣٤٥٦٧٨x"])
def test_a_weak_pin_is_refused_with_a_sentence(fresh: Browser, couple: Client, pin: str) -> None:
    answer = fresh.post("/acknowledgements/pin/", {"pin": pin, "again": pin})
    assert answer.status_code == 422 and (not pin or pin not in words(answer))
    assert tokens.is_code(PIN, Pin.objects.get().pin_hash)


def test_the_two_must_agree(fresh: Browser, couple: Client) -> None:
    assert "not the same" in words(fresh.post("/acknowledgements/pin/", {"pin": "482916", "again": "482917"}))


def test_a_pin_is_set_and_one_goes_on_to_hand_over(fresh: Browser, item: Acknowledgement) -> None:
    Pin.objects.all().delete()
    way = f"/acknowledgements/{item.uid}/hand-over/"
    answer = fresh.get(way)
    assert answer["Location"] == f"/acknowledgements/pin/?then={way}"
    page = fresh.get(answer["Location"], follow=True)
    assert page.status_code == 200
    assert fresh.post(answer["Location"], {"pin": "482 916", "again": "482 916"})["Location"] == way
    assert PIN not in str(list(Pin.objects.values())) and "482916" not in str(list(Event.objects.values()))


@pytest.mark.parametrize("then", ["https://evil.example/", "//evil.example/", "/me/logout/", "/acknowledgements/\\x"])
def test_setting_a_pin_leads_nowhere_else(fresh: Browser, couple: Client, then: str) -> None:
    answer = fresh.post(f"/acknowledgements/pin/?then={then}", {"pin": "482916", "again": "482916"})
    assert answer["Location"].startswith("/acknowledgements/")


@pytest.mark.promise("L3")
def test_nothing_of_another_practice_is_handed_over(stranger: Membership, item: Acknowledgement) -> None:
    browser = Browser()
    browser.force_login(stranger.user, backend=BACKEND)
    assert browser.post(f"/acknowledgements/{item.uid}/hand-over/").status_code == 404
    assert not Visit.objects.exists()


def test_when_everyone_has_answered_nothing_is_handed_over(
    desk: Browser, owner: Membership, item: Acknowledgement, ana_and_ben: list[Signer]
) -> None:
    for one in ana_and_ben:
        answering.record_elsewhere(
            signer=one, actor=owner, at=timezone.now(), method="paper", on=timezone.localdate(), agreed=False
        )  # type: ignore[arg-type]
    answer = desk.post(f"/acknowledgements/{item.uid}/hand-over/")
    assert answer.status_code == 409 and "answered already" in words(answer)
    assert desk.get("/clients/").status_code == 200


# The square code


@pytest.fixture
def reachable(settings: Any) -> None:
    settings.PUBLIC_URL = "https://read.example"
    settings.ALLOWED_HOSTS = ["*"]


@pytest.fixture
def scanned(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What the camera of a phone would read from each square that was drawn."""
    from doorframe.adapters import qr

    seen: list[str] = []
    drawn = qr.svg

    def svg(text: str, *, title: str = "") -> str:
        seen.append(text)
        return drawn(text, title=title)

    monkeypatch.setattr(qr, "svg", svg)
    return seen


@pytest.mark.promise("C6")
def test_the_square_opens_on_the_phone_once_and_says_nothing_in_words(
    reachable: None, scanned: list[str], kiosk: Browser, ana_and_ben: list[Signer]
) -> None:
    ana = ana_and_ben[0]
    take(kiosk, ana)
    kiosk.get("/read/turns/")
    assert kiosk.post("/read/own-phone/", {"signer": str(ana.uid)})["Location"] == "/read/own-phone/"
    page = kiosk.get("/read/own-phone/")
    path = scanned[0].removeprefix("https://read.example")
    token = path.split("/")[2]
    assert "<svg" in words(page) and token not in words(page) and "/c/" not in words(page)
    assert page["Cache-Control"] == "no-store"
    take(kiosk, ana)
    phone = Browser()
    assert phone.post(path)["Location"] == "/read/"
    assert kiosk.get("/read/1/")["Location"] == "/read/", "the turn on the tablet has ended"
    assert Browser().post(path).status_code == 410
    assert kiosk.get("/read/own-phone/")["Location"] == "/read/turns/"
    assert phone.get("/read/1/").status_code == 200
    assert phone.get("/clients/")["Location"].startswith("/me/login/")


@pytest.mark.promise("C6")
def test_the_square_ends_with_ten_minutes_a_newer_one_and_the_sitting(
    reachable: None, scanned: list[str], kiosk: Browser, ana_and_ben: list[Signer], owner: Membership
) -> None:
    mailed = asking.send_link(signer=ana_and_ben[0], actor=owner, at=timezone.now())
    for _again in range(2):
        kiosk.post("/read/own-phone/", {"signer": str(ana_and_ben[0].uid)})
        kiosk.get("/read/own-phone/")
    first, second = (url.removeprefix("https://read.example") for url in scanned)
    assert Browser().post(first).status_code == 410
    link = Link.objects.get(token_sha256=tokens.fingerprint(second.split("/")[2]))
    assert link.expires_at - link.created_at == timedelta(minutes=10)
    kiosk.post("/read/back/", {"pin": PIN})
    assert Browser().post(second).status_code == 410
    mailed.refresh_from_db()
    assert mailed.revoked_at is None, "the link by e-mail is another"


@pytest.mark.promise("C6")
def test_staff_get_no_square(reachable: None, scanned: list[str], desk: Browser, ana_and_ben: list[Signer]) -> None:
    answer = desk.post("/read/own-phone/", {"signer": str(ana_and_ben[0].uid)})
    assert answer.status_code in {302, 410} and scanned == [] and not Link.objects.exists()


def test_without_an_address_that_phones_reach_there_is_no_square(
    scanned: list[str], kiosk: Browser, ana_and_ben: list[Signer]
) -> None:
    assert "own phone" not in words(kiosk.get("/read/turns/"))
    assert kiosk.post("/read/own-phone/", {"signer": str(ana_and_ben[0].uid)}).status_code == 409
    assert scanned == []


@pytest.mark.promise("C5")
def test_a_locked_tablet_shows_no_square(
    reachable: None, scanned: list[str], kiosk: Browser, ana_and_ben: list[Signer]
) -> None:
    kiosk.get("/read/lock/")
    assert kiosk.post("/read/own-phone/", {"signer": str(ana_and_ben[0].uid)})["Location"] == "/read/turns/"
    assert kiosk.get("/read/own-phone/")["Location"] == "/read/turns/"
    assert scanned == []


def test_who_wants_no_screen_gets_no_square(reachable: None, kiosk: Browser, ana_and_ben: list[Signer]) -> None:
    person = ana_and_ben[0].person
    assert person is not None
    person.electronic = False
    person.save()
    assert kiosk.post("/read/own-phone/", {"signer": str(ana_and_ben[0].uid)}).status_code == 409
