"""Reads of the practice's own pages: a client's acknowledgements with all that hangs on them, and what waits."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from django.db.models import Count, Exists, OuterRef, Prefetch, Q, QuerySet

from doorframe.apps.clients import queries as clients
from doorframe.apps.clients.models import Client
from doorframe.apps.jobs.models import Job
from doorframe.apps.jobs.models import State as JobState
from doorframe.apps.members import permissions
from doorframe.apps.members.isolation import get_for_practice
from doorframe.apps.members.models import Membership
from doorframe.apps.members.roles import Permission
from doorframe.apps.signatures.holding import SHOWN
from doorframe.apps.signatures.models import Acknowledgement, Explanation, Link, Prompt, Question, Seal, Signer
from doorframe.apps.signatures.queries import rows
from doorframe.apps.signatures.states import Answer, State
from doorframe.apps.trail import queries as trail
from doorframe.apps.trail.models import Event

PAGE = 25


@dataclass(frozen=True, slots=True)
class Desk:
    """One acknowledgement as the practice's pages show it. `links` holds the newest link to sign of each signer."""

    item: Acknowledgement
    signers: list[Signer]
    links: dict[int, Link]
    explanations: list[Explanation]
    open_questions: int
    is_sealed: bool


@dataclass(frozen=True, slots=True)
class Waiting:
    """Acknowledgements in which the next step is the therapist's, the oldest first in each list."""

    to_talk: list[Acknowledgement] = field(default_factory=list)
    to_countersign: list[Acknowledgement] = field(default_factory=list)
    not_back: list[Acknowledgement] = field(default_factory=list)


def on_desk(client: Client) -> list[Desk]:
    """Everything that a client was asked, newest first, in a fixed number of queries."""
    found = Acknowledgement.objects.filter(client=client).select_related("paper", "practice", "campaign")
    return [_desk(item, client) for item in _with_all(found)]


def desk(member: Membership, uid: object) -> Desk:
    """One acknowledgement of a client that this member may see, or Http404."""
    found = rows.visible(member).select_related(
        "practice", "paper", "campaign", "client__clinician__user", "client__practice"
    )
    item = get_for_practice(_with_all(found), practice=member.practice, uid=uid)
    return _desk(item, item.client)


def seal_trouble(item: Acknowledgement) -> str:
    """Why the sealed copy could not be made, if that was tried and failed."""
    done = Job.objects.for_practice(item.practice).filter(unique_key=f"signatures.proof.seal:{item.pk}")
    last = done.order_by("-created_at").first()
    return last.error_sentence if last is not None and last.state == JobState.FAILED else ""


def events(item: Acknowledgement) -> list[Event]:
    """What happened with an acknowledgement, oldest first."""
    return list(trail.events_of(item, practice=item.practice).order_by("seq")[:500])


def closed_questions(member: Membership, *, after: int = 0) -> list[Question]:
    """One page of what was answered or talked about, newest first; one more than a page."""
    found = _questions(member).filter(closed_at__isnull=False).order_by("-closed_at", "-pk")
    return list(found[after : after + PAGE + 1])


def to_clarify(member: Membership) -> list[Question]:
    """Questions whose answer should go into the next version, by clause; of the clients this member may see."""
    return list(_questions(member).filter(clarify=True).order_by("title", "asked_at", "pk")[:200])


def waiting(member: Membership, *, paper_before: datetime, most: int = 600) -> Waiting:
    """What waits for this member, in one query; paper that was wanted before this moment counts as not back."""
    if not permissions.can(member, Permission.VIEW_ANSWERS):
        return Waiting()
    said = Signer.objects.filter(acknowledgement=OuterRef("pk"))
    found = rows.for_clinician(rows.visible(member), member, "client")
    found = found.filter(state__in=[State.TALK, State.SIGNED, State.PAPER]).select_related("client").annotate(
        wants_talk=Exists(said.filter(answer=Answer.TALK, talked_on=None)),
        wants_paper=Exists(said.filter(answer=Answer.PAPER, answered_at__lt=paper_before)),
    )  # fmt: skip
    items = list(found.order_by("opened_at", "pk")[:most])
    return Waiting(
        to_talk=[one for one in items if one.state == State.TALK and one.wants_talk],
        to_countersign=[one for one in items if one.state == State.SIGNED],
        not_back=[one for one in items if one.state == State.PAPER and one.wants_paper],
    )


def not_sealed(member: Membership, *, most: int = 200) -> list[Acknowledgement]:
    """Complete acknowledgements whose sealed copy was tried and could not be made."""
    if not permissions.can(member, Permission.VIEW_ANSWERS):
        return []
    failed = Job.objects.for_practice(member.practice).filter(name="signatures.proof.seal", state=JobState.FAILED)
    keys = [args.get("acknowledgement_id") for args in failed.values_list("args", flat=True)[:most]]
    found = rows.for_clinician(rows.visible(member), member, "client").filter(pk__in=keys, state=State.COMPLETE)
    return list(found.filter(seals=None).select_related("client").order_by("closed_at", "pk"))


def prompt(member: Membership, client_uid: object, kind: str) -> Prompt:
    """The talk of this kind that is still to be had with a client whom this member may see, or Http404."""
    found = Prompt.objects.select_related("client__practice", "client__clinician__user", "practice")
    waiting = Prompt.objects.for_practice(member.practice).filter(client__uid=str(client_uid), kind=kind, done_on=None)
    first = waiting.order_by("due_on", "pk").values_list("pk", flat=True).first()
    return get_for_practice(found.filter(client__in=clients.visible(member)), practice=member.practice, pk=first)


def _questions(member: Membership) -> QuerySet[Question]:
    found = Question.objects.for_practice(member.practice)
    if not permissions.can(member, Permission.VIEW_ANSWERS):
        return found.none()
    found = found.filter(acknowledgement__client__in=clients.visible(member))
    return found.select_related("acknowledgement__client", "signer__member__user", "closed_by__user")


def _with_all(found: QuerySet[Acknowledgement]) -> QuerySet[Acknowledgement]:
    people = Signer.objects.select_related("person", "member__user", "recorded_by__user", "practice")
    people = people.order_by("position", "pk").prefetch_related("links")
    waiting = Count("questions", filter=Q(questions__closed_at=None), distinct=True)
    found = found.defer("paper__tree", "paper__answers").annotate(waiting_questions=waiting)
    found = found.prefetch_related(Prefetch("signers", queryset=people))
    found = found.prefetch_related(Prefetch("seals", queryset=Seal.objects.defer("data")))
    talks = Explanation.objects.select_related("by__user").order_by("on", "pk")
    found = found.prefetch_related(Prefetch("explanations", queryset=talks))
    return found.order_by("-opened_at", "-pk")


def _is_sent(link: Link) -> bool:
    """Whether this went out by e-mail, to read and sign; what the tablet shows for some minutes did not."""
    return link.purpose == Link.READ and link.expires_at - link.created_at > SHOWN


def _desk(item: Acknowledgement, client: Client) -> Desk:
    item.client = client
    signers = list(item.signers.all())
    links: dict[int, Link] = {}
    for one in signers:
        one.acknowledgement = item
        found = [link for link in one.links.all() if _is_sent(link)]
        if found:
            links[one.pk] = max(found, key=lambda link: (link.created_at, link.pk))
    waiting: int = item.waiting_questions  # type: ignore[attr-defined]
    return Desk(item, signers, links, list(item.explanations.all()), waiting, bool(item.seals.all()))
