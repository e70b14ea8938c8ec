"""What may be done to an account or a worksheet: `check_x` raises with a sentence a person can read."""

from __future__ import annotations

from django.utils.translation import gettext as _

from doorframe.apps.accounts.models import Account, Outcome, Worksheet
from doorframe.apps.members import permissions
from doorframe.apps.members.models import Membership, Practice


class NotNow(Exception):
    """The step does not fit the state; the message says why and what to do instead."""


class AlreadyListed(NotNow):
    """The register holds this account already; `account` is that row."""

    def __init__(self, account: Account) -> None:
        self.account = account
        super().__init__(_("This account is in the register already. Change that entry instead."))


def handle_key(handle: str) -> str:
    """A handle as two people would call it the same."""
    return handle.strip().lstrip("@").casefold()


def check_not_listed(practice: Practice, platform: str, handle: str, *, besides: Account | None = None) -> None:
    """Raise AlreadyListed when another open row of this practice names the same account."""
    rows = Account.objects.for_practice(practice).filter(platform=platform, handle_key=handle_key(handle))
    found = rows.filter(closed_on__isnull=True).first()
    if found is not None and found != besides:
        raise AlreadyListed(found)


def check_can_write(actor: Membership, worksheet: Worksheet) -> None:
    """Raise PermissionDenied by role, NotNow once it is decided."""
    permissions.check_can_edit_accounts(actor, worksheet)
    if not worksheet.is_draft:
        raise NotNow(_("This is decided, so it stands as it is. Think it over again on a new worksheet."))


def check_may_open(worksheet: Worksheet) -> None:
    """Raise NotNow unless this decision can still become an account of the register."""
    if not may_open(worksheet):
        raise NotNow(_("This decision has led to an entry already, or does not ask for one."))


def may_open(worksheet: Worksheet) -> bool:
    """Whether `check_may_open` would let this pass."""
    return worksheet.outcome == Outcome.OPEN and worksheet.account_id is None


def may_close(worksheet: Worksheet) -> bool:
    """Whether this decision asks for a closing that has not happened."""
    account = worksheet.account
    return worksheet.outcome == Outcome.CLOSE and account is not None and account.is_open
