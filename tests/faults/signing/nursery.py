"""Loads Doorframe once, and for each line it reads forks a process that does one thing and may die of it.

A line is {"do", "with", "die", "clock", "most"}: what to do and with what, a point to die at, seconds that the clock is
off, and bytes that a file may hold. The answer is {"code", "said"}: how the process ended, and what it said before.
"""

from __future__ import annotations

import json
import os
import resource
import sys
import traceback
from datetime import timedelta
from typing import Any

import django

django.setup()

from django.core.management import call_command  # noqa: E402
from django.db import connection  # noqa: E402
from django.urls import get_resolver  # noqa: E402
from django.utils import timezone  # noqa: E402

from doorframe.adapters import seal_pdf  # noqa: E402
from doorframe.apps.clients import actions as clients  # noqa: E402
from doorframe.apps.jobs import runner  # noqa: E402
from doorframe.apps.library import queries as library  # noqa: E402
from doorframe.apps.members.actions import create_practice  # noqa: E402
from doorframe.apps.members.models import Membership, Practice  # noqa: E402
from doorframe.apps.policies import actions as policies  # noqa: E402
from doorframe.apps.signatures import queries, sitting, tokens  # noqa: E402
from doorframe.apps.signatures.actions import answering, asking, visits  # noqa: E402
from doorframe.apps.signatures.models import Acknowledgement, Link, Preferences  # noqa: E402
from doorframe.apps.trail import queries as trail  # noqa: E402
from tests.apps.signatures.conftest import COMPLETE  # noqa: E402
from tests.faults.signing import points  # noqa: E402


def prepare() -> None:
    """Tables, and a practice with a policy in force in which the client's signature is the last one."""
    call_command("migrate", verbosity=0, interactive=False)
    call_command("createcachetable", verbosity=0)
    at = timezone.now()
    owner = create_practice(name="Harbour", owner_email="i@a.example", owner_name="Imani", password=None, at=at)
    Preferences.objects.create(practice=owner.practice, countersign=False)
    publish(at=at)


def publish(*, at: Any = None) -> None:
    """Put a version in force, without the documents that belong to it: they are no part of what is tried here."""
    owner, at = Membership.objects.get(), at or timezone.now()
    version = policies.start_version(actor=owner, at=at, answers=COMPLETE)
    policies.publish_version(version=version, actor=owner, at=at, change_note="Shorter.")
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM jobs_job")


def invite(count: int) -> list[dict[str, Any]]:
    """New clients who were sent a link: their acknowledgement's key and the path of the link."""
    owner, at = Membership.objects.get(), timezone.now()
    paper = queries.current_paper(owner.practice)
    found = []
    for _each in range(count):
        people = [{"name": "Ana Lima", "email": "ana@post.example"}]
        client = clients.add_client(actor=owner, at=at, values={}, people=people)
        item = asking.ask(client=client, paper=paper, actor=owner, at=at)
        link = asking.send_link(signer=queries.signers(item)[0], actor=owner, at=at)
        found.append({"item": item.pk, "door": f"/c/{tokens.link_token(link.uid)}/"})
    return found


def sit(doors: list[str]) -> list[str]:
    """Open links and read to the end; the secrets that the browsers then hold."""
    at, found = timezone.now(), []
    for door in doors:
        visit, secret = visits.open_link(token=door.split("/")[2], code="", at=at)
        answering.note_seen(visit=visit, cards=9, whole=9, at=at)
        found.append(secret)
    return found


def browse(path: str, secret: str = "", fields: dict[str, str] | None = None) -> dict[str, Any]:
    """What a reader's browser is answered."""
    from django.test import Client

    browser = Client(SERVER_NAME="localhost", raise_request_exception=False)
    if secret:
        browser.cookies[sitting.COOKIE] = secret
    answer: Any = browser.get(path) if fields is None else browser.post(path, fields)
    return {"status": answer.status_code, "where": answer.headers.get("Location", ""), "text": answer.content.decode()}


def work() -> None:
    """What a worker does that has just been started: all that is due."""
    call_command("worker", "--once", stdout=sys.stderr)


def reclaim() -> int:
    """What any worker does first: take back what dead ones had."""
    return runner.reclaim(at=timezone.now())


def next_due() -> str:
    """When the letter that waits is tried next."""
    from doorframe.apps.jobs.models import Job

    row = Job.objects.filter(state="waiting", name="mail.letter.send").order_by("run_at").first()
    return row.run_at.isoformat() if row else ""


def facts(item: int) -> dict[str, Any]:
    """Everything that is known of an acknowledgement, and whether the trail is whole."""
    row = Acknowledgement.objects.get(pk=item)
    signer = row.signers.get()
    names = [event.name for event in trail.events_of(row, practice=row.practice)]
    from doorframe.apps.jobs.models import Job
    from doorframe.apps.mail.models import Letter

    links = Link.objects.filter(signer=signer, purpose=Link.COPY).values_list("pk", flat=True)
    letters = Letter.objects.filter(unique_key__in=[f"link:{pk}" for pk in links])
    return {
        "state": row.state, "answer": signer.answer, "name": signer.signed_name,
        "signed": names.count("signatures.answer.signed"), "moved": names.count("signatures.acknowledgement.moved"),
        "sealed": names.count("signatures.proof.sealed"), "seals": row.seals.count(),
        "asked": row.questions.count(),
        "jobs": Job.objects.filter(unique_key=f"signatures.proof.seal:{item}").count(),
        "copies": [[letter.message_id, letter.state] for letter in letters],
        "whole": all(trail.verify(practice).is_whole for practice in Practice.objects.all()),
    }  # fmt: skip


DO = {each.__name__: each for each in (prepare, publish, invite, sit, browse, work, reclaim, next_due, facts)}


def child(wish: dict[str, Any]) -> Any:
    """Do it, under whatever makes it hard."""
    if wish.get("clock"):
        _set_clock(timedelta(seconds=wish["clock"]))
    if wish.get("die"):
        points.arm(wish["die"])
    if wish.get("most"):
        resource.setrlimit(resource.RLIMIT_FSIZE, (wish["most"], resource.RLIM_INFINITY))
    said = DO[wish["do"]](**wish.get("with", {}))  # type: ignore[operator]
    resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
    return said


def _set_clock(off: timedelta) -> None:
    """Doors alone ask the clock, and all of them ask this one."""
    true = timezone.now
    timezone.now = lambda: true() + off


def answer(wish: dict[str, Any]) -> dict[str, Any]:
    """In a process of its own."""
    reading, writing = os.pipe()
    process = os.fork()
    if not process:
        os.close(reading)
        try:
            said = json.dumps(child(wish)).encode()
            while said:
                said = said[os.write(writing, said) :]
        except BaseException:
            traceback.print_exc()
            os._exit(1)
        os._exit(0)
    os.close(writing)
    with os.fdopen(reading) as pipe:
        text = pipe.read()
    code = os.waitstatus_to_exitcode(os.waitpid(process, 0)[1])
    return {"code": code, "said": json.loads(text) if text and not code else None}


def warm() -> None:
    """Everything that a process reads from files, so that each child is quick; nothing that begins a thread."""
    library.pack()
    library.signing()
    library.certificate_words()
    get_resolver().url_patterns  # noqa: B018
    key = seal_pdf.load_key(seal_pdf.new_key("Warm", timezone.now()))
    assert key.fingerprint


if __name__ == "__main__":
    warm()
    for line in sys.stdin:
        print(json.dumps(answer(json.loads(line))), flush=True)
