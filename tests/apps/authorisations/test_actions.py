"""Writing, answering and taking back: who may, what follows, and what the trail never holds."""

from __future__ import annotations

import json
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, connection, transaction

from doorframe.adapters import kept
from doorframe.apps.authorisations import queries
from doorframe.apps.authorisations.actions import answering, writing
from doorframe.apps.authorisations.models import Authorisation, Signer, Turn
from doorframe.apps.authorisations.rules import SILENCE, NotNow, latest
from doorframe.apps.authorisations.states import State
from doorframe.apps.clients import actions as clients
from doorframe.apps.clients.models import Client, Status
from doorframe.apps.members.models import Membership
from doorframe.apps.members.roles import Role
from doorframe.apps.trail.models import Event
from tests.apps.authorisations.conftest import PURPOSE, SECRETS, STORY, Make


def turn_of(item: Authorisation, actor: Membership, at: datetime, name: str) -> tuple[Turn, Signer]:
    """The device in the hands of the person of this name."""
    turn, _secret = answering.hand_over(item=item, actor=actor, at=at)
    signer = next(one for one in queries.people(item) if one.name == name)
    return answering.take_turn(turn=turn, signer=signer, at=at), signer


def taken_back(member: Membership, at: datetime) -> list[Authorisation]:
    """Those whose posts nobody has gone through yet."""
    return queries.pressing(member, at, timedelta())[0]


@pytest.mark.promise("F6")
def test_every_word_of_the_request_stands_in_what_is_signed(prepared: Make, robin: Client) -> None:
    item = prepared(robin)
    document = kept.from_plain(item.tree or {})
    words = json.dumps(kept.words(document), ensure_ascii=False)
    for said in (*STORY.splitlines(), PURPOSE, "Instagram", "our newsletter", "November 21, 2026"):
        assert said in words, said
    assert item.text_sha256 == kept.words_hash(document)
    assert item.reference in document.footer and item.form == "us"


@pytest.mark.promise("F6")
def test_one_client_signs_in_the_room(prepared: Make, robin: Client, owner: Membership, now: datetime) -> None:
    item = prepared(robin)
    turn, signer = turn_of(item, owner, now, "Robin Example")
    with pytest.raises(ValidationError, match="Type your name"):
        answering.sign_by(turn=turn, signer=signer, at=now, yes=True, name="  ")
    assert not queries.in_force(owner.practice, now)
    item = answering.sign_by(turn=turn, signer=signer, at=now, yes=True, name=" Robin  Example ")
    assert item.state == State.SIGNED
    signer.refresh_from_db()
    assert (signer.signed_name, signer.method, signer.answer) == ("Robin Example", "typed", "yes")
    with pytest.raises(NotNow, match="waited for"):
        answering.sign_by(turn=turn, signer=signer, at=now, yes=False)


@pytest.mark.promise("F6")
def test_several_people_must_each_sign(prepared: Make, couple: Client, owner: Membership, now: datetime) -> None:
    item = prepared(couple)
    turn, kit = turn_of(item, owner, now, "Kit Sample")
    assert answering.sign_by(turn=turn, signer=kit, at=now, yes=True, name="Kit Sample").state == State.PREPARED
    assert not queries.in_force(owner.practice, now), "one of two is not enough"
    turn, sam = turn_of(item, owner, now, "Sam Sample")
    assert answering.sign_by(turn=turn, signer=sam, at=now, yes=True, name="Sam Sample").state == State.SIGNED
    assert [one.reference for one in queries.in_force(owner.practice, now)] == [item.reference]


@pytest.mark.promise("F6")
def test_one_no_is_enough(prepared: Make, couple: Client, owner: Membership, now: datetime) -> None:
    item = prepared(couple)
    turn, kit = turn_of(item, owner, now, "Kit Sample")
    answering.sign_by(turn=turn, signer=kit, at=now, yes=True, name="Kit Sample")
    turn, sam = turn_of(item, owner, now, "Sam Sample")
    item = answering.sign_by(turn=turn, signer=sam, at=now, yes=False)
    assert item.state == State.DECLINED
    for step in (answering.hand_over, answering.revoke, writing.reopen):
        with pytest.raises(NotNow):
            step(item=item, actor=owner, at=now)


@pytest.mark.promise("F6")
def test_a_guardian_signs_for_a_minor_and_says_by_what_right(
    prepared: Make, family: Client, owner: Membership, now: datetime
) -> None:
    item = prepared(family)
    assert [(one.name, one.required) for one in queries.people(item)] == [("Mia Hart", False), ("June Hart", True)]
    statements = (item.asked or {})["statements"]
    assert "I may decide this for Mia Hart." in statements[1] and "Mia" not in statements[0]
    turn, june = turn_of(item, owner, now, "June Hart")
    with pytest.raises(ValidationError, match="who they are to each other"):
        answering.sign_by(turn=turn, signer=june, at=now, yes=True, name="June Hart")
    with pytest.raises(ValidationError, match="what lets them"):
        answering.sign_by(turn=turn, signer=june, at=now, yes=True, name="June Hart", relationship="mother")
    item = answering.sign_by(
        turn=turn, signer=june, at=now, yes=True, name="June Hart", relationship="mother", authority="sole custody"
    )
    assert item.state == State.SIGNED


def test_a_minor_who_says_no_is_heard(prepared: Make, family: Client, owner: Membership, now: datetime) -> None:
    item = prepared(family)
    turn, mia = turn_of(item, owner, now, "Mia Hart")
    assert answering.sign_by(turn=turn, signer=mia, at=now, yes=False).state == State.DECLINED


def test_a_minor_is_never_on_it_without_a_guardian(
    draft: Make, family: Client, owner: Membership, now: datetime
) -> None:
    item = draft(family)
    mia, june = (one.person for one in queries.people(item))
    with pytest.raises(ValidationError, match="guardian has to sign"):
        writing.choose_people(item=item, actor=owner, at=now, people=[mia])
    with pytest.raises(ValidationError, match="at least one client"):
        writing.choose_people(item=item, actor=owner, at=now, people=[june])


def test_a_partner_who_is_not_in_the_story_is_left_out(
    draft: Make, couple: Client, robin: Client, owner: Membership, now: datetime
) -> None:
    item = draft(couple)
    kit, _sam = (one.person for one in queries.people(item))
    writing.choose_people(item=item, actor=owner, at=now, people=[kit])
    item = writing.prepare(item=item, actor=owner, at=now)
    assert [one.name for one in queries.people(item)] == ["Kit Sample"]
    stranger = robin.people.get()
    other = draft(couple)
    with pytest.raises(ValidationError, match="Choose among the people"):
        writing.choose_people(item=other, actor=owner, at=now, people=[stranger])


@pytest.mark.promise("F6")
@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"scope": " \n "}, "scope"),
        ({"purpose": ""}, "purpose"),
        ({"platforms": [], "elsewhere": ""}, "platforms"),
    ],
)
def test_nothing_is_signed_that_lacks_a_part(
    draft: Make, robin: Client, owner: Membership, now: datetime, values: dict[str, Any], field: str
) -> None:
    item = draft(robin, **values)
    with pytest.raises(ValidationError) as refused:
        writing.prepare(item=item, actor=owner, at=now)
    assert set(refused.value.message_dict) == {field}
    item.refresh_from_db()
    assert item.state == State.DRAFT and item.tree is None


@pytest.mark.promise("F6")
@pytest.mark.parametrize(
    ("first", "last", "words"),
    [
        (0, None, "needs a day"),
        (None, 10, "needs a day"),
        (10, 9, "before the first"),
        (-20, -1, "is over"),
        (0, 732, "two years"),
    ],
)
def test_every_permission_ends(
    draft: Make, robin: Client, owner: Membership, now: datetime, first: int | None, last: int | None, words: str
) -> None:
    item = draft(robin)
    days = [None if one is None else now.date() + timedelta(days=one) for one in (first, last)]
    with pytest.raises(ValidationError, match=words):
        writing.write(item=item, actor=owner, at=now, values={"first_on": days[0], "last_on": days[1]})


def test_two_years_to_the_day_and_no_longer(draft: Make, robin: Client, owner: Membership, now: datetime) -> None:
    last = latest(now.date())
    assert last == date(2028, 11, 21) and latest(date(2028, 2, 29)) == date(2030, 2, 28)
    assert writing.write(item=draft(robin), actor=owner, at=now, values={"last_on": last}).last_on == last


def test_fixed_words_stay(prepared: Make, robin: Client, owner: Membership, now: datetime) -> None:
    item = prepared(robin)
    with pytest.raises(NotNow, match="fixed"):
        writing.write(item=item, actor=owner, at=now, values={"scope": "More."})
    with pytest.raises(NotNow, match="fixed"):
        writing.discard(item=item, actor=owner, at=now)
    turn, robins = turn_of(item, owner, now, "Robin Example")
    item = writing.reopen(item=item, actor=owner, at=now)
    assert item.tree is None and not item.text_sha256
    with pytest.raises(NotNow):
        answering.sign_by(turn=turn, signer=robins, at=now, yes=True, name="Robin Example")
    item = writing.prepare(item=item, actor=owner, at=now)
    turn, robins = turn_of(item, owner, now, "Robin Example")
    answering.sign_by(turn=turn, signer=robins, at=now, yes=True, name="Robin Example")
    with pytest.raises(NotNow):
        writing.reopen(item=item, actor=owner, at=now)


def test_a_draft_goes_without_a_trace_of_its_words(
    draft: Make, robin: Client, owner: Membership, now: datetime
) -> None:
    writing.discard(item=draft(robin), actor=owner, at=now)
    assert not Authorisation.objects.exists() and not Signer.objects.exists()


def test_paper_says_where_it_is_kept_and_who_wrote_it_down(
    prepared: Make, couple: Client, owner: Membership, now: datetime
) -> None:
    item = prepared(couple)
    kit, sam = queries.people(item)
    told: dict[str, Any] = {"item": item, "actor": owner, "at": now}
    with pytest.raises(NotNow, match="at least one person"):
        answering.record_paper(**told, on=now.date(), answers={}, kept_where="Folder")
    with pytest.raises(ValidationError, match="where the signed sheet"):
        answering.record_paper(**told, on=now.date(), answers={str(kit.uid): True}, kept_where=" ")
    with pytest.raises(ValidationError, match="still to come"):
        answering.record_paper(**told, on=now.date() + timedelta(1), answers={str(kit.uid): True}, kept_where="Folder")
    with pytest.raises(ValidationError, match="printed after"):
        answering.record_paper(**told, on=now.date() - timedelta(9), answers={str(kit.uid): True}, kept_where="Folder")
    item = answering.record_paper(**told, on=now.date(), answers={str(kit.uid): True}, kept_where="Folder 7")
    assert item.state == State.PREPARED
    item = answering.record_paper(**told, on=now.date(), answers={str(sam.uid): True}, kept_where="Folder 7")
    assert item.state == State.SIGNED
    kit.refresh_from_db()
    assert (kit.method, kit.kept_where, kit.recorded_by) == ("paper", "Folder 7", owner)


@pytest.mark.promise("F6")
def test_taken_back_at_any_time(signed: Make, robin: Client, owner: Membership, now: datetime) -> None:
    item = signed(robin)
    assert queries.for_draft(owner.practice, item.reference, now) is not None
    later = now + timedelta(days=9)
    item = answering.revoke(item=item, actor=owner, at=later, reason="Changed my mind")
    assert (item.state, item.revoked_at, item.revoked_by) == (State.REVOKED, later, owner)
    assert queries.for_draft(owner.practice, item.reference, later) is None
    assert item.tree is not None, "what was signed stays on file"
    with pytest.raises(NotNow):
        answering.revoke(item=item, actor=owner, at=later)


def test_taken_back_before_it_was_signed_leaves_no_posts_to_look_for(
    prepared: Make, robin: Client, owner: Membership, now: datetime
) -> None:
    item = answering.revoke(item=prepared(robin), actor=owner, at=now)
    assert item.followed_up_at == now and not taken_back(owner, now)


def test_posts_are_gone_through_once(signed: Make, robin: Client, owner: Membership, now: datetime) -> None:
    item = signed(robin)
    with pytest.raises(NotNow, match="not taken back"):
        answering.follow_up(item=item, actor=owner, at=now)
    answering.revoke(item=item, actor=owner, at=now)
    assert [one.reference for one in taken_back(owner, now)] == [item.reference]
    answering.follow_up(item=item, actor=owner, at=now)
    answering.follow_up(item=item, actor=owner, at=now)
    assert not taken_back(owner, now)
    assert Event.objects.filter(name="authorisations.permission.followed-up").count() == 1


def test_a_device_shows_nothing_after_a_silence_or_to_the_next_one(
    prepared: Make, couple: Client, robin: Client, owner: Membership, now: datetime
) -> None:
    item = prepared(couple)
    turn, kit = turn_of(item, owner, now, "Kit Sample")
    other = queries.people(prepared(robin))[0]
    with pytest.raises(NotNow):
        answering.take_turn(turn=turn, signer=other, at=now)
    sam = queries.people(item)[1]
    with pytest.raises(NotNow, match="closed"):
        answering.sign_by(turn=turn, signer=sam, at=now, yes=True, name="Sam Sample")
    almost = now + SILENCE - timedelta(seconds=1)
    assert answering.touch(turn=turn, at=almost) is not None
    assert answering.touch(turn=turn, at=almost + SILENCE) is None
    assert answering.touch(turn=turn, at=almost) is None, "once closed it stays closed"
    with pytest.raises(NotNow):
        answering.sign_by(turn=turn, signer=kit, at=almost + SILENCE, yes=True, name="Kit Sample")
    newer, _secret = answering.hand_over(item=item, actor=owner, at=now)
    latest_one, _secret = answering.hand_over(item=item, actor=owner, at=now)
    newer.refresh_from_db()
    assert newer.ended_at == now and latest_one.ended_at is None


@pytest.mark.promise("L2")
@pytest.mark.parametrize("role", [Role.FRONT_DESK, Role.MODERATOR])
def test_the_front_desk_and_moderators_write_none(
    signed: Make, robin: Client, owner: Membership, now: datetime, role: Role
) -> None:
    item = signed(robin)
    owner.role = role
    for step in (
        lambda: writing.begin(actor=owner, at=now, clients=[robin]),
        lambda: answering.revoke(item=item, actor=owner, at=now),
        lambda: answering.note_printed(item=item, actor=owner, at=now),
    ):
        with pytest.raises(PermissionDenied):
            step()
    assert not queries.visible(owner).exists()


@pytest.mark.promise("L2")
def test_a_colleagues_clients_are_theirs(
    signed: Make, draft: Make, theirs: Client, robin: Client, owner: Membership, colleague: Membership, now: datetime
) -> None:
    own, shared, foreign = signed(theirs, actor=colleague), draft(theirs, robin), signed(robin)
    assert set(queries.visible(colleague)) == {own}, "one with somebody else's client on it is not theirs alone"
    assert set(queries.visible(owner)) == {own, shared, foreign}
    with pytest.raises(PermissionDenied, match="client of a colleague"):
        answering.revoke(item=foreign, actor=colleague, at=now)
    with pytest.raises(PermissionDenied):
        writing.begin(actor=colleague, at=now, clients=[robin])


@pytest.mark.promise("L3")
def test_nothing_of_another_practice(signed: Make, robin: Client, stranger: Membership, now: datetime) -> None:
    item = signed(robin)
    assert not queries.visible(stranger).exists()
    assert queries.for_draft(stranger.practice, item.reference, now) is None
    assert not queries.in_force(stranger.practice, now)
    for step in (answering.revoke, answering.follow_up, answering.hand_over, writing.reopen):
        with pytest.raises(PermissionDenied):
            step(item=item, actor=stranger, at=now)


def test_whose_names_were_removed_is_not_asked(robin: Client, owner: Membership, now: datetime) -> None:
    robin = clients.erase_contact(client=robin, actor=owner, at=now)
    with pytest.raises(NotNow, match="were removed"):
        writing.begin(actor=owner, at=now, clients=[robin])


@pytest.mark.promise("C8")
def test_no_word_of_a_client_reaches_the_trail_or_the_database_in_clear(
    signed: Make, prepared: Make, family: Client, couple: Client, owner: Membership, now: datetime
) -> None:
    answering.revoke(item=signed(family), actor=owner, at=now, reason="small steps were not mine")
    turn, kit = turn_of(prepared(couple), owner, now, "Kit Sample")
    answering.sign_by(turn=turn, signer=kit, at=now, yes=False)
    told = json.dumps(list(Event.objects.values("name", "data", "actor_label")))
    assert not [word for word in (*SECRETS, "Kit", "Green folder") if word in told]
    with connection.cursor() as cursor:
        for table in ("authorisations_authorisation", "authorisations_signer", "authorisations_turn"):
            cursor.execute(f"SELECT * FROM {table}")
            rows = repr([[bytes(v) if isinstance(v, memoryview) else v for v in row] for row in cursor.fetchall()])
            assert not [word for word in (*SECRETS, "Kit", "Green folder") if word in rows], table


@pytest.mark.django_db
def test_the_database_keeps_days_in_order(draft: Make, robin: Client, now: datetime) -> None:
    item = draft(robin)
    with pytest.raises(IntegrityError), transaction.atomic():
        Authorisation.objects.filter(pk=item.pk).update(last_on=now.date() - timedelta(1))


@pytest.mark.promise("F6")
@pytest.mark.parametrize(("status", "current"), [(Status.FORMER, False), (Status.CURRENT, True)])
def test_screening_is_told_whether_somebody_is_a_client_now(
    signed: Make, robin: Client, couple: Client, owner: Membership, now: datetime, status: Status, current: bool
) -> None:
    item = signed(robin)
    clients.change_client(client=robin, actor=owner, at=now, values={"status": status})
    found = queries.for_draft(owner.practice, item.reference, now)
    assert found is not None and (found.reference, found.current) == (item.reference, current)
    both = signed(robin, couple)
    found = queries.for_draft(owner.practice, both.reference, now)
    assert found is not None and found.current, "one of several is enough"


@pytest.mark.promise("F6")
def test_only_what_is_in_force_covers_a_draft(
    signed: Make, prepared: Make, draft: Make, robin: Client, owner: Membership, now: datetime
) -> None:
    practice = owner.practice
    for item in (draft(robin), prepared(robin)):
        assert queries.for_draft(practice, item.reference, now) is None
    item = signed(robin, days=10, first_on=now.date() + timedelta(days=2))
    cases = [(0, False), (2, True), (10, True), (11, False)]
    found = [
        (days, queries.for_draft(practice, item.reference, now + timedelta(days=days)) is not None) for days, _ in cases
    ]
    assert found == cases
    day = now + timedelta(days=5)
    for typed in (item.reference.lower(), f" {item.reference.replace('-', ' ')} "):
        assert queries.for_draft(practice, typed, day) is not None
    for typed in ("", "-", "nothing", item.reference[:-1], "%", "é" * 500):
        assert queries.for_draft(practice, typed, day) is None
    assert queries.for_draft(practice, item.reference, day, platform="instagram") is not None
    assert queries.for_draft(practice, item.reference, day, platform="facebook") is None, "another place is not covered"
