"""The list of clients as a table: shown before it is written, safe to repeat, and the same going out and coming in."""

from __future__ import annotations

import csv
import io
import json
from datetime import datetime, timedelta
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import SimpleUploadedFile
from hypothesis import given
from hypothesis import strategies as st

from doorframe.adapters.export import tables
from doorframe.apps.clients import actions, comparing, exchange, queries, rules, seed
from doorframe.apps.clients.comparing import Deed
from doorframe.apps.clients.models import Capacity, Client, CopyWay, Kind, Person, Status
from doorframe.apps.members.models import Membership
from doorframe.apps.members.roles import Role
from doorframe.apps.trail.models import Event
from tests.apps.clients.conftest import Browse

FAMILY = """practice_id,who_comes,status,signs_as,name,email,minor,relationship,authority,reminders,first_session
HL-9,Family,current,,Mia Hart,,yes,,,,2026-11-03
HL-9,,,guardian,June Hart,june@post.example,,mother,sole custody,no,
"""


def table(*lines: str) -> bytes:
    return "\n".join(lines).encode()


def bring(member: Membership, data: bytes, at: datetime) -> exchange.Plan:
    plan = exchange.plan(member, data)
    actions.import_clients(actor=member, at=at, steps=plan.steps)
    return plan


def deeds(plan: exchange.Plan) -> dict[str, Deed]:
    return {step.code: step.deed for step in plan.steps}


def the_one(plan: exchange.Plan) -> comparing.Step:
    assert len(plan.steps) == 1
    return plan.steps[0]


# Coming in


def test_a_family_stands_on_several_lines(owner: Membership, now: datetime) -> None:
    plan = bring(owner, FAMILY.encode(), now)
    assert deeds(plan) == {"HL-9": Deed.ADD} and plan.problems == []
    client = Client.objects.get()
    assert (client.kind, client.status, client.clinician) == (Kind.FAMILY, Status.CURRENT, owner)
    assert str(client.first_session_on) == "2026-11-03" and client.reminders_paused
    mia, june = client.people.all()
    assert (mia.name, mia.is_minor, mia.capacity, mia.copy_way) == ("Mia Hart", True, Capacity.CLIENT, CopyWay.PRINT)
    assert (june.relationship, june.authority, june.capacity) == ("mother", "sole custody", Capacity.GUARDIAN)
    assert june.copy_way == CopyWay.EMAIL


def test_bringing_it_in_again_changes_nothing(owner: Membership, now: datetime) -> None:
    bring(owner, FAMILY.encode(), now)
    before = Event.objects.count()
    again = exchange.plan(owner, FAMILY.replace("HL-9", " hl-9 ").encode())
    assert deeds(again) == {"HL-9": Deed.SAME} and not again.does_something
    actions.import_clients(actor=owner, at=now, steps=again.steps)
    assert (Client.objects.count(), Person.objects.count()) == (1, 2)
    assert Event.objects.count() == before + 1  # that a list was brought in


def test_a_plan_writes_nothing(owner: Membership) -> None:
    plan = exchange.plan(owner, FAMILY.encode())
    assert plan.does_something and not Client.objects.exists() and not Person.objects.exists()


def test_an_empty_cell_changes_nothing(owner: Membership, family: Client, now: datetime) -> None:
    plan = bring(owner, table("practice_id,status,name,email,phone", "HL-2,current,,,", "HL-2,,June Hart,,555 1"), now)
    assert the_one(plan).sentences == [
        "Changes where they stand to Current.", "Adds June Hart.",
    ]  # fmt: skip
    family.refresh_from_db()
    assert family.status == Status.CURRENT and family.kind == Kind.FAMILY
    assert Person.objects.filter(client=family).count() == 3  # no guardian was named, so this is another June Hart


@pytest.mark.parametrize(
    ("lines", "names"),
    [
        (["HL-2,Mia Hart,mia@post.example,client"], ["Mia Hart", "June Hart"]),
        (["HL-2,June Hart-Lee,june@post.example,guardian"], ["Mia Hart", "June Hart", "June Hart-Lee"]),
        (["HL-2,,JUNE@post.example,guardian"], ["Mia Hart", "June Hart"]),
        (["HL-2,,,"], ["Mia Hart", "June Hart"]),
        (["HL-2,june hart,,guardian", "HL-2,MIA HART,,"], ["MIA HART", "june hart"]),
        (["HL-2,Mia Hart,,", "HL-2,Mia Hart,,"], ["Mia Hart", "June Hart", "Mia Hart"]),
    ],
    ids=["by name", "same address, other name", "by address", "nobody named", "other order", "named twice"],
)
def test_a_line_finds_its_person(
    owner: Membership, family: Client, now: datetime, lines: list[str], names: list[str]
) -> None:
    bring(owner, table("practice_id,name,email,signs_as", *lines), now)
    assert [one.name for one in queries.people(family)] == names


def test_a_lone_person_may_change_their_name(owner: Membership, ana: Client, now: datetime) -> None:
    plan = bring(owner, table("practice_id,name", "HL-1,Ana Sousa"), now)
    assert the_one(plan).sentences == ["Ana Lima: changes the name to Ana Sousa."]
    assert ana.people.get().name == "Ana Sousa"


@pytest.mark.parametrize(
    ("header", "line", "sentence"),
    [
        ("status", "gone", "Line 2: “status” can be one of these: prospective, current, former."),
        ("who_comes", "trio", "Line 2: “who_comes” can be one of these: individual, couple, family, group."),
        ("first_session", "3/11/2026", "Line 2: write “first_session” as year, month, day: 2026-03-21."),
        ("minor", "maybe", "Line 2: “minor” can be yes or no."),
        ("reminders", "often", "Line 2: “reminders” can be yes or no."),
        ("email", "half@", "Line 2: This is not a whole e-mail address. It looks like ana@post.example."),
        ("signs_as", "judge", "Line 2: “signs_as” can be one of these: client, guardian."),
        ("clinician", "who@else.example", "Line 2: no clinician here has this e-mail address."),
        ("copy", "fax", "Line 2: “copy” can be one of these: email, "),
    ],
)
def test_what_cannot_be_kept_is_left_out_with_its_line(
    owner: Membership, now: datetime, header: str, line: str, sentence: str
) -> None:
    plan = bring(owner, table(f"practice_id,{header}", f"A-1,{line}", "A-2,"), now)
    assert deeds(plan) == {"A-1": Deed.LEAVE, "A-2": Deed.ADD}
    assert plan.steps[0].sentences[0].startswith(sentence)
    assert [client.code for client in Client.objects.all()] == ["A-2"]


@pytest.mark.parametrize("code", ["a b", "é", "-x", "x/../y", "<b>"])
def test_a_practice_id_has_a_shape(owner: Membership, code: str) -> None:
    step = the_one(exchange.plan(owner, table("practice_id", code)))
    assert step.deed == Deed.LEAVE and step.sentences[0].startswith("Line 2: A practice id is made of")


def test_lines_that_contradict_each_other_are_left_out(owner: Membership) -> None:
    step = the_one(exchange.plan(owner, table("practice_id,status", "A-1,current", "A-1,", "A-1,former")))
    assert step.deed == Deed.LEAVE
    assert step.sentences == ["Lines 2 and 4 have the same practice id, and say different things under “status”."]


def test_lines_without_a_practice_id_are_named(owner: Membership) -> None:
    plan = exchange.plan(owner, table("practice_id,name", ",Dora", "A-1,Bo"))
    assert [problem.line for problem in plan.problems] == [2] and deeds(plan) == {"A-1": Deed.ADD}


def test_too_many_people_and_too_many_rows(owner: Membership) -> None:
    crowd = exchange.plan(owner, table("practice_id,name", *[f"A-1,P{number}" for number in range(21)]))
    assert the_one(crowd).deed == Deed.LEAVE and "more than 20 people" in the_one(crowd).sentences[0]
    long = exchange.plan(owner, table("practice_id", *[f"A-{number}" for number in range(2_001)]))
    assert not long.steps and "more than 2000 rows" in long.problems[0].sentence
    large = exchange.plan(owner, b"x" * 2_000_001)
    assert not large.steps and "larger than 2 MB" in large.problems[0].sentence


@pytest.mark.promise("L2")
def test_a_clinician_brings_in_their_own_alone(
    owner: Membership, colleague: Membership, ana: Client, theirs: Client, now: datetime
) -> None:
    lines = ["HL-1,former,", "LW-1,former,", "NEW-1,,", "NEW-2,,imani@a.example"]
    plan = bring(colleague, table("practice_id,status,clinician", *lines), now)
    assert deeds(plan) == {"HL-1": Deed.LEAVE, "LW-1": Deed.CHANGE, "NEW-1": Deed.ADD, "NEW-2": Deed.LEAVE}
    assert plan.steps[0].sentences == ["Line 2: Another client has this practice id. Choose another."]
    assert plan.steps[0].names == "" and "of your own" in plan.steps[3].sentences[0]
    ana.refresh_from_db()
    assert ana.status == Status.CURRENT and Client.objects.get(code="NEW-1").clinician == colleague


@pytest.mark.promise("L2")
def test_the_front_desk_names_the_clinician(owner: Membership, colleague: Membership, now: datetime) -> None:
    Membership.objects.filter(pk=colleague.pk).update(role=Role.FRONT_DESK)
    colleague.refresh_from_db()
    lines = ["A-1,", "A-2,IMANI@a.example", "A-3,li@a.example"]
    plan = bring(colleague, table("practice_id,clinician", *lines), now)
    assert deeds(plan) == {"A-1": Deed.LEAVE, "A-2": Deed.ADD, "A-3": Deed.LEAVE}
    assert Client.objects.get().clinician == owner


@pytest.mark.promise("L3")
def test_the_same_practice_id_in_another_practice_is_another_client(
    owner: Membership, stranger: Membership, ana: Client, now: datetime
) -> None:
    assert deeds(bring(stranger, table("practice_id,name", "HL-1,Bo"), now)) == {"HL-1": Deed.ADD}
    assert ana.people.get().name == "Ana Lima"


def test_an_erased_client_is_left_alone(owner: Membership, ana: Client, now: datetime) -> None:
    actions.erase_contact(client=ana, actor=owner, at=now)
    step = the_one(bring(owner, table("practice_id,name", "HL-1,Ana Lima"), now))
    assert step.deed == Deed.LEAVE and "stands as it is" in step.sentences[0]
    assert ana.people.get().name == ""


def test_all_of_it_or_nothing(owner: Membership, now: datetime) -> None:
    plan = exchange.plan(owner, table("practice_id", "A-1", "A-2"))
    actions.add_client(actor=owner, at=now, values={"code": "A-2"})
    with pytest.raises(Exception, match="Another client"):
        actions.import_clients(actor=owner, at=now, steps=plan.steps)
    assert [client.code for client in Client.objects.all()] == ["A-2"]


@pytest.mark.promise("C10")
def test_the_trail_counts_and_names_nobody(owner: Membership, now: datetime) -> None:
    bring(owner, FAMILY.encode(), now)
    event = Event.objects.get(name="clients.list.imported")
    assert event.data == {"added": 1, "changed": 0}
    said = " ".join(str(one.data) for one in Event.objects.all())
    assert "HL-9" in said and "Hart" not in said and "custody" not in said


# The way from what was shown to what is done


def test_what_was_shown_comes_back_to_this_member_within_the_hour(
    owner: Membership, colleague: Membership, now: datetime
) -> None:
    token = exchange.seal(owner, b"practice_id\nA-1\n", "digest", now)
    assert exchange.unseal(owner, token, now + timedelta(minutes=59)) == (b"practice_id\nA-1\n", "digest")
    wrong = [(colleague, token, now), (owner, token, now + timedelta(minutes=61)), (owner, token, now - timedelta(1)),
             (owner, token[:-8], now), (owner, "", now), (owner, "é", now), (owner, "AAAA" + token, now)]  # fmt: skip
    for member, given_back, at in wrong:
        with pytest.raises(exchange.Expired):
            exchange.unseal(member, given_back, at)


def sent_back(answer: Any) -> str:
    field = BeautifulSoup(answer.content, "html.parser").find("input", attrs={"name": "token"})
    assert field is not None
    return str(field["value"])


def test_a_file_is_shown_then_brought_in(owner: Membership, ana: Client, browse: Browse) -> None:
    browser = browse(owner)
    data = "practice_id;name\nHL-1;Ana Lima\nN-1;Zoë Ångström\n".encode("cp1252")
    shown = browser.post("/clients/import/", {"file": SimpleUploadedFile("clients.csv", data)})
    page = shown.content.decode()
    assert "1 client would be added" in page and "Zoë Ångström" in page and "Line 3" in page
    assert not Client.objects.filter(code="N-1").exists()
    done = browser.post("/clients/import/confirm/", {"token": sent_back(shown)}, follow=True)
    assert "1 client is brought in" in done.content.decode()
    assert Person.objects.get(client__code="N-1").name == "Zoë Ångström"
    again = browser.post("/clients/import/confirm/", {"token": sent_back(shown)})
    assert again.status_code == 409 and "Nothing would change" in again.content.decode()


def test_when_something_changed_meanwhile_one_looks_again(owner: Membership, ana: Client, browse: Browse) -> None:
    browser = browse(owner)
    shown = browser.post("/clients/import/", {"text": "practice_id,status\nHL-1,former\n"})
    Client.objects.filter(pk=ana.pk).update(kind="couple", status="former")
    answer = browser.post("/clients/import/confirm/", {"token": sent_back(shown)})
    assert answer.status_code == 409 and "Something changed while you looked" in answer.content.decode()


@pytest.mark.parametrize(
    ("sent", "sentence"),
    [
        ({}, "Choose a file, or paste its rows below."),
        ({"text": "name\nBo\n"}, "There is no column “practice_id”"),
        ({"file": SimpleUploadedFile("a.xlsx", b"PK\x03\x04 a spreadsheet")}, "save it as CSV"),
        ({"file": SimpleUploadedFile("a.csv", b"")}, "empty"),
        ({"text": 'practice_id\n"A-1\n'}, "quotation marks"),
        ({"text": "practice_id,name,name\nA-1,B,C\n"}, "stands twice"),
    ],
)
def test_a_table_that_cannot_be_read_says_why(
    owner: Membership, browse: Browse, sent: dict[str, Any], sentence: str
) -> None:
    answer = browse(owner).post("/clients/import/", sent)
    assert answer.status_code == 422 and sentence in answer.content.decode()


@pytest.mark.parametrize("token", ["", "x", "é", "QUJD"])
def test_a_form_of_our_own_making_is_needed(owner: Membership, browse: Browse, token: str) -> None:
    answer = browse(owner).post("/clients/import/confirm/", {"token": token})
    assert answer.status_code == 422 and "nothing was brought in" in answer.content.decode()


# Going out, and round again


@pytest.mark.promise("D4")
def test_what_goes_out_comes_in_the_same(
    owner: Membership, stranger: Membership, now: datetime, browse: Browse
) -> None:
    seed.seed(practice=owner.practice, actor=owner, at=now)
    paused = Client.objects.get(code="P4D-9WH")
    actions.pause_reminders(client=paused, actor=owner, at=now, paused=True)
    data = browse(owner).post("/clients/export/", {"format": "csv"}).content
    assert set(deeds(exchange.plan(owner, data)).values()) == {Deed.SAME}
    moved = data.replace(b"imani@a.example", b"jo@b.example")
    assert set(deeds(bring(stranger, moved, now)).values()) == {Deed.ADD}
    assert exchange.as_csv(queries.everyone(stranger)) == moved


@pytest.mark.promise("D4")
@pytest.mark.parametrize("name", ["=1+1", "+49 30", "-2", "@SUM(A1)", "'=x", '"; DROP', "a;=1+1"])
def test_no_name_becomes_a_formula_and_each_comes_back(
    owner: Membership, stranger: Membership, now: datetime, name: str
) -> None:
    actions.add_client(actor=owner, at=now, values={"code": "A-1"}, people=[{"name": name}])
    data = exchange.as_csv(queries.everyone(owner))
    cells = [cell for row in csv.reader(io.StringIO(data.decode("utf-8-sig"))) for cell in row]
    assert not [cell for cell in cells if cell.startswith(("=", "+", "-", "@", "\t", "\r"))]
    assert the_one(exchange.plan(owner, data)).deed == Deed.SAME
    bring(stranger, data.replace(b"imani@a.example", b"jo@b.example"), now)
    assert Person.objects.get(practice=stranger.practice).name == name


@pytest.mark.promise("D4")
def test_json_says_the_same_and_the_trail_who_took_it(owner: Membership, family: Client, browse: Browse) -> None:
    answer = browse(owner).post("/clients/export/", {"format": "json"})
    rows = json.loads(answer.content)
    assert [row["name"] for row in rows] == ["Mia Hart", "June Hart"] and set(rows[0]) == set(exchange.HEADER)
    assert answer["Content-Disposition"] == 'attachment; filename="clients.json"'
    event = Event.objects.get(name="clients.list.exported")
    assert event.data == {"clients": 1, "format": "json"} and event.actor == owner.user


def test_who_may_not_take_it_leaves_no_line(colleague: Membership, now: datetime) -> None:
    with pytest.raises(PermissionDenied):
        actions.record_export(actor=colleague, at=now, number=1, shape="csv")
    with pytest.raises((PermissionDenied, rules.NotNow)):
        Membership.objects.filter(pk=colleague.pk).update(role=Role.MODERATOR)
        colleague.refresh_from_db()
        actions.import_clients(actor=colleague, at=now, steps=[])
    assert not Event.objects.filter(name__startswith="clients.list").exists()


PRESENT = st.lists(
    st.builds(
        Person,
        name=st.sampled_from(["", "Ana", "Bo", "Cy"]),
        email=st.sampled_from(["", "a@x.example", "b@x.example"]),
        capacity=st.sampled_from(Capacity.values),
    ),
    max_size=4,
)
GIVEN = st.lists(
    st.fixed_dictionaries(
        {"capacity": st.sampled_from(Capacity.values)},
        optional={
            "name": st.sampled_from(["Ana", "bo", "Dee"]),
            "email": st.sampled_from(["A@x.example", "c@x.example"]),
        },
    ),
    max_size=4,
)


@given(PRESENT, GIVEN)
def test_nobody_is_taken_for_two_and_no_line_is_lost(present: list[Person], lines: list[dict[str, Any]]) -> None:
    found = comparing.match(present, lines)
    assert [values for _person, values in found] == lines
    taken = [id(person) for person, _values in found if person is not None]
    assert len(taken) == len(set(taken)) and set(taken) <= {id(person) for person in present}
    for person, values in found:
        assert person is None or person.capacity == values["capacity"]


def test_every_column_is_known_by_its_own_name() -> None:
    rows, problems = tables.read_csv(tables.csv_bytes(exchange.HEADER, [["A-1", *[""] * 14]]), exchange.COLUMNS)
    assert problems == [] and rows[0].cells["practice_id"] == "A-1"
