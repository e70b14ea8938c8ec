"""A post from its first words to the day on which they go: who may do what, and what stays."""

from __future__ import annotations

import threading
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection, connections
from django.http import Http404

from doorframe.apps.jobs import runner
from doorframe.apps.jobs.models import Job
from doorframe.apps.members.models import Membership
from doorframe.apps.members.roles import Role
from doorframe.apps.posts import queries, rules, screening, seed, verdicts
from doorframe.apps.posts.actions import deciding, keeping, writing
from doorframe.apps.posts.models import Decision, Kind, Outcome, Post, Step
from doorframe.apps.posts.states import ENDED, TRANSITIONS, State, Verb, after, diagram
from doorframe.apps.trail.models import Event
from doorframe.engines.screening import verdict as engine
from tests.apps.posts.conftest import Write, member
from tests.apps.posts.fake import GRAVE, LOOK, PLAIN, STORY, TIME, Fake


def change(post: Post, actor: Membership, at: datetime, **more: Any) -> Post:
    names = ("kind", "platform", "text", "planned_for", "permission", "revision")
    known = {name: getattr(post, name) for name in names}
    return writing.change_post(post=post, actor=actor, at=at, **{**known, **more})


def button(post: Post, label: str) -> str:
    verdict = verdicts.read(post.verdict)
    assert verdict is not None
    return next(screening.key(one) for one in verdict.rewrites if one.label == label)


# Tables


def test_kinds_and_outcomes_are_the_engines() -> None:
    assert tuple(Kind.values) == engine.KINDS
    assert tuple(Outcome.values) == engine.OUTCOMES


@pytest.mark.promise("F9")
def test_every_state_and_every_verb_stands_in_the_table() -> None:
    assert {verb for _state, verb in TRANSITIONS} == set(Verb)
    reached = {State.DRAFT}
    for _ in State:
        reached |= {following for (before, _verb), following in TRANSITIONS.items() if before in reached}
    assert reached == set(State)
    assert all(state.value.replace("-", "_") in diagram() for state in State)
    assert {state for state in State if {verb for one, verb in TRANSITIONS if one == state} == {Verb.LET_GO}} == ENDED
    assert after("draft", Verb.APPROVE) is None
    assert after("draft", Verb.PUBLISH) is None


def test_a_verdict_comes_back_as_it_was_kept() -> None:
    found = Fake().screen(engine.Draft(STORY))
    assert verdicts.read(verdicts.plain(found)) == found
    later = {**verdicts.plain(found), "new": 1}
    later["findings"] = [{**later["findings"][0], "also": "new"}]
    read = verdicts.read(later)
    assert read is not None and read.findings == found.findings[:1]
    assert verdicts.read(None) is None


# Words


@pytest.mark.promise("F1")
def test_a_draft_is_screened_as_it_is_kept(owner: Membership, write: Write, screener: Fake) -> None:
    post = write(owner, STORY)
    post.refresh_from_db()
    assert (post.state, post.outcome, post.text) == (State.DRAFT, Outcome.DO_NOT_POST, STORY)
    assert post.sha256 == screening.sha256(STORY) and post.release.startswith("doorframe ")
    draft, profile, authorisation = screener.calls[-1]
    assert (draft.country, draft.kind, draft.platform, authorisation) == ("US", "caption", "instagram", None)
    assert profile is not None and profile.own == ("Harbour Lane", "Dr Imani Cole")


def test_no_word_of_the_text_stands_in_the_database_or_on_the_trail(
    owner: Membership, write: Write, now: datetime
) -> None:
    post = writing.take_rewrite(
        post=(first := write(owner, STORY)),
        actor=owner,
        at=now,
        revision=1,
        rewrite=button(first, "Leave out the time"),
    )
    with connection.cursor() as cursor:
        rows = []
        for table in ("posts_post", "posts_step", "posts_decision"):
            cursor.execute(f"SELECT * FROM {table}")
            rows += [bytes(cell) if isinstance(cell, memoryview) else cell for row in cursor for cell in row]
    kept = str(rows)
    events = [(event.name, event.data) for event in Event.objects.all()]
    for word in ("Lisbon", "Saturday", GRAVE, "panic"):
        assert word not in kept and word not in str(events)
    screened = [data for name, data in events if name == "posts.post.screened"]
    assert screened[-1] == {"outcome": "do-not-post", "sha256": post.sha256, "kind": "caption"}


@pytest.mark.parametrize(("country", "said"), [("GB", "UK"), ("XX", ""), ("CA", "CA")])
def test_the_place_is_the_practices(owner: Membership, screener: Fake, country: str, said: str) -> None:
    owner.practice.country, owner.practice.region = country, "ON"
    screening.screen(owner.practice, engine.Draft(PLAIN))
    assert (screener.calls[-1][0].country, screener.calls[-1][0].region) == (said, "ON")
    screening.screen(owner.practice, engine.Draft(PLAIN, country="AU"))
    assert (screener.calls[-1][0].country, screener.calls[-1][0].region) == ("AU", "")


@pytest.mark.promise("F8")
def test_the_profession_is_the_policys(owner: Membership, screener: Fake, now: datetime) -> None:
    from doorframe.apps.policies import actions as policies

    policies.start_version(actor=owner, at=now, answers={"profession": "counsellor"})
    screening.screen(owner.practice, engine.Draft(PLAIN))
    assert screener.calls[-1][0].profession == "counsellor"


@pytest.mark.promise("F5")
def test_steps_mend_the_words_and_each_can_be_undone(owner: Membership, write: Write, now: datetime) -> None:
    post = write(owner, STORY)
    post = writing.take_rewrite(
        post=post, actor=owner, at=now, revision=post.revision, rewrite=button(post, "Make it about people in general")
    )
    assert GRAVE not in post.text and post.outcome == Outcome.ASK
    post = writing.take_rewrite(
        post=post, actor=owner, at=now, revision=post.revision, rewrite=button(post, "Leave out the time")
    )
    assert TIME not in post.text and post.outcome == Outcome.NOTHING_FOUND
    first, second = queries.steps(post)
    assert (first.before, second.after) == (STORY, post.text)
    assert first.after == second.before
    assert (first.before_outcome, first.after_outcome, second.after_outcome) == ("do-not-post", "ask", "nothing-found")
    post = writing.undo_step(post=post, actor=owner, at=now, revision=post.revision)
    assert post.outcome == Outcome.ASK and post.text == first.after
    post = writing.undo_step(post=post, actor=owner, at=now, revision=post.revision)
    assert post.outcome == Outcome.DO_NOT_POST and post.text == STORY
    with pytest.raises(rules.NotNow, match="no step to undo"):
        writing.undo_step(post=post, actor=owner, at=now, revision=post.revision)


def test_a_step_is_not_undone_over_words_written_by_hand(owner: Membership, write: Write, now: datetime) -> None:
    post = write(owner, STORY)
    post = writing.take_rewrite(
        post=post, actor=owner, at=now, revision=post.revision, rewrite=button(post, "Leave out the time")
    )
    post = change(post, owner, now, text=PLAIN)
    with pytest.raises(rules.NotNow):
        writing.undo_step(post=post, actor=owner, at=now, revision=post.revision)
    assert queries.post(owner, post.uid).text == PLAIN


def test_a_step_of_other_words_is_not_taken(owner: Membership, write: Write, now: datetime) -> None:
    post = write(owner, STORY)
    for unknown in ("case-story/plural:0-3", "", "x"):
        with pytest.raises(rules.NotNow, match="does not fit"):
            writing.take_rewrite(post=post, actor=owner, at=now, revision=post.revision, rewrite=unknown)
    assert not Step.objects.exists()


# Deciding


@pytest.mark.promise("F9")
@pytest.mark.parametrize("role", [Role.OWNER, Role.SUPERVISOR])
def test_what_must_not_go_out_is_stopped_for_everybody_in_every_way(
    owner: Membership, write: Write, now: datetime, screener: Fake, role: Role
) -> None:
    actor = owner if role == Role.OWNER else member(owner, "Sasha", role, now)
    post = write(actor, STORY)
    assert not any(rules.can(actor, post, verb) for verb in (Verb.SUBMIT, Verb.APPROVE, Verb.PUBLISH))
    with pytest.raises(rules.MustNotGoOut):
        deciding.submit_post(post=post, actor=actor, at=now)
    with pytest.raises((rules.NotNow, PermissionDenied)):
        deciding.approve_post(post=post, actor=owner, at=now, sha256=post.sha256, reason="I say so.")
    # Even where the row says something else than the words do
    for state in (State.WAITING, State.APPROVED):
        Post.objects.filter(pk=post.pk).update(state=state, outcome=Outcome.NOTHING_FOUND)
        kept = queries.post(owner, post.uid)
        with pytest.raises((rules.MustNotGoOut, rules.NotNow, PermissionDenied)):
            deciding.approve_post(post=kept, actor=owner, at=now, sha256=kept.sha256, reason="I say so.")
        with pytest.raises((rules.MustNotGoOut, rules.NotNow)):
            deciding.publish_post(post=kept, actor=owner, at=now, on=now.date())
        assert queries.post(owner, post.uid).state == state
    assert not Decision.objects.exists()


@pytest.mark.promise("F9")
def test_what_passed_when_it_was_written_is_stopped_once_it_no_longer_does(
    owner: Membership, clinician: Membership, write: Write, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    post = deciding.submit_post(post=write(clinician), actor=clinician, at=now)
    strict = Fake()
    monkeypatch.setattr(strict, "screen", lambda draft, **_given: Fake().screen(engine.Draft(STORY)))
    monkeypatch.setattr(screening, "screener", lambda: strict)
    with pytest.raises(rules.MustNotGoOut):
        deciding.approve_post(post=post, actor=owner, at=now, sha256=post.sha256)
    post = writing.check_again(post=post, actor=owner, at=now)
    assert post.must_not_go_out and post.state == State.WAITING
    assert rules.can(owner, post, Verb.SEND_BACK)


@pytest.mark.promise("F9")
def test_nobody_approves_their_own_words_in_a_group(
    owner: Membership, supervisor: Membership, write: Write, now: datetime
) -> None:
    post = deciding.submit_post(post=write(owner), actor=owner, at=now)
    with pytest.raises(PermissionDenied, match="second person"):
        deciding.approve_post(post=post, actor=owner, at=now, sha256=post.sha256)
    assert deciding.approve_post(post=post, actor=supervisor, at=now, sha256=post.sha256).approved_by == supervisor


@pytest.mark.promise("F9")
def test_whoever_changed_the_words_is_no_second_person(
    owner: Membership, supervisor: Membership, clinician: Membership, write: Write, now: datetime
) -> None:
    post = change(write(clinician), owner, now, text=f"{PLAIN} Try it.")
    post = deciding.submit_post(post=post, actor=clinician, at=now)
    with pytest.raises(PermissionDenied, match="second person"):
        deciding.approve_post(post=post, actor=owner, at=now, sha256=post.sha256)
    assert deciding.approve_post(post=post, actor=supervisor, at=now, sha256=post.sha256).state == State.APPROVED


@pytest.mark.parametrize(
    ("setting", "others", "wanted"),
    [("auto", 0, False), ("auto", 1, True), ("on", 0, True), ("on", 1, True), ("off", 0, False), ("off", 1, False)],
)
def test_the_rule_of_two_people_follows_the_setting(
    owner: Membership, write: Write, now: datetime, settings: Any, setting: str, others: int, wanted: bool
) -> None:
    settings.POSTS_TWO_PEOPLE = setting
    if others:
        member(owner, "Sasha", Role.SUPERVISOR, now)
    member(owner, "Kim", Role.CLINICIAN, now)  # writes, but approves nothing
    assert rules.wants_second_person(write(owner)) is wanted


def test_who_works_alone_approves_at_once_and_both_steps_are_kept(
    owner: Membership, write: Write, now: datetime
) -> None:
    post = write(owner)
    post = deciding.approve_post(post=post, actor=owner, at=now, sha256=post.sha256)
    assert post.state == State.APPROVED
    assert [one.what for one in queries.decisions(post)] == [Verb.SUBMIT, Verb.APPROVE]


def test_staff_approve_nothing_whatever_the_setting(
    clinician: Membership, write: Write, now: datetime, settings: Any
) -> None:
    settings.POSTS_TWO_PEOPLE = "off"
    post = deciding.submit_post(post=write(clinician), actor=clinician, at=now)
    with pytest.raises(PermissionDenied, match="Your role"):
        deciding.approve_post(post=post, actor=clinician, at=now, sha256=post.sha256)
    assert not rules.may_decide_alone(clinician, write(clinician))


@pytest.mark.promise("F9")
def test_where_a_person_must_decide_the_approver_says_why(
    owner: Membership, clinician: Membership, write: Write, now: datetime
) -> None:
    post = deciding.submit_post(post=write(clinician, LOOK), actor=clinician, at=now)
    for nothing in ("", "  \n"):
        with pytest.raises(rules.ReasonMissing):
            deciding.approve_post(post=post, actor=owner, at=now, sha256=post.sha256, reason=nothing)
    post = deciding.approve_post(post=post, actor=owner, at=now, sha256=post.sha256, reason="It was my neighbour.")
    last = queries.decisions(post)[-1]
    assert (last.what, last.by, last.outcome, last.reason) == (Verb.APPROVE, owner, "ask", "It was my neighbour.")
    assert (last.sha256, last.at) == (screening.sha256(LOOK), now)


@pytest.mark.promise("F9")
def test_any_change_of_the_words_takes_an_approval_back(
    approved: Post, clinician: Membership, owner: Membership, now: datetime
) -> None:
    kept = change(approved, clinician, now, planned_for=date(2026, 12, 1))
    assert kept.state == State.APPROVED and kept.approved_by == owner, "the day is no word"
    again = change(kept, clinician, now, text=f"{PLAIN} ")
    assert (again.state, again.approved_by, again.approved_at) == (State.DRAFT, None, None)
    with pytest.raises(rules.NotNow):
        deciding.publish_post(post=again, actor=clinician, at=now, on=now.date())


def test_the_place_counts_as_the_words_do(approved: Post, clinician: Membership, now: datetime) -> None:
    assert change(approved, clinician, now, platform="facebook").state == State.DRAFT


def test_a_step_takes_an_approval_back(owner: Membership, write: Write, now: datetime) -> None:
    post = write(owner, f"Rain{TIME}.")
    post = deciding.approve_post(post=post, actor=owner, at=now, sha256=post.sha256, reason="About the weather.")
    post = writing.take_rewrite(
        post=post, actor=owner, at=now, revision=post.revision, rewrite=button(post, "Leave out the time")
    )
    assert (post.state, post.text) == (State.DRAFT, "Rain.")


def test_what_is_sent_back_says_why_and_can_be_sent_again(
    owner: Membership, clinician: Membership, write: Write, now: datetime
) -> None:
    post = deciding.submit_post(post=write(clinician), actor=clinician, at=now)
    post = deciding.send_back(post=post, actor=owner, at=now, note="Shorter, please.", sha256=post.sha256)
    assert (post.state, post.note) == (State.SENT_BACK, "Shorter, please.")
    post = change(post, clinician, now, text="Daylight helps.")
    assert (post.state, post.note) == (State.SENT_BACK, "Shorter, please.")
    assert deciding.submit_post(post=post, actor=clinician, at=now).note == ""


def test_nothing_goes_out_without_words(owner: Membership, write: Write, now: datetime) -> None:
    post = write(owner)
    post = change(post, owner, now, text="")
    for step in (
        lambda: deciding.submit_post(post=post, actor=owner, at=now),
        lambda: deciding.approve_post(post=post, actor=owner, at=now, sha256=post.sha256),
    ):
        with pytest.raises(rules.NotNow):
            step()
    assert not rules.may_decide_alone(owner, post)


def test_each_step_is_on_the_trail(approved: Post, clinician: Membership, now: datetime) -> None:
    deciding.publish_post(post=approved, actor=clinician, at=now, on=date(2026, 11, 20))
    rows = Event.objects.filter(name__startswith="posts.").order_by("seq")
    assert list(rows.values_list("name", flat=True)) == [
        "posts.post.started", "posts.post.screened", "posts.post.submitted", "posts.post.approved",
        "posts.post.published",
    ]  # fmt: skip


# Two at once


def test_two_windows_never_overwrite_each_other_in_silence(owner: Membership, write: Write, now: datetime) -> None:
    post = write(owner)
    change(post, owner, now, text="First.")
    with pytest.raises(rules.Stale, match="Nothing was overwritten"):
        change(post, owner, now, text="Second.")
    with pytest.raises(rules.Stale):
        writing.undo_step(post=post, actor=owner, at=now, revision=1)
    with pytest.raises(rules.Stale):
        writing.take_rewrite(post=post, actor=owner, at=now, revision=1, rewrite="x")
    assert queries.post(owner, post.uid).text == "First."


@pytest.mark.promise("F9")
def test_only_the_words_that_were_read_are_approved(
    owner: Membership, clinician: Membership, write: Write, now: datetime
) -> None:
    post = deciding.submit_post(post=write(clinician), actor=clinician, at=now)
    read = post.sha256
    post = change(post, clinician, now, text="Something else.")
    post = deciding.submit_post(post=post, actor=clinician, at=now)
    for step in (
        lambda: deciding.approve_post(post=post, actor=owner, at=now, sha256=read),
        lambda: deciding.send_back(post=post, actor=owner, at=now, sha256=read, note="No."),
    ):
        with pytest.raises(rules.Stale):
            step()


@pytest.mark.django_db(transaction=True)
def test_of_two_changes_at_the_same_instant_one_is_refused(transactional_db: None, now: datetime) -> None:
    from doorframe.apps.members.actions import create_practice

    owner = create_practice(name="Lane", owner_email="o@a.example", owner_name="O", password=None, at=now)
    post = writing.start_post(actor=owner, at=now, kind="post", platform="", text=PLAIN)
    start, came = threading.Barrier(2), []

    def one(text: str) -> None:
        try:
            start.wait()
            came.append(change(post, owner, now, text=text).text)
        except rules.Stale:
            came.append("stale")
        finally:
            connections.close_all()

    threads = [threading.Thread(target=one, args=(text,)) for text in ("One.", "Two.")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(came) == 2 and came.count("stale") == 1
    assert queries.post(owner, post.uid).text in came


# Walls


@pytest.mark.promise("L3")
def test_whose_words_somebody_may_not_read_those_are_nowhere(
    owner: Membership, stranger: Membership, clinician: Membership, supervisor: Membership, write: Write, now: datetime
) -> None:
    post, other = write(owner), member(owner, "Lou", Role.CLINICIAN, now)
    hers = write(clinician)
    assert queries.post(owner, hers.uid) == queries.post(supervisor, hers.uid) == queries.post(clinician, hers.uid)
    for who in (stranger, other):
        with pytest.raises(Http404):
            queries.post(who, hers.uid)
        assert not queries.visible(who).exists()
        for step in (
            lambda who=who: change(hers, who, now, text="Mine."),
            lambda who=who: deciding.submit_post(post=hers, actor=who, at=now),
            lambda who=who: deciding.withdraw_post(post=hers, actor=who, at=now),
            lambda who=who: writing.take_rewrite(post=hers, actor=who, at=now, revision=1, rewrite="x"),
            lambda who=who: writing.check_again(post=hers, actor=who, at=now),
            lambda who=who: keeping.remove_text(post=hers, actor=who, at=now),
        ):
            with pytest.raises(PermissionDenied):
                step()
    assert set(queries.visible(owner)) == {post, hers}
    assert queries.log(stranger).count() == 0


# Text gone, decision row stays


@pytest.fixture
def published(approved: Post, clinician: Membership, now: datetime) -> Post:
    return deciding.publish_post(post=approved, actor=clinician, at=now, on=now.date())


def let_go(owner: Membership, at: datetime) -> int:
    return keeping.let_go(practice=owner.practice, at=at, today=at.date())


@pytest.mark.promise("F9")
def test_the_text_goes_after_n_days_and_the_decision_row_stays(
    owner: Membership, published: Post, now: datetime, settings: Any
) -> None:
    settings.POSTS_KEEP_DAYS = 14
    before = list(Decision.objects.order_by("pk").values_list("what", "by", "at", "outcome", "sha256"))
    assert let_go(owner, now + timedelta(days=13)) == 0
    published.refresh_from_db()
    assert published.text == PLAIN and published.verdict is not None
    assert let_go(owner, now + timedelta(days=14)) == 1
    published.refresh_from_db()
    assert (published.text, published.verdict, published.note, published.state) == ("", None, "", State.PUBLISHED)
    assert published.sha256 == screening.sha256(PLAIN) and published.text_deleted_at == now + timedelta(days=14)
    after_it = list(Decision.objects.order_by("pk").values_list("what", "by", "at", "outcome", "sha256"))
    assert after_it[:3] == before
    assert after_it[3][:2] == (Verb.LET_GO, None)
    assert let_go(owner, now + timedelta(days=30)) == 0, "once is enough"


@pytest.mark.promise("F9")
def test_steps_and_what_was_found_go_with_the_text(owner: Membership, write: Write, now: datetime) -> None:
    post = write(owner, STORY)
    writing.take_rewrite(post=post, actor=owner, at=now, revision=1, rewrite=button(post, "Leave out the time"))
    assert let_go(owner, now + timedelta(days=30)) == 1
    post.refresh_from_db()
    step = Step.objects.get()
    assert (post.state, post.text, post.verdict) == (State.WITHDRAWN, "", None)
    assert (step.before, step.after, step.label) == ("", "", "")
    assert Step.objects.filter(before__isnull=True, after__isnull=True, label__isnull=True).exists()
    assert Post.objects.filter(text__isnull=True, verdict__isnull=True).exists()
    with pytest.raises(rules.NotNow):
        change(post, owner, now, text="Back.")


@pytest.mark.parametrize(
    ("planned", "days", "goes"), [(None, 30, 1), (60, 30, 0), (60, 89, 0), (60, 90, 1), (-10, 29, 0), (-10, 30, 1)]
)
def test_what_is_planned_for_later_keeps_its_words_until_then(
    owner: Membership, write: Write, now: datetime, planned: int | None, days: int, goes: int
) -> None:
    day = now.date() + timedelta(days=planned) if planned is not None else None
    post = write(owner, planned_for=day)
    assert let_go(owner, now + timedelta(days=days)) == goes
    assert (queries.goes_on(post) <= (now + timedelta(days=days)).date()) is bool(goes)


def test_a_practice_never_loses_what_belongs_to_another(
    owner: Membership, stranger: Membership, write: Write, now: datetime
) -> None:
    mine, theirs = write(owner), write(stranger)
    assert let_go(owner, now + timedelta(days=99)) == 1
    mine.refresh_from_db()
    theirs.refresh_from_db()
    assert (mine.text, theirs.text) == ("", PLAIN)


def test_a_person_may_remove_the_words_of_what_has_ended(
    owner: Membership, published: Post, write: Write, now: datetime
) -> None:
    with pytest.raises(rules.NotNow, match="Withdraw it first"):
        keeping.remove_text(post=write(owner), actor=owner, at=now)
    assert keeping.remove_text(post=published, actor=owner, at=now).text == ""
    assert queries.decisions(published)[-1].by == owner


@pytest.mark.promise("F9")
def test_the_clock_comes_by_itself_and_stops_where_there_is_nothing(
    owner: Membership, write: Write, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    from django.utils import timezone

    write(owner)
    for day in range(1, 40):
        later = now + timedelta(days=day)
        monkeypatch.setattr(timezone, "now", lambda later=later: later)
        while runner.run_next(now=timezone.now):
            continue
    assert Post.objects.get().text == ""
    removed = Event.objects.get(name="posts.text.removed")
    assert timedelta(days=30) <= removed.at - now <= timedelta(days=31)
    assert not Job.objects.filter(name="posts.text.let-go", finished_at=None).exists()


# Names, seed


def test_own_names_are_what_is_known_until_somebody_keeps_a_list(
    owner: Membership, clinician: Membership, now: datetime, screener: Fake
) -> None:
    from doorframe.apps.accounts import actions as accounts
    from doorframe.apps.accounts.seed import ACCOUNTS

    for values in ACCOUNTS:
        accounts.add_account(actor=owner, at=now, values=values)
    known = queries.own_names(owner.practice)
    assert known == ("Harbour Lane", "Dr Imani Cole", "Kim", "@harbourlane"), "private accounts are left out"
    keeping.keep_names(actor=clinician, at=now, lines="Biscuit\nHarbour Lane")
    assert queries.own_names(owner.practice) == ("Biscuit", "Harbour Lane")
    assert set(queries.known_elsewhere(owner.practice)) - set(queries.own_names(owner.practice)) == {
        "Dr Imani Cole", "Kim", "@harbourlane",
    }  # fmt: skip
    screening.screen(owner.practice, engine.Draft(PLAIN))
    profile = screener.calls[-1][1]
    assert profile is not None and profile.own == ("Biscuit", "Harbour Lane")
    assert "Biscuit" not in str(list(Event.objects.values_list("data", flat=True)))


@pytest.mark.parametrize("alone", [True, False])
def test_the_fictional_practice_has_posts_in_every_state(
    owner: Membership, now: datetime, settings: Any, alone: bool
) -> None:
    settings.POSTS_TWO_PEOPLE = "auto" if alone else "on"
    seed.seed(practice=owner.practice, actor=owner, at=now)
    seed.seed(practice=owner.practice, actor=owner, at=now)
    assert Post.objects.count() == len(seed.POSTS)
    if alone:
        assert set(Post.objects.values_list("state", flat=True)) == set(State)


# A client's permission


@pytest.mark.promise("F6")
def test_a_permission_reaches_screening_while_it_is_in_force(
    owner: Membership, now: datetime, screener: Fake, monkeypatch: pytest.MonkeyPatch
) -> None:
    covering = engine.Authorisation("7KQM-3FTA", current=True)
    asked: list[tuple[Any, ...]] = []

    def for_draft(practice: Any, reference: str, at: datetime, *, platform: str = "") -> engine.Authorisation | None:
        asked.append((practice, reference, at, platform))
        return covering if at == now else None

    monkeypatch.setattr(screening.authorisations, "for_draft", for_draft)
    post = writing.start_post(
        actor=owner, at=now, kind="post", platform="instagram", text=PLAIN, permission="7KQM-3FTA"
    )
    assert screener.calls[-1][2] == covering
    assert asked == [(owner.practice, "7KQM-3FTA", now, "instagram")]
    deciding.approve_post(post=post, actor=owner, at=now + timedelta(days=1), sha256=post.sha256)
    assert screener.calls[-1][2] is None, "asked anew at each step, for it may have been taken back"
    assert {one.permission for one in queries.decisions(post)} == {"7KQM-3FTA"}


@pytest.mark.promise("F6")
def test_posts_that_rest_on_a_permission_are_named_without_a_word(
    owner: Membership, stranger: Membership, approved: Post, clinician: Membership, now: datetime
) -> None:
    post = change(approved, clinician, now, permission="7KQM-3FTA")
    assert post.state == State.DRAFT, "words that rest on something else are to be approved anew"
    (use,) = queries.uses(owner.practice, "7KQM-3FTA")
    assert use.link == f"/posts/{post.uid}/" and use.standing == "Draft"
    assert PLAIN not in use.title
    assert queries.uses(stranger.practice, "7KQM-3FTA") == queries.uses(owner.practice, "AAAA-BBBB") == []
