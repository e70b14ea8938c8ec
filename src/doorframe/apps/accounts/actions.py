"""The only writes. Each is one transaction with its line on the trail."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from doorframe.apps.accounts import queries, questions, record, rules
from doorframe.apps.accounts.models import Account, Outcome, TwoFactor, Worksheet
from doorframe.apps.library import queries as library
from doorframe.apps.members import permissions
from doorframe.apps.members.models import Membership
from doorframe.apps.trail import actions as trail
from doorframe.engines.sealing import Json

FIELDS = ("platform", "handle", "kind", "owner", "purpose", "who_posts", "two_factor", "recovery", "since")
"""What a person may fill in about an account."""


class Conflict(Exception):
    """Answers were changed elsewhere since the page was opened; `fields` names them, `worksheet` holds them."""

    def __init__(self, worksheet: Worksheet, fields: list[str]) -> None:
        self.worksheet = worksheet
        self.fields = fields
        super().__init__(", ".join(fields))


class NotDecided(Exception):
    """Something that a decision needs is missing; `missing` holds the ids of the questions."""

    def __init__(self, missing: list[str]) -> None:
        self.missing = missing
        super().__init__(", ".join(missing))


@transaction.atomic
def add_account(
    *, actor: Membership, at: datetime, values: Mapping[str, object], worksheet: Worksheet | None = None
) -> Account:
    """Enter an account in the register; with a worksheet, as what its decision led to.

    values holds FIELDS. Raises AlreadyListed when an open row names the same account, NotNow when the worksheet
    was not decided in favour or has led to an entry already.
    """
    permissions.check_can_edit_accounts(actor, worksheet)
    if worksheet is not None:
        worksheet = _locked_worksheet(worksheet)
        rules.check_may_open(worksheet)
    known = {name: values[name] for name in FIELDS}
    rules.check_not_listed(actor.practice, str(known["platform"]), str(known["handle"]))
    account = Account(
        practice=actor.practice, handle_key=rules.handle_key(str(known["handle"])), created_at=at, changed_at=at,
        **known,
    )  # fmt: skip
    try:
        with transaction.atomic():
            account.save(force_insert=True)
    except IntegrityError as error:  # the same form, sent twice at once
        raise rules.NotNow(_("This account is in the register already. Change that entry instead.")) from error
    if worksheet is not None:
        worksheet.account = account
        worksheet.save(update_fields=["account"])
    data: dict[str, Json] = {"platform": account.platform, "kind": account.kind,
                             "worksheet": worksheet.pk if worksheet else None}  # fmt: skip
    trail.record("accounts.account.added", practice=actor.practice, actor=actor, subject=account, at=at, data=data)
    return account


@transaction.atomic
def take_over_accounts(*, actor: Membership, at: datetime) -> list[Account]:
    """Enter every account that the latest policy names and the register lacks; closing one takes it back.

    Raises NotNow where it lacks none, as when somebody else was quicker.
    """
    permissions.check_can_edit_accounts(actor)
    unknown: dict[str, object] = {**dict.fromkeys(FIELDS, ""), "two_factor": TwoFactor.UNKNOWN, "since": None}
    rows = queries.lacking(actor.practice)
    taken = [add_account(actor=actor, at=at, values={**unknown, **row}) for row in rows]
    if not taken:
        raise rules.NotNow(_("The register already has every account that your policy names."))
    trail.record("accounts.register.taken-over", practice=actor.practice, actor=actor, subject=actor.practice, at=at,
                 data={"accounts": [account.pk for account in taken]})  # fmt: skip
    return taken


@transaction.atomic
def change_account(*, account: Account, actor: Membership, at: datetime, values: Mapping[str, object]) -> Account:
    """Correct an entry. Raises AlreadyListed when it would name an account that another open row names."""
    account = _locked(account)
    permissions.check_can_edit_accounts(actor, account)
    changed = [name for name in FIELDS if getattr(account, name) != values[name]]
    if not changed:
        return account
    if account.is_open:
        rules.check_not_listed(account.practice, str(values["platform"]), str(values["handle"]), besides=account)
    for name in changed:
        setattr(account, name, values[name])
    account.handle_key = rules.handle_key(account.handle)
    account.changed_at = at
    account.save()
    trail.record("accounts.account.changed", practice=account.practice, actor=actor, subject=account, at=at,
                 data={"changed": [*changed]})  # fmt: skip
    return account


@transaction.atomic
def close_account(*, account: Account, actor: Membership, at: datetime, on: date, note: str = "") -> Account:
    """Mark an account as closed on a day. The row stays: that it was there is part of the record."""
    account = _locked(account)
    permissions.check_can_edit_accounts(actor, account)
    if not account.is_open:
        raise rules.NotNow(_("This account is closed already."))
    account.closed_on, account.closing_note, account.changed_at = on, note, at
    account.save(update_fields=["closed_on", "closing_note", "changed_at"])
    trail.record("accounts.account.closed", practice=account.practice, actor=actor, subject=account, at=at,
                 data={"on": on.isoformat()})  # fmt: skip
    return account


@transaction.atomic
def reopen_account(*, account: Account, actor: Membership, at: datetime) -> Account:
    """Take a closing back. Raises AlreadyListed when the same account was entered again meanwhile."""
    account = _locked(account)
    permissions.check_can_edit_accounts(actor, account)
    if account.is_open:
        raise rules.NotNow(_("This account is open already."))
    rules.check_not_listed(account.practice, account.platform, account.handle)
    account.closed_on, account.closing_note, account.changed_at = None, "", at
    account.save(update_fields=["closed_on", "closing_note", "changed_at"])
    trail.record("accounts.account.reopened", practice=account.practice, actor=actor, subject=account, at=at)
    return account


@transaction.atomic
def start_worksheet(
    *, actor: Membership, at: datetime, platform: str, handle: str, kind: str, account: Account | None = None,
    answers: Mapping[str, object] | None = None,
) -> Worksheet:  # fmt: skip
    """Begin to think about an account: one that may be opened, or `account`, which is there."""
    permissions.check_can_edit_accounts(actor, account)
    worksheet = Worksheet.objects.create(
        practice=actor.practice, platform=platform, handle=handle, kind=kind, account=account,
        answers=dict(answers or {}), author=actor, created_at=at, changed_at=at,
    )  # fmt: skip
    data: dict[str, Json] = {"platform": platform, "account": account.pk if account else None}
    trail.record("accounts.worksheet.started", practice=actor.practice, actor=actor, subject=worksheet, at=at,
                 data=data)  # fmt: skip
    return worksheet


@transaction.atomic
def save_worksheet(
    *, worksheet: Worksheet, actor: Membership, at: datetime, answers: Mapping[str, object], revision: int
) -> Worksheet:
    """Keep what is written so far. revision is the one the person saw when the page was opened.

    Raises Conflict when one of these answers was changed elsewhere since then and differs; nothing is lost,
    because nothing is written.
    """
    worksheet = _locked_worksheet(worksheet)
    rules.check_can_write(actor, worksheet)
    changed = [key for key, value in answers.items() if worksheet.answers.get(key, type(value)()) != value]
    stale = [key for key in changed if int(worksheet.touched.get(key, 0)) > revision]
    if stale:
        raise Conflict(worksheet, stale)
    if not changed:
        return worksheet
    worksheet.revision += 1
    worksheet.answers = {**worksheet.answers, **answers}
    worksheet.touched = {**worksheet.touched, **dict.fromkeys(changed, worksheet.revision)}
    worksheet.changed_at = at
    worksheet.save(update_fields=["revision", "answers", "touched", "changed_at"])
    data: dict[str, Json] = {"changed": [*changed], "revision": worksheet.revision}
    trail.record("accounts.worksheet.saved", practice=worksheet.practice, actor=actor, subject=worksheet, at=at,
                 data=data)  # fmt: skip
    return worksheet


@transaction.atomic
def decide(*, worksheet: Worksheet, actor: Membership, at: datetime) -> Worksheet:
    """Decide as the answers say, and keep the record in words. Raises NotDecided while an answer is missing."""
    worksheet = _locked_worksheet(worksheet)
    rules.check_can_write(actor, worksheet)
    checklist = questions.checklist(worksheet.practice)
    missing = [id for id, field in checklist.fields.items() if field.required and not worksheet.answers.get(id)]
    if missing:
        raise NotDecided(missing)
    worksheet.outcome = Outcome(str(worksheet.answers["outcome"]))
    worksheet.decided_by, worksheet.decided_at, worksheet.changed_at = actor, at, at
    worksheet.record = record.lines(checklist, worksheet.answers)
    worksheet.pack = library.pack().label
    worksheet.save()
    trail.record("accounts.worksheet.decided", practice=worksheet.practice, actor=actor, subject=worksheet, at=at,
                 data={"outcome": str(worksheet.outcome), "pack": worksheet.pack})  # fmt: skip
    return worksheet


@transaction.atomic
def delete_worksheet(*, worksheet: Worksheet, actor: Membership, at: datetime) -> None:
    """Throw a draft away. What was decided is never deleted."""
    worksheet = _locked_worksheet(worksheet)
    rules.check_can_write(actor, worksheet)
    trail.record("accounts.worksheet.deleted", practice=worksheet.practice, actor=actor, subject=worksheet, at=at)
    worksheet.delete()


def _locked(account: Account) -> Account:
    """The row as it is now, held until the transaction ends."""
    rows = Account.objects.select_for_update(of=("self",)).select_related("practice")
    return rows.get(pk=account.pk, practice_id=account.practice_id)


def _locked_worksheet(worksheet: Worksheet) -> Worksheet:
    rows = Worksheet.objects.select_for_update(of=("self",)).select_related("practice")
    return rows.get(pk=worksheet.pk, practice_id=worksheet.practice_id)
