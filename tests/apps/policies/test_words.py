"""What the pages of the policies say to people, where a bare fact would leave them guessing."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.test import Client

from doorframe.apps.jobs import runner
from doorframe.apps.members.models import Membership
from doorframe.apps.policies import actions, addresses, changes, documents, rules
from doorframe.apps.policies.addresses import Reach
from doorframe.apps.policies.models import Version
from doorframe.apps.policies.states import State
from tests.apps.policies.conftest import COMPLETE, noon


def page(browser: Client, address: str, status: int = 200) -> BeautifulSoup:
    answer = browser.get(address)
    assert answer.status_code == status, address
    return BeautifulSoup(answer.content, "html.parser")


def text(soup: Any) -> str:
    return " ".join(soup.get_text(" ").split())


# --- Addresses ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("http://localhost:8000/p/a/", Reach.HERE), ("http://127.0.0.1/p/a/", Reach.HERE),
        ("http://[::1]:8000/p/a/", Reach.HERE), ("http://a.localhost/p/a/", Reach.HERE),
        ("http://0.0.0.0:8000/", Reach.HERE), ("http://192.168.1.4:8000/p/a/", Reach.NEAR),
        ("http://10.0.0.9/", Reach.NEAR), ("http://169.254.1.1/", Reach.NEAR), ("http://[fd00::1]/", Reach.NEAR),
        ("http://office-mac.local/", Reach.NEAR), ("http://office/", Reach.NEAR),
        ("https://policies.example.org/p/a/", Reach.ANYWHERE), ("https://8.8.8.8/", Reach.ANYWHERE),
        ("https://local.example.org/", Reach.ANYWHERE),
    ],
)  # fmt: skip
def test_who_can_open_an_address(address: str, expected: Reach) -> None:
    assert addresses.reach(address) == expected


@pytest.mark.parametrize(
    ("public_url", "said"),
    [
        ("http://localhost:8000", "on this computer only"), ("http://192.168.0.7", "only on the network"),
        ("https://p.example", ""),
    ],
)  # fmt: skip
def test_pages_say_when_clients_cannot_follow_a_link(
    owner: Membership, made: Any, signed_in: Any, settings: Any, public_url: str, said: str
) -> None:
    settings.PUBLIC_URL = public_url
    version, browser = made(owner, State.PUBLISHED), signed_in(owner)
    help_page = "/help/how-to/put-it-on-your-website/"
    for path in ("", "website/"):
        soup = page(browser, f"/policy/{version.uid}/{path}")
        notes = [text(note) for note in soup.select("main .note")]
        assert [said in note for note in notes] == ([True] if said else []), (path, notes)
        assert bool(said or path) is bool(soup.find("a", href=help_page)), path
    assert browser.get(help_page).status_code == 200
    headings = [text(h2) for h2 in page(browser, f"/policy/{version.uid}/website/").select("main h2")]
    assert headings == ["The whole text to paste", "A link"]


# --- The check ----------------------------------------------------------------------------------------------------

ACCOUNTS = [{"platform": "instagram", "handle": "@lane", "kind": "professional", "purpose": "art"}]


def test_each_link_that_mends_names_its_question(owner: Membership, made: Any, signed_in: Any) -> None:
    version = made(owner, accounts=ACCOUNTS, platforms_not_used=["instagram"], phone="", email="", practice_name="")
    soup = page(signed_in(owner), f"/policy/{version.uid}/check/")
    for note in soup.select(".note.stop"):
        links = [text(link) for link in note.find_all("a")]
        assert links and len(links) == len(set(links)), links
        assert all(link.startswith("Mend: ") and len(link) > len("Mend: ") for link in links)
    assert "Mend: Your practice" in text(soup)


def test_the_question_that_holds_the_words_comes_first(
    owner: Membership, made: Any, signed_in: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    from doorframe.apps.policies import queries
    from doorframe.engines.interview.findings import Finding

    version = made(owner, sms_exception="I answer texts at any hour")
    found = Finding("contradiction", "x", "Two answers", "Why", ("contact", "texting"), words="at any hour")
    monkeypatch.setattr(queries, "to_settle", lambda item: [found])
    links = page(signed_in(owner), f"/policy/{version.uid}/check/").select(".note.stop a")
    assert [str(link["href"]).split("/q/")[1] for link in links] == ["texting/?to=check", "contact/?to=check"]


def test_the_way_to_publishing_is_at_the_top_where_nothing_blocks(
    owner: Membership, group: Membership, in_role: Any, made: Any, signed_in: Any
) -> None:
    from doorframe.apps.members.roles import Role

    ready = page(signed_in(owner), f"/policy/{made(owner).uid}/check/")
    link = ready.find("a", string="On to publishing")
    assert link is not None and ready.find("form", id=str(link["href"])[1:]) is not None
    blocked = page(signed_in(owner), f"/policy/{made(owner, practice_name='').uid}/check/")
    assert "On to publishing" not in text(blocked)
    clinician = in_role(group, Role.CLINICIAN)
    theirs = page(signed_in(clinician), f"/policy/{made(clinician).uid}/check/")
    assert "On to publishing" not in text(theirs) and theirs.find("a", string="On to the review") is not None
    assert len(theirs.select("#steps")) == len(ready.select("#steps")) == 1


@pytest.mark.parametrize(("language", "said"), [("en-GB", "checked 21 Nov 2026"), ("en-US", "checked Nov. 21, 2026")])
def test_the_day_of_a_source_is_written_as_people_there_write_it(
    owner: Membership, made: Any, signed_in: Any, monkeypatch: pytest.MonkeyPatch, language: str, said: str
) -> None:
    from doorframe.apps.policies import review

    owner.practice.language = language
    owner.practice.save()
    version = made(owner)
    real = review._day
    monkeypatch.setattr(review, "_day", lambda day: real("2026-11-21"))
    soup = page(signed_in(owner), f"/policy/{version.uid}/q/friending/")
    cites = [text(cite) for cite in soup.select("details .cite")]
    assert cites and all(cite.endswith(said) for cite in cites), cites
    assert real("") is None


# --- What changed -------------------------------------------------------------------------------------------------


def follow(owner: Membership, first: Version, now: datetime, screen: str = "contact", **answers: Any) -> Version:
    second = actions.start_version(actor=owner, at=now, based_on=first)
    return actions.save_answers(
        version=second, actor=owner, at=now, screen=screen, answers=answers, revision=second.revision
    )


def test_a_version_that_follows_another_needs_a_note(owner: Membership, made: Any, now: datetime) -> None:
    made(owner, State.RETIRED)
    second = made(owner)
    for empty in ("", "  \n ", "\x00"):
        with pytest.raises(rules.NoteMissing):
            actions.publish_version(version=second, actor=owner, at=now, change_note=empty)
    second.refresh_from_db()
    assert (second.state, second.number) == (State.DRAFT, None)


def test_the_page_asks_for_the_note_and_keeps_what_was_ticked(
    owner: Membership, made: Any, signed_in: Any, now: datetime
) -> None:
    first, browser = made(owner, State.PUBLISHED), signed_in(owner)
    second = follow(owner, first, now, phone="(503) 555-0199")
    answer = browser.post(f"/policy/{second.uid}/publish/", {"change_note": " ", "material": "yes"})
    assert answer.status_code == 422
    soup = BeautifulSoup(answer.content, "html.parser")
    assert [str(link["href"]) for link in soup.select(".error-summary a")] == ["#id_change_note"]
    field, tick = soup.find("textarea", id="id_change_note"), soup.find("input", id="id_material")
    assert field is not None and field["aria-invalid"] == "true" and "Ways to reach me" in field.get_text()
    assert tick is not None and tick.has_attr("checked")
    assert Version.objects.get(pk=second.pk).state == State.DRAFT
    first_ever = page(browser, f"/policy/{first.uid}/")
    assert first_ever.find("textarea", id="id_change_note") is None


@pytest.mark.parametrize(
    ("answers", "said"),
    [
        ({"phone": "(503) 555-0199"}, "Changed: “Ways to reach me”"),
        ({"clients": ["adults", "minors"]}, "New: “"),
        ({}, "The rules are the same as before."),
    ],
)
def test_the_note_is_proposed_from_a_comparison(
    owner: Membership, made: Any, now: datetime, answers: dict[str, Any], said: str
) -> None:
    first = made(owner, State.PUBLISHED)
    second = follow(owner, first, now + timedelta(days=40), **answers)
    assert changes.proposal(first, second).startswith(said)
    if "clients" in answers:
        assert "No longer there: “" in changes.proposal(second, first)


def test_a_long_proposal_says_how_many_more(owner: Membership, made: Any) -> None:
    first, second = made(owner, State.PUBLISHED), made(owner, practice="group")
    words = changes.proposal(first, second)
    assert words.count("“") == changes.MOST_NAMED and " more." in words


def test_people_read_what_took_the_place_of_a_version(
    owner: Membership, made: Any, signed_in: Any, now: datetime
) -> None:
    first = made(owner, State.PUBLISHED)
    second = actions.publish_version(
        version=made(owner), actor=owner, at=now + timedelta(days=1), change_note="Shorter."
    )
    actions.retire_version(version=second, actor=owner, at=now + timedelta(days=2))
    made(owner, State.PUBLISHED, at=now + timedelta(days=3))
    browser = signed_in(owner)
    listed = text(page(browser, "/policy/"))
    assert "Replaced by version 2" in listed and "No longer in force" in listed and "Retired" not in listed
    for number, address in enumerate((f"/policy/{first.uid}/", f"/policy/{second.uid}/"), 1):
        words = text(page(browser, address))
        assert "Retired" not in words
        assert ("replaced by version 2" in words) is (number == 1)
        assert ("Version 2 is no longer in force" in words) is (number == 2)
    public = text(page(Client(), f"/p/{owner.practice.slug}/versions/"))
    assert public.count("Replaced by version") == 1 and "Replaced by version 2." in public


# --- Documents ----------------------------------------------------------------------------------------------------


def test_the_documents_say_for_whom_they_are_and_the_policy_comes_first(
    owner: Membership, made: Any, signed_in: Any
) -> None:
    version = made(owner, State.PUBLISHED)
    assert runner.run_next(now=noon)
    soup = page(signed_in(owner), f"/policy/{version.uid}/")
    rows = soup.select("#documents .answers > div")
    names = [str(row.find("a")["href"]).rpartition("/")[2].partition(".")[0] for row in rows]
    assert names == ["policy", "summary", "appendix", "notices", "talking-points", "handbook"]
    for row in rows:
        purpose = row.select_one("dd > p")
        assert purpose is not None and text(purpose).endswith(".")
    assert set(documents.PURPOSES) == {name for name, _format, _title in documents.outputs()}


# --- The public page ----------------------------------------------------------------------------------------------


def test_numbers_and_addresses_on_the_public_page_are_links(owner: Membership, made: Any) -> None:
    version = made(owner, State.PUBLISHED)
    for html in (version.public_page, version.public_fragment):
        soup = BeautifulSoup(html, "html.parser")
        found = {str(a["href"]): text(a) for a in soup.find_all("a") if str(a["href"]).startswith(("tel:", "mailto:"))}
        assert found == {
            "tel:5035550142": "(503) 555-0142", "tel:911": "911", "tel:988": "988",
            "mailto:office@harbour-lane.example": "office@harbour-lane.example",
        }  # fmt: skip


@pytest.mark.parametrize(
    ("phone", "target"),
    [
        ("+44 20 7946 0000", "tel:+442079460000"), ("01 234 5678", "tel:012345678"),
        ("by the bell", ""), ("999 or 112", ""), ("12", ""), ("(503) 555-0142 ext. 4", ""),
    ],
)  # fmt: skip
def test_only_what_can_be_called_is_a_link(owner: Membership, made: Any, phone: str, target: str) -> None:
    soup = BeautifulSoup(made(owner, State.PUBLISHED, phone=phone, email="").public_page, "html.parser")
    assert phone in " ".join(soup.get_text().split())
    found = {str(a["href"]) for a in soup.find_all("a") if str(a["href"]).startswith("tel:")} - {"tel:911", "tel:988"}
    assert found == ({target} if target else set())


def test_a_long_list_of_versions_is_shown_by_pages(owner: Membership, client: Client, now: datetime) -> None:
    Version.objects.bulk_create(
        Version(
            practice=owner.practice, title=f"Policy {number}", state=State.RETIRED, answers=COMPLETE, author=owner,
            created_at=now, changed_at=now, number=number, in_force_from=now.date(), retired_at=now,
        )
        for number in range(1, 121)
    )  # fmt: skip
    stem = f"/p/{owner.practice.slug}/versions/"
    address, seen, pages = stem, [], 0
    while address:
        soup, pages = page(client, address), pages + 1
        seen += [text(h2) for h2 in soup.select("main h2")]
        following = soup.find("a", rel="next")
        address = f"{stem}{following['href']}" if following else ""
    assert seen == [f"Version {number}" for number in range(120, 0, -1)] and pages == 3
    for odd in ("x", "-1", "²", "9" * 400):
        assert client.get(stem, {"after": odd}).status_code == 200
    assert client.get(stem, {"after": "500"}).status_code == 404
