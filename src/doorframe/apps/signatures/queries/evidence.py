"""What goes into a pack, the register of acknowledgements, and the trail as a person looks through it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any, TypeAlias
from zoneinfo import ZoneInfo

from django.db.models import CharField, Q, QuerySet
from django.db.models.functions import Cast

from doorframe.apps.clients import queries as clients
from doorframe.apps.clients.models import Client, Person
from doorframe.apps.jobs.models import Job
from doorframe.apps.members.isolation import get_for_practice
from doorframe.apps.members.models import Membership, Practice
from doorframe.apps.signatures.models import Acknowledgement, Campaign, EvidencePack, Seal, SealKey
from doorframe.apps.trail.models import Event, Head
from doorframe.engines.sealing import GENESIS, Link

Subjects: TypeAlias = Mapping[str, frozenset[str]]
"""The ids of what an event may be about, by the kind of thing."""

PAGE = 50
VERIFY = "signatures.trail.verify"
"""The job that computes the whole chain again."""


@dataclass(frozen=True, slots=True)
class Narrowed:
    """What somebody looks for on the trail; "" and None leave it open. Days are those of the practice."""

    code: str = ""
    version: int = 0
    since: date | None = None
    until: date | None = None


# Packs


def head(practice: Practice) -> tuple[int, str]:
    """Number and hash of the last event of a practice."""
    return Head.objects.for_practice(practice).values_list("seq", "hash").first() or (0, GENESIS)


def certificate(practice: Practice) -> str:
    """The fingerprint of the certificate that seals now, or ""."""
    return SealKey.objects.for_practice(practice).values_list("fingerprint", flat=True).first() or ""


def seal_key(practice: Practice) -> SealKey | None:
    """The key that seals now, without the key itself."""
    return SealKey.objects.for_practice(practice).defer("pkcs12", "passphrase").first()


def acknowledgement_ids(pack: EvidencePack) -> list[int]:
    """The acknowledgements that a pack is about, those of one version together."""
    rows = Acknowledgement.objects.for_practice(pack.practice)
    if pack.kind == EvidencePack.Kind.CLIENT:
        rows = rows.filter(client=pack.client)
    elif pack.kind == EvidencePack.Kind.VERSION:
        rows = rows.filter(paper=pack.paper)
    return list(rows.order_by("paper__number", "pk").values_list("pk", flat=True))


def with_seal(pk: int) -> tuple[Acknowledgement, Seal | None]:
    """One acknowledgement with all that its record needs, and its seal if it has one."""
    rows = Acknowledgement.objects.select_related("practice", "paper", "client")
    return rows.get(pk=pk), Seal.objects.filter(acknowledgement_id=pk).first()


def subjects(pack: EvidencePack, ids: list[int]) -> Subjects | None:
    """What the events of a pack may be about; None where every event is open."""
    if pack.kind == EvidencePack.Kind.PRACTICE:
        return None
    found = {"signatures.acknowledgement": frozenset(map(str, ids))}
    if pack.client_id is not None:
        people = Person.objects.filter(client_id=pack.client_id).values_list("pk", flat=True)
        found["clients.client"] = frozenset({str(pack.client_id)})
        found["clients.person"] = frozenset(map(str, people))
    if pack.paper_id is not None:
        asked = Campaign.objects.filter(paper_id=pack.paper_id).values_list("pk", flat=True)
        found["signatures.paper"] = frozenset({str(pack.paper_id)})
        found["signatures.campaign"] = frozenset(map(str, asked))
    return found


def links(practice: Practice, *, until: int) -> Iterator[Link]:
    """The chain from its first event to this one, a few at a time."""
    rows = Event.objects.for_practice(practice).filter(seq__lte=until).order_by("seq")
    return (row.link(practice_uid=str(practice.uid)) for row in rows.iterator(chunk_size=2000))


def packs(member: Membership) -> list[EvidencePack]:
    """The packs that this member asked for, newest first."""
    rows = EvidencePack.objects.for_practice(member.practice).filter(asked_by=member)
    return list(rows.order_by("-asked_at", "-pk")[:20])


def pack(member: Membership, uid: object) -> EvidencePack:
    """One pack that this member asked for, or Http404: nobody gets another's."""
    rows = EvidencePack.objects.select_related("practice", "asked_by__user").filter(asked_by=member)
    return get_for_practice(rows, practice=member.practice, uid=uid)


def pack_by_id(pk: int) -> EvidencePack:
    """A pack with its practice, for the job that makes it."""
    return EvidencePack.objects.select_related("practice", "client", "paper").get(pk=pk)


def work_on(item: EvidencePack) -> Job | None:
    """The job that makes a pack, with how far it is."""
    rows = Job.objects.for_practice(item.practice).filter(unique_key=f"signatures.evidence.make:{item.pk}")
    return rows.order_by("-created_at").first()


def client_by_code(member: Membership, code: str) -> Client | None:
    """A client that this member may see, by practice id."""
    return clients.visible(member).filter(code=code.strip().upper()).first()


# The register


def register(member: Membership) -> QuerySet[Acknowledgement]:
    """Every acknowledgement of the clients that this member may see: read it with `iterator`."""
    rows = Acknowledgement.objects.for_practice(member.practice).filter(client__in=clients.visible(member))
    rows = rows.select_related("client", "paper").defer("paper__tree", "paper__answers", "paper__changes")
    return rows.prefetch_related("signers", "seals").order_by("client__code", "pk")


# The trail


def trail_page(practice: Practice, wanted: Narrowed, *, before: int = 0) -> list[Event]:
    """One page of events, newest first, from below this number on; one more than a page."""
    rows: QuerySet[Event] = Event.objects.for_practice(practice).order_by("-seq")
    if before:
        rows = rows.filter(seq__lt=before)
    rows = _between(rows, practice, wanted)
    if wanted.code or wanted.version:
        rows = rows.filter(_about(practice, wanted))
    return list(rows[: PAGE + 1])


def last_verdict(practice: Practice) -> Job | None:
    """The last time that the chain was computed again."""
    return Job.objects.for_practice(practice).filter(name=VERIFY).order_by("-created_at").first()


def _between(rows: QuerySet[Event], practice: Practice, wanted: Narrowed) -> QuerySet[Event]:
    zone = ZoneInfo(practice.time_zone)
    if wanted.since:
        rows = rows.filter(at__gte=datetime.combine(wanted.since, time(), zone))
    if wanted.until:
        rows = rows.filter(at__lt=datetime.combine(wanted.until + timedelta(days=1), time(), zone))
    return rows


def _about(practice: Practice, wanted: Narrowed) -> Q:
    """Events about a client's acknowledgements and entry, or about a version's; about both where both are named."""
    items = Acknowledgement.objects.for_practice(practice)
    if wanted.code:
        items = items.filter(client__code=wanted.code)
    if wanted.version:
        items = items.filter(paper__number=wanted.version)
    found = Q(subject_type="signatures.acknowledgement", subject_id__in=_ids(items))
    if wanted.code and not wanted.version:
        entries = Client.objects.for_practice(practice).filter(code=wanted.code)
        people = Person.objects.for_practice(practice).filter(client__code=wanted.code)
        found |= Q(subject_type="clients.client", subject_id__in=_ids(entries))
        found |= Q(subject_type="clients.person", subject_id__in=_ids(people))
    if wanted.version and not wanted.code:
        asked = Campaign.objects.for_practice(practice).filter(paper__number=wanted.version)
        found |= Q(subject_type="signatures.campaign", subject_id__in=_ids(asked))
    return found


def _ids(rows: QuerySet[Any]) -> QuerySet[Any]:
    return rows.annotate(said=Cast("pk", CharField())).values("said")
