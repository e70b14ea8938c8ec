"""No id of practice A ever answers for B."""

from __future__ import annotations

import uuid
from datetime import datetime

import pytest
from django.apps import apps
from django.core.exceptions import FieldDoesNotExist
from django.db.models import Model
from django.http import Http404

from doorframe.apps.members.isolation import PracticeModel, get_for_practice
from doorframe.apps.members.models import Membership, Practice, User
from doorframe.apps.trail.models import Event

# What belongs to no one practice, each with its reason.
SHARED = {
    "members.Practice": "is the practice",
    "members.User": "a person may work in several practices",
    "jobs.Worker": "belongs to the machine",
}


def our_models() -> list[type[Model]]:
    return [model for model in apps.get_models() if model.__module__.startswith("doorframe.")]


@pytest.mark.promise("L3")
@pytest.mark.parametrize("model", our_models(), ids=lambda model: model._meta.label)
def test_every_model_belongs_to_a_practice(model: type[Model]) -> None:
    if model._meta.label in SHARED:
        with pytest.raises(FieldDoesNotExist):
            model._meta.get_field("practice")
        return
    assert issubclass(model, PracticeModel)
    assert not model._meta.get_field("practice").null


@pytest.mark.promise("L3")
def test_a_row_of_another_practice_does_not_exist(owner: Membership, stranger: Membership) -> None:
    assert get_for_practice(Membership, practice=owner.practice, pk=owner.pk) == owner
    with pytest.raises(Http404):
        get_for_practice(Membership, practice=owner.practice, pk=stranger.pk)


def test_a_queryset_may_be_given(owner: Membership, stranger: Membership) -> None:
    rows = Event.objects.filter(name="members.member.added")
    assert get_for_practice(rows, practice=owner.practice).practice == owner.practice
    with pytest.raises(Http404):
        get_for_practice(rows.none(), practice=owner.practice)


@pytest.mark.parametrize("pk", [0, -1, 10**30, "abc", "", None, "1; drop table", uuid.uuid4()])
def test_what_is_no_id_answers_like_an_unknown_id(owner: Membership, pk: object) -> None:
    with pytest.raises(Http404):
        get_for_practice(Membership, practice=owner.practice, pk=pk)


def test_both_refusals_say_the_same(owner: Membership, stranger: Membership) -> None:
    said = []
    for pk in (stranger.pk, 987654):
        with pytest.raises(Http404) as refusal:
            get_for_practice(Membership, practice=owner.practice, pk=pk)
        said.append(str(refusal.value))
    assert said[0] == said[1]


def test_for_practice_shows_only_its_own(owner: Membership, stranger: Membership, now: datetime) -> None:
    assert list(Membership.objects.for_practice(owner.practice)) == [owner]
    assert Practice.objects.count() == User.objects.count() == 2
