"""A new policy begins with what the practice has already said; every question is still asked."""

from __future__ import annotations

from typing import Any

import pytest
from bs4 import BeautifulSoup

from doorframe.apps.library import queries as library
from doorframe.apps.members import places
from doorframe.apps.members.models import Membership
from doorframe.apps.policies.models import Version
from doorframe.apps.policies.states import State
from doorframe.engines.content.conditions import holds


def moved(owner: Membership, country: str, region: str = "") -> None:
    owner.practice.country, owner.practice.region = country, region
    owner.practice.save()


@pytest.mark.parametrize(
    ("country", "region", "expected"),
    [
        ("GB", "SCT", {"country": "UK", "region": "GB-SCT"}), ("US", "OR", {"country": "US", "region": "US-OR"}),
        ("IE", "", {"country": "IE"}), ("CA", "", {"country": "CA"}), ("CA", "XX", {"country": "CA"}),
        ("XX", "", {"country": "other"}), ("FR", "IDF", {"country": "other"}),
    ],
)  # fmt: skip
def test_a_new_policy_knows_the_place_and_the_names(
    owner: Membership, signed_in: Any, country: str, region: str, expected: dict[str, str]
) -> None:
    moved(owner, country, region)
    answer = signed_in(owner).post("/policy/start/")
    version = Version.objects.get()
    assert version.answers == {**expected, "practice_name": "Harbour Lane", "therapist_name": "Dr Imani Cole"}
    # And each question is still to be confirmed, from the first one on
    assert version.done == []
    assert answer["Location"] == f"/policy/{version.uid}/go-on/"
    assert signed_in(owner).get(answer["Location"])["Location"].endswith("/q/country/")


def test_every_place_of_a_practice_is_a_place_of_the_questions() -> None:
    pack = library.pack()
    regions = pack.fields["region"].options
    for row in places.PLACES.values():
        if row.region:
            option = next((one for one in regions if one.id == row.id), None)
            assert option is not None, row
            country = next(one.id for one in pack.fields["country"].options if row.country in {one.id, *one.aliases})
            assert holds(option.when, {"country": country}), row


def test_names_with_no_room_in_the_question_are_left_to_the_person(owner: Membership, signed_in: Any) -> None:
    owner.practice.name = "x" * 121
    owner.practice.save()
    signed_in(owner).post("/policy/start/")
    assert "practice_name" not in Version.objects.get().answers


def test_earlier_answers_stand_as_they_were(owner: Membership, made: Any, signed_in: Any) -> None:
    first = made(owner, State.PUBLISHED)
    moved(owner, "GB", "ENG")
    signed_in(owner).post("/policy/start/", {"based_on": first.uid})
    assert Version.objects.get(state=State.DRAFT).answers == first.answers


def test_the_page_says_where_it_has_it_from_until_it_is_confirmed(owner: Membership, signed_in: Any) -> None:
    browser = signed_in(owner)
    browser.post("/policy/start/")
    version = Version.objects.get()
    address = f"/policy/{version.uid}/q/practice/"

    def page() -> BeautifulSoup:
        return BeautifulSoup(browser.get(address).content, "html.parser")

    assert "Filled in from what you have told Doorframe" in page().get_text()
    assert "yourself: Name of the practice; Name of the therapist" in " ".join(page().get_text().split())
    field = page().find("input", id="id_practice_name")
    assert field is not None and field["value"] == "Harbour Lane"
    assert (
        "Filled in from what you have told Doorframe"
        not in browser.get(f"/policy/{version.uid}/q/contact/").content.decode()
    )
    sent = {"practice": "solo", "practice_name": "Lane End", "therapist_name": "Jo", "revision": "0", "continue": "1"}
    assert browser.post(address, sent).status_code == 302
    version.refresh_from_db()
    assert (version.answers["practice_name"], version.answers["therapist_name"]) == ("Lane End", "Jo")
    assert "Filled in from what you have told Doorframe" not in page().get_text()
