"""Reads. Each takes the member, and shows the clients that this member may see."""

from __future__ import annotations

from collections.abc import Sequence

from django.db.models import Count, Prefetch, Q, QuerySet

from doorframe.apps.clients import codes
from doorframe.apps.clients.models import Client, Person, Status
from doorframe.apps.members import permissions
from doorframe.apps.members.isolation import get_for_practice
from doorframe.apps.members.models import Membership, Practice
from doorframe.apps.members.roles import ALLOWED, Permission

PAGE = 50
MOST_NAMES = 5_000
"""So many names are looked through when somebody searches; in a larger practice the practice id finds a client."""


def visible(member: Membership) -> QuerySet[Client]:
    """The clients that this member may see: their own, or all of the practice by role."""
    rows = Client.objects.for_practice(member.practice)
    if not permissions.can(member, Permission.VIEW_CLIENTS):
        return rows.none()
    return rows if permissions.can(member, Permission.VIEW_ALL_CLIENTS) else rows.filter(clinician=member)


def client(member: Membership, uid: object) -> Client:
    """One client that this member may see, with its people, or Http404."""
    rows = visible(member).select_related("practice", "clinician__user", "clinician__practice")
    return get_for_practice(_with_people(rows), practice=member.practice, uid=uid)


def person(client: Client, uid: object) -> Person:
    """One person of a client, or Http404."""
    rows = Person.objects.select_related("client__practice").filter(client=client, removed_at=None)
    return get_for_practice(rows, practice=client.practice, uid=uid)


def people(client: Client) -> list[Person]:
    """Who reads and signs for a client now, in their order."""
    return list(client.people.filter(removed_at=None).order_by("position", "pk"))


def present(client: Client) -> list[Person]:
    """The people of a client that came from `clients` or `client`, without asking the database again."""
    found: list[Person] = client.present  # type: ignore[attr-defined]
    for one in found:
        one.client = client
    return found


def clients(member: Membership, *, status: str = "", search: str = "", after: int = 0) -> list[Client]:
    """One page of clients by practice id, with their people; one more than a page."""
    rows = visible(member).select_related("clinician__user")
    rows = rows.filter(status=status) if status in Status.values else rows
    if search:
        rows = rows.filter(pk__in=_found(rows, search))
    return list(_with_people(rows).order_by("code")[after : after + PAGE + 1])


def everyone(member: Membership) -> list[Client]:
    """Every client that this member may see, by practice id, with its people."""
    rows = visible(member).select_related("clinician__user", "practice")
    return list(_with_people(rows).order_by("code"))


def by_code(practice: Practice, found: Sequence[str]) -> dict[str, Client]:
    """The practice's clients with one of these practice ids, whoever may see them, with their people."""
    rows = Client.objects.for_practice(practice).filter(code__in=found).select_related("clinician__user", "practice")
    return {one.code: one for one in _with_people(rows)}


def counts(member: Membership) -> dict[str, int]:
    """How many clients there are in each status."""
    rows = visible(member).order_by().values_list("status").annotate(number=Count("pk"))
    found = dict(rows)
    return {status: found.get(status, 0) for status in Status.values}


def names_are_searched(member: Membership) -> bool:
    """Whether the practice is small enough that a search looks through names, which are kept encrypted."""
    return Person.objects.for_practice(member.practice).count() <= MOST_NAMES


def clinicians(practice: Practice, *, besides: Client | None = None) -> QuerySet[Membership]:
    """The members who can have clients, and whoever has this one."""
    roles = [role for role, held in ALLOWED.items() if Permission.VIEW_ANSWERS in held]
    able = Q(is_active=True, role__in=roles)
    if besides is not None:
        able |= Q(pk=besides.clinician_id)
    rows = Membership.objects.for_practice(practice).filter(able)
    return rows.select_related("user", "practice").order_by("user__display_name", "pk")


def _with_people(rows: QuerySet[Client]) -> QuerySet[Client]:
    here = Person.objects.filter(removed_at=None).order_by("position", "pk")
    return rows.prefetch_related(Prefetch("people", queryset=here, to_attr="present"))


def _found(rows: QuerySet[Client], search: str) -> list[int]:
    wanted = search.strip().casefold()
    by_code = list(rows.filter(code__startswith=codes.tidy(search)).values_list("pk", flat=True)[:PAGE])
    people = Person.objects.filter(client__in=rows, removed_at=None).only("client_id", "name")[: MOST_NAMES + 1]
    if len(people) > MOST_NAMES:
        return by_code
    return by_code + [item.client_id for item in people if wanted and wanted in item.name.casefold()]
