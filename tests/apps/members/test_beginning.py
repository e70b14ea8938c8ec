"""A therapist begins her own practice from the browser; nobody else does."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection
from django.test import Client

from doorframe.apps.members import actions, places, queries
from doorframe.apps.members.models import Beginning, Membership, Practice, User
from doorframe.apps.trail.models import Event
from doorframe.apps.trail.queries import verify

FIELDS = {
    "practice_name": "Mill Road Counselling", "name": "Jo Reyes", "email": "Jo@b.example",
    "password": "four quiet unrelated words", "place": "GB-ENG", "time_zone": "",
}  # fmt: skip
VALUES = {
    "name": "Mill Road", "owner_email": "jo@b.example", "owner_name": "Jo Reyes",
    "password": "four quiet unrelated words", "country": "GB", "region": "ENG", "time_zone": "Europe/London",
}  # fmt: skip


def begun() -> Practice:
    return Practice.objects.get(is_demo=False)


@pytest.mark.promise("L1")
def test_from_the_demo_to_a_practice_of_ones_own(client: Client, demo: Membership) -> None:
    for page in (client.get("/me/login/"), _signed_in(client, demo).get("/")):
        assert 'href="/begin/"' in page.content.decode()
    answer = client.post("/begin/", FIELDS)
    assert (answer.status_code, answer["Location"]) == (302, "/practice/begun/")
    page = client.get("/practice/begun/").content.decode()
    assert "Mill Road Counselling has begun" in page and "jo@b.example" in page and "Europe/London" in page
    assert 'href="/me/2fa/"' in page and "Put it away" in page
    practice = begun()
    assert (practice.country, practice.region, practice.language) == ("GB", "ENG", "en-GB")
    assert (practice.time_zone, practice.slug) == ("Europe/London", "mill-road-counselling")
    names = list(Event.objects.for_practice(practice).order_by("seq").values_list("name", flat=True))
    assert names == ["members.practice.created", "members.member.added", "members.practice.begun"]
    assert verify(practice).is_whole
    today = client.get("/").content.decode()
    assert "Write your social media policy" in today
    assert today.index("Write your social media policy") < today.index("Add a second way to sign in")
    assert "Begin your own practice" not in today


def _signed_in(client: Client, demo: Membership) -> Client:
    client.post("/me/login/", {"login": demo.user.email, "password": "a quiet long password"})
    return client


def test_the_new_owner_may_set_up_a_second_factor_without_the_password_again(client: Client, demo: Membership) -> None:
    client.post("/begin/", FIELDS)
    assert client.get("/me/2fa/totp/activate/").status_code == 200


@pytest.mark.parametrize(
    ("wrong", "field", "said"),
    [
        ({"practice_name": " "}, "id_practice_name", "Name of the practice: Enter what the practice is called"),
        ({"name": ""}, "id_name", "Your name: Enter your name"),
        ({"email": "jo"}, "id_email", "E-mail address: Enter an e-mail address, for example"),
        ({"email": "imani@harbour-lane.example"}, "id_email", "fictional practice"),
        ({"email": ""}, "id_email", "E-mail address: Enter an e-mail address, for example"),
        ({"password": ""}, "id_password", "Password: Choose a password of at least twelve characters"),
        ({"password": "short"}, "id_password", "too short"),
        ({"password": "password1234"}, "id_password", "too common"),
        ({"password": "jo@b.example!"}, "id_password", "similar"),
        ({"place": ""}, "id_place", "Where you practise: Choose the place"),
        ({"place": "FR"}, "id_place", "valid choice"),
        ({"place": "XX"}, "id_time_zone", "Choose yours"),
        ({"time_zone": "Mars/Olympus"}, "id_time_zone", "valid choice"),
    ],
)
def test_what_is_wrong_is_said_and_the_rest_is_kept(
    client: Client, demo: Membership, wrong: dict[str, str], field: str, said: str
) -> None:
    answer = client.post("/begin/", {**FIELDS, **wrong})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert f'href="#{field}"' in page and said in " ".join(page.split())
    assert "four quiet unrelated words" not in page
    kept = {**FIELDS, **wrong}
    assert all(f'value="{kept[name]}"' in page for name in ("name", "email") if kept[name])
    assert not Practice.objects.filter(is_demo=False).exists()


def test_a_practice_begins_once(client: Client, demo: Membership, now: datetime) -> None:
    client.post("/begin/", FIELDS)
    other = Client()
    for answer in (other.get("/begin/"), other.post("/begin/", {**FIELDS, "email": "x@y.example"})):
        assert answer.status_code == 403
        assert "has begun here already" in answer.content.decode()
    assert "Begin your own practice" not in other.get("/me/login/").content.decode()
    with pytest.raises(PermissionDenied, match="already"):
        actions.begin_practice(**VALUES, at=now)
    assert Practice.objects.filter(is_demo=False).count() == 1


@pytest.mark.django_db
def test_a_practice_from_the_command_line_closes_it_too(client: Client, owner: Membership) -> None:
    assert client.get("/begin/").status_code == 403


@pytest.mark.django_db(transaction=True)
def test_of_two_who_begin_at_once_one_does(now: datetime) -> None:
    said: list[str] = []
    ready = threading.Barrier(2)

    def begin(number: int) -> None:
        ready.wait()
        try:
            values = {**VALUES, "name": f"Practice {number}", "owner_email": f"o{number}@b.example"}
            said.append(actions.begin_practice(**values, at=now).practice.name)
        except PermissionDenied as refusal:
            said.append(str(refusal))
        finally:
            connection.close()

    threads = [threading.Thread(target=begin, args=(number,)) for number in (1, 2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    assert len(said) == 2 and sum("already" in one for one in said) == 1, said
    assert (Practice.objects.count(), User.objects.count(), Beginning.objects.count()) == (1, 1, 1)


AWAY = [
    {"REMOTE_ADDR": "192.0.2.7"},
    {"HTTP_X_FORWARDED_FOR": "192.0.2.7"},
    {"HTTP_X_REAL_IP": "192.0.2.7"},
    {"HTTP_FORWARDED": "for=192.0.2.7"},
    {"HTTP_VIA": "1.1 proxy"},
    {"REMOTE_ADDR": ""},
]


@pytest.mark.promise("L2")
@pytest.mark.parametrize("origin", AWAY, ids=lambda origin: next(iter(origin)))
def test_from_elsewhere_only_the_demos_person_begins(demo: Membership, origin: dict[str, str]) -> None:
    away = Client(**origin)  # type: ignore[arg-type]
    if not origin.get("REMOTE_ADDR", "x"):
        assert away.get("/begin/").status_code == 403
        return
    for answer in (away.get("/begin/"), away.post("/begin/", FIELDS)):
        assert answer.status_code == 403
        assert "only whoever started Doorframe" in answer.content.decode()
    assert not Practice.objects.filter(is_demo=False).exists()
    assert _signed_in(away, demo).get("/begin/").status_code == 200
    assert away.post("/begin/", FIELDS)["Location"] == "/practice/begun/"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("PUBLIC_URL", "https://p.example"),
        ("SESSION_COOKIE_SECURE", True),
        ("SECURE_PROXY_SSL_HEADER", ("HTTP_X_FORWARDED_PROTO", "https")),
    ],
)
def test_what_is_set_up_for_a_network_trusts_no_address(
    client: Client, demo: Membership, settings: Any, name: str, value: object
) -> None:
    setattr(settings, name, value)
    assert client.get("/begin/").status_code == 403


@pytest.mark.promise("L2")
@pytest.mark.django_db
def test_without_a_demo_only_the_printed_address_begins_it(client: Client, folder: Path) -> None:
    assert client.get("/")["Location"] == "/begin/"
    (folder / "setup-code.txt").write_text("the-printed-code")
    for answer in (client.get("/begin/"), client.post("/begin/", FIELDS)):
        assert answer.status_code == 403
        assert "Set-up code" in answer.content.decode()
    for wrong in ("", "x", "the-printed-cod", "the-printed-code2", "ü"):
        answer = client.get("/begin/", {"code": wrong})
        assert answer.status_code == 403, wrong
        assert "not the code" in answer.content.decode()
    assert not Practice.objects.exists()
    answer = client.get("/begin/", {"code": "the-printed-code"})
    assert (answer.status_code, answer["Location"]) == (302, "/begin/"), "the code leaves the address"
    assert client.post("/begin/", FIELDS)["Location"] == "/practice/begun/"
    assert not (folder / "setup-code.txt").exists()
    assert "Put it away" not in client.get("/practice/begun/").content.decode()
    assert Client().get("/begin/", {"code": "the-printed-code"}).status_code == 403
    assert Client().get("/")["Location"].startswith("/me/login/")


@pytest.mark.django_db
def test_without_a_code_file_no_code_is_right(client: Client, folder: Path) -> None:
    assert client.get("/begin/", {"code": ""}).status_code == 403
    (folder / "setup-code.txt").write_text("")
    assert client.get("/begin/", {"code": ""}).status_code == 403


@pytest.mark.promise("L2")
@pytest.mark.django_db
def test_trying_codes_is_slowed(client: Client, folder: Path) -> None:
    (folder / "setup-code.txt").write_text("the-printed-code")
    codes = [client.get("/begin/", {"code": "wrong"}).status_code for _try in range(21)]
    assert codes == [403] * 20 + [429]
    assert client.get("/begin/", {"code": "the-printed-code"}).status_code == 429
    elsewhere = Client(REMOTE_ADDR="192.0.2.7")
    assert elsewhere.get("/begin/", {"code": "the-printed-code"}).status_code == 302


def test_an_action_refuses_what_the_form_would(db: None, now: datetime) -> None:
    with pytest.raises(ValidationError):
        actions.begin_practice(**{**VALUES, "password": "short"}, at=now)
    with pytest.raises(ValidationError):
        actions.begin_practice(**{**VALUES, "time_zone": "Nowhere/Else"}, at=now)
    assert (Practice.objects.count(), User.objects.count(), Event.objects.count()) == (0, 0, 0)


@pytest.mark.parametrize("place", places.PLACES.values(), ids=lambda place: place.id)
def test_every_place_has_hours_that_can_be_chosen(place: places.Place) -> None:
    zones = {zone for _part, group in places.zone_choices() if not isinstance(group, str) for zone, _name in group}
    assert place.zone in zones or place.id in {"US", "CA", "AU", "XX"}
    assert places.place(place.country, place.region) == place


def test_what_has_no_row_counts_as_the_country_or_elsewhere() -> None:
    assert [places.place(*pair).id for pair in [("US", "ZZ"), ("FR", ""), ("CA", "OR")]] == ["US", "XX", "CA"]


# --- putting the demo away -------------------------------------------------------------------------------------------


@pytest.mark.promise("L2")
def test_the_demo_is_refused_once_it_is_put_away_and_open_again_after(client: Client, demo: Membership) -> None:
    visitor = _signed_in(Client(), demo)
    client.post("/begin/", FIELDS)
    assert visitor.get("/").status_code == 200
    answer = client.post("/practice/demo/", {"demo": "away", "from": "begun"}, follow=True)
    assert "put away: nobody can sign in to it" in answer.content.decode()
    assert visitor.get("/").status_code == 302, "a session that was open ends"
    late = _signed_in(Client(), demo)
    assert "_auth_user_id" not in late.session
    assert demo.user.email not in Client().get("/me/login/").content.decode()
    page = client.get("/practice/").content.decode()
    assert "Bring it back" in page
    client.post("/practice/demo/", {"demo": "keep"})
    assert _signed_in(Client(), demo).get("/").status_code == 200
    names = Event.objects.for_practice(begun()).order_by("seq").values_list("name", flat=True)
    assert list(names)[-2:] == ["members.demo.put-away", "members.demo.brought-back"]


@pytest.mark.parametrize("choice", ["on", "off"])
def test_a_setting_wins(client: Client, demo: Membership, settings: Any, folder: Path, choice: str) -> None:
    client.post("/begin/", FIELDS)
    settings.DEMO, settings.DEMO_PUT_AWAY_FILE = choice == "on", None
    assert "Put it away" not in client.get("/practice/").content.decode()
    answer = client.post("/practice/demo/", {"demo": "away"})
    assert answer.status_code == 403
    assert "decided where Doorframe is started" in answer.content.decode()
    assert not (folder / "demo-put-away").exists()
    assert (_signed_in(Client(), demo).get("/").status_code == 200) is (choice == "on")


def test_neither_the_demo_nor_one_of_several_practices_decides(
    demo: Membership, owner: Membership, stranger: Membership, browse: Callable[..., Client], folder: Path
) -> None:
    for member in (demo, owner):
        answer = browse(member).post("/practice/demo/", {"demo": "away"})
        assert answer.status_code == 403, member
    assert not (folder / "demo-put-away").exists()


def test_a_choice_that_cannot_be_kept_leaves_no_record(
    demo: Membership, owner: Membership, now: datetime, settings: Any, folder: Path
) -> None:
    settings.DEMO_PUT_AWAY_FILE = folder / "no" / "such" / "folder"
    with pytest.raises(OSError, match="No such file"):
        actions.put_demo_away(actor=owner, at=now)
    assert not Event.objects.filter(name="members.demo.put-away").exists()


def test_the_demo_starts_again_whatever_its_people_did(
    demo: Membership, joined: Callable[..., Membership], now: datetime
) -> None:
    from doorframe.apps.members import seed
    from doorframe.apps.members.roles import Role

    second = joined(demo, Role.OWNER)
    actions.deactivate_member(member=demo, actor=second, at=now)
    again, is_new = seed.seed(password="a quiet long password", at=now)
    assert (again.pk, is_new) == (demo.pk, False)
    assert queries.only_owner(demo.practice) == second
