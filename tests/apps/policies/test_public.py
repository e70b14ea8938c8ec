"""What readers open without signing in: it stays as it was, sets no cookie, and knows no other host."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.test import Client

from doorframe.apps.members.models import Membership
from doorframe.apps.policies import actions, documents
from doorframe.apps.policies.models import Version
from doorframe.apps.policies.states import State

NASTY = '"/> 5 < 6 onclick="alert(1)" & Mills #let x = 1 \u05e9\u05dc\u05d5\u05dd \U0001f33f'


def links(text: bytes) -> list[str]:
    soup = BeautifulSoup(text, "html.parser")
    return [
        str(tag[name]) for tag in soup.find_all(True) for name in ("src", "srcset", "data", "poster") if tag.get(name)
    ]


@pytest.mark.promise("B3")
def test_an_old_address_gives_the_same_bytes_for_good(
    owner: Membership, made: Any, client: Client, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = made(owner, State.PUBLISHED)
    address = f"/p/{owner.practice.slug}/v1/"
    before = client.get(address).content
    assert before == first.public_page.encode() and b"Harbour Lane Therapy" in before
    second = actions.start_version(actor=owner, at=now, based_on=first, answers={})
    second = actions.save_answers(
        version=second, actor=owner, at=now, screen="practice", answers={"practice_name": "Lane End"}, revision=0
    )
    actions.publish_version(version=second, actor=owner, at=now + timedelta(days=1), change_note="A name.")
    assert client.get(address).content == before
    # The content is another, the practice moves: what was issued stays.
    monkeypatch.setattr(documents.library, "pack", lambda: pytest.fail("an issued page needs no content"))
    owner.practice.name = "Renamed"
    owner.practice.save()
    assert client.get(address).content == before
    actions.retire_version(version=second, actor=owner, at=now + timedelta(days=2))
    assert client.get(address).content == before
    assert b"Lane End" in client.get(f"/p/{owner.practice.slug}/v2/").content


@pytest.mark.promise("B3")
def test_the_current_address_follows_the_version_in_force(
    owner: Membership, made: Any, client: Client, now: datetime
) -> None:
    current = f"/p/{owner.practice.slug}/"
    assert client.get(current).status_code == 404
    draft = made(owner)
    assert client.get(current).status_code == 404, "a draft is nobody's to read"
    first = actions.publish_version(version=draft, actor=owner, at=now)
    assert client.get(current).content == client.get(f"{current}v1/").content
    second = made(owner, State.PUBLISHED, practice_name="Lane End")
    assert client.get(current).content.decode() == second.public_page != first.public_page
    actions.retire_version(version=second, actor=owner, at=now)
    assert client.get(current).status_code == 404
    assert client.get(f"{current}v2/").status_code == 200


@pytest.mark.promise("B3")
def test_readers_get_no_cookie_and_no_other_host(owner: Membership, made: Any, signed_in: Any) -> None:
    made(owner, State.PUBLISHED)
    stem = f"/p/{owner.practice.slug}/"
    for browser in (Client(), signed_in(owner)):
        for path in (stem, f"{stem}v1/", f"{stem}versions/", "/p/policy.css"):
            answer = browser.get(path, headers={"Accept-Language": "de"})
            assert answer.status_code == 200
            assert not answer.cookies, path
            assert "Cookie" not in answer.get("Vary", ""), path
            if path.endswith(".css"):
                assert set(re.findall(r"url\(\"?(/static/fonts/|data:)?", answer.content.decode())) <= {
                    "/static/fonts/", "data:"
                }  # fmt: skip
                assert "@import" not in answer.content.decode()
                continue
            soup = BeautifulSoup(answer.content, "html.parser")
            assert links(answer.content) == []
            assert [str(link["href"]) for link in soup.find_all("link")] == ["/p/policy.css"]
            assert not soup.find_all(["script", "iframe", "img", "style", "form", "object", "embed"])
            assert "default-src 'self'" in answer["Content-Security-Policy"]


def test_every_typeface_of_the_public_style_is_there(client: Client, db: None) -> None:
    text = client.get("/p/policy.css").content.decode()
    faces = re.findall(r"/static/fonts/[\w.-]+", text)
    assert len(faces) >= 2
    for face in faces:
        assert client.get(face).status_code == 200, face


@pytest.mark.promise("B3")
def test_the_list_of_versions_says_what_changed(owner: Membership, made: Any, client: Client, now: datetime) -> None:
    first = made(owner, State.PUBLISHED)
    second = actions.start_version(actor=owner, at=now, based_on=first)
    actions.publish_version(
        version=second, actor=owner, at=now + timedelta(days=30), change_note=f"Texting is gone.\n{NASTY}"
    )
    made(owner)
    owner.practice.language = "en-GB"
    owner.practice.save()
    answer = client.get(f"/p/{owner.practice.slug}/versions/", headers={"Accept-Language": "en-US"})
    soup = BeautifulSoup(answer.content, "html.parser")
    assert [h2.get_text(strip=True) for h2 in soup.find_all("h2")] == ["Version 2", "Version 1"]
    text = soup.get_text(" ", strip=True)
    assert "Texting is gone." in text and "/> 5 < 6 onclick=" in text
    assert "In force since 21 Dec 2026. This is the version that counts." in text
    assert "In force from 21 Nov 2026 to 21 Dec 2026." in " ".join(text.split())
    assert soup.html is not None and soup.html["lang"] == "en-GB"
    for link in soup.select("h2 a"):
        assert client.get(str(link["href"])).status_code == 200


@pytest.mark.parametrize("number", ["0", "2", "99999999999999999999", "-1", "1.0", "x"])
def test_a_version_that_is_none(owner: Membership, made: Any, client: Client, number: str) -> None:
    made(owner, State.PUBLISHED)
    assert client.get(f"/p/{owner.practice.slug}/v{number}/").status_code == 404


@pytest.mark.promise("L3")
def test_another_practices_number_is_not_found(
    owner: Membership, stranger: Membership, made: Any, client: Client
) -> None:
    made(owner, State.PUBLISHED)
    for path in ("", "v1/", "versions/"):
        assert client.get(f"/p/{stranger.practice.slug}/{path}").status_code == 404
        assert client.get(f"/p/nobody/{path}").status_code == 404


@pytest.mark.promise("B3")
def test_the_snippet_is_plain(owner: Membership, made: Any, signed_in: Any, settings: Any) -> None:
    version = made(owner, State.PUBLISHED, practice_name=NASTY)
    soup = BeautifulSoup(version.public_fragment, "html.parser")
    assert not soup.find_all(["script", "style", "iframe", "link", "img", "form", "object", "base", "meta"])
    for tag in soup.find_all(True):
        assert not [name for name in tag.attrs if name.startswith("on") or name == "style"], tag
        assert not str(tag.get("href", "")).lower().startswith(("javascript:", "data:"))
        assert not tag.get("id") or str(tag["id"]).startswith("doorframe-")
    assert '5 < 6 onclick="alert(1)" & Mill' in soup.get_text()
    settings.PUBLIC_URL = "https://policy.harbour-lane.example"
    page = BeautifulSoup(signed_in(owner).get(f"/policy/{version.uid}/website/").content, "html.parser")
    fragment, link = (area.get_text().strip() for area in page.find_all("textarea"))
    address = f"https://policy.harbour-lane.example/p/{owner.practice.slug}/"
    assert link == f'<a href="{address}">{version.title}</a>'
    assert fragment == version.public_fragment.strip()


def test_a_title_in_the_snippet_stays_words(owner: Membership, made: Any, signed_in: Any, now: datetime) -> None:
    version = actions.rename_version(version=made(owner), actor=owner, at=now, title="Ours </a><script>x</script>")
    version = actions.publish_version(version=version, actor=owner, at=now)
    page = BeautifulSoup(signed_in(owner).get(f"/policy/{version.uid}/website/").content, "html.parser")
    copied = BeautifulSoup(page.find_all("textarea")[1].get_text(), "html.parser")
    assert not copied.find("script") and copied.get_text().strip() == "Ours </a><script>x</script>"


def test_before_publishing_there_is_nothing_to_paste(owner: Membership, made: Any, signed_in: Any) -> None:
    version = made(owner)
    assert signed_in(owner).get(f"/policy/{version.uid}/website/")["Location"] == f"/policy/{version.uid}/"


def test_the_text_page_says_when_our_wording_moved_on(owner: Membership, made: Any, signed_in: Any) -> None:
    version, browser = made(owner, State.PUBLISHED), signed_in(owner)
    assert "has changed since this version" not in browser.get(f"/policy/{version.uid}/text/").content.decode()
    Version.objects.update(text_sha256="0" * 64)
    page = browser.get(f"/policy/{version.uid}/text/").content.decode()
    assert "has changed since this version" in page and f"/p/{owner.practice.slug}/v1/" in page


@pytest.mark.promise("B3")
def test_the_page_leads_to_its_versions(owner: Membership, made: Any, client: Client) -> None:
    version = made(owner, State.PUBLISHED)
    soup = BeautifulSoup(version.public_page, "html.parser")
    link = soup.select_one("#versions-link a")
    assert link is not None and link.get_text() == "The version in force, and those before it"
    assert client.get(str(link["href"])).status_code == 200
    assert "versions-link" not in version.public_fragment
