"""The list of attacks on links, codes, sittings and forms; each is refused, and what was kept stays as it was."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client as Browser
from django.utils import timezone

from doorframe.apps.signatures import rules, sitting, tokens
from doorframe.apps.signatures.actions import asking, campaigns, visits
from doorframe.apps.signatures.models import Link, Signer, Visit
from tests.walls.world import BACKEND, PASSWORD, World

pytestmark = [pytest.mark.django_db]

CODE = "493817"


@pytest.fixture(autouse=True)
def nobody_has_tried(world: World) -> None:
    """Whoever is counted begins at nothing, and passwords of another test are gone."""
    cache.clear()
    for member in world.people.values():
        member.user.refresh_from_db()


@pytest.fixture
def signer(world: World) -> Signer:
    """Who has been asked and has not answered."""
    return Signer.objects.get(uid=world.things["signer"])


@pytest.fixture
def send(world: World, signer: Signer) -> Callable[..., str]:
    """Send a link; the path that stands in the letter alone."""

    def sent(code: str = "", *, ago: timedelta = timedelta()) -> str:
        at = timezone.now() - ago
        link = asking.send_link(signer=signer, actor=world.people["clinician"], at=at, code=code)
        return f"/c/{tokens.link_token(link.uid)}/"

    return sent


def newest() -> str:
    return f"/c/{tokens.link_token(Link.objects.latest('pk').uid)}/"


# Links


@pytest.mark.promise("C6")
def test_guessing_links_is_slowed_down_and_finds_nothing(world: World) -> None:
    browser = Browser()
    codes = [browser.get(f"/c/{tokens.fresh()}/").status_code for _try in range(70)]
    assert codes[0] == 410 and codes[-1] == 429
    assert Browser(REMOTE_ADDR="127.0.0.2").get(newest()).status_code in {200, 410}


@pytest.mark.promise("C6")
def test_a_wrong_address_and_an_old_one_of_others_say_the_same(world: World) -> None:
    said = {Browser().get(f"/c/{token}/").content for token in (tokens.fresh(), "x", "é" * 40, "0" * 43)}
    assert len(said) == 1


@pytest.mark.promise("C6")
def test_programs_that_look_at_every_address_open_nothing(send: Callable[..., str]) -> None:
    door = send()
    for method in ("get", "head", "options", "put", "delete", "patch", "trace"):
        getattr(Browser(), method)(door)
    assert Browser().post(door).status_code == 302


@pytest.mark.promise("C6")
def test_a_link_that_was_opened_or_has_ended_or_was_replaced_opens_no_more(send: Callable[..., str]) -> None:
    used = send()
    assert Browser().post(used).status_code == 302
    replaced = send()
    ended = send(ago=timedelta(days=15))
    before = Visit.objects.count()
    for door in (used, replaced, ended):
        answer = Browser().post(door)
        assert answer.status_code == 410 and sitting.COOKIE not in answer.cookies, door
    assert Visit.objects.count() == before


@pytest.mark.promise("C6")
def test_a_cookie_of_a_sitting_that_ended_is_worth_nothing(send: Callable[..., str]) -> None:
    browser, thief = Browser(), Browser()
    browser.post(send())
    thief.cookies[sitting.COOKIE] = browser.cookies[sitting.COOKIE].value
    browser.post("/read/leave/")
    assert thief.get("/read/1/").status_code == 302 and b"Harbour" not in thief.get("/read/1/", follow=True).content
    assert thief.post("/read/sign/", {"name": "Ana Lima"}).status_code == 410


@pytest.mark.promise("C6")
def test_what_is_kept_of_a_link_or_a_sitting_opens_nothing(world: World, send: Callable[..., str]) -> None:
    send()
    link = Link.objects.latest("pk")
    for stolen in (link.token_sha256, str(link.uid), link.uid.hex, str(link.pk)):
        assert Browser().post(f"/c/{stolen}/").status_code == 410
    for row in Visit.objects.all():
        thief = Browser()
        thief.cookies[sitting.COOKIE] = row.secret_sha256
        assert thief.get("/read/1/", follow=True).request["PATH_INFO"] == "/read/ended/"


@pytest.mark.promise("C6")
def test_a_link_to_a_copy_signs_nothing(world: World, signer: Signer) -> None:
    assert signer.person is not None
    signer.person.copy_way = "email"
    signer.person.save()
    link = asking.send_copy(signer=signer, actor=None, at=timezone.now())
    assert link is not None
    browser = Browser()
    browser.post(f"/c/{tokens.link_token(link.uid)}/")
    answer = browser.post("/read/sign/", {"name": "Ana Lima"})
    signer.refresh_from_db()
    assert answer.status_code == 409 and signer.answer == ""


# Codes


@pytest.mark.promise("C6")
def test_a_code_has_five_tries_however_many_links_and_addresses_are_used(
    send: Callable[..., str], signer: Signer
) -> None:
    door, tries = send(CODE), 0
    for place in range(30):
        browser = Browser(REMOTE_ADDR=f"127.0.1.{place}")
        if browser.post(door, {"code": f"{place:06}"}).status_code == 422:
            tries += 1
        # The thief reads the mailbox: a new link takes the place of this one, with the same code.
        browser.post(f"{door}again/")
        door = newest()
    assert tries <= rules.CODE_TRIES
    assert Browser(REMOTE_ADDR="127.0.2.1").post(door, {"code": CODE}).status_code == 410
    assert not Visit.objects.filter(link__signer=signer, link__code_hash__gt="").exists()


@pytest.mark.promise("C6")
def test_a_reminder_needs_the_code_of_the_link_before(send: Callable[..., str], signer: Signer) -> None:
    send(CODE)
    at = timezone.now() + timedelta(days=1)
    while at.weekday() > 4 or at.hour != 12:  # a weekday at noon: reminders keep quiet hours
        at += timedelta(hours=1)
    at += timedelta(days=7)
    Signer.objects.filter(pk=signer.pk).update(next_reminder_at=at)
    signer.refresh_from_db()
    assert campaigns.remind(signer=signer, at=at)
    link = Link.objects.latest("pk")
    with pytest.raises(rules.CodeNeeded):
        visits.open_link(token=tokens.link_token(link.uid), code="", at=at)
    assert visits.open_link(token=tokens.link_token(link.uid), code=CODE, at=at)


@pytest.mark.promise("C6")
@pytest.mark.parametrize("code", ["", " ", "\x00", "٤٩٣٨١٧", "493817" * 2000, "' or 1=1 --", "null", "\ud800"])
def test_what_is_no_code_does_not_open(send: Callable[..., str], code: str) -> None:
    browser = Browser()
    body = f"code={_quoted(code)}"
    answer = browser.post(send(CODE), body, content_type="application/x-www-form-urlencoded")
    assert answer.status_code == 422 and sitting.COOKIE not in answer.cookies


def _quoted(text: str) -> str:
    return "".join(f"%{byte:02X}" for byte in text.encode("utf-8", "surrogatepass"))


# Where a name, an address or a header is turned against the practice


@pytest.mark.promise("L2")
@pytest.mark.parametrize(
    "elsewhere",
    ["https://evil.example/", "//evil.example", "/\\evil.example", "javascript:alert(1)", "http:evil.example",
     "\t//evil.example", "https:///evil.example", "/%0d%0aSet-Cookie:x=1"],
)  # fmt: skip
def test_nobody_is_led_to_another_host(world: World, elsewhere: str) -> None:
    user = world.people["clinician"].user
    user.set_password(PASSWORD)
    user.save()
    answers = [
        Browser().post("/me/login/", {"login": user.email, "password": PASSWORD, "next": elsewhere}),
        Browser().post(f"/me/login/?next={elsewhere}", {"login": user.email, "password": PASSWORD}),
        Browser().post("/read/text/", {"back": elsewhere}),
        Browser().post("/read/text/", {"back": f"/read/{elsewhere}"}),
        world.browser("owner").post("/practice/choose/", {"membership": world.people["owner"].pk, "next": elsewhere}),
        world.browser("owner").post("/me/logout/", {"next": elsewhere}),
    ]
    for place, answer in enumerate(answers):
        assert answer.status_code == 302, place
        where = answer["Location"]
        assert where.startswith("/") and not where.startswith(("//", "/\\")), (place, where)
        assert "x" not in answer.cookies


@pytest.mark.promise("L2")
@pytest.mark.parametrize("host", ["evil.example", "frame.example.evil.example", "127.0.0.1@evil.example", "a b"])
def test_a_forged_host_reaches_no_page_and_no_letter(world: World, host: str, mailoutbox: Any) -> None:
    for place in ("/", "/me/login/", "/me/password/reset/", newest(), "/p/harbour-lane/"):
        answer = world.browser("nobody").get(place, headers={"host": host})
        assert answer.status_code == 400 and b"evil" not in answer.content, place
    browser = world.browser("nobody")
    email = world.people["owner"].user.email
    browser.post("/me/password/reset/", {"email": email}, headers={"host": host})
    assert not mailoutbox
    browser.post("/me/password/reset/", {"email": email}, headers={"x-forwarded-host": host, "forwarded": host})
    assert len(mailoutbox) == 1 and "evil" not in mailoutbox[0].body


@pytest.mark.promise("L2")
def test_a_session_that_was_planted_is_not_the_one_that_signs_in(world: World) -> None:
    user = world.people["clinician"].user
    user.set_password(PASSWORD)
    user.save()
    browser = Browser()
    browser.cookies["sessionid"] = "planted0planted0planted0planted0"
    browser.get("/me/login/")
    browser.post("/me/login/", {"login": user.email, "password": PASSWORD})
    assert browser.cookies["sessionid"].value != "planted0planted0planted0planted0"
    thief = Browser()
    thief.cookies["sessionid"] = "planted0planted0planted0planted0"
    assert thief.get("/clients/").status_code == 302


@pytest.mark.promise("C5")
def test_taking_the_tablet_back_begins_a_session_that_never_was(world: World) -> None:
    clinician = world.people["clinician"]
    visits.set_pin(actor=clinician, pin=CODE, at=timezone.now())
    browser = Browser()
    browser.force_login(clinician.user, backend=BACKEND)
    before = browser.cookies["sessionid"].value
    answer = browser.post(f"/acknowledgements/{world.things['acks:*:uid']}/hand-over/")
    assert answer["Location"] == "/read/turns/"
    browser.cookies["sessionid"] = "planted0planted0planted0planted0"
    assert browser.post("/read/back/", {"pin": CODE})["Location"] == "/"
    after = browser.cookies["sessionid"].value
    assert after not in {before, "planted0planted0planted0planted0"}
    for old in (before, "planted0planted0planted0planted0"):
        thief = Browser()
        thief.cookies["sessionid"] = old
        assert thief.get("/clients/").status_code == 302


@pytest.mark.promise("C5")
def test_the_pin_has_five_tries_and_then_only_a_sign_in_helps(world: World) -> None:
    clinician = world.people["clinician"]
    visits.set_pin(actor=clinician, pin=CODE, at=timezone.now())
    browser = Browser()
    browser.force_login(clinician.user, backend=BACKEND)
    browser.post(f"/acknowledgements/{world.things['acks:*:uid']}/hand-over/")
    codes = [browser.post("/read/back/", {"pin": f"{place:06}"}).status_code for place in range(5)]
    assert codes == [422, 422, 422, 422, 302]
    assert browser.post("/read/back/", {"pin": CODE}).status_code in {302, 410}
    assert browser.get("/clients/")["Location"].startswith("/me/login/")


@pytest.mark.promise("L2")
def test_who_lost_a_device_sees_it_in_the_list_and_signs_it_out(world: World) -> None:
    user = world.people["clinician"].user
    user.set_password(PASSWORD)
    user.save()
    here, lost = Browser(), Browser()
    for browser in (lost, here):
        browser.post("/me/login/", {"login": user.email, "password": PASSWORD})
        assert browser.get("/clients/").status_code == 200
    assert b"Sign out everywhere else" in here.get("/me/sessions/").content
    here.post("/me/sessions/")
    assert lost.get("/clients/")["Location"].startswith("/me/login/")
    assert here.get("/clients/").status_code == 200


@pytest.mark.promise("L2")
def test_a_password_that_was_changed_signs_every_other_device_out(world: World) -> None:
    user = world.people["clinician"].user
    user.set_password(PASSWORD)
    user.save()
    here, lost = Browser(), Browser()
    for browser in (lost, here):
        browser.post("/me/login/", {"login": user.email, "password": PASSWORD})
    new = "another quiet long password"
    here.post("/me/password/change/", {"oldpassword": PASSWORD, "password1": new, "password2": new})
    assert lost.get("/clients/")["Location"].startswith("/me/login/")
