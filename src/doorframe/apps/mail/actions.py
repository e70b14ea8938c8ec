"""Asking for a letter, and keeping what became of it."""

from __future__ import annotations

import uuid
from datetime import datetime
from email.utils import parseaddr
from typing import Any

from django.conf import settings
from django.db import transaction

from doorframe.apps.jobs import actions as jobs
from doorframe.apps.jobs.registry import check_args
from doorframe.apps.mail import registry, rules
from doorframe.apps.mail.models import Letter, Sender
from doorframe.apps.mail.states import State, Verb, after
from doorframe.apps.members import permissions
from doorframe.apps.members.isolation import written_once
from doorframe.apps.members.models import Membership, Practice
from doorframe.apps.trail import actions as trail
from doorframe.engines.mail.neutral import one_line

JOB = "mail.letter.send"


@transaction.atomic
def post(
    *,
    practice: Practice,
    kind: str,
    args: dict[str, Any],
    at: datetime,
    unique_key: str | None = None,
    run_at: datetime | None = None,
) -> Letter:
    """Write down that a letter must go out, no earlier than `run_at` (default: `at`).

    Call it in the transaction of the change that asks for it: the letter exists exactly if that commits. With a
    `unique_key`, the practice's letter under the same key is given back, whatever became of it, instead of a
    second one.

    Raises LookupError for an unknown kind, ValueError for arguments that are no ids.
    """
    registry.find(kind)
    check_args(args)
    uid = uuid.uuid4()
    row = Letter(
        practice=practice, uid=uid, kind=kind, args=args, unique_key=unique_key, run_at=run_at or at, created_at=at,
        message_id=f"<{uid}@{_host()}>",
    )  # fmt: skip
    kept = written_once(row, twin=lambda: _twin(row))
    if kept is row:
        trail.record("mail.letter.posted", practice=practice, actor=None, subject=row, at=at, data={"kind": kind})
        _enqueue(row, at)
    return kept


@transaction.atomic
def keep_sent(*, letter: Letter, at: datetime, note: str = "") -> Letter:
    """The mail server took the letter. `note` says what else became of it, where there is no mail server."""
    return _move(letter, Verb.SEND, "mail.letter.sent", at, note, sent_at=at)


@transaction.atomic
def keep_failed(*, letter: Letter, at: datetime, sentence: str) -> Letter:
    """The letter could not be sent for so long that nothing more is tried."""
    return _move(letter, Verb.FAIL, "mail.letter.failed", at, sentence)


@transaction.atomic
def keep_bounced(*, letter: Letter, at: datetime, sentence: str) -> Letter:
    """The mail server refused the letter for good."""
    return _move(letter, Verb.BOUNCE, "mail.letter.bounced", at, sentence)


@transaction.atomic
def cancel(*, letter: Letter, at: datetime, sentence: str) -> Letter:
    """The letter is no longer to be sent; nothing happens to one that went out before."""
    return _move(letter, Verb.CANCEL, "mail.letter.cancelled", at, sentence)


@transaction.atomic
def try_again(*, letter: Letter, actor: Membership, at: datetime) -> Letter:
    """Let a letter that failed or was refused wait for its turn again, under its old Message-ID.

    Raises PermissionDenied, and NotNow where it stands otherwise.
    """
    permissions.check_can_view_mail(actor, letter)
    letter = _locked(letter)
    rules.check_can_retry(letter)
    return _wait_again(letter, actor, at)


@transaction.atomic
def try_all_again(*, actor: Membership, at: datetime) -> int:
    """Let every letter of the practice that failed wait for its turn again; how many. Refused ones stay."""
    permissions.check_can_view_mail(actor)
    rows = Letter.objects.for_practice(actor.practice).select_for_update(of=("self",)).select_related("practice")
    failed = list(rows.filter(state=State.FAILED).order_by("pk"))
    for letter in failed:
        _wait_again(letter, actor, at)
    return len(failed)


@transaction.atomic
def change_sender(*, actor: Membership, at: datetime, name: str, reply_to: str) -> Sender:
    """Set the name that letters come from and the address for answers; "" means the usual.

    Raises PermissionDenied, and ValidationError where one of them would tell a stranger of care.
    """
    permissions.check_can_edit_practice(actor)
    name, reply_to = one_line(name), one_line(reply_to)
    rules.check_sender(name=name, reply_to=reply_to)
    sender = Sender.objects.for_practice(actor.practice).first() or Sender(practice=actor.practice)
    sender.name, sender.reply_to, sender.changed_at = name, reply_to, at
    sender.full_clean()
    sender.save()
    data = {"own_name": bool(name), "own_address": bool(reply_to)}
    trail.record("mail.sender.changed", practice=actor.practice, actor=actor, subject=sender, at=at, data=data)
    return sender


def _twin(row: Letter) -> Letter | None:
    if row.unique_key is None:
        return None
    return Letter.objects.for_practice(row.practice).filter(unique_key=row.unique_key).first()


def _enqueue(letter: Letter, at: datetime) -> None:
    # Without a key: the job that failed may not have ended yet when a person tries again.
    jobs.enqueue(JOB, practice=letter.practice, at=at, args={"letter_id": letter.pk}, run_at=letter.run_at)


def _locked(letter: Letter) -> Letter:
    return Letter.objects.select_related("practice").select_for_update(of=("self",)).get(pk=letter.pk)


def _move(letter: Letter, verb: Verb, name: str, at: datetime, sentence: str, **more: Any) -> Letter:
    """One step of a letter with its line on the trail; nothing where another worker was quicker."""
    letter = _locked(letter)
    following = after(letter.state, verb)
    if following is None:
        return letter
    changes = {"state": following, "error_sentence": sentence[:300], **more}
    for field, value in changes.items():
        setattr(letter, field, value)
    letter.save(update_fields=[*changes])
    trail.record(name, practice=letter.practice, actor=None, subject=letter, at=at, data={"kind": letter.kind})
    return letter


def _wait_again(letter: Letter, actor: Membership, at: datetime) -> Letter:
    letter.state, letter.attempts, letter.run_at, letter.error_sentence = State.WAITING, 0, at, ""
    letter.save(update_fields=["state", "attempts", "run_at", "error_sentence"])
    trail.record(
        "mail.letter.retried", practice=letter.practice, actor=actor, subject=letter, at=at, data={"kind": letter.kind}
    )
    _enqueue(letter, at)
    return letter


def _host() -> str:
    """What stands behind the @ of a Message-ID: the domain of the sender's address, never this computer's name."""
    return parseaddr(settings.DEFAULT_FROM_EMAIL)[1].rpartition("@")[2] or "localhost"
