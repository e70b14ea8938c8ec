"""From a published policy to a sealed proof, by link and at the tablet."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from doorframe.adapters import seal_pdf
from doorframe.apps.clients import actions as clients
from doorframe.apps.clients.models import Client
from doorframe.apps.mail.models import Letter
from doorframe.apps.members.models import Membership
from doorframe.apps.signatures import queries, tokens
from doorframe.apps.signatures.actions import answering, asking, campaigns, visits
from doorframe.apps.signatures.models import Campaign, Link, Seal
from doorframe.apps.signatures.states import State
from doorframe.apps.trail import queries as trail
from tests.apps.signatures.conftest import publish, work


@pytest.fixture
def client_row(owner: Membership, now: datetime) -> Client:
    publish(owner, now)
    return clients.add_client(
        actor=owner, at=now, values={"code": "A-1"}, people=[{"name": "Ana Lima", "email": "ana@post.example"}]
    )


@pytest.mark.promise("C8")
def test_a_link_is_read_and_signed_and_the_proof_holds(owner: Membership, client_row: Client, now: datetime) -> None:
    item = asking.ask(client=client_row, paper=queries.current_paper(owner.practice), actor=owner, at=now)
    signer = queries.signers(item)[0]
    link = asking.send_link(signer=signer, actor=owner, at=now)
    visit, _secret = visits.open_link(token=tokens.link_token(link.uid), code="", at=now)
    answering.note_seen(visit=visit, cards=9, whole=9, at=now)
    signed = answering.sign(
        visit=visit, signer=signer, at=now, signature=answering.Signature(name="Ana Lima", disclosure="Words.")
    )
    assert signed.state == State.SIGNED
    answering.countersign(item=signed, actor=owner, at=now)
    work(now)
    seal = Seal.objects.get()
    verdict = seal_pdf.verify(bytes(seal.data))
    assert verdict.exit_code == 0, verdict
    assert trail.verify(owner.practice).is_whole
    assert set(Letter.objects.values_list("kind", flat=True)) == {"signatures.invitation", "signatures.copy"}


@pytest.mark.promise("D1")
def test_a_material_change_asks_exactly_those_who_answered_before(
    owner: Membership, client_row: Client, now: datetime
) -> None:
    never_asked = clients.add_client(actor=owner, at=now, values={})
    asking.ask(client=client_row, paper=queries.current_paper(owner.practice), actor=owner, at=now)
    later = now + timedelta(days=30)
    publish(owner, later, material=True, response_time="within three working days")
    campaign = Campaign.objects.get()
    while campaigns.fill(campaign=campaign, at=later):
        continue
    assert [one.client for one in campaign.acknowledgements.all()] == [client_row]
    assert not never_asked.acknowledgements.exists()
    campaigns.start(campaign=campaign, actor=owner, at=later)
    work(later)
    assert Link.objects.count() == 1
    assert queries.board(campaign).sent == 1
