"""The description of the API says what the API does: schemathesis reads one and tries the other."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from django.test import Client
from hypothesis import HealthCheck, Phase, settings

from doorframe.apps.connections import limits, openapi
from doorframe.apps.connections.events import Told
from doorframe.apps.members.models import Membership
from doorframe.apps.signatures.models import Acknowledgement, Campaign
from doorframe.web.reference import api as reference
from doorframe.web.wsgi import application
from tests.apps.connections.conftest import ask, key_of, publish

ROOT = Path(__file__).resolve().parents[3]


def keyless(document: dict[str, Any]) -> dict[str, Any]:
    """The description without its key. The test gives one with every request, so a request without it cannot be tried
    here, and what is taken away from it would be put back; that it is refused is tried in test_api.
    """
    document["components"].pop("securitySchemes", None)
    for part in (document, *(one for path in document["paths"].values() for one in path.values())):
        if isinstance(part, dict):
            part.pop("security", None)
    return document


schema = schemathesis.openapi.from_dict(keyless(openapi.document()))
schema.app = application


@pytest.fixture
def headers(
    owner: Membership, asked: Acknowledgement, now: datetime, monkeypatch: pytest.MonkeyPatch, at_now: object
) -> Iterator[dict[str, str]]:
    """A key to a practice in which each address has something to tell, with no limit to how often it asks."""
    publish(owner, now + timedelta(days=1), material=True)
    ask(owner, now, "A-2")
    monkeypatch.setattr(limits, "MOST", 100_000)
    # The requests stay in the transaction of the test, as those of Django's own test client do.
    request_started.disconnect(close_old_connections)
    request_finished.disconnect(close_old_connections)
    yield key_of(owner, now)
    request_started.connect(close_old_connections)
    request_finished.connect(close_old_connections)


@pytest.mark.promise("L6")
@schema.parametrize()
@settings(
    max_examples=25, derandomize=True, deadline=None, phases=[Phase.explicit, Phase.generate],
    suppress_health_check=list(HealthCheck),
)  # fmt: skip
def test_it_does_what_its_description_says(case: Any, headers: dict[str, str]) -> None:
    case.call_and_validate(headers={"Authorization": headers["authorization"]})


@pytest.mark.promise("L6")
def test_what_is_described_is_what_is_there() -> None:
    from doorframe.apps.connections.api_urls import urlpatterns

    built = {str(one.pattern).replace("<str:", "{").replace(">", "}") for one in urlpatterns if one.name}
    assert {f"/api/{one}" for one in built} - {"/api/v1/openapi.json"} == set(openapi.document()["paths"])


def schemas_of(value: Any) -> list[tuple[Any, Any]]:
    """Each pair of a schema and its example in the description."""
    if isinstance(value, list):
        return [pair for one in value for pair in schemas_of(one)]
    if not isinstance(value, dict):
        return []
    own = [(value["schema"], value["example"])] if {"schema", "example"} <= set(value) else []
    return own + [pair for one in value.values() for pair in schemas_of(one)]


def test_every_example_is_one() -> None:
    document = openapi.document()
    found = schemas_of(document)
    assert len(found) > 15
    for one, example in found:
        whole = {**one, "components": document["components"]}
        jsonschema.Draft202012Validator(whole, format_checker=jsonschema.Draft202012Validator.FORMAT_CHECKER).validate(
            example
        )


def test_every_message_is_described(client: Client) -> None:
    answer = client.get("/api/v1/openapi.json")
    document = json.loads(answer.content)
    assert document["openapi"] == "3.1.0"
    assert set(document["webhooks"]) == set(Told.values)


def test_messages_are_as_described(owner: Membership, now: datetime, at_now: object, settings: Any) -> None:
    from doorframe.apps.connections.actions import endpoints
    from doorframe.apps.connections.models import Delivery
    from tests.apps.connections.test_api import signed

    endpoints.add_endpoint(actor=owner, at=now, name="Diary", url="https://diary.example/", events=Told.values)
    publish(owner, now)
    item = ask(owner, now, "A-1")
    signed_at = now + timedelta(minutes=1)
    settings.WEBHOOKS_NEAR = False
    monkey = pytest.MonkeyPatch()
    from doorframe.apps.connections import transport

    monkey.setattr(transport, "deliver", lambda *_given, **_named: 200)
    signed(owner, item, signed_at)
    monkey.undo()
    document = openapi.document()
    seen = set()
    for row in Delivery.objects.all():
        body = json.loads(row.body)
        one = document["webhooks"][row.event_type]["post"]["requestBody"]["content"]["application/json"]["schema"]
        jsonschema.Draft202012Validator({**one, "components": document["components"]}).validate(body)
        seen.add(row.event_type)
    assert seen == set(Told.values)


@pytest.mark.promise("L6")
def test_each_address_answers_with_what_is_described(headers: dict[str, str], client: Client) -> None:
    """schemathesis mostly asks for ids that are none; here each address has something to tell."""
    document = openapi.document()
    item, campaign = Acknowledgement.objects.latest("pk"), Campaign.objects.get()
    for address, operation in document["paths"].items():
        if "get" not in operation:
            continue
        uid = campaign.uid if "campaigns" in address else item.uid
        answer = client.get(address.format(uid=uid, number=2), headers=headers)
        assert answer.status_code == 200, address
        described = operation["get"]["responses"]["200"]["content"]["application/json"]["schema"]
        jsonschema.Draft202012Validator(
            {**described, "components": document["components"]},
            format_checker=jsonschema.Draft202012Validator.FORMAT_CHECKER,
        ).validate(json.loads(answer.content))


def test_the_reference_is_written_from_the_description() -> None:
    text = reference.page()
    assert (ROOT / "docs/reference/api.md").read_text(encoding="utf-8") == text
    for address, item in openapi.document()["paths"].items():
        assert all(f"`{method.upper()} {address}`" in text for method in item)
