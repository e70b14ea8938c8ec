"""Roles, shutting out and letting in again; and who may open which page."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.core.exceptions import PermissionDenied
from django.core.management import call_command
from django.db import connection
from django.test import Client

from doorframe.apps.members import actions, queries, rules, today
from doorframe.apps.members.models import Invitation, Membership
from doorframe.apps.members.roles import EXPLAINED, Role
from doorframe.apps.trail.models import Event
from doorframe.apps.trail.queries import verify
from tests.apps.members.conftest import PASSWORD

Browse = Callable[[Membership], Client]
Joined = Callable[..., Membership]


def last(member: Membership) -> Event:
    found = Event.objects.for_practice(member.practice).order_by("seq").last()
    assert found is not None
    return found


def test_every_role_is_explained(owner: Membership, browse: Browse) -> None:
    assert set(EXPLAINED) == set(Role)
    page = browse(owner).get("/practice/people/").content.decode()
    for role, sentence in EXPLAINED.items():
        assert str(role.label) in page
        assert str(sentence).replace("'", "&#x27;") in page


@pytest.mark.promise("L2")
def test_a_role_is_changed_and_what_it_allows_with_it(owner: Membership, joined: Joined, browse: Browse) -> None:
    member = joined(owner, Role.FRONT_DESK)
    his, hers = browse(member), browse(owner)
    assert his.post("/policy/start/").status_code == 403
    answer = hers.post(f"/practice/people/{member.pk}/", {"role": "clinician"}, follow=True)
    assert "Clinician" in answer.content.decode()
    assert his.post("/policy/start/").status_code == 302
    event = Event.objects.get(name="members.member.role-changed")
    assert event.data == {"from": "front-desk", "to": "clinician"} and event.actor == owner.user
    hers.post(f"/practice/people/{member.pk}/", {"role": "clinician"})
    assert Event.objects.filter(name="members.member.role-changed").count() == 1, "what is the same is no change"


@pytest.mark.promise("L2")
def test_whoever_is_shut_out_is_out_at_once_everywhere(owner: Membership, joined: Joined, browse: Browse) -> None:
    member = joined(owner, Role.CLINICIAN)
    first, second = browse(member), browse(member)
    assert first.get("/").status_code == second.get("/").status_code == 200
    hers = browse(owner)
    page = hers.post(f"/practice/people/{member.pk}/deactivate/", follow=True).content.decode()
    assert "can no longer open this practice" in page and "No longer here" in page
    for client in (first, second):
        assert client.get("/")["Location"] == "/me/login/?next=/", "the session itself is gone"
    assert browse(member).get("/").status_code == 403, "signed in again there is no practice"
    assert last(owner).name == "members.member.deactivated" and last(owner).data == {"sessions": 2}
    page = hers.post(f"/practice/people/{member.pk}/reactivate/", follow=True).content.decode()
    assert "is back, in the role they had" in page
    assert browse(member).get("/").status_code == 200
    assert last(owner).name == "members.member.reactivated"
    assert Membership.objects.count() == 2 and verify(owner.practice).is_whole


def test_twice_is_once(owner: Membership, joined: Joined, now: datetime) -> None:
    member = joined(owner, Role.CLINICIAN)
    for _twice in range(2):
        actions.deactivate_member(member=member, actor=owner, at=now)
    for _twice in range(2):
        actions.reactivate_member(member=member, actor=owner, at=now)
    names = list(Event.objects.for_practice(owner.practice).order_by("seq").values_list("name", flat=True))
    assert names[-2:] == ["members.member.deactivated", "members.member.reactivated"]
    assert names.count("members.member.deactivated") == 1


@pytest.mark.promise("L2")
def test_the_last_owner_stays(owner: Membership, joined: Joined, browse: Browse, now: datetime) -> None:
    client = browse(owner)
    former = joined(owner, Role.OWNER)
    actions.deactivate_member(member=former, actor=owner, at=now)
    joined(owner, Role.SUPERVISOR)
    page = client.get(f"/practice/people/{owner.pk}/").content.decode()
    assert "is the only owner" in page and "Shut Dr Imani Cole out" not in page
    answer = client.post(f"/practice/people/{owner.pk}/", {"role": "clinician"})
    assert answer.status_code == 422 and "Make somebody else an owner first" in answer.content.decode()
    page = client.post(f"/practice/people/{owner.pk}/deactivate/", follow=True).content.decode()
    assert "Make somebody else an owner first" in page
    owner.refresh_from_db()
    assert (owner.role, owner.is_active) == ("owner", True)
    second = joined(owner, Role.OWNER)
    assert "Shut Dr Imani Cole out" in client.get(f"/practice/people/{owner.pk}/").content.decode()
    answer = client.post(f"/practice/people/{owner.pk}/", {"role": "clinician"}, follow=True)
    assert answer.status_code == 200
    assert client.get("/practice/people/").status_code == 403
    assert queries.only_owner(owner.practice) == second


@pytest.mark.django_db(transaction=True)
def test_two_owners_cannot_remove_each_other_at_once(owner: Membership, joined: Joined, now: datetime) -> None:
    second = joined(owner, Role.OWNER)
    said: list[str] = []
    ready = threading.Barrier(2)

    def shut_out(actor: Membership, member: Membership) -> None:
        ready.wait()
        try:
            actions.deactivate_member(member=member, actor=actor, at=now)
            said.append("done")
        except (PermissionDenied, rules.NotNow):
            said.append("refused")
        finally:
            connection.close()

    threads = [threading.Thread(target=shut_out, args=pair) for pair in ((owner, second), (second, owner))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    assert sorted(said) == ["done", "refused"]
    assert Membership.objects.filter(role="owner", is_active=True).count() == 1


def test_an_owner_shuts_themselves_out_when_another_stays(owner: Membership, joined: Joined, browse: Browse) -> None:
    joined(owner, Role.OWNER)
    client = browse(owner)
    client.post(f"/practice/people/{owner.pk}/deactivate/")
    assert client.get("/practice/people/")["Location"].startswith("/me/login/")


# --- who may open what -----------------------------------------------------------------------------------------------

PAGES = [
    ("get", "/practice/", 200),
    ("post", "/practice/", 422),
    ("get", "/practice/people/", 200),
    ("get", "/practice/people/invite/", 200),
    ("post", "/practice/people/invite/", 422),
    ("get", "/practice/people/{person}/", 200),
    ("post", "/practice/people/{person}/", 422),
    ("post", "/practice/people/{person}/deactivate/", 302),
    ("get", "/practice/people/{person}/second-factor/", 302),
    ("post", "/practice/people/{person}/second-factor/", 302),
    ("post", "/practice/people/{person}/reactivate/", 302),
    ("post", "/practice/invitations/{invitation}/withdraw/", 302),
]


@pytest.mark.promise("L2")
@pytest.mark.parametrize("role", list(Role))
def test_only_an_owner_opens_the_practice_and_its_people(
    owner: Membership, joined: Joined, browse: Browse, now: datetime, role: Role
) -> None:
    person = joined(owner, Role.FRONT_DESK)
    invitation, _token = actions.invite(actor=owner, email="x@d.example", role=Role.CLINICIAN, at=now)
    client = browse(owner if role == Role.OWNER else joined(owner, role))
    before = Event.objects.count()
    for method, path, code in PAGES:
        answer = getattr(client, method)(path.format(person=person.pk, invitation=invitation.pk), {})
        assert answer.status_code == (code if role == Role.OWNER else 403), (role, method, path)
    assert (Event.objects.count() > before) is (role == Role.OWNER)
    menu = client.get("/").content.decode()
    assert ('href="/practice/"' in menu) is ('href="/practice/people/"' in menu) is (role == Role.OWNER)


@pytest.mark.promise("L3")
def test_no_person_and_no_invitation_of_another_practice(
    owner: Membership, stranger: Membership, browse: Browse, now: datetime
) -> None:
    theirs, _token = actions.invite(actor=stranger, email="x@d.example", role=Role.CLINICIAN, at=now)
    client = browse(owner)
    before = Event.objects.count()
    for method, path, _code in PAGES:
        if "{" not in path:
            continue
        for person, invitation in ((stranger.pk, theirs.pk), (10**9, 10**9), (10**30, 10**30)):
            answer = getattr(client, method)(path.format(person=person, invitation=invitation), {"role": "owner"})
            assert answer.status_code == 404, (method, path, person)
    page = client.get("/practice/people/").content.decode()
    assert "Jo Reyes" not in page and "x@d.example" not in page
    assert Event.objects.count() == before
    assert Invitation.objects.get().withdrawn_at is None


@pytest.mark.promise("L3")
def test_an_action_refuses_another_practices_people(owner: Membership, stranger: Membership, now: datetime) -> None:
    theirs, _token = actions.invite(actor=stranger, email="x@d.example", role=Role.CLINICIAN, at=now)
    for act in (
        lambda: actions.change_role(member=stranger, actor=owner, role=Role.CLINICIAN, at=now),
        lambda: actions.deactivate_member(member=stranger, actor=owner, at=now),
        lambda: actions.reactivate_member(member=stranger, actor=owner, at=now),
        lambda: actions.reset_second_factor(member=stranger, actor=owner, at=now),
        lambda: actions.withdraw_invitation(invitation=theirs, actor=owner, at=now),
    ):
        with pytest.raises(PermissionDenied, match="another practice"):
            act()


@pytest.mark.parametrize(
    "path", ["/practice/people/1/deactivate/", "/practice/demo/", "/practice/people/1/reactivate/"]
)
def test_nothing_changes_by_looking(owner: Membership, browse: Browse, path: str) -> None:
    assert browse(owner).get(path).status_code == 405


# --- what Today asks -------------------------------------------------------------------------------------------------


@pytest.mark.promise("B4")
def test_today_asks_for_a_second_person_where_the_rule_wants_one(
    owner: Membership, joined: Joined, browse: Browse
) -> None:
    client = browse(owner)
    assert "Invite a second person" not in client.get("/").content.decode()
    owner.practice.two_person_rule = True
    owner.practice.save()
    assert "Invite a second person" in client.get("/").content.decode()
    joined(owner, Role.FRONT_DESK)
    assert "nobody else can approve" in client.get("/practice/people/").content.decode()
    joined(owner, Role.SUPERVISOR)
    assert "Invite a second person" not in client.get("/").content.decode()
    assert "nobody else can approve" not in client.get("/practice/people/").content.decode()


def test_today_asks_an_owner_for_a_second_way_to_sign_in_until_there_is_one(
    owner: Membership, joined: Joined, browse: Browse
) -> None:
    client = browse(owner)
    assert "Add a second way to sign in" in client.get("/").content.decode()
    assert "Add a second way" not in browse(joined(owner, Role.CLINICIAN)).get("/").content.decode()
    RecoveryCodes.activate(owner.user)
    assert "Add a second way to sign in" in client.get("/").content.decode(), "codes alone are no second way"
    TOTP.activate(owner.user, generate_totp_secret())
    assert "Add a second way" not in client.get("/").content.decode()


def test_the_demo_is_not_asked(demo: Membership, browse: Browse) -> None:
    assert "Add a second way" not in browse(demo).get("/").content.decode()


# --- a lost second way to sign in -------------------------------------------------------------------------------------


def with_second_factor(member: Membership) -> Membership:
    """Give somebody an authenticator app and recovery codes."""
    TOTP.activate(member.user, generate_totp_secret())
    RecoveryCodes.activate(member.user)
    return member


@pytest.mark.promise("L2")
def test_an_owner_takes_a_colleagues_lost_second_way_to_sign_in_away(
    owner: Membership, joined: Joined, browse: Browse
) -> None:
    member = joined(owner, Role.CLINICIAN)
    his, hers = browse(member), browse(owner)
    with_second_factor(member)
    address = f"/practice/people/{member.pk}/second-factor/"
    assert f'href="{address}"' in hers.get(f"/practice/people/{member.pk}/").content.decode()
    page = hers.get(address).content.decode()
    assert "signed out everywhere" in page and queries.has_second_factor(member.user), "it asks first"
    page = hers.post(address, follow=True).content.decode()
    assert "signs in with the password alone" in page and f'href="{address}"' not in page
    assert not Authenticator.objects.filter(user=member.user).exists()
    assert his.get("/")["Location"].startswith("/me/login/"), "the lost phone may be signed in"
    assert last(owner).name == "members.member.second-factor-reset" and last(owner).actor == owner.user
    assert last(owner).data == {"removed": 2, "sessions": 1} and last(owner).subject_id == str(member.pk)
    assert verify(owner.practice).is_whole


def test_whoever_lost_it_is_told_by_whom_until_it_is_set_up_again(
    owner: Membership, joined: Joined, browse: Browse, now: datetime
) -> None:
    member = with_second_factor(joined(owner, Role.FRONT_DESK))
    other = joined(owner, Role.FRONT_DESK)
    actions.reset_second_factor(member=member, actor=owner, at=now)

    def told(who: Membership, at: datetime) -> list[str]:
        return [item.sentence for item in today.items(who, now=at) if "second way to sign in again" in item.title]

    assert len(told(member, now)) == 1 and "Dr Imani Cole took the old one away on 21 November" in told(member, now)[0]
    assert told(other, now) == told(owner, now) == []
    assert told(member, now + timedelta(days=29)) and not told(member, now + timedelta(days=31))
    with_second_factor(member)
    assert told(member, now) == []


def test_whoever_stands_at_the_second_step_meanwhile_begins_again(
    owner: Membership, joined: Joined, now: datetime, client: Client
) -> None:
    member = with_second_factor(joined(owner, Role.CLINICIAN))
    given = {"login": member.user.email, "password": PASSWORD}
    assert client.post("/me/login/", given)["Location"] == "/me/2fa/authenticate/"
    assert client.get("/me/2fa/authenticate/").status_code == 200
    actions.reset_second_factor(member=member, actor=owner, at=now)
    assert client.get("/me/2fa/authenticate/", follow=True).redirect_chain == [("/me/login/", 302)]
    assert client.get("/").status_code == 302, "half a sign-in is none"
    assert client.post("/me/login/", given)["Location"] == "/"


def test_nobody_takes_their_own_away_like_this(
    owner: Membership, joined: Joined, browse: Browse, now: datetime
) -> None:
    client = browse(owner)
    with_second_factor(owner)
    assert "second-factor" not in client.get(f"/practice/people/{owner.pk}/").content.decode()
    for method in (client.get, client.post):
        assert method(f"/practice/people/{owner.pk}/second-factor/").status_code == 403
    with pytest.raises(PermissionDenied, match="for colleagues"):
        actions.reset_second_factor(member=owner, actor=owner, at=now)
    assert queries.has_second_factor(owner.user)


def test_only_an_owner_takes_it_away(owner: Membership, joined: Joined, now: datetime) -> None:
    member = with_second_factor(joined(owner, Role.CLINICIAN))
    for role in set(Role) - {Role.OWNER}:
        with pytest.raises(PermissionDenied):
            actions.reset_second_factor(member=member, actor=joined(owner, role), at=now)
    assert queries.has_second_factor(member.user)


def test_where_there_is_nothing_to_take_away_it_says_so(owner: Membership, joined: Joined, browse: Browse) -> None:
    member = joined(owner, Role.CLINICIAN)
    before = Event.objects.count()
    page = browse(owner).post(f"/practice/people/{member.pk}/second-factor/", follow=True).content.decode()
    assert "there is nothing to take away" in page and Event.objects.count() == before


@pytest.mark.promise("L3")
def test_who_works_elsewhere_too_keeps_the_protection_that_others_rely_on(
    owner: Membership, stranger: Membership, joined: Joined, browse: Browse, now: datetime
) -> None:
    member = with_second_factor(joined(owner, Role.CLINICIAN))
    theirs = actions.add_member(actor=stranger, email=member.user.email, name="", role=Role.CLINICIAN, at=now)
    with pytest.raises(rules.NotNow, match="another practice"):
        actions.reset_second_factor(member=member, actor=owner, at=now)
    assert "second-factor" not in browse(owner).get(f"/practice/people/{member.pk}/").content.decode()
    actions.deactivate_member(member=theirs, actor=stranger, at=now)
    actions.reset_second_factor(member=member, actor=owner, at=now)
    assert not queries.has_second_factor(member.user)


def test_whoever_runs_the_machine_lets_an_only_owner_in_again(
    owner: Membership, browse: Browse, capsys: pytest.CaptureFixture[str]
) -> None:
    client = browse(owner)
    with_second_factor(owner)
    call_command("person", "reset-second-factor", "--email", owner.user.email)
    assert "signs in with the password alone now" in capsys.readouterr().out
    assert not Authenticator.objects.exists() and client.get("/")["Location"].startswith("/me/login/")
    assert (last(owner).name, last(owner).actor) == ("members.member.second-factor-reset", None)
    before = Event.objects.count()
    call_command("person", "reset-second-factor", "--email", owner.user.email)
    assert "Nothing was changed" in capsys.readouterr().out
    with pytest.raises(SystemExit, match="2"):
        call_command("person", "reset-second-factor", "--email", "nobody@d.example")
    assert Event.objects.count() == before


# --- one's own page ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("role", list(Role))
def test_everybody_changes_their_own_name(owner: Membership, joined: Joined, browse: Browse, role: Role) -> None:
    client = browse(joined(owner, role, "sam@d.example"))
    assert 'href="/me/"' in client.get("/").content.decode()
    page = client.post("/me/", {"name": " Dr  Sam Okoro "}, follow=True).content.decode()
    assert "<h1>Dr Sam Okoro</h1>" in page and "sam@d.example" in page
    event = last(owner)
    assert (event.name, event.actor_label, event.data) == ("members.member.renamed", "Dr Sam Okoro", {})
    client.post("/me/", {"name": "Dr Sam Okoro"})
    assert Event.objects.filter(name="members.member.renamed").count() == 1, "what is the same is no change"


def test_a_name_is_needed(owner: Membership, browse: Browse) -> None:
    answer = browse(owner).post("/me/", {"name": "  "})
    assert answer.status_code == 422 and "Enter your name, as others know you." in answer.content.decode()
    owner.user.refresh_from_db()
    assert owner.user.display_name == "Dr Imani Cole"


def test_a_new_name_is_on_the_trail_of_every_practice_it_is_seen_in(
    owner: Membership, stranger: Membership, now: datetime
) -> None:
    actions.add_member(actor=stranger, email=owner.user.email, name="", role=Role.CLINICIAN, at=now)
    actions.change_own_name(actor=owner, name="Dr Imani Cole-Reyes", at=now)
    for practice in (owner.practice, stranger.practice):
        assert Event.objects.for_practice(practice).filter(name="members.member.renamed").count() == 1


def test_without_a_practice_there_is_no_page_of_ones_own(
    owner: Membership, joined: Joined, browse: Browse, now: datetime
) -> None:
    member = joined(owner, Role.CLINICIAN)
    actions.deactivate_member(member=member, actor=owner, at=now)
    client = browse(member)
    assert client.get("/me/").status_code == client.post("/me/", {"name": "x"}).status_code == 403
