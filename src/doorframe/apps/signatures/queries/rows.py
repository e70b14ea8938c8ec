"""Acknowledgements with what hangs on them, as one member may see them."""

from __future__ import annotations

from datetime import date
from typing import TypeVar

from django.db.models import Model, Prefetch, Q, QuerySet

from doorframe.apps.clients import queries as clients
from doorframe.apps.clients.models import Client, Status
from doorframe.apps.members import permissions
from doorframe.apps.members.isolation import get_for_practice
from doorframe.apps.members.models import Membership
from doorframe.apps.members.roles import Permission
from doorframe.apps.signatures import tokens
from doorframe.apps.signatures.models import Acknowledgement, Link, Prompt, Question, Seal, Signer, Visit
from doorframe.apps.signatures.states import State

M = TypeVar("M", bound=Model)


def visible(member: Membership) -> QuerySet[Acknowledgement]:
    """The acknowledgements of the clients that this member may see."""
    rows = Acknowledgement.objects.for_practice(member.practice)
    return rows.filter(client__in=clients.visible(member))


def whole(item: Acknowledgement) -> Acknowledgement:
    """The acknowledgement with its client, paper and practice at hand."""
    return _whole(Acknowledgement.objects.all()).get(pk=item.pk)


def acknowledgement(member: Membership, uid: object) -> Acknowledgement:
    """One acknowledgement that this member may see, or Http404."""
    return get_for_practice(_whole(visible(member)), practice=member.practice, uid=uid)


def by_reference(member: Membership, reference: str) -> Acknowledgement | None:
    """The acknowledgement that a paper copy belongs to."""
    return _whole(visible(member)).filter(reference=reference.strip().upper()).first()


def acknowledgements_of(client: Client) -> list[Acknowledgement]:
    """Everything that a client was asked, newest first, with the signers."""
    rows = Acknowledgement.objects.filter(client=client).select_related("paper", "client", "practice", "campaign")
    rows = rows.defer("paper__tree", "paper__answers")
    return list(rows.prefetch_related(Prefetch("signers", queryset=_signers())).order_by("-opened_at", "-pk"))


def latest(found: list[Client]) -> dict[int, Acknowledgement]:
    """The newest acknowledgement of each client, by client id: one query for a whole page."""
    rows = Acknowledgement.objects.filter(client__in=found).select_related("paper").order_by("opened_at", "pk")
    return {item.client_id: item for item in rows.defer("paper__tree", "paper__answers")}


def signers(item: Acknowledgement) -> list[Signer]:
    """Who is on an acknowledgement, in order."""
    return list(_signers().filter(acknowledgement=item))


def signer(item: Acknowledgement, uid: object) -> Signer:
    """One signer of this acknowledgement, or Http404."""
    found = get_for_practice(_signers().filter(acknowledgement=item), practice=item.practice, uid=uid)
    found.acknowledgement = item
    return found


def questions_of(item: Acknowledgement) -> list[Question]:
    """What was asked, in the order of asking."""
    rows = item.questions.select_related("signer", "closed_by__user")
    return list(rows.order_by("asked_at", "pk"))


def question(member: Membership, uid: object) -> Question:
    """One question about a client that this member may see, or Http404."""
    rows = Question.objects.filter(acknowledgement__in=visible(member)).select_related(
        "acknowledgement__client", "acknowledgement__paper", "acknowledgement__practice", "signer", "practice"
    )
    return get_for_practice(rows, practice=member.practice, uid=uid)


def open_questions(member: Membership, *, most: int = 200) -> list[Question]:
    """What clients asked and nobody has answered or talked about, oldest first."""
    if not permissions.can(member, Permission.VIEW_ANSWERS):
        return []
    rows = for_clinician(Question.objects.for_practice(member.practice), member, "acknowledgement__client")
    rows = rows.filter(closed_at=None).select_related(
        "acknowledgement__client", "acknowledgement__paper", "signer__member__user"
    )
    rows = rows.defer("acknowledgement__paper__tree", "acknowledgement__paper__answers")
    return list(rows.order_by("asked_at", "pk")[:most])


def to_countersign(member: Membership, *, most: int = 200) -> list[Acknowledgement]:
    """What every client has signed and the therapist has not, oldest first."""
    return _in_state(member, State.SIGNED, most)


def due_prompts(member: Membership, *, today: date, most: int = 200) -> list[Prompt]:
    """Talks about the paper that are due, of current clients, oldest first."""
    if not permissions.can(member, Permission.VIEW_ANSWERS):
        return []
    rows = for_clinician(Prompt.objects.for_practice(member.practice), member, "client")
    rows = rows.filter(done_on=None, due_on__lte=today, client__status=Status.CURRENT, client__erased_at=None)
    return list(rows.select_related("client").order_by("due_on", "pk")[:most])


def seal_of(item: Acknowledgement) -> Seal | None:
    """The sealed PDF, once it was made."""
    return Seal.objects.filter(acknowledgement=item).first()


def link_by_token(token: str) -> Link | None:
    """The row of a link's address."""
    rows = Link.objects.select_related("practice", "signer__acknowledgement__paper", "signer__person")
    return rows.filter(token_sha256=tokens.fingerprint(token)).first()


def visit_by_secret(secret: str) -> Visit | None:
    """The sitting that a browser's cookie belongs to, unless it was ended."""
    rows = Visit.objects.select_related(
        "practice", "acknowledgement__paper", "acknowledgement__client__clinician__user", "acknowledgement__practice",
        "signer__person", "held_by__user",
    )  # fmt: skip
    # Every page begins here, and what it says of the paper was made ready before: its text is not read again.
    rows = rows.defer("acknowledgement__paper__tree", "acknowledgement__paper__answers")
    return rows.filter(secret_sha256=tokens.fingerprint(secret), ended_at=None).first()


def _signers() -> QuerySet[Signer]:
    return Signer.objects.select_related("person", "member__user", "recorded_by__user", "practice").order_by(
        "position", "pk"
    )


def _whole(rows: QuerySet[Acknowledgement]) -> QuerySet[Acknowledgement]:
    return rows.select_related("practice", "paper", "client__clinician__user", "client__practice", "campaign")


def _in_state(member: Membership, state: State, most: int) -> list[Acknowledgement]:
    if not permissions.can(member, Permission.VIEW_ANSWERS):
        return []
    rows = for_clinician(_whole(visible(member)), member, "client").filter(state=state)
    return list(rows.defer("paper__tree", "paper__answers").order_by("opened_at", "pk")[:most])


def for_clinician(rows: QuerySet[M], member: Membership, path: str) -> QuerySet[M]:
    """What is for this member to do: about their own clients, or about everyone's for whoever leads alone."""
    own = Q(**{f"{path}__clinician": member})
    gone = Q(**{f"{path}__clinician__is_active": False})
    return rows.filter(own | gone if permissions.can(member, Permission.VIEW_ALL_CLIENTS) else own)
