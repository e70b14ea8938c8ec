"""Who must be asked again after a change, and how far that is."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Count, Exists, OuterRef, Prefetch, Q, QuerySet, Subquery

from doorframe.apps.clients import queries as clients
from doorframe.apps.clients.models import Client, Status
from doorframe.apps.members import permissions
from doorframe.apps.members.isolation import get_for_practice
from doorframe.apps.members.models import Membership, Practice
from doorframe.apps.members.roles import Permission
from doorframe.apps.signatures.models import Acknowledgement, Campaign, Paper, Question, Signer
from doorframe.apps.signatures.states import SETTLED_STATES, State

PAGE = 50


@dataclass(frozen=True, slots=True)
class Reach:
    """How many clients a new version would ask: after a material change, and after an editorial one."""

    material: int
    editorial: int


@dataclass(frozen=True, slots=True)
class Board:
    """How far a campaign is: how many clients there are, how many stand where, and why some got no letter.

    Each of paused, paper and no_email counts clients who still wait and were sent nothing; waiting are those whom
    the next sending reaches.
    """

    campaign: Campaign
    clients: int
    sent: int
    opened: int
    read: int
    asked: int
    paused: int
    paper: int
    no_email: int
    waiting: int
    counts: dict[str, int]

    @property
    def not_sent(self) -> int:
        """Those who got no letter, whatever the reason; some of them answered in the room."""
        return self.clients - self.sent

    @property
    def answered(self) -> int:
        """Those who need not be asked any more."""
        return sum(self.counts.get(state, 0) for state in SETTLED_STATES)


def to_ask(paper: Paper) -> QuerySet[Client]:
    """Exactly the clients who must answer this paper: asked before, not gone, and not settled in its generation.

    One query. After a material change these are all who answered an older version; after an editorial one only
    those whose answer was still open, because the version before can no longer be signed.
    """
    same_key = _asked(paper.key)
    settled = same_key.filter(paper__generation=paper.generation, state__in=SETTLED_STATES)
    return _here(paper.practice).filter(Exists(same_key), ~Exists(settled)).order_by("pk")


def reach(practice: Practice, key: str = "policy") -> Reach:
    """Whom the next version of a paper would ask, in one query."""
    last = Paper.objects.for_practice(practice).filter(key=key).order_by("-number").values("generation")[:1]
    settled = _asked(key).filter(paper__generation=Subquery(last), state__in=SETTLED_STATES)
    rows = _here(practice).filter(Exists(_asked(key))).annotate(is_settled=Exists(settled))
    return Reach(**rows.aggregate(material=Count("pk"), editorial=Count("pk", filter=Q(is_settled=False))))


def campaign(practice: Practice, uid: object) -> Campaign:
    """One campaign of this practice, or Http404."""
    rows = Campaign.objects.select_related("paper", "opened_by__user", "practice").defer("paper__tree")
    return get_for_practice(rows, practice=practice, uid=uid)


def campaigns(member: Membership) -> list[Campaign]:
    """The practice's campaigns, newest first, each with `clients` and `answered`: of those this member may see."""
    seen = Q() if _sees_all(member) else Q(acknowledgements__client__clinician=member)
    rows = Campaign.objects.for_practice(member.practice).select_related("paper").defer("paper__tree", "paper__answers")
    told = rows.annotate(
        clients=Count("acknowledgements", filter=seen),
        answered=Count("acknowledgements", filter=seen & Q(acknowledgements__state__in=SETTLED_STATES)),
    )
    return list(told.order_by("-opened_at", "-pk")[:200])


def board(item: Campaign, member: Membership | None = None) -> Board:
    """The figures of a campaign, in one query however many clients there are; of those whom the member may see."""
    people = Signer.objects.filter(acknowledgement=OuterRef("pk"), person__isnull=False)
    present = people.filter(person__removed_at=None, person__email__isnull=False)
    rows = _on(item, member).annotate(
        was_sent=Exists(people.filter(sent_at__isnull=False)),
        was_opened=Exists(people.filter(opened_at__isnull=False)),
        was_read=Exists(people.filter(read_at__isnull=False)),
        has_asked=Exists(Question.objects.filter(acknowledgement=OuterRef("pk"))),
        has_email=Exists(present),
        takes_email=Exists(present.filter(person__electronic=True)),
    )
    idle = Q(state=State.OPEN, was_sent=False)
    going = idle & Q(client__reminders_paused=False)
    figures = rows.aggregate(
        clients=Count("pk"),
        sent=Count("pk", filter=Q(was_sent=True)),
        opened=Count("pk", filter=Q(was_opened=True)),
        read=Count("pk", filter=Q(was_read=True)),
        asked=Count("pk", filter=Q(has_asked=True)),
        paused=Count("pk", filter=idle & Q(client__reminders_paused=True)),
        no_email=Count("pk", filter=going & Q(has_email=False)),
        paper=Count("pk", filter=going & Q(has_email=True, takes_email=False)),
        waiting=Count("pk", filter=going & Q(takes_email=True)),
        **{f"state_{state.value}": Count("pk", filter=Q(state=state)) for state in State},
    )
    counts = {state.value: figures.pop(f"state_{state.value}") for state in State}
    return Board(item, counts=counts, **figures)


def letters(item: Campaign) -> QuerySet[Signer]:
    """Whom a sending still reaches: waits for an answer, reads on a screen, has an address, and is not paused."""
    return _unsent(item).filter(acknowledgement__client__reminders_paused=False)


def is_filling(item: Campaign) -> bool:
    """Whether the list is still being written."""
    rows = to_ask(item.paper).exclude(acknowledgements__paper=item.paper)
    return item.paper.is_in_force and rows.exists()


def is_held_back(item: Campaign) -> bool:
    """Whether somebody would get the notice, were it not for a pause."""
    return _unsent(item).filter(acknowledgement__client__reminders_paused=True).exists()


def on_board(
    item: Campaign, *, member: Membership | None = None, state: str = "", after: int = 0
) -> list[Acknowledgement]:
    """One page of a campaign's acknowledgements by practice id, with their signers; one more than a page."""
    people = Signer.objects.select_related("person").order_by("position", "pk")
    rows = _on(item, member).select_related("client__clinician__user", "practice")
    rows = rows.filter(state=state) if state in State.values else rows
    rows = rows.annotate(has_asked=Exists(Question.objects.filter(acknowledgement=OuterRef("pk"))))
    rows = rows.prefetch_related(Prefetch("signers", queryset=people)).order_by("client__code")
    return list(rows[after : after + PAGE + 1])


def on_campaign(item: Campaign, member: Membership, uid: object) -> Acknowledgement:
    """One acknowledgement of a campaign that this member may see, or Http404."""
    rows = _on(item, member).select_related("client__practice", "practice", "paper")
    return get_for_practice(rows, practice=member.practice, uid=uid)


def _asked(key: str) -> QuerySet[Acknowledgement]:
    return Acknowledgement.objects.filter(client=OuterRef("pk"), paper__key=key)


def _here(practice: Practice) -> QuerySet[Client]:
    return Client.objects.for_practice(practice).exclude(status=Status.FORMER).filter(erased_at=None)


def _unsent(item: Campaign) -> QuerySet[Signer]:
    return Signer.objects.filter(
        acknowledgement__campaign=item, acknowledgement__state=State.OPEN, answer="", sent_at=None,
        person__isnull=False, person__electronic=True, person__removed_at=None, person__email__isnull=False,
        acknowledgement__client__erased_at=None,
    ).exclude(acknowledgement__client__status=Status.FORMER)  # fmt: skip


def _on(item: Campaign, member: Membership | None) -> QuerySet[Acknowledgement]:
    rows = Acknowledgement.objects.filter(campaign=item)
    return rows if member is None or _sees_all(member) else rows.filter(client__in=clients.visible(member))


def _sees_all(member: Membership) -> bool:
    return permissions.can(member, Permission.VIEW_ALL_CLIENTS)
