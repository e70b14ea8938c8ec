"""How a practice asks and keeps, and the key that it brings."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client as Browser
from django.utils import timezone

from doorframe.adapters import seal_pdf
from doorframe.apps.members.actions import add_member
from doorframe.apps.members.models import Membership
from doorframe.apps.members.roles import Role
from doorframe.apps.signatures import queries
from doorframe.apps.signatures.actions import preferences
from doorframe.apps.signatures.models import Preferences, SealKey
from doorframe.apps.trail.models import Event
from doorframe.engines.scheduling.retention import RetentionError
from tests.apps.signatures.conftest import BACKEND

ADDRESS = "/acknowledgements/preferences/"
USUAL: dict[str, Any] = {
    "countersign": "on", "link_days": "14", "reminder_days": "3, 7, 14", "idle_minutes": "3", "keep_years": "6",
    "timestamp_url": "",
}  # fmt: skip


@pytest.fixture
def browser(owner: Membership) -> Browser:
    found = Browser()
    found.force_login(owner.user, backend=BACKEND)
    return found


def test_what_is_kept_is_on_the_trail_by_the_names_of_the_fields(owner: Membership, browser: Browser) -> None:
    wanted = {**USUAL, "keep_ip": "on", "timestamp_url": "https://stamp.example/tsa", "reminder_days": "2, 9"}
    assert browser.post(ADDRESS, wanted).status_code == 302
    kept = queries.preferences(owner.practice)
    assert (kept.keep_ip, kept.reminder_days, kept.timestamp_url) == (True, [2, 9], "https://stamp.example/tsa")
    event = Event.objects.get(name="signatures.preferences.changed")
    assert set(event.data["changed"]) == {"keep_ip", "reminder_days", "timestamp_url"}
    assert "stamp.example" not in str(event.data)
    browser.post(ADDRESS, wanted)
    assert Event.objects.filter(name="signatures.preferences.changed").count() == 1


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("link_days", "0"), ("link_days", "61"), ("link_days", "soon"), ("idle_minutes", "0"), ("reminder_days", ""),
        ("reminder_days", "7, 3"), ("reminder_days", "0, 3"), ("reminder_days", "three"),
        ("reminder_days", "1,2,3,4,5,6,7"),
        ("timestamp_url", "javascript:go()"), ("keep_years", "5"), ("keep_years", "-6"),
    ],
)  # fmt: skip
def test_what_does_not_fit_is_refused_and_nothing_kept(
    owner: Membership, browser: Browser, field: str, value: str
) -> None:
    answer = browser.post(ADDRESS, {**USUAL, "keep_ip": "on", field: value})
    assert answer.status_code == 422
    assert f'href="#id_{field}"' in answer.content.decode()
    assert not Preferences.objects.exists()


@pytest.mark.promise("D3")
def test_proof_is_never_kept_for_fewer_than_six_years(owner: Membership, browser: Browser, now: datetime) -> None:
    answer = browser.post(ADDRESS, {**USUAL, "keep_years": "5", "shorter": "on"})
    assert "at least 6 years, so 5 is too few" in answer.content.decode()
    with pytest.raises(RetentionError):
        preferences.change(actor=owner, at=now, values={"keep_years": 5})
    assert not Preferences.objects.exists()


@pytest.mark.promise("D3")
def test_fewer_years_than_before_need_a_second_yes(owner: Membership, browser: Browser) -> None:
    browser.post(ADDRESS, {**USUAL, "keep_years": "10"})
    answer = browser.post(ADDRESS, {**USUAL, "keep_years": "7"})
    assert answer.status_code == 422 and "fewer years than before" in answer.content.decode()
    assert queries.preferences(owner.practice).keep_years == 10
    browser.post(ADDRESS, {**USUAL, "keep_years": "7", "shorter": "on"})
    assert queries.preferences(owner.practice).keep_years == 7


@pytest.mark.promise("C8")
def test_the_practice_brings_its_own_key(owner: Membership, browser: Browser) -> None:
    file = seal_pdf.new_key("Harbour Lane", timezone.now(), passphrase="quiet")
    upload = {"file": SimpleUploadedFile("key.p12", file), "passphrase": "loud"}
    answer = browser.post(f"{ADDRESS}key/", upload)
    assert answer.status_code == 422 and "still does" in answer.content.decode()
    assert "loud" not in answer.content.decode()
    assert not SealKey.objects.exists()
    upload = {"file": SimpleUploadedFile("key.p12", file), "passphrase": "quiet"}
    assert browser.post(f"{ADDRESS}key/", upload).status_code == 302
    fingerprint = seal_pdf.load_key(file, "quiet").fingerprint
    assert fingerprint in browser.get(ADDRESS).content.decode()
    assert SealKey.objects.get().own


@pytest.mark.parametrize("data", [b"", b"no key", b"\x30" * 200_000])
def test_a_file_that_is_no_key_changes_nothing(owner: Membership, browser: Browser, data: bytes) -> None:
    answer = browser.post(f"{ADDRESS}key/", {"file": SimpleUploadedFile("key.p12", data), "passphrase": ""})
    assert answer.status_code == 422
    assert not SealKey.objects.exists()


@pytest.mark.parametrize("role", [Role.SUPERVISOR, Role.CLINICIAN, Role.FRONT_DESK, Role.MODERATOR])
def test_the_owner_alone_changes_them(owner: Membership, role: Role) -> None:
    member = add_member(actor=owner, email="kim@a.example", name="Kim", role=role, at=timezone.now())
    other = Browser()
    other.force_login(member.user, backend=BACKEND)
    assert other.post(ADDRESS, USUAL).status_code == 403
    assert other.get(f"{ADDRESS}key/").status_code == 403
    assert not Preferences.objects.exists()
