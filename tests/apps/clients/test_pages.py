"""The pages of the clients: what each role sees and may do, and that no name leaves a page."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.contrib.sessions.models import Session

from doorframe.apps.clients import actions, queries, rooms, searching, seed
from doorframe.apps.clients.models import Capacity, Client, CopyWay, Kind, Person, Status
from doorframe.apps.members.models import Membership
from doorframe.apps.members.roles import Role
from doorframe.apps.trail.models import Event
from tests.apps.clients.conftest import ANA, Browse

NASTY = '<script>alert(1)</script> "{{ x }}" #let {% now %} ‮ é 😀'
NEW = {"kind": "individual", "code": "", "status": "current", "people": ["client"], "p0-name": "Bo", "p0-email": ""}


def text(answer: Any) -> str:
    main = BeautifulSoup(answer.content, "html.parser").find("main")
    assert main is not None
    return main.get_text(" ", strip=True)


def pages(client: Client) -> list[str]:
    """Every page about one client."""
    person = client.people.order_by("position")[0]
    steps = ["", "change/", "erase/", "people/add/", "people/add-guardian/", f"people/{person.uid}/"]
    return [f"/clients/{client.uid}/{step}" for step in [*steps, f"people/{person.uid}/remove/"]]


# Who sees what


@pytest.mark.promise("L2")
@pytest.mark.parametrize("role", Role.values)
def test_each_role_sees_and_changes_what_it_may(
    owner: Membership, family: Client, theirs: Client, browse: Browse, role: str
) -> None:
    Membership.objects.filter(pk=owner.pk).update(role=role)
    browser = browse(owner)
    sees, all_of_them = role != Role.MODERATOR, role in {Role.OWNER, Role.SUPERVISOR, Role.FRONT_DESK}
    leads = role in {Role.OWNER, Role.SUPERVISOR}
    answer = browser.get("/clients/")
    assert answer.status_code == (200 if sees else 403)
    assert (b"HL-2" in answer.content, b"LW-1" in answer.content) == (sees, all_of_them)
    assert (b'href="/clients/"' in browser.get("/help/").content) is sees
    for address in ("/clients/add/", "/clients/import/", "/clients/import/empty.csv"):
        assert browser.get(address).status_code == (200 if sees else 403)
    assert browser.get("/clients/export/").status_code == (200 if leads else 403)
    assert browser.post("/clients/export/").status_code == (200 if leads else 403)
    for client, visible in ((family, sees), (theirs, all_of_them)):
        for address in pages(client):
            allowed = 200 if leads or "erase" not in address else 403
            if client == theirs and "remove" in address:
                allowed = 302  # nobody else would be left
            assert browser.get(address).status_code == (allowed if visible else 404), address
        done = 302 if visible else 404
        assert browser.post(f"/clients/{client.uid}/status/", {"status": "current"}).status_code == done
        assert browser.post(f"/clients/{client.uid}/reminders/", {"paused": "yes"}).status_code == done


@pytest.mark.promise("L3")
def test_another_practice_has_no_part_in_it(
    owner: Membership, stranger: Membership, family: Client, browse: Browse
) -> None:
    browser = browse(stranger)
    for address in pages(family):
        assert browser.get(address).status_code == 404, address
    for address in [*pages(family)[1:], f"/clients/{family.uid}/status/", f"/clients/{family.uid}/reminders/"]:
        assert browser.post(address, NEW).status_code == 404, address
    assert b"HL-2" not in browser.get("/clients/").content
    assert b"HL-2" not in browser.post("/clients/search/", {"search": "Hart"}, follow=True).content
    assert b"HL-2" not in browser.post("/clients/export/").content


@pytest.mark.promise("L3")
def test_a_person_answers_for_their_own_client_alone(ana: Client, family: Client, browse: Browse) -> None:
    browser = browse(ana.clinician)
    other = family.people.order_by("position")[0]
    assert browser.get(f"/clients/{ana.uid}/people/{other.uid}/").status_code == 404
    assert browser.post(f"/clients/{ana.uid}/people/{other.uid}/remove/").status_code == 404


@pytest.mark.promise("L2")
def test_the_front_desk_enters_a_client_for_a_clinician(
    owner: Membership, colleague: Membership, browse: Browse
) -> None:
    Membership.objects.filter(pk=colleague.pk).update(role=Role.FRONT_DESK)
    desk = browse(colleague)
    assert "Clinician" in text(desk.get("/clients/add/"))
    refused = desk.post("/clients/add/", NEW)
    assert refused.status_code == 422 and "Choose who sees this client" in text(refused)
    assert desk.post("/clients/add/", {**NEW, "clinician": colleague.pk}).status_code == 422
    assert desk.post("/clients/add/", {**NEW, "clinician": owner.pk}).status_code == 302
    assert Client.objects.get().clinician == owner


@pytest.mark.promise("L2")
def test_a_clinician_cannot_give_a_client_away(theirs: Client, owner: Membership, browse: Browse) -> None:
    browser = browse(theirs.clinician)
    sent = {"kind": "couple", "code": "LW-1", "status": "current", "clinician": owner.pk}
    assert browser.post(f"/clients/{theirs.uid}/change/", sent).status_code == 302
    theirs.refresh_from_db()
    assert (theirs.kind, theirs.clinician) == (Kind.COUPLE, theirs.clinician) and theirs.clinician != owner


# What no page gives away


@pytest.mark.promise("C10")
def test_no_address_title_log_session_or_trail_holds_a_name(
    owner: Membership, browse: Browse, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("DEBUG")
    browser = browse(owner)
    sent = {**NEW, "people": ["client", "guardian"], "p0-name": "Zelda Quist", "p0-email": "zq@post.example",
            "p1-name": "Yorick Quist", "p1-relationship": "stepfather", "p1-authority": "sealed order"}  # fmt: skip
    added = browser.post("/clients/add/", sent)
    found = browser.post("/clients/search/", {"search": "Quist"})
    table = "practice_id,name\nHL-9,Xenia Quist\n"
    planned = browser.post("/clients/import/", {"text": table})
    token = BeautifulSoup(planned.content, "html.parser").find("input", attrs={"name": "token"})
    assert token is not None
    browser.post("/clients/import/confirm/", {"token": token["value"]})
    titles = [
        BeautifulSoup(browser.get(one.headers["Location"]).content, "html.parser").title for one in (added, found)
    ]
    sessions = [str(one.get_decoded()) for one in Session.objects.all()]
    trail = [f"{event.name} {event.data} {event.actor_label}" for event in Event.objects.all()]
    said = " ".join(
        [added["Location"], found["Location"], str(titles), *sessions, *trail, caplog.text, str(token["value"])]
    )
    assert "Quist" in text(browser.get(found["Location"]))
    for word in ("Quist", "Zelda", "zq@", "stepfather", "sealed order", "Xenia"):
        assert word.casefold() not in said.casefold(), word


@pytest.mark.promise("C10")
def test_no_page_stays_in_the_browser(ana: Client, browse: Browse) -> None:
    browser = browse(ana.clinician)
    for address in ["/clients/", "/clients/add/", "/clients/import/", *pages(ana)]:
        assert "no-store" in browser.get(address)["Cache-Control"], address


def test_a_search_is_this_members_alone(owner: Membership, colleague: Membership, ana: Client, browse: Browse) -> None:
    token = searching.seal(owner, "Lima")
    assert searching.unseal(owner, token) == "Lima"
    assert searching.unseal(colleague, token) == ""
    for wrong in ("", "x", "é", token[:-2], token + "AAAA", "=" * 9):
        assert searching.unseal(owner, wrong) == ""
        assert browse(owner).get("/clients/", {"found": wrong}).status_code == 200


@pytest.mark.parametrize(
    ("search", "fits"), [("hl-", True), ("lim", True), ("HL-1", True), ("lw", False), ("%", False)]
)
def test_a_client_is_found(ana: Client, theirs: Client, browse: Browse, search: str, fits: bool) -> None:
    answer = browse(ana.clinician).post("/clients/search/", {"search": search}, follow=True)
    assert ("HL-1" in text(answer)) is fits
    assert f"“{search}”" in text(answer)


def test_hostile_words_stay_words(owner: Membership, browse: Browse) -> None:
    browser = browse(owner)
    sent = {**NEW, "people": ["client", "guardian"], "p0-name": NASTY, "p1-name": NASTY, "p1-relationship": NASTY}
    assert browser.post("/clients/add/", sent).status_code == 302
    client = Client.objects.get()
    shown = [*pages(client), "/clients/", f"/clients/?found={searching.seal(owner, NASTY)}"]
    shown = [address for address in shown if "erase" not in address]
    for address in shown:
        page = BeautifulSoup(browser.get(address).content, "html.parser")
        assert "alert(1)" not in " ".join(str(one) for one in page.find_all("script")), address
    assert "alert(1)" in text(browser.get(f"/clients/{client.uid}/"))


# Entering


@pytest.mark.promise("C10")
def test_the_practice_id_alone_is_enough(owner: Membership, browse: Browse) -> None:
    answer = browse(owner).post("/clients/add/", {"kind": "individual", "status": "prospective"}, follow=True)
    client = Client.objects.get()
    assert client.clinician == owner and Person.objects.get().copy_way == CopyWay.PRINT
    assert client.code in text(answer) and "No name kept" in text(answer)


def test_one_more_person_loses_nothing_that_was_typed(owner: Membership, browse: Browse) -> None:
    browser = browse(owner)
    sent = {**NEW, "kind": "family", "code": "MY-1", "first_session_on": "not a day", "p0-is_minor": "on",
            "p0-email": "half@", "more": "guardian"}  # fmt: skip
    page = BeautifulSoup(browser.post("/clients/add/", sent).content, "html.parser")
    values = {one["name"]: one.get("value", "") for one in page.select("form.entry input[type=text],input[type=email]")}
    assert (values["code"], values["p0-name"], values["p0-email"]) == ("MY-1", "Bo", "half@")
    assert page.select_one("#id_kind_2[checked]") and page.select_one("#id_p0-is_minor[checked]")
    assert page.select_one("#id_first_session_on[value='not a day']")
    assert page.select_one("#id_p1-relationship") and page.select_one("#id_p1-name[autofocus]")
    assert not page.select(".errors") and not Client.objects.exists()
    fewer = browser.post("/clients/add/", {**sent, "more": "", "people": ["client", "guardian"], "less": "0"})
    page = BeautifulSoup(fewer.content, "html.parser")
    assert page.select_one("#id_p0-relationship") and not page.select_one("#id_p1-name")


@pytest.mark.parametrize("less", ["9", "-1", "x", "²", ""])
def test_the_last_block_of_a_person_stays(owner: Membership, browse: Browse, less: str) -> None:
    page = BeautifulSoup(browse(owner).post("/clients/add/", {**NEW, "less": less}).content, "html.parser")
    assert len(page.select("fieldset.person")) == 1


def test_there_is_an_end_to_the_people(owner: Membership, browse: Browse) -> None:
    sent = {**NEW, "people": ["client"] * 500, "more": "client"}
    page = BeautifulSoup(browse(owner).post("/clients/add/", sent).content, "html.parser")
    assert len(page.select("fieldset.person")) == 20
    assert not page.select("button[name=more]")


def test_errors_keep_what_was_typed_and_say_where(owner: Membership, ana: Client, browse: Browse) -> None:
    answer = browse(owner).post("/clients/add/", {**NEW, "code": "hl-1", "p0-email": "half@"})
    page = BeautifulSoup(answer.content, "html.parser")
    assert answer.status_code == 422 and Client.objects.count() == 1
    links = [link["href"] for link in page.select("[role=alert] a")]
    assert links == ["#id_code", "#id_p0-email"] and all(page.select_one(link) for link in links)
    assert "Another client has this practice id" in text(answer) and "half@" in str(page)


def test_a_minor_without_a_guardian_is_a_question_not_a_refusal(owner: Membership, browse: Browse) -> None:
    browser = browse(owner)
    answer = browser.post("/clients/add/", {**NEW, "p0-is_minor": "on"}, follow=True)
    assert "Somebody here is under age" in text(answer)
    client = Client.objects.get()
    sent = {"name": "June", "relationship": "mother"}
    answer = browser.post(f"/clients/{client.uid}/people/add-guardian/", sent, follow=True)
    assert "Somebody here is under age" not in text(answer) and "Mother" in text(answer)
    assert [one.name for one in client.people.filter(capacity=Capacity.GUARDIAN)] == ["June"]


# Changing


def test_an_entry_and_its_people_are_changed(ana: Client, browse: Browse) -> None:
    browser = browse(ana.clinician)
    person = ana.people.get()
    sent = {"kind": "couple", "code": "hl-7", "status": "former", "third_session_on": "2026-12-01"}
    assert browser.post(f"/clients/{ana.uid}/change/", sent).status_code == 302
    sent = {"name": "Ana Sousa", "email": "", "phone": "", "copy_way": "print"}
    assert browser.post(f"/clients/{ana.uid}/people/{person.uid}/", sent).status_code == 302
    ana.refresh_from_db(), person.refresh_from_db()
    assert (ana.code, ana.kind, ana.status, str(ana.third_session_on)) == ("HL-7", "couple", "former", "2026-12-01")
    assert (person.name, person.email, person.copy_way) == ("Ana Sousa", "", "print")
    assert (person.capacity, person.position) == (Capacity.CLIENT, 1)


def test_a_clinician_who_left_stays_the_clinician(theirs: Client, owner: Membership, browse: Browse) -> None:
    Membership.objects.filter(pk=theirs.clinician_id).update(is_active=False)
    browser = browse(owner)
    sent = {"kind": "individual", "code": "LW-1", "status": "current", "clinician": theirs.clinician_id}
    assert browser.post(f"/clients/{theirs.uid}/change/", sent).status_code == 302
    theirs.refresh_from_db()
    assert theirs.status == Status.CURRENT


def test_a_status_is_a_button_and_nonsense_changes_nothing(ana: Client, browse: Browse) -> None:
    browser = browse(ana.clinician)
    assert "Has finished" in text(browser.get(f"/clients/{ana.uid}/"))
    browser.post(f"/clients/{ana.uid}/status/", {"status": "nonsense"})
    ana.refresh_from_db()
    assert ana.status == Status.CURRENT
    assert "Has come back" in text(browser.post(f"/clients/{ana.uid}/status/", {"status": "former"}, follow=True))


@pytest.mark.promise("D2")
def test_reminders_are_paused_and_sent_again(ana: Client, browse: Browse) -> None:
    browser = browse(ana.clinician)
    for paused in ("yes", "no"):
        browser.post(f"/clients/{ana.uid}/reminders/", {"paused": paused})
        ana.refresh_from_db()
        assert ana.reminders_paused is (paused == "yes")


def test_somebody_is_taken_out(family: Client, browse: Browse) -> None:
    browser = browse(family.clinician)
    mother = family.people.get(capacity=Capacity.GUARDIAN)
    address = f"/clients/{family.uid}/people/{mother.uid}/remove/"
    assert "Take June Hart out of HL-2?" in text(browser.get(address))
    assert "Taken out" in text(browser.post(address, follow=True))
    assert browser.get(address).status_code == 404


# Removing names and addresses


def test_removing_says_what_goes_and_what_stays(family: Client, browse: Browse) -> None:
    browser = browse(family.clinician)
    page = text(browser.get(f"/clients/{family.uid}/erase/"))
    assert "of 2 people" in page and "The practice id, so that nobody else is given it." in page
    assert [one.name for one in Person.objects.all()] == ["Mia Hart", "June Hart"]
    after = text(browser.post(f"/clients/{family.uid}/erase/", follow=True))
    assert "June" not in after and "were removed" in after and "HL-2" in after
    again = browser.post(f"/clients/{family.uid}/people/add/", {"name": "Mia"}, follow=True)
    assert "this entry stands as it is" in text(again) and family.people.count() == 2
    assert "Names removed" in text(browser.get("/clients/"))


@pytest.mark.parametrize("address", ["/clients/export/", "/clients/{}/erase/"])
def test_grave_steps_ask_who_is_there(ana: Client, browse: Browse, address: str) -> None:
    owner = ana.clinician
    owner.user.set_password("a quiet long password")
    owner.user.save()
    browser, address = browse(owner), address.format(ana.uid)
    for send in (browser.get, browser.post):
        answer = send(address)
        assert answer.status_code == 302 and answer["Location"].startswith("/me/reauthenticate/")
    ana.refresh_from_db()
    assert ana.erased_at is None and not Event.objects.filter(name="clients.list.exported").exists()
    proved = browser.post("/me/reauthenticate/?next=" + address, {"password": "a quiet long password"})
    assert proved.status_code in {200, 302}
    assert browser.get(address).status_code in {200, 302}


# The list


def test_the_list_says_what_to_do_when_it_is_empty(owner: Membership, browse: Browse) -> None:
    page = BeautifulSoup(browse(owner).get("/clients/").content, "html.parser")
    assert "Nobody is entered yet" in page.get_text()
    assert page.select_one('a.button[href="/clients/add/"]') is not None


def test_tabs_count_and_filter(ana: Client, family: Client, browse: Browse) -> None:
    browser = browse(ana.clinician)
    page = text(browser.get("/clients/?status=current"))
    assert "Everyone 2" in page and "Current 1" in page and "Former 0" in page
    assert "HL-1" in page and "HL-2" not in page
    assert "Nobody stands here now" in text(browser.get("/clients/?status=former"))
    for wrong in ("status=x", "after=x", "after=²", "after=-1", "after=99999999999"):
        assert "HL-2" in text(browser.get("/clients/?" + wrong)), wrong


def test_fifty_stand_on_a_page_at_the_same_number_of_queries(
    owner: Membership, now: datetime, browse: Browse, django_assert_num_queries: Any
) -> None:
    browser = browse(owner)
    actions.add_client(actor=owner, at=now, values={"code": "C-00"}, people=[ANA])
    with django_assert_num_queries(7):
        browser.get("/clients/")
    for number in range(1, 52):
        actions.add_client(actor=owner, at=now, values={"code": f"C-{number:02}"}, people=[ANA])
    with django_assert_num_queries(7):
        page = browser.get("/clients/")
    soup = BeautifulSoup(page.content, "html.parser")
    assert len(soup.select("ul.clients > li")) == 50
    following = soup.select_one("a[rel=next]")
    assert following is not None
    assert len(BeautifulSoup(browser.get("/clients/" + str(following["href"])).content, "html.parser").select(
        "ul.clients > li")) == 2  # fmt: skip


# Other rooms


def standing(clients: list[Client]) -> dict[int, str]:
    return {client.pk: f"Agreed, {client.code}" for client in clients}


def section(client: Client, member: Membership) -> rooms.Section | None:
    if member.role != Role.OWNER:
        return None
    return rooms.Section("components/notice.html", {"title": f"Asked of {client.code}", "sentence": str(member.user)})


def test_other_rooms_say_their_part(
    ana: Client, theirs: Client, colleague: Membership, browse: Browse, settings: Any
) -> None:
    settings.DOORFRAME_CLIENT_STANDING = f"{__name__}.standing"
    settings.DOORFRAME_CLIENT_SECTIONS = [f"{__name__}.section"]
    browser = browse(ana.clinician)
    assert "Agreed, HL-1" in text(browser.get("/clients/")) and "Agreed, LW-1" in text(browser.get("/clients/"))
    page = text(browser.get(f"/clients/{ana.uid}/"))
    assert "Agreed, HL-1" in page and "Asked of HL-1" in page and "Dr Imani Cole" in page
    assert "Asked of" not in text(browse(colleague).get(f"/clients/{theirs.uid}/"))


def test_the_fictional_practice_has_four_clients_once(owner: Membership, now: datetime) -> None:
    for _time in range(2):
        seed.seed(practice=owner.practice, actor=owner, at=now)
    found = queries.everyone(owner)
    assert [(one.kind, one.status) for one in found] == [
        ("individual", "current"), ("couple", "current"), ("individual", "former"), ("family", "prospective"),
    ]  # fmt: skip
    assert [len(queries.present(one)) for one in found] == [1, 2, 1, 2]
