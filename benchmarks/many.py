"""A practice with very many clients, versions and events, written quickly: what takes years is made in minutes."""

from __future__ import annotations

import hashlib
import random
import tomllib
import uuid
from collections.abc import Iterator, Sequence
from datetime import timedelta
from itertools import islice
from typing import Any

from benchmarks.measure import ANSWERS
from benchmarks.server import NOW

BATCH = 2_000
ASKED = 20
"""So many of the clients have an open question."""


def fill(owner: Any, *, clients: int, versions: int, events: int) -> None:
    """Bring an empty practice to so many clients, versions of its policy, and events on its trail."""
    from doorframe.apps.signatures.models import Campaign

    papers = _papers(owner, versions)
    campaign = Campaign.objects.create(practice=owner.practice, paper=papers[-1], opened_by=owner, opened_at=NOW)
    made = _kept(_clients(owner, clients))
    people = _kept(_people(owner, made))
    chance = random.Random(4)
    asked = _kept(_acknowledgements(owner, made, papers, campaign, chance))
    signers = _kept(_signers(owner, asked, people))
    _kept(_questions(owner, signers))
    go_on(owner, events, [str(item.pk) for item in asked])


def _kept(rows: Iterator[Any]) -> list[Any]:
    """Written down, a batch at a time; without what they hold in words, so that memory does not fill with it."""
    found: list[Any] = []
    while batch := list(islice(rows, BATCH)):
        found += type(batch[0]).objects.bulk_create(batch)
    return found


def _papers(owner: Any, versions: int) -> list[Any]:
    """The first version as it is published, and the others after its pattern; the last is in force."""
    from doorframe.apps.policies import actions as policies
    from doorframe.apps.signatures.models import Paper

    answers = tomllib.loads(ANSWERS.read_text(encoding="utf-8"))
    version = policies.start_version(actor=owner, at=NOW, answers=answers.get("answers", answers))
    policies.publish_version(version=version, actor=owner, at=NOW)
    first = Paper.objects.get(practice=owner.practice)
    found = [first]
    for number in range(2, versions + 1):
        found[-1].ended_at = NOW
        found[-1].save(update_fields=["ended_at"])
        values = {field.name: getattr(first, field.name) for field in Paper._meta.fields}
        values |= {"id": None, "uid": uuid.uuid4(), "number": number, "ended_at": None}
        values["generation"] = number - number % 5 if number >= 5 else 1
        found.append(Paper.objects.create(**values))
    return found


def _clients(owner: Any, count: int) -> Iterator[Any]:
    from doorframe.apps.clients.models import Client

    for number in range(count):
        yield Client(
            practice=owner.practice, code=f"C-{number:07}", clinician=owner,
            status="former" if number % 10 == 9 else "current", created_at=NOW, changed_at=NOW,
        )  # fmt: skip


def _people(owner: Any, clients: list[Any]) -> Iterator[Any]:
    from doorframe.apps.clients.models import Person

    for client in clients:
        yield Person(practice=owner.practice, client=client, name="Ana Lima", email="ana@post.example")


def _acknowledgements(
    owner: Any, clients: list[Any], papers: list[Any], campaign: Any, chance: random.Random
) -> Iterator[Any]:
    from doorframe.apps.signatures.models import Acknowledgement

    for number, client in enumerate(clients):
        # Half of them stand on the version in force, the others on any one before.
        paper = papers[-1] if number % 2 else chance.choice(papers)
        newest = paper is papers[-1]
        state = ("complete", "open", "complete", "declined", "talk", "signed", "paper")[number % 7]
        yield Acknowledgement(
            practice=owner.practice, client=client, paper=paper, campaign=campaign if newest else None,
            reference=f"R{number:07}", state=state if newest else "complete", opened_by=owner,
            opened_at=NOW - timedelta(minutes=number % 400_000),
        )  # fmt: skip


def _signers(owner: Any, asked: list[Any], people: list[Any]) -> Iterator[Any]:
    from doorframe.apps.signatures.models import Signer

    said = {"complete": "agree", "signed": "agree", "declined": "decline", "talk": "talk", "paper": "paper"}
    for item, person in zip(asked, people, strict=True):
        answer = said.get(item.state, "")
        yield Signer(
            practice=owner.practice, acknowledgement=item, person=person, capacity="client", answer=answer,
            method="typed" if answer == "agree" else "", sent_at=NOW, answered_at=NOW if answer else None,
        )  # fmt: skip


def _questions(owner: Any, signers: list[Any]) -> Iterator[Any]:
    from doorframe.apps.signatures.models import Question

    for signer in signers[: max(ASKED, len(signers) // 100)]:
        yield Question(
            practice=owner.practice, acknowledgement_id=signer.acknowledgement_id, signer=signer, clause="friending",
            title="Friend requests", text="What does this mean?", asked_at=NOW,
        )  # fmt: skip


def go_on(owner: Any, count: int, subjects: Sequence[str] = ("1",)) -> None:
    """Go on with the chain where it stands, each event hashed as the trail does it, and written without the ORM."""
    from django.db import connection, transaction

    from doorframe.apps.trail.models import Head

    columns = ["practice_id", "seq", "at", "actor_label", "name", "subject_type", "subject_id", "data"]
    columns += ["previous_hash", "hash"]
    statement = f"INSERT INTO trail_event ({', '.join(columns)}) VALUES ({', '.join(['%s'] * len(columns))})"
    head = Head.objects.get(practice=owner.practice)
    rows = _chained(owner, head, count, subjects)
    while batch := list(islice(rows, 10 * BATCH)):
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.executemany(statement, batch)
            head.save(update_fields=["seq", "hash"])


def _chained(owner: Any, head: Any, count: int, subjects: Sequence[str]) -> Iterator[tuple[Any, ...]]:
    from django.db import connection

    from doorframe.apps.trail.models import Event
    from doorframe.engines.sealing import canonical_bytes

    pattern = Event(
        practice=owner.practice, seq=987654321, at=NOW, actor=None, actor_label="client", name="signatures.paper.read",
        subject_type="signatures.acknowledgement", subject_id="SUBJECT", data={"cards": 7},
    )  # fmt: skip
    # What differs between two events is put into the canonical bytes of one: quicker than writing each anew.
    words = canonical_bytes(pattern.payload(practice_uid=str(owner.practice.uid)))
    at = connection.ops.adapt_datetimefield_value(NOW)
    for number in range(count):
        seq, subject, previous = head.seq + 1, subjects[number % len(subjects)], head.hash
        told = words.replace(b"987654321", str(seq).encode()).replace(b"SUBJECT", subject.encode())
        head.seq, head.hash = seq, hashlib.sha256(previous.encode() + b"\n" + told).hexdigest()
        yield (owner.practice.pk, seq, at, pattern.actor_label, pattern.name, pattern.subject_type, subject,
               '{"cards": 7}', previous, head.hash)  # fmt: skip
