"""Who gets through: every address of the room, for every role, and for a member of another practice."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest
from django.test import Client
from django.urls import URLPattern

from doorframe.apps.members.models import Membership
from doorframe.apps.members.roles import Permission, Role
from doorframe.apps.policies import public_urls, rules, urls
from doorframe.apps.policies.models import Version
from doorframe.apps.policies.states import State, Verb
from doorframe.apps.trail.models import Event

# Every address that names a version: (name in urls, path after the version's own, method).
OF_A_VERSION = [
    ("version", "", "get"), ("resume", "go-on/", "get"), ("screen", "q/friending/", "get"),
    ("screen", "q/friending/", "post"), ("autosave", "q/friending/save/", "post"), ("check", "check/", "get"),
    ("draft", "text/", "get"), ("export", "answers.toml", "get"), ("documents", "documents/", "get"),
    ("download", "documents/policy.pdf", "get"), ("embed", "website/", "get"),
    *[("step", f"{verb}/", "post") for verb in (*Verb.values, "delete", "reissue")],
]  # fmt: skip
WITHOUT = {"index", "start", "import", "audit", "audit-pdf", "audit-json", "audit-start"}


def names(patterns: list[Any]) -> set[str]:
    return {str(pattern.name) for pattern in patterns if isinstance(pattern, URLPattern)}


def test_no_address_is_forgotten() -> None:
    assert {name for name, _, _ in OF_A_VERSION} | WITHOUT == names(urls.urlpatterns)
    assert names(public_urls.urlpatterns) == {"stylesheet", "current", "versions", "permanent"}


@pytest.mark.promise("L3")
@pytest.mark.parametrize("state", [State.DRAFT, State.PUBLISHED])
def test_another_practices_version_does_not_exist(
    owner: Membership, stranger: Membership, made: Any, signed_in: Any, state: State
) -> None:
    version, browser = made(owner, state), signed_in(stranger)
    before = (list(Version.objects.values()), Event.objects.count())
    for _name, path, method in OF_A_VERSION:
        answer = getattr(browser, method)(f"/policy/{version.uid}/{path}", {"friending": "decline", "continue": "1"})
        assert answer.status_code == 404, path
        assert "Harbour Lane" not in answer.content.decode(), path
    assert browser.post("/policy/start/", {"based_on": version.uid}).status_code == 404
    assert (list(Version.objects.values()), Event.objects.count()) == before


@pytest.mark.promise("L3")
def test_lists_show_only_ones_own(owner: Membership, stranger: Membership, made: Any, signed_in: Any) -> None:
    for state in (State.DRAFT, State.IN_REVIEW, State.PUBLISHED):
        made(owner, state)
    for path in ("/policy/", "/"):
        page = signed_in(stranger).get(path).content.decode()
        assert "Harbour Lane" not in page and "Imani" not in page
        for version in Version.objects.all():
            assert str(version.uid) not in page


# What each step asks of a role; the state in which the table allows it.
NEEDED = {
    Verb.SUBMIT: Permission.EDIT_POLICIES, Verb.RETURN: Permission.EDIT_POLICIES,
    Verb.APPROVE: Permission.APPROVE_POLICIES, Verb.PUBLISH: Permission.PUBLISH_POLICIES,
    Verb.RETIRE: Permission.PUBLISH_POLICIES,
}  # fmt: skip
FITTING = {
    Verb.SUBMIT: State.DRAFT, Verb.RETURN: State.IN_REVIEW, Verb.APPROVE: State.IN_REVIEW,
    Verb.PUBLISH: State.APPROVED, Verb.RETIRE: State.PUBLISHED,
}  # fmt: skip
# Written out, so that a change of the table of roles has to be meant.
MAY = {
    Role.OWNER: {*Permission.values},
    Role.SUPERVISOR: {"policies.view", "policies.edit", "policies.approve", "policies.publish"},
    Role.CLINICIAN: {"policies.view", "policies.edit"},
    Role.FRONT_DESK: {"policies.view"},
    Role.MODERATOR: {"policies.view"},
}


@pytest.mark.promise("L2")
@pytest.mark.parametrize("role", Role, ids=lambda role: role.value)
@pytest.mark.parametrize("verb", Verb, ids=lambda verb: verb.value)
def test_each_role_takes_the_steps_it_may(
    group: Membership, in_role: Any, made: Any, signed_in: Any, role: Role, verb: Verb
) -> None:
    second = in_role(group, Role.SUPERVISOR)
    author = in_role(group, Role.CLINICIAN) if verb == Verb.APPROVE else group
    version = made(author, FITTING[verb], second=second)
    member = in_role(group, role)
    allowed = NEEDED[verb].value in MAY[role]
    assert rules.can(member, version, verb) is allowed
    browser = signed_in(member)
    shown = f"/policy/{version.uid}/{verb}/" in browser.get(f"/policy/{version.uid}/", follow=True).content.decode()
    assert shown is allowed, "a button stands where it works, and nowhere else"
    answer = browser.post(f"/policy/{version.uid}/{verb}/")
    version.refresh_from_db()
    assert answer.status_code == 302
    assert (version.state != FITTING[verb]) is allowed
    if not allowed:
        page = browser.get(answer["Location"], follow=True).content.decode()
        assert "Your role does not let you" in page


@pytest.mark.promise("L2")
@pytest.mark.parametrize("role", Role, ids=lambda role: role.value)
def test_each_role_reads_and_writes_what_it_may(
    owner: Membership, in_role: Any, made: Any, signed_in: Any, role: Role
) -> None:
    browser = signed_in(in_role(owner, role))
    writes = "policies.edit" in MAY[role]
    draft, issued = made(owner), made(owner, State.PUBLISHED)
    for version in (draft, issued):
        for path in ("", "check/", "text/", "answers.toml", "documents/", "website/"):
            assert browser.get(f"/policy/{version.uid}/{path}", follow=True).status_code == 200, path
    assert browser.get(f"/policy/{draft.uid}/documents/policy.md").status_code == 200
    for path in ("/policy/", "/", f"/policy/{draft.uid}/check/", f"/policy/{issued.uid}/"):
        page = browser.get(path).content.decode()
        for writing in ("/policy/start/", "/policy/import/", "/policy/audit/", "/q/", "/delete/", "/go-on/"):
            assert writes or writing not in page, (path, writing)
    before = list(Version.objects.order_by("pk").values("pk", "answers", "state"))
    refused = [
        browser.get(f"/policy/{draft.uid}/q/friending/"),
        browser.post(f"/policy/{draft.uid}/q/friending/", {"friending": "decline", "continue": "1"}),
        browser.post(f"/policy/{draft.uid}/q/friending/save/", {"friending": "decline"}),
        browser.post("/policy/start/"),
        browser.post("/policy/import/"),
    ]
    if not writes:
        assert [answer.status_code for answer in refused] == [403] * 5
        assert all("Your role does not let you" in answer.content.decode() for answer in refused)
        assert browser.get(f"/policy/{draft.uid}/go-on/")["Location"] == f"/policy/{draft.uid}/check/"
        assert list(Version.objects.order_by("pk").values("pk", "answers", "state")) == before
        return
    assert [answer.status_code for answer in refused] == [200, 302, 200, 302, 422]
    assert browser.post(f"/policy/{draft.uid}/delete/").status_code == 302
    assert not Version.objects.filter(pk=draft.pk).exists()


def test_a_clinician_of_any_practice_can_ask_for_review(
    owner: Membership, in_role: Any, made: Any, signed_in: Any
) -> None:
    version = made(owner)
    page = signed_in(in_role(owner, Role.CLINICIAN)).get(f"/policy/{version.uid}/check/").content.decode()
    assert f"/policy/{version.uid}/submit/" in page and f"/policy/{version.uid}/publish/" not in page


@pytest.mark.parametrize("method", ["get", "put", "delete", "patch"])
def test_only_a_form_changes_anything(owner: Membership, made: Any, signed_in: Any, method: str) -> None:
    version, browser = made(owner, State.PUBLISHED), signed_in(owner)
    for path in ("retire/", "delete/", "q/friending/save/"):
        assert getattr(browser, method)(f"/policy/{version.uid}/{path}").status_code == 405
    for path in ("/policy/start/", "/policy/import/", "/policy/audit/start/", "/policy/audit/report.pdf"):
        assert getattr(browser, method)(path).status_code == 405
    version.refresh_from_db()
    assert version.state == State.PUBLISHED


def test_a_form_needs_its_proof(owner: Membership, made: Any) -> None:
    version, browser = made(owner), Client(enforce_csrf_checks=True)
    browser.force_login(owner.user, backend="doorframe.apps.members.backends.MemberBackend")
    for path in ("publish/", "delete/", "q/friending/", "q/friending/save/"):
        assert browser.post(f"/policy/{version.uid}/{path}", {"friending": "decline"}).status_code == 403
    version.refresh_from_db()
    assert (version.state, version.revision) == ("draft", 0)


@pytest.mark.parametrize("verb", ["banana", "published", "PUBLISH", "freeze", "check-in"])
def test_an_unknown_step_does_nothing(owner: Membership, made: Any, signed_in: Any, verb: str) -> None:
    version = made(owner)
    assert signed_in(owner).post(f"/policy/{version.uid}/{verb}/").status_code == 404
    version.refresh_from_db()
    assert version.state == State.DRAFT


def test_a_screen_that_is_none(owner: Membership, made: Any, signed_in: Any) -> None:
    version, browser = made(owner), signed_in(owner)
    assert browser.get(f"/policy/{version.uid}/q/banana/")["Location"] == f"/policy/{version.uid}/go-on/"
    assert browser.post(f"/policy/{version.uid}/q/banana/save/").status_code == 404


def test_a_version_that_left_the_draft_sends_its_screens_away(
    owner: Membership, made: Any, signed_in: Any, now: datetime
) -> None:
    version, browser = made(owner, State.IN_REVIEW), signed_in(owner)
    for method in ("get", "post"):
        answer = getattr(browser, method)(f"/policy/{version.uid}/q/friending/", {"friending": "decline"}, follow=True)
        assert "no longer a draft" in answer.content.decode()
    page = browser.post(f"/policy/{version.uid}/q/friending/save/", {"friending": "decline"}).content.decode()
    assert "Not saved" in page
    version.refresh_from_db()
    assert "friending" not in version.answers
