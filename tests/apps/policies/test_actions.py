"""Every change is on the trail or did not happen; two tabs never overwrite each other; publishing is whole."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection

from doorframe.apps.jobs.models import Job
from doorframe.apps.library import queries as library
from doorframe.apps.members.models import Membership
from doorframe.apps.members.roles import Role
from doorframe.apps.policies import actions, documents, queries, rules
from doorframe.apps.policies.models import IssuedDocument, Version
from doorframe.apps.policies.states import State
from doorframe.apps.trail import actions as trail
from doorframe.apps.trail import queries as proof
from doorframe.apps.trail.models import Event
from tests.apps.policies.conftest import COMPLETE


def save(version: Version, actor: Membership, at: datetime, **more: Any) -> Version:
    known: dict[str, Any] = {"screen": "friending", "answers": {"friending": "decline"}, "revision": 0}
    return actions.save_answers(version=version, actor=actor, at=at, **{**known, **more})


Act = Callable[[Version, Membership, datetime], object]

ACTIONS: dict[str, tuple[State, Act, str]] = {
    "start": (State.DRAFT, lambda v, a, at: actions.start_version(actor=a, at=at), "policies.version.started"),
    "save": (State.DRAFT, save, "policies.answers.saved"),
    "rename": (State.DRAFT, lambda v, a, at: actions.rename_version(version=v, actor=a, at=at, title="Ours"),
               "policies.version.renamed"),
    "delete": (State.DRAFT, lambda v, a, at: actions.delete_draft(version=v, actor=a, at=at),
               "policies.version.deleted"),
    "submit": (State.DRAFT, lambda v, a, at: actions.submit_version(version=v, actor=a, at=at),
               "policies.version.submitted"),
    "return": (State.IN_REVIEW, lambda v, a, at: actions.return_version(version=v, actor=a, at=at),
               "policies.version.returned"),
    "approve": (State.IN_REVIEW, lambda v, a, at: actions.approve_version(version=v, actor=a, at=at),
                "policies.version.approved"),
    "publish": (State.APPROVED, lambda v, a, at: actions.publish_version(version=v, actor=a, at=at),
                "policies.version.published"),
    "retire": (State.PUBLISHED, lambda v, a, at: actions.retire_version(version=v, actor=a, at=at),
               "policies.version.retired"),
    "keep": (State.PUBLISHED, lambda v, a, at: actions.keep_document(
        version=v, name="policy", format="pdf", data=b"%PDF", sha256="0" * 64, at=at), "policies.document.issued"),
}  # fmt: skip


# Recorded apart from the state of a version.
AGAIN: Act = lambda v, a, at: actions.issue_again(version=v, actor=a, at=at)  # noqa: E731
ACTIONS["issue"] = (State.PUBLISHED, AGAIN, "policies.documents.retried")


def everything() -> dict[str, Any]:
    """Every row that an action of this room writes."""
    found: dict[str, Any] = {}
    for model in (Version, IssuedDocument, Job, Event):
        found[model.__name__] = list(model.objects.order_by("pk").values())
    return found


def test_every_action_is_in_the_table() -> None:
    module = vars(actions)
    written = {name for name, one in module.items() if getattr(one, "__module__", "") == actions.__name__}
    written = {name for name in written if not name.startswith("_") and callable(module[name])}
    assert {name.partition("_")[0] for name in written - {"Conflict"}} == set(ACTIONS)


@pytest.mark.parametrize("name", ACTIONS)
def test_an_action_is_recorded_once(owner: Membership, made: Any, now: datetime, name: str) -> None:
    state, act, event = ACTIONS[name]
    version = made(owner, state)
    before = Event.objects.filter(name=event).count()
    act(version, owner, now)
    assert Event.objects.filter(name=event).count() == before + 1
    # What the signatures make of it stands after it.
    latest = Event.objects.filter(name__startswith="policies.").latest("seq")
    assert latest.subject_type == "policies.version"
    assert proof.verify(owner.practice).is_whole


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("name", ACTIONS)
def test_without_its_record_a_change_does_not_happen(
    owner: Membership, made: Any, now: datetime, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    state, act, event = ACTIONS[name]
    version = made(owner, state)
    before, real = everything(), trail.record

    def record(said: str, **more: Any) -> Any:
        real(said, **more)
        if said == event:
            raise RuntimeError("the disk is full")

    monkeypatch.setattr(trail, "record", record)
    with pytest.raises(RuntimeError, match="disk is full"):
        act(version, owner, now)
    assert everything() == before


# --- Two people ---------------------------------------------------------------------------------------------------


@pytest.mark.promise("B4")
def test_neither_author_nor_editor_approves(group: Membership, in_role: Any, made: Any, now: datetime) -> None:
    author, editor = in_role(group, Role.SUPERVISOR), in_role(group, Role.SUPERVISOR)
    version = made(author)
    save(version, editor, now)
    version = actions.submit_version(version=version, actor=author, at=now)
    for person in (author, editor):
        with pytest.raises(PermissionDenied, match="second person"):
            actions.approve_version(version=version, actor=person, at=now)
    approved = actions.approve_version(version=version, actor=group, at=now)
    assert (approved.approved_by, approved.approved_at) == (group, now)
    assert approved.text_sha256 == documents.text_hash(approved)


@pytest.mark.promise("B4")
def test_the_two_person_rule_cannot_be_hurried(group: Membership, made: Any, now: datetime) -> None:
    for state in (State.DRAFT, State.IN_REVIEW):
        with pytest.raises(rules.NotNow):
            actions.publish_version(version=made(group, state), actor=group, at=now)
    assert not Version.objects.filter(state=State.PUBLISHED).exists()


@pytest.mark.promise("B4")
def test_what_comes_back_is_approved_anew(group: Membership, in_role: Any, made: Any, now: datetime) -> None:
    second = in_role(group, Role.SUPERVISOR)
    version = actions.return_version(version=made(group, State.APPROVED, second=second), actor=group, at=now)
    assert (version.state, version.approved_by, version.submitted_at, version.text_sha256) == ("draft", None, None, "")
    save(version, second, now)
    version = actions.submit_version(version=version, actor=group, at=now)
    with pytest.raises(PermissionDenied, match="second person"):
        actions.approve_version(version=version, actor=second, at=now)


@pytest.mark.promise("B4")
def test_the_words_that_were_approved_are_the_words_that_go_out(
    group: Membership, in_role: Any, made: Any, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    version = made(group, State.APPROVED, second=in_role(group, Role.SUPERVISOR))
    kept = version.text_sha256
    with monkeypatch.context() as changed:
        changed.setattr(documents, "text_hash", lambda version: "another")
        with pytest.raises(rules.NotNow, match="have it approved again"):
            actions.publish_version(version=version, actor=group, at=now)
    published = actions.publish_version(version=version, actor=group, at=now + timedelta(days=40))
    assert published.text_sha256 == kept == documents.text_hash(published), "neither number nor date is in the hash"


# --- Publishing ---------------------------------------------------------------------------------------------------

# Answers, and the screen that the refusal leads to.
BLOCKING: dict[str, tuple[dict[str, Any], str, str]] = {
    "no official contact": ({"phone": "", "email": ""}, "gap", "contact"),
    "a placeholder": ({"address": "[INSERT ADDRESS HERE]"}, "placeholder", "contact"),
    "no name": ({"practice_name": ""}, "gap", "practice"),
    "no board": ({"board_name": ""}, "gap", "licence"),
    "no crisis route": ({"country": "other", "region": "", "emergency_number": "", "crisis_lines": []}, "gap",
                        "crisis"),
    "a contradiction": ({"platforms_not_used": ["instagram"], "accounts": [
        {"platform": "instagram", "handle": "@h", "kind": "professional", "purpose": "art"}]}, "contradiction",
        "accounts"),
}  # fmt: skip


@pytest.mark.promise("A8")
@pytest.mark.parametrize("case", BLOCKING)
def test_publishing_is_refused_with_the_screen_that_mends_it(
    owner: Membership, signed_in: Any, now: datetime, case: str
) -> None:
    answers, kind, screen = BLOCKING[case]
    version = actions.start_version(actor=owner, at=now, answers={**COMPLETE, **answers})
    before = everything()
    for step in (actions.submit_version, actions.publish_version):
        with pytest.raises(rules.CannotPublish) as refusal:
            step(version=version, actor=owner, at=now)
        found = [one for one in refusal.value.blocking if one.kind == kind and screen in one.screens]
        assert found and all(one.message and one.blocks for one in found), refusal.value.blocking
    assert everything() == before
    answer = signed_in(owner).post(f"/policy/{version.uid}/publish/")
    assert answer.status_code == 422
    page = answer.content.decode()
    assert f"/policy/{version.uid}/q/{screen}/?to=check" in page
    assert "cannot be published yet" in page
    assert everything() == before


@pytest.mark.promise("A8")
def test_granted_once_it_is_mended(owner: Membership, now: datetime) -> None:
    version = actions.start_version(actor=owner, at=now, answers={**COMPLETE, "phone": "", "email": ""})
    save(version, owner, now, screen="contact", answers={"phone": "(503) 555-0142"})
    assert actions.publish_version(version=version, actor=owner, at=now).number == 1


def test_publishing_keeps_what_it_was_made_of_and_retires_the_former(
    owner: Membership, made: Any, now: datetime
) -> None:
    first = made(owner, State.PUBLISHED)
    second = actions.start_version(actor=owner, at=now, based_on=first)
    assert (second.answers, second.based_on) == (first.answers, first)
    later = now + timedelta(days=1)
    second = actions.publish_version(version=second, actor=owner, at=later, change_note=" Shorter. ", material=True)
    first.refresh_from_db()
    assert (first.state, first.retired_at) == ("retired", later)
    assert (second.number, second.change_note, second.material) == (2, "Shorter.", True)
    pack = library.pack()
    assert (second.pack_id, second.pack_version, second.pack_sha256) == (pack.id, pack.version, pack.sha256)
    retired = Event.objects.get(name="policies.version.retired")
    assert (retired.subject_id, retired.data["number"]) == (str(first.pk), 1)
    jobs = Job.objects.filter(name="policies.documents.issue").order_by("created_at")
    assert [job.args for job in jobs] == [{"version_id": first.pk}, {"version_id": second.pk}]


def test_the_day_is_the_practices_own(owner: Membership, made: Any) -> None:
    owner.practice.time_zone = "America/Los_Angeles"
    owner.practice.save()
    version = made(owner, State.PUBLISHED, at=datetime(2026, 12, 1, 3, 0, tzinfo=UTC))
    assert version.in_force_from is not None
    assert version.in_force_from.isoformat() == documents.edition(version).dated == "2026-11-30"


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("state", [State.DRAFT, State.APPROVED])
def test_numbers_have_no_gap_when_two_publish_at_once(
    owner: Membership, made: Any, now: datetime, state: State
) -> None:
    versions = [made(owner, state) for _ in range(4)]
    start, failures = threading.Barrier(4), []

    def publish(version: Version) -> None:
        try:
            start.wait(timeout=20)
            later = now + timedelta(hours=1)
            actions.publish_version(version=version, actor=owner, at=later, change_note="Shorter.")
        except Exception as error:
            failures.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=publish, args=(version,)) for version in versions]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    assert failures == []
    assert list(Version.objects.order_by("number").values_list("number", flat=True)) == [1, 2, 3, 4]
    assert list(Version.objects.filter(state=State.PUBLISHED).values_list("number", flat=True)) == [4]
    assert Version.objects.filter(state=State.RETIRED).count() == 3
    assert proof.verify(owner.practice).is_whole


@pytest.mark.django_db(transaction=True)
def test_one_version_is_published_once(owner: Membership, made: Any, now: datetime) -> None:
    version = made(owner)
    results: list[str] = []

    def publish() -> None:
        try:
            actions.publish_version(version=version, actor=owner, at=now)
            results.append("published")
        except rules.NotNow:
            results.append("refused")
        finally:
            connection.close()

    threads = [threading.Thread(target=publish) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    assert sorted(results) == ["published", "refused"]
    assert Job.objects.count() == 1


# --- Answers ------------------------------------------------------------------------------------------------------


@pytest.mark.promise("A7")
def test_two_tabs_on_one_answer_and_the_second_is_told(owner: Membership, made: Any, now: datetime) -> None:
    version = made(owner)
    first = save(version, owner, now, answers={"friending": "decline"}, revision=0)
    assert (first.revision, first.touched) == (1, {"friending": 1})
    with pytest.raises(actions.Conflict) as conflict:
        save(version, owner, now, answers={"friending": "case-by-case"}, revision=0)
    assert conflict.value.fields == ["friending"]
    assert conflict.value.version.answers["friending"] == "decline"
    version.refresh_from_db()
    assert version.answers["friending"] == "decline", "nothing is overwritten in silence"
    over = save(version, owner, now, answers={"friending": "case-by-case"}, revision=first.revision)
    assert over.answers["friending"] == "case-by-case"


@pytest.mark.promise("A7")
@pytest.mark.parametrize(
    ("first", "second", "fits"),
    [
        ({"phone": "1"}, {"email": "a@b.example"}, True),
        ({"phone": "1"}, {"phone": "1"}, True),
        ({"phone": "1"}, {"phone": "2"}, False),
        ({"phone": "1"}, {"phone": "2", "email": "a@b.example"}, False),
        ({"phone": "1"}, {"phone": COMPLETE["phone"]}, False),
    ],
)
def test_what_conflicts_and_what_does_not(
    owner: Membership, made: Any, now: datetime, first: dict[str, str], second: dict[str, str], fits: bool
) -> None:
    version = made(owner)
    save(version, owner, now, screen="contact", answers=first)
    if fits:
        assert save(version, owner, now, screen="contact", answers=second).answers == {
            **COMPLETE, **first, **second
        }  # fmt: skip
        return
    with pytest.raises(actions.Conflict):
        save(version, owner, now, screen="contact", answers=second)
    version.refresh_from_db()
    assert version.answers == {**COMPLETE, **first}


@pytest.mark.promise("A7")
def test_a_field_that_cannot_be_read_yet_does_not_fall_behind(owner: Membership, made: Any, now: datetime) -> None:
    version = made(owner)
    save(version, owner, now, screen="contact", answers={"email": "other@tab.example"})
    with pytest.raises(actions.Conflict) as conflict:
        save(version, owner, now, screen="contact", answers={"phone": "1"}, unread=["email"])
    assert conflict.value.fields == ["email"]


def test_the_same_answers_again_change_nothing(owner: Membership, made: Any, now: datetime) -> None:
    version = made(owner)
    save(version, owner, now, finished=True)
    count = Event.objects.count()
    again = save(version, owner, now, finished=True)
    assert (again.revision, again.done, Event.objects.count()) == (1, ["friending"], count)


def test_a_screen_is_done_only_when_it_was_confirmed(owner: Membership, made: Any, now: datetime) -> None:
    version = save(made(owner), owner, now)
    assert version.done == []
    assert save(version, owner, now, finished=True, revision=1).done == ["friending"]


def test_no_words_of_an_answer_reach_the_trail(owner: Membership, made: Any, now: datetime) -> None:
    save(made(owner), owner, now, screen="contact", answers={"address": "7 Quiet Street"})
    event = Event.objects.get(name="policies.answers.saved")
    assert event.data == {"screen": "contact", "changed": ["address"], "revision": 1, "finished": False}


@pytest.mark.parametrize("state", [one for one in State if one != State.DRAFT])
def test_answers_stand_still_after_the_draft(owner: Membership, made: Any, now: datetime, state: State) -> None:
    version = made(owner, state)
    before = everything()
    for name in ("save", "rename", "delete"):
        with pytest.raises(rules.NotNow, match="no longer a draft"):
            ACTIONS[name][1](version, owner, now)
    assert everything() == before


def test_a_draft_that_another_stands_on_can_go(owner: Membership, made: Any, now: datetime) -> None:
    base = made(owner, State.PUBLISHED)
    middle = actions.start_version(actor=owner, at=now, based_on=base)
    last = actions.start_version(actor=owner, at=now, based_on=middle)
    actions.delete_draft(version=middle, actor=owner, at=now)
    last.refresh_from_db()
    assert last.based_on == base


def test_a_second_keeping_changes_nothing(owner: Membership, made: Any, now: datetime) -> None:
    version = made(owner, State.PUBLISHED)
    known: dict[str, Any] = {"version": version, "name": "policy", "format": "pdf", "at": now}
    first = actions.keep_document(**known, data=b"one", sha256="1" * 64)
    again = actions.keep_document(**known, data=b"two", sha256="2" * 64)
    assert (first.pk, bytes(again.data), again.sha256) == (again.pk, b"one", "1" * 64)
    assert queries.issued_names(version) == {("policy", "pdf")}
