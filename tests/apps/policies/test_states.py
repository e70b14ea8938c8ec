"""The life of a version is a table: every state stands in it, and nothing happens that is not in it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest

from doorframe.apps.members.models import Membership
from doorframe.apps.policies import actions
from doorframe.apps.policies.models import Version
from doorframe.apps.policies.rules import NotNow
from doorframe.apps.policies.states import TRANSITIONS, State, Verb, after, diagram
from doorframe.apps.trail.models import Event

ACTION: dict[Verb, Callable[..., Version]] = {
    Verb.SUBMIT: actions.submit_version,
    Verb.RETURN: actions.return_version,
    Verb.APPROVE: actions.approve_version,
    Verb.PUBLISH: actions.publish_version,
    Verb.RETIRE: actions.retire_version,
}
EVERY = [(state, verb) for state in State for verb in Verb]
# Without the two-person rule one person may publish at once; those steps are taken, and recorded, one by one.
HURRIED = {(State.DRAFT, Verb.PUBLISH), (State.IN_REVIEW, Verb.PUBLISH)}


def test_every_state_is_reached_and_every_verb_is_used() -> None:
    assert set(TRANSITIONS.values()) | {State.DRAFT} == set(State)
    assert {state for state, _ in TRANSITIONS} == set(State) - {State.RETIRED}
    assert {verb for _, verb in TRANSITIONS} == set(Verb) == set(ACTION)


def test_the_picture_shows_every_step() -> None:
    lines = diagram().splitlines()
    for (state, verb), following in TRANSITIONS.items():
        assert f"    {state.replace('-', '_')} --> {following.replace('-', '_')}: {verb}" in lines
    assert len(lines) == len(TRANSITIONS) + 3


@pytest.mark.promise("B4")
@pytest.mark.parametrize(("state", "verb"), EVERY, ids=lambda value: value.value)
def test_every_step_with_the_two_person_rule(
    group: Membership, in_role: Any, made: Any, now: datetime, state: State, verb: Verb
) -> None:
    from doorframe.apps.members.roles import Role

    second = in_role(group, Role.SUPERVISOR)
    version = made(group, state, second=second)
    following, count = after(state, verb), Event.objects.count()
    if following is None:
        with pytest.raises(NotNow):
            ACTION[verb](version=version, actor=second, at=now)
        version.refresh_from_db()
        assert (version.state, Event.objects.count()) == (state, count), "a refused step leaves nothing behind"
        return
    moved = ACTION[verb](version=version, actor=second, at=now)
    version.refresh_from_db()
    assert moved.state == version.state == following
    event = Event.objects.filter(name__startswith="policies.version.").latest("seq")
    assert (event.data["from"], event.data["to"], event.subject_id) == (state, following, str(version.pk))
    assert event.actor == second.user


@pytest.mark.promise("B4")
@pytest.mark.parametrize(("state", "verb"), EVERY, ids=lambda value: value.value)
def test_every_step_of_one_person_alone(owner: Membership, made: Any, now: datetime, state: State, verb: Verb) -> None:
    version = made(owner, state)
    following = State.PUBLISHED if (state, verb) in HURRIED else after(state, verb)
    if following is None:
        with pytest.raises(NotNow):
            ACTION[verb](version=version, actor=owner, at=now)
        return
    assert ACTION[verb](version=version, actor=owner, at=now).state == following


def test_the_hurried_way_takes_every_step_on_the_trail(owner: Membership, made: Any) -> None:
    made(owner, State.PUBLISHED)
    names = [event.name for event in Event.objects.filter(name__startswith="policies.version.").order_by("seq")]
    assert [name.rpartition(".")[2] for name in names] == ["started", "submitted", "approved", "published"]
