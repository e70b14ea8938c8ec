"""A link by which one person joins once."""

from __future__ import annotations

import re
import threading
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection
from django.test import Client
from django.utils import timezone

from doorframe.apps.members import actions, queries, rules
from doorframe.apps.members.models import Invitation, Membership, User
from doorframe.apps.members.roles import Role
from doorframe.apps.trail.models import Event

NEW = {"name": "Sam Okoro", "password": "four quiet unrelated words"}
Browse = Callable[[Membership], Client]
Joined = Callable[..., Membership]


def make(client: Client, email: str = "Sam@D.example", role: str = "supervisor") -> str:
    """The path of a new invitation's link, as the owner's page shows it."""
    page = client.post("/practice/people/invite/", {"email": email, "role": role}).content.decode()
    found = re.search(r"http://testserver(/join/[-\w]{43}/)", page)
    assert found, page
    return found[1]


@pytest.mark.promise("L2")
def test_an_invitation_is_made_and_accepted_in_another_browser(owner: Membership, browse: Browse) -> None:
    hers, his = browse(owner), Client()
    path = make(hers)
    token = path.split("/")[2]
    assert not [row for row in Invitation.objects.values() if token in str(row)], "only its hash is kept"
    assert not [row for row in Event.objects.values() if token in str(row)]
    page = his.get(path).content.decode()
    assert "Join Harbour Lane" in page and "Dr Imani Cole has invited you" in page and "sam@d.example" in page
    answer = his.post(path, NEW)
    assert (answer.status_code, answer["Location"]) == (302, "/")
    assert "Harbour Lane · Sam Okoro" in his.get("/").content.decode()
    member = Membership.objects.get(user__email="sam@d.example")
    assert (member.role, member.practice) == ("supervisor", owner.practice)
    names = list(Event.objects.for_practice(owner.practice).order_by("seq").values_list("name", "actor_label"))
    assert names[-3:] == [
        ("members.invitation.made", "Dr Imani Cole"),
        ("members.invitation.accepted", "Sam Okoro"),
        ("members.member.added", "Dr Imani Cole"),
    ]
    assert "sam@d.example" not in hers.get("/practice/people/").content.decode().split("<h2>")[1]


@pytest.mark.promise("L2")
def test_a_link_works_once(owner: Membership, browse: Browse) -> None:
    path = make(browse(owner))
    assert Client().post(path, NEW).status_code == 302
    for answer in (Client().get(path), Client().post(path, {**NEW, "name": "Another"})):
        assert answer.status_code == 410
        assert "works only once" in answer.content.decode()
    assert User.objects.filter(email="sam@d.example").count() == 1
    assert queries.people_of(owner.practice).count() == 2


def test_looking_at_a_link_does_not_use_it_up(owner: Membership, browse: Browse) -> None:
    path = make(browse(owner))
    for _look in range(3):
        assert Client().head(path).status_code == Client().get(path).status_code == 200
    assert Client().post(path, NEW).status_code == 302


@pytest.mark.parametrize(("after", "works"), [(timedelta(days=7, seconds=-1), True), (timedelta(days=7), False)])
def test_a_link_expires(owner: Membership, now: datetime, after: timedelta, works: bool) -> None:
    _invitation, token = actions.invite(actor=owner, email="sam@d.example", role=Role.CLINICIAN, at=now)
    if works:
        assert actions.accept_invitation(token=token, at=now + after, **NEW).role == Role.CLINICIAN
        return
    with pytest.raises(rules.NotNow, match="has expired"):
        actions.accept_invitation(token=token, at=now + after, **NEW)
    assert not User.objects.filter(email="sam@d.example").exists()


def test_an_expired_link_says_so_to_both(owner: Membership, browse: Browse) -> None:
    long_ago = timezone.now() - timedelta(days=8)
    _invitation, token = actions.invite(actor=owner, email="sam@d.example", role=Role.CLINICIAN, at=long_ago)
    assert "has expired" in Client().get(f"/join/{token}/").content.decode()
    assert "The link has expired" in browse(owner).get("/practice/people/").content.decode()


def test_a_second_invitation_ends_the_first(owner: Membership, browse: Browse) -> None:
    client = browse(owner)
    first, second = make(client), make(client, "SAM@d.example", "clinician")
    assert Client().get(first).status_code == 410
    assert Client().post(second, NEW).status_code == 302
    assert Membership.objects.get(user__email="sam@d.example").role == "clinician"


def test_two_people_are_invited_at_once(owner: Membership, browse: Browse) -> None:
    client = browse(owner)
    paths = [make(client, f"p{number}@d.example") for number in (1, 2)]
    for path in reversed(paths):
        assert Client().post(path, NEW).status_code == 302
    assert queries.people_of(owner.practice).count() == 3


@pytest.mark.django_db(transaction=True)
def test_of_two_who_use_one_link_at_once_one_joins(owner: Membership, now: datetime) -> None:
    _invitation, token = actions.invite(actor=owner, email="sam@d.example", role=Role.CLINICIAN, at=now)
    said: list[str] = []
    ready = threading.Barrier(2)

    def accept(name: str) -> None:
        ready.wait()
        try:
            member = actions.accept_invitation(token=token, at=now, name=name, password=NEW["password"])
            said.append(member.user.display_name)
        except rules.NotNow:
            said.append("refused")
        finally:
            connection.close()

    threads = [threading.Thread(target=accept, args=(name,)) for name in ("Sam", "Kim")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    assert len(said) == 2 and said.count("refused") == 1
    assert Membership.objects.filter(user__email="sam@d.example").count() == 1


@pytest.mark.django_db(transaction=True)
def test_of_two_invitations_made_at_once_one_stands(owner: Membership, now: datetime) -> None:
    tokens: list[str] = []
    ready = threading.Barrier(2)

    def invite() -> None:
        ready.wait()
        try:
            tokens.append(actions.invite(actor=owner, email="sam@d.example", role=Role.CLINICIAN, at=now)[1])
        finally:
            connection.close()

    threads = [threading.Thread(target=invite) for _two in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    assert len(tokens) == 2
    assert Invitation.objects.filter(withdrawn_at=None).count() == 1
    works = [Client().get(f"/join/{token}/").status_code for token in tokens]
    assert sorted(works) == [200, 410]


def test_a_withdrawn_invitation_no_longer_works(owner: Membership, browse: Browse, now: datetime) -> None:
    client = browse(owner)
    path = make(client)
    invitation = Invitation.objects.get()
    page = client.post(f"/practice/invitations/{invitation.pk}/withdraw/", follow=True).content.decode()
    assert "its link no longer works" in page
    assert Client().post(path, NEW).status_code == 410
    invitation.refresh_from_db()
    again = actions.withdraw_invitation(invitation=invitation, actor=owner, at=now)
    assert again.withdrawn_at == invitation.withdrawn_at is not None
    assert Event.objects.filter(name="members.invitation.withdrawn").count() == 1


def test_what_was_used_cannot_be_withdrawn(owner: Membership, browse: Browse) -> None:
    client = browse(owner)
    Client().post(make(client), NEW)
    page = client.post(f"/practice/invitations/{Invitation.objects.get().pk}/withdraw/", follow=True).content.decode()
    assert "This invitation was used" in page
    assert queries.people_of(owner.practice).count() == 2


@pytest.mark.parametrize("token", ["x", "x" * 43, "-" * 500])
def test_a_link_that_nobody_made(client: Client, db: None, token: str) -> None:
    answer = client.get(f"/join/{token}/")
    assert answer.status_code == 410
    assert "This link does not work" in answer.content.decode()


def test_an_invitation_falls_with_whoever_made_it(owner: Membership, joined: Joined, now: datetime) -> None:
    second = joined(owner, Role.OWNER)
    _invitation, token = actions.invite(actor=second, email="sam@d.example", role=Role.OWNER, at=now)
    actions.change_role(member=second, actor=owner, role=Role.CLINICIAN, at=now)
    with pytest.raises(rules.NotNow, match="does not work"):
        actions.accept_invitation(token=token, at=now, **NEW)
    actions.change_role(member=second, actor=owner, role=Role.OWNER, at=now)
    actions.deactivate_member(member=second, actor=owner, at=now)
    with pytest.raises(rules.NotNow, match="does not work"):
        actions.accept_invitation(token=token, at=now, **NEW)


# --- somebody who has a sign-in already ------------------------------------------------------------------------------


@pytest.mark.promise("L3")
def test_a_person_of_another_practice_signs_in_and_joins(
    owner: Membership, stranger: Membership, browse: Browse
) -> None:
    path = make(browse(owner), stranger.user.email, "clinician")
    nobody = Client()
    page = nobody.get(path).content.decode()
    assert "has a sign-in here already" in page and f"/me/login/?next={path}" in page
    assert nobody.post(path, NEW).status_code == 410
    known = browse(stranger)
    assert 'name="password"' not in known.get(path).content.decode()
    assert known.post(path)["Location"] == "/"
    assert "Harbour Lane · Jo Reyes" in known.get("/").content.decode(), "the new practice is the one at hand"
    assert User.objects.get(pk=stranger.user.pk).check_password("a quiet long password"), "the password is their own"


def test_somebody_elses_link_is_refused(owner: Membership, stranger: Membership, browse: Browse) -> None:
    path = make(browse(owner))
    known = browse(stranger)
    answer = known.post(path, NEW)
    assert answer.status_code == 410
    assert "another address than the one you are signed in with" in answer.content.decode()
    assert Client().post(path, NEW).status_code == 302


@pytest.mark.parametrize(
    ("which", "said"), [("active", "belongs to your practice already"), ("former", "Let them in again")]
)
def test_whoever_is_here_already_is_not_invited(
    owner: Membership, joined: Joined, browse: Browse, now: datetime, which: str, said: str
) -> None:
    member = joined(owner, Role.CLINICIAN, "sam@d.example")
    if which == "former":
        actions.deactivate_member(member=member, actor=owner, at=now)
    answer = browse(owner).post("/practice/people/invite/", {"email": "SAM@d.example", "role": "owner"})
    assert answer.status_code == 422 and said in answer.content.decode()
    assert not Invitation.objects.exists()


def test_the_fictional_and_the_real_do_not_mix(owner: Membership, demo: Membership, now: datetime) -> None:
    for actor, other in ((owner, demo), (demo, owner)):
        with pytest.raises(rules.NotNow, match="cannot be invited here"):
            actions.invite(actor=actor, email=other.user.email, role=Role.OWNER, at=now)


def test_nobody_joins_the_demo_once_it_is_put_away(
    owner: Membership, demo: Membership, now: datetime, settings: Any
) -> None:
    _invitation, token = actions.invite(actor=demo, email="sam@d.example", role=Role.OWNER, at=now)
    actions.put_demo_away(actor=owner, at=now)
    with pytest.raises(rules.NotNow, match="does not work"):
        actions.accept_invitation(token=token, at=now, **NEW)
    actions.bring_demo_back(actor=owner, at=now)
    assert actions.accept_invitation(token=token, at=now, **NEW).user.is_demo


# --- forms -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("wrong", "said"),
    [({"name": ""}, "required"), ({"password": "short"}, "too short"), ({"password": "sam@d.example"}, "similar")],
)
def test_joining_keeps_what_was_right(owner: Membership, browse: Browse, wrong: dict[str, str], said: str) -> None:
    path = make(browse(owner))
    answer = Client().post(path, {**NEW, **wrong})
    assert answer.status_code == 422 and said in answer.content.decode()
    assert not User.objects.filter(email="sam@d.example").exists()
    assert Client().post(path, NEW).status_code == 302


@pytest.mark.parametrize("wrong", [{"email": "sam"}, {"role": "king"}, {"email": ""}, {"role": ""}])
def test_an_invitation_needs_an_address_and_a_role(owner: Membership, browse: Browse, wrong: dict[str, str]) -> None:
    given = {"email": "sam@d.example", "role": "clinician", **wrong}
    assert browse(owner).post("/practice/people/invite/", given).status_code == 422
    assert not Invitation.objects.exists()


def test_the_action_refuses_them_too(owner: Membership, now: datetime) -> None:
    with pytest.raises(ValidationError):
        actions.invite(actor=owner, email="sam", role=Role.CLINICIAN, at=now)
    with pytest.raises(PermissionDenied):
        owner.role = Role.SUPERVISOR
        actions.invite(actor=owner, email="sam@d.example", role=Role.CLINICIAN, at=now)
    assert not Invitation.objects.exists()


@pytest.mark.promise("L2")
def test_joining_is_slowed(owner: Membership, browse: Browse) -> None:
    path = make(browse(owner))
    codes = [Client().post(path, {"name": "", "password": ""}).status_code for _try in range(21)]
    assert codes == [422] * 20 + [429]


# --- by mail ---------------------------------------------------------------------------------------------------------


def test_without_a_mail_server_nothing_is_sent(owner: Membership, browse: Browse, mailoutbox: Any) -> None:
    make(browse(owner))
    assert mailoutbox == []


def test_a_mail_tells_nothing_but_the_link(owner: Membership, browse: Browse, mailoutbox: Any, settings: Any) -> None:
    settings.SENDS_MAIL, settings.PUBLIC_URL = True, "https://p.example"
    owner.practice.name = "Harbour Lane Therapy"
    owner.practice.save()
    answer = browse(owner).post("/practice/people/invite/", {"email": "sam@d.example", "role": "supervisor"})
    (mail,) = mailoutbox
    link = re.search(r"https://p\.example/join/[-\w]{43}/", mail.body)
    assert link and link[0] in answer.content.decode() and "sent by e-mail as well" in answer.content.decode()
    assert mail.to == ["sam@d.example"]
    words = f"{mail.subject} {mail.body}".lower()
    for telling in ("therap", "harbour", "imani", "supervis", "practice", "polic", "client", "doorframe", "clinic"):
        assert telling not in words, telling


def test_a_mail_that_does_not_go_leaves_the_link(owner: Membership, browse: Browse, settings: Any) -> None:
    settings.SENDS_MAIL = True
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 9
    client = browse(owner)
    assert Client().get(make(client)).status_code == 200
    assert "sent by e-mail" not in client.get("/practice/people/").content.decode()


def test_the_demo_sends_no_mail(demo: Membership, browse: Browse, mailoutbox: Any, settings: Any) -> None:
    settings.SENDS_MAIL = True
    make(browse(demo))
    assert mailoutbox == []


@pytest.mark.parametrize(("url", "only_here"), [("", True), ("https://p.example", False)])
def test_a_link_for_this_computer_alone_says_so(
    owner: Membership, browse: Browse, settings: Any, url: str, only_here: bool
) -> None:
    settings.PUBLIC_URL = url
    settings.ALLOWED_HOSTS = ["localhost", "testserver"]
    client = browse(owner)
    given = {"email": "sam@d.example", "role": "clinician"}
    page = client.post("/practice/people/invite/", given, headers={"Host": "localhost:8321"}).content.decode()
    assert ("works only on this computer" in page) is only_here
