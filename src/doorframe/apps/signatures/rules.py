"""What may be done, by whom and when: `check_x` raises with a sentence a person can read, `can_x` asks it."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.utils.translation import gettext as _

from doorframe.apps.clients import rules as clients
from doorframe.apps.clients.models import Client, Status
from doorframe.apps.members import permissions
from doorframe.apps.members.models import Membership
from doorframe.apps.members.roles import Permission
from doorframe.apps.signatures.models import Acknowledgement, Link, Paper, Question, Seal, Signer, Visit
from doorframe.apps.signatures.states import OPEN_STATES, TRANSITIONS, Answer, Capacity, State

CODE_TRIES = 5
"""Wrong codes after which a link no longer opens."""
PIN_TRIES = 5
"""Wrong PINs after which only a full sign-in takes the tablet back."""
VISIT = timedelta(hours=12)
"""How long one sitting may last, from its opening."""


class NotNow(Exception):
    """The step does not fit how things stand; the message says what happened and what to do instead."""


class LinkClosed(NotNow):
    """A link that no longer opens. `link` is its row where there is one, so that a new one can be sent."""

    def __init__(self, sentence: str, link: Link | None = None) -> None:
        self.link = link
        super().__init__(sentence)


class CodeNeeded(NotNow):
    """The link asks for the code that was given apart; `wrong` tells whether one was tried."""

    def __init__(self, *, wrong: bool = False) -> None:
        self.wrong = wrong
        super().__init__(_("This is not the code. Look at it again, or ask for it once more.") if wrong else "")


def check_can_ask(actor: Membership | None, item: Acknowledgement) -> None:
    """Raise unless the actor may hand this client the paper: by role, and only clients they may see."""
    clients.check_can_view(actor, item.client)
    permissions.check_can(actor, Permission.ASK_CLIENTS, item)


def check_here(client: Client) -> None:
    """Raise NotNow unless this client can be asked anything: not once they have finished, or names were removed."""
    if client.erased_at is not None or client.status == Status.FORMER:
        raise NotNow(_("This client has finished here, so nothing is asked of them. If they come back, say so first."))


def check_can_see_answers(actor: Membership | None, item: Acknowledgement) -> None:
    """Raise unless the actor may see what this client asked, answered and signed."""
    clients.check_can_view(actor, item.client)
    permissions.check_can(actor, Permission.VIEW_ANSWERS, item)


def can_see_answers(actor: Membership | None, item: Acknowledgement) -> bool:
    """Whether `check_can_see_answers` would let this pass."""
    try:
        check_can_see_answers(actor, item)
    except PermissionDenied:
        return False
    return True


def check_in_force(paper: Paper | None) -> Paper:
    """The paper, which can be signed. Raises NotNow where there is none, or a newer one took its place."""
    if paper is None:
        raise NotNow(_("There is nothing to sign yet. Publish your policy first."))
    if not paper.is_in_force:
        raise NotNow(_("A newer version has taken the place of this one, so this one can no longer be signed."))
    return paper


def check_open(item: Acknowledgement) -> None:
    """Raise NotNow unless this acknowledgement still takes answers."""
    check_in_force(item.paper)
    if item.state not in {*OPEN_STATES, State.DECLINED}:
        raise NotNow(_("This is signed already. What was signed stands, and a copy of it can be had."))


def check_can_answer(visit: Visit, signer: Signer, *, at: datetime) -> None:
    """Raise unless this reader may say yes or no now."""
    check_visit(visit, at=at)
    if visit.copy_only:
        raise NotNow(_("This address shows the copy alone. What was signed stands as it is."))
    if signer.acknowledgement_id != visit.acknowledgement_id or visit.signer_id not in {None, signer.pk}:
        raise PermissionDenied(_("This belongs to somebody else."))
    check_takes(signer)
    if signer.answer == Answer.AGREE and signer.method:
        raise NotNow(_("You have signed this already. What you signed stands, and a copy of it can be had."))


def signed_already() -> str:
    """Why nothing is written over a signature."""
    return _("This person has signed already. What was signed stands. Nothing was recorded.")


def check_takes(signer: Signer) -> None:
    """Raise NotNow unless this signer may still answer: witnesses and the like even once the others have signed."""
    item = signer.acknowledgement
    if item.state == State.SIGNED and not signer.required and signer.capacity != Capacity.THERAPIST:
        check_in_force(item.paper)
    else:
        check_open(item)


def check_visit(visit: Visit, *, at: datetime) -> None:
    """Raise NotNow once a sitting has ended."""
    if visit.ended_at is not None or at >= visit.ends_at:
        raise NotNow(
            _("This sitting has ended, so that nobody else reads on. What you sent is kept. Ask for a new link.")
        )


def check_link(link: Link | None, *, at: datetime) -> Link:
    """The link, which opens. Raises LinkClosed with the reason."""
    if link is None:
        raise LinkClosed(_("This address leads nowhere. Look at it again, or ask whoever sent it for a new one."))
    if link.used_at is not None:
        raise LinkClosed(_("This link was opened already, and each link opens once. You can have a new one."), link)
    if link.tries >= CODE_TRIES:
        raise LinkClosed(_("The code was wrong too often, so this link no longer opens. You can have a new one."), link)
    if link.revoked_at is not None or at >= link.expires_at:
        raise LinkClosed(_("This link has come to its end. You can have a new one."), link)
    if link.purpose == Link.READ and not link.signer.acknowledgement.paper.is_in_force:
        raise LinkClosed(_("There is a newer version. You will get, or have got, a link for that one."), link)
    return link


def check_can_send(signer: Signer) -> None:
    """Raise NotNow unless a link can go to this signer."""
    check_open(signer.acknowledgement)
    person = signer.person
    if person is None or person.removed_at is not None or signer.acknowledgement.client.erased_at is not None:
        raise NotNow(_("There is nobody to send it to. Hand over the tablet, or print it."))
    if not person.electronic:
        raise NotNow(_("This person has asked for paper. Print the policy, and record it once it is signed."))
    if not person.email:
        raise NotNow(_("No e-mail address is kept for this person. Add one, hand over the tablet, or print it."))
    if settings.SENDS_MAIL and not settings.PUBLIC_URL:
        sentence = _("Clients cannot reach this computer: its public address is not set. Hand over the tablet instead.")
        raise NotNow(sentence)
    if signer.answer == Answer.AGREE and signer.method:
        raise NotNow(_("This person has signed already."))


def check_can_close(actor: Membership, question: Question) -> None:
    """Raise unless the actor may answer this question, and it is open."""
    check_can_see_answers(actor, question.acknowledgement)
    if question.closed_at is not None:
        raise NotNow(_("This question is settled already."))


def check_can_countersign(actor: Membership, item: Acknowledgement) -> None:
    """Raise unless the actor may countersign, and the others have signed."""
    check_can_see_answers(actor, item)
    if item.state != State.SIGNED:
        raise NotNow(_("This is countersigned once everyone else has signed, and once only."))


def check_sealed(seal: Seal | None) -> Seal:
    """The seal with its file. Raises NotNow until it is made, and once it was let go."""
    if seal is None:
        raise NotNow(_("The sealed copy is not made yet. It follows once everyone has signed. Look again in a moment."))
    if not seal.data:
        raise NotNow(_("This was kept for as long as it had to be, and has been removed. The trail keeps its hash."))
    return seal


def check_step(item: Acknowledgement, following: State) -> None:
    """Raise NotNow unless the table of states has this step."""
    if following != item.state and following not in TRANSITIONS[State(item.state)]:
        raise NotNow(_("This can no longer be changed. What was recorded stands."))


def needs_authority(capacity: Capacity | str) -> bool:
    """Whether the record must say by what right somebody signs."""
    return capacity == Capacity.GUARDIAN
