"""Reads. Each takes the practice, and shows nothing of any other."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from doorframe.apps.accounts import questions, rules
from doorframe.apps.accounts.models import Account, Kind, TwoFactor, Worksheet
from doorframe.apps.members import register as shared
from doorframe.apps.members.isolation import get_for_practice
from doorframe.apps.members.models import Practice

PAGE = 20

_RECORD = ("record", "answers", "touched")


@dataclass(frozen=True, slots=True)
class Entry:
    """An account of the register with its name as people say it."""

    account: Account
    name: str

    @property
    def lacks_two_factor(self) -> bool:
        return self.account.two_factor != TwoFactor.YES


@dataclass(frozen=True, slots=True)
class Thought:
    """A worksheet with the name of what it is about."""

    worksheet: Worksheet
    name: str


def account(practice: Practice, uid: object) -> Account:
    """One account of this practice, or Http404."""
    return get_for_practice(Account.objects.select_related("practice"), practice=practice, uid=uid)


def entry(item: Account) -> Entry:
    """An account with its name, for a page about it alone."""
    return Entry(item, questions.account_name(item.platform, item.handle))


def entries(practice: Practice) -> list[Entry]:
    """The whole register, closed accounts among it: professional accounts first, then by name."""
    found = [Entry(row, questions.platform_name(row.platform)) for row in Account.objects.for_practice(practice)]
    return sorted(found, key=_place)


def _place(item: Entry) -> tuple[int, str, str, int]:
    return (Kind.values.index(item.account.kind), item.name.casefold(), item.account.handle_key, item.account.pk)


def worksheet(practice: Practice, uid: object) -> Worksheet:
    """One worksheet of this practice, or Http404."""
    rows = Worksheet.objects.select_related("practice", "account", "author__user", "decided_by__user")
    return get_for_practice(rows, practice=practice, uid=uid)


def drafts(practice: Practice) -> list[Thought]:
    """Worksheets that wait for their decision, latest change first."""
    rows = Worksheet.objects.for_practice(practice).filter(decided_at__isnull=True).defer(*_RECORD)
    return [_thought(row) for row in rows.select_related("author__user").order_by("-changed_at", "-pk")[:PAGE]]


def decisions(practice: Practice, *, after: int = 0) -> list[Thought]:
    """One page of decisions, latest first; one more than a page."""
    rows = Worksheet.objects.for_practice(practice).filter(decided_at__isnull=False).defer(*_RECORD)
    page = rows.select_related("decided_by__user").order_by("-decided_at", "-pk")[after : after + PAGE + 1]
    return [_thought(row) for row in page]


def _thought(row: Worksheet) -> Thought:
    return Thought(row, questions.account_name(row.platform, row.handle))


def entry_from(item: Worksheet) -> dict[str, object]:
    """The register's fields as far as the worksheet has answered them."""
    known = {name: item.answers.get(name, "") for name in ("purpose", "who_posts", "recovery")}
    two_factor = item.answers.get("two_factor") or TwoFactor.UNKNOWN
    return {**known, "platform": item.platform, "handle": item.handle, "kind": item.kind, "two_factor": two_factor}


def answers_to_rethink(item: Worksheet) -> dict[str, object]:
    """The answers of an earlier worksheet without its decision: that has to be made anew."""
    last = questions.checklist(item.practice).sections[-1]
    decided = {field.id for asked in last.items for field in asked.fields}
    return {id: value for id, value in item.answers.items() if id not in decided}


def lacking(practice: Practice) -> list[Mapping[str, str]]:
    """The accounts that the latest policy names and the register has neither open nor closed, each once.

    Where the policy gives no handle, any account on that platform will do.
    """
    known = set(Account.objects.for_practice(practice).values_list("platform", "handle_key"))
    found = []
    for row in shared.named(practice):
        platform, key = row["platform"], rules.handle_key(row["handle"])
        if (platform, key) in known or (not key and platform in {listed for listed, _key in known}):
            continue
        known.add((platform, key))
        found.append(row)
    return found


def names_lacking(practice: Practice) -> list[str]:
    """What `lacking` finds, as people say it."""
    return [questions.account_name(row["platform"], row["handle"]) for row in lacking(practice)]


def register(practice: Practice) -> list[dict[str, str]] | None:
    """The open accounts as answers of the policy name them; None where the practice keeps no register.

    This is what DOORFRAME_REGISTER names: see doorframe.apps.members.register.
    """
    found = entries(practice)
    if not found:
        return None
    return [
        {"platform": row.platform, "handle": row.handle, "kind": row.kind, "purpose": row.purpose}
        for row in (entry.account for entry in found)
        if row.is_open
    ]
