"""Reads. Pages show what a member may see; other rooms ask what is in force."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.db.models import Prefetch, Q, QuerySet

from doorframe.apps.authorisations import rules
from doorframe.apps.authorisations.models import Authorisation, Signer, Turn
from doorframe.apps.authorisations.states import Standing, State, standing
from doorframe.apps.clients import queries as clients_room
from doorframe.apps.clients.models import Client, Status
from doorframe.apps.members import permissions
from doorframe.apps.members.isolation import get_for_practice
from doorframe.apps.members.models import Membership, Practice
from doorframe.apps.members.roles import Permission
from doorframe.apps.signatures.tokens import fingerprint
from doorframe.apps.trail import queries as trail
from doorframe.apps.trail.models import Event
from doorframe.engines.screening.verdict import Authorisation as Covering

PAGE = 50
_OVER = (State.DECLINED, State.REVOKED)


@dataclass(frozen=True, slots=True)
class Entry:
    """One permission on a day: where it stands, whose it is, and who has answered."""

    item: Authorisation
    standing: Standing
    codes: tuple[str, ...]
    people: tuple[Signer, ...]
    current: bool

    @property
    def label(self) -> str:
        """Where it stands, in words."""
        return str(self.standing.label)


def today(practice: Practice, at: datetime) -> date:
    """The day that it is for the practice."""
    return at.astimezone(ZoneInfo(practice.time_zone)).date()


def visible(member: Membership) -> QuerySet[Authorisation]:
    """The permissions that this member may see: all of whose clients they may see."""
    rows = Authorisation.objects.for_practice(member.practice)
    if not permissions.can(member, Permission.VIEW_AUTHORISATIONS):
        return rows.none()
    if permissions.can(member, Permission.VIEW_ALL_CLIENTS):
        return rows
    others = Signer.objects.for_practice(member.practice).exclude(client__clinician=member)
    return rows.exclude(pk__in=others.values("authorisation"))


def authorisation(member: Membership, uid: object) -> Authorisation:
    """One permission that this member may see, with its people, or Http404."""
    rows = _with_people(visible(member).select_related("practice", "begun_by__user", "revoked_by__user"))
    return get_for_practice(rows, practice=member.practice, uid=uid)


def entry(item: Authorisation, at: datetime) -> Entry:
    """One that came from `authorisation` or a list, as it stands at this moment."""
    people: list[Signer] = item.people  # type: ignore[attr-defined]
    for one in people:
        one.authorisation = item
    found = {one.client_id: one.client for one in people}
    return Entry(
        item, standing(item.state, item.first_on, item.last_on, today(item.practice, at)),
        tuple(sorted(client.code for client in found.values())), tuple(people),
        any(client.status == Status.CURRENT for client in found.values()),
    )  # fmt: skip


def entries(member: Membership, at: datetime, *, is_open: bool = True, after: int = 0) -> list[Entry]:
    """A page of those that are written, waited for or signed, or of the others; newest first, one more than a page."""
    rows = _with_people(visible(member).select_related("practice"))
    day = today(member.practice, at)
    over = Q(state__in=_OVER) | Q(state=State.SIGNED, last_on__lt=day)
    here = rows.exclude(over) if is_open else rows.filter(over)
    return [entry(item, at) for item in here.order_by("-begun_at", "-pk")[after : after + PAGE + 1]]


def of_client(member: Membership, client: Client, at: datetime) -> list[Entry]:
    """The permissions that this client is on, newest first."""
    rows = _with_people(visible(member).filter(signers__client=client).distinct().select_related("practice"))
    return [entry(item, at) for item in rows.order_by("-begun_at", "-pk")]


def pressing(member: Membership, at: datetime, within: timedelta) -> tuple[list[Authorisation], list[Authorisation]]:
    """What waits for this member: those taken back after everyone had signed whose posts nobody has gone through yet,
    and those in force that end within this time. The most pressing first; one query for both.
    """
    day = today(member.practice, at)
    back = Q(state=State.REVOKED, followed_up_at=None)
    ending = Q(state=State.SIGNED, first_on__lte=day, last_on__range=(day, day + within))
    rows = visible(member).filter(back | ending).defer("tree", "asked", "scope", "purpose", "elsewhere")
    found = list(rows.order_by("revoked_at", "last_on", "pk"))
    return [one for one in found if one.state == State.REVOKED], [one for one in found if one.state == State.SIGNED]


def in_force(practice: Practice, at: datetime) -> list[Authorisation]:
    """Every permission of the practice that everyone has signed and that holds at this moment, oldest first.

    For other rooms: whoever posts sees references here, and never a name or a story.
    """
    return list(_in_force(practice, at).order_by("signed_at", "pk"))


def for_draft(practice: Practice, reference: str, at: datetime, *, platform: str = "") -> Covering | None:
    """What screening is told of the permission that a draft rests on; None where none is in force.

    reference  as it is printed; small letters and spaces do no harm
    platform   where the draft would go: given, it must be one of the permission's places
    current is True while anybody on it is a client.
    """
    signs = "".join(sign for sign in reference[:60].upper() if sign.isalnum())
    item = _in_force(practice, at).filter(reference=f"{signs[:4]}-{signs[4:]}").first()
    if item is None or (platform and platform not in item.platforms):
        return None
    current = Signer.objects.filter(authorisation=item, client__status=Status.CURRENT).exists()
    return Covering(item.reference, current)


def people(item: Authorisation) -> list[Signer]:
    """Who signs, in their order, with their clients."""
    rows = item.signers.select_related("client", "person").order_by("position", "pk")
    return list(rows)


def turn_by_secret(secret: str) -> Turn | None:
    """The turn of the browser that holds this secret."""
    rows = Turn.objects.select_related("practice", "authorisation__practice", "signer", "held_by__user")
    return rows.filter(secret_sha256=fingerprint(secret)).first() if secret else None


def events(item: Authorisation) -> list[Event]:
    """What happened with it, oldest first."""
    return list(trail.events_of(item, practice=item.practice).order_by("seq")[:500])


def clients(member: Membership, codes: Sequence[str]) -> dict[str, Client]:
    """The clients with these practice ids that this member may see and whose names are still kept."""
    # PostgreSQL refuses to look for signs that no id holds, such as NUL.
    asked = [code for code in codes if code.isprintable()][: rules.MOST_CLIENTS + 1]
    rows = clients_room.visible(member).filter(code__in=asked, erased_at=None)
    return {one.code: one for one in rows.select_related("practice", "clinician")}


def _in_force(practice: Practice, at: datetime) -> QuerySet[Authorisation]:
    day = today(practice, at)
    return Authorisation.objects.for_practice(practice).filter(state=State.SIGNED, first_on__lte=day, last_on__gte=day)


def _with_people(rows: QuerySet[Authorisation]) -> QuerySet[Authorisation]:
    here = Signer.objects.select_related("client", "person").order_by("position", "pk")
    return rows.prefetch_related(Prefetch("signers", queryset=here, to_attr="people"))
