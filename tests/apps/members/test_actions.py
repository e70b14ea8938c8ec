"""Opening a practice and adding people."""

from __future__ import annotations

from datetime import datetime
from io import StringIO

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.management import call_command

from doorframe.apps.members import queries, seed
from doorframe.apps.members.actions import add_member, create_practice
from doorframe.apps.members.models import Membership, Practice, User
from doorframe.apps.members.roles import Role
from doorframe.apps.trail.models import Event
from doorframe.apps.trail.queries import verify


def events(practice: Practice) -> list[str]:
    return list(Event.objects.for_practice(practice).order_by("seq").values_list("name", flat=True))


def test_a_practice_opens_with_its_owner(owner: Membership) -> None:
    assert (owner.role, owner.practice.slug, owner.user.email) == ("owner", "harbour-lane", "imani@a.example")
    assert events(owner.practice) == ["members.practice.created", "members.member.added"]
    assert owner.user.emailaddress_set.get().verified


@pytest.mark.django_db
def test_practices_of_one_name_get_different_addresses(now: datetime) -> None:
    slugs = [
        create_practice(name=name, owner_email=f"o{n}@x.example", owner_name="O", password=None, at=now).practice.slug
        for n, name in enumerate(["Lane", "Lane", "Lane", "静けさ", "静けさ"])
    ]
    assert slugs == ["lane", "lane-2", "lane-3", "practice", "practice-2"]


@pytest.mark.parametrize(
    "wrong",
    [
        {"owner_email": "not an address"},
        {"time_zone": "Mars/Olympus"},
        {"language": "xx"},
        {"name": ""},
        {"password": "short"},
        {"password": "password1234"},
    ],
)
@pytest.mark.django_db
def test_a_wrong_field_leaves_nothing_behind(now: datetime, wrong: dict[str, str]) -> None:
    fields = {"name": "Lane", "owner_email": "o@x.example", "owner_name": "O", "password": None, **wrong}
    with pytest.raises(ValidationError):
        create_practice(**fields, at=now)  # type: ignore[arg-type]
    assert (Practice.objects.count(), User.objects.count(), Event.objects.count()) == (0, 0, 0)


def test_an_owner_adds_a_clinician(owner: Membership, now: datetime) -> None:
    member = add_member(actor=owner, email="Sam@A.example", name="Sam", role=Role.CLINICIAN, at=now)
    assert (member.practice, member.user.email, member.role) == (owner.practice, "sam@a.example", "clinician")
    assert [one.user.display_name for one in queries.people_of(owner.practice)] == ["Dr Imani Cole", "Sam"]
    assert not member.user.has_usable_password()
    with pytest.raises(PermissionDenied, match="add people"):
        add_member(actor=member, email="x@a.example", name="X", role=Role.OWNER, at=now)
    with pytest.raises(ValidationError):
        add_member(actor=owner, email="sam@a.example", name="Sam", role=Role.OWNER, at=now)
    assert verify(owner.practice).events == 3


def test_a_known_person_joins_with_the_account_they_have(
    owner: Membership, stranger: Membership, now: datetime
) -> None:
    joined = add_member(actor=owner, email="JO@b.example", name="Someone", role=Role.SUPERVISOR, at=now, password="x")
    assert joined.user == stranger.user
    assert joined.user.display_name == "Jo Reyes"
    assert [one.practice for one in queries.memberships_of(stranger.user)] == [stranger.practice, owner.practice]
    held = list(queries.memberships_of(stranger.user))
    assert queries.current_of(held, joined.pk) == joined
    assert queries.current_of(held, 10**6) == stranger
    assert queries.current_of(held, owner.pk) == stranger
    assert queries.current_of([], None) is None


@pytest.mark.django_db
def test_the_seed_may_run_twice(now: datetime) -> None:
    first, is_new = seed.seed(password="a long demo password", at=now)
    assert is_new
    again, is_new = seed.seed(password="a long demo password", at=now)
    assert (again, is_new) == (first, False)
    assert events(first.practice) == ["members.practice.created", "members.member.added"]
    seed.seed(password="another demo password", at=now)
    assert User.objects.get().check_password("another demo password")
    assert events(first.practice)[-1] == "members.member.password-reset"


@pytest.mark.parametrize(
    ("password", "zone", "code", "said"),
    [
        ("a quiet long password", "America/New_York", 0, "Mill Road is open; jo@b.example can sign in."),
        ("short", "UTC", 2, "too short"),
        ("a quiet long password", "Nowhere/Else", 2, "is not a time zone"),
    ],
)
@pytest.mark.django_db
def test_the_command_opens_a_practice(
    monkeypatch: pytest.MonkeyPatch, password: str, zone: str, code: int, said: str
) -> None:
    monkeypatch.setattr("sys.stdin", StringIO(f"{password}\n"))
    out = StringIO()
    arguments = ["--name=Mill Road", "--owner-email=jo@b.example", "--owner-name=Jo Reyes", f"--time-zone={zone}"]
    try:
        call_command("practice", "create", *arguments, stdout=out, stderr=out)
    except SystemExit as end:
        assert end.code == code
    assert said in out.getvalue()
    assert Practice.objects.count() == (0 if code else 1)
    if not code:
        assert User.objects.get().check_password(password)
