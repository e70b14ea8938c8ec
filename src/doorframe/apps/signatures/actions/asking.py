"""Handing a client the paper: the acknowledgement with its signers, the links, and who else sits there."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from doorframe.apps.clients.holding import locked as locked_client
from doorframe.apps.clients.models import Capacity as Holds
from doorframe.apps.clients.models import Client, Person
from doorframe.apps.mail import actions as mail
from doorframe.apps.members.models import Membership
from doorframe.apps.signatures import queries, rules, tokens
from doorframe.apps.signatures.holding import end_links, locked_signer
from doorframe.apps.signatures.models import Acknowledgement, Campaign, Link, Paper, Signer
from doorframe.apps.signatures.reminding import plan_next
from doorframe.apps.signatures.states import OPEN_STATES, Capacity, State
from doorframe.apps.trail import actions as trail


@transaction.atomic
def ask(
    *, client: Client, paper: Paper | None, actor: Membership | None, at: datetime, campaign: Campaign | None = None
) -> Acknowledgement:
    """The acknowledgement of this paper by this client, begun if there is none; earlier open ones are replaced.

    `actor` None is the campaign. Safe to call twice. Raises PermissionDenied, NotNow without a paper in force.
    """
    client = locked_client(client)
    paper = rules.check_in_force(paper)
    found = Acknowledgement.objects.filter(client=client, paper=paper).first()
    if found is not None:
        return queries.whole(found)
    rules.check_here(client)
    item = _new(client, paper, actor, at, campaign)
    if actor is not None:
        rules.check_can_ask(actor, item)
    _replace_earlier(item, at)
    for position, person in enumerate(_people(client), start=1):
        _signer(item, person, position, minor_beside_guardian=_has_guardian(client))
    if queries.preferences(client.practice).countersign:
        Signer.objects.create(
            practice=item.practice, acknowledgement=item, member=client.clinician, capacity=Capacity.THERAPIST,
            position=90, name=str(client.clinician.user),
        )  # fmt: skip
    data = {"code": client.code, "number": paper.number, "campaign": campaign.pk if campaign else None}
    name = "signatures.acknowledgement.opened"
    trail.record(name, practice=item.practice, actor=actor, subject=item, at=at, data=data)
    return queries.whole(item)


@transaction.atomic
def send_link(*, signer: Signer, actor: Membership | None, at: datetime, code: str = "", kind: str = "") -> Link:
    """Send a signer a fresh link; any earlier one ends. Nobody here ever sees the address.

    code: digits that the reader will be asked for, to be told apart from the letter. kind: which letter, "" for
    the usual one. `actor` None is a campaign or a reminder; then the code of the link before opens this one too.
    """
    signer = locked_signer(signer)
    if actor is not None:
        rules.check_can_ask(actor, signer.acknowledgement)
    rules.check_can_send(signer)
    code_hash, tries = _code_so_far(signer) if actor is None else ("", 0)
    kind = kind or "signatures.invitation"
    return _send(signer, actor, at, code=code, purpose=Link.READ, kind=kind, code_hash=code_hash, tries=tries)


@transaction.atomic
def send_copy(*, signer: Signer, actor: Membership | None, at: datetime) -> Link | None:
    """Send a signer a link to their copy, where they wanted it by e-mail; None where there is no way to."""
    signer = locked_signer(signer)
    if actor is not None:
        rules.check_can_ask(actor, signer.acknowledgement)
    person = signer.person
    if person is None or not person.email or not person.electronic or person.copy_way != "email":
        return None
    return _send(signer, actor, at, purpose=Link.COPY, kind="signatures.copy")


@transaction.atomic
def send_again(*, link: Link, at: datetime) -> Link:
    """The reader asks for a new link in place of one that no longer opens: it goes to the address that is kept."""
    signer = locked_signer(link.signer)
    if link.purpose == Link.READ:
        rules.check_can_send(signer)
    code_hash = link.code_hash if link.tries < rules.CODE_TRIES else ""
    if link.code_hash and not code_hash:
        raise rules.NotNow(_too_many())
    kind = "signatures.copy" if link.purpose == Link.COPY else "signatures.invitation"
    # The wrong tries are those of the code, not of the link: a new link gives nobody new tries.
    return _send(signer, None, at, purpose=link.purpose, kind=kind, code_hash=code_hash, tries=link.tries)


@transaction.atomic
def send_answer(*, signer: Signer, actor: Membership, at: datetime) -> Link:
    """Tell a signer by e-mail that their question has its answer. The code of the link before opens this one too."""
    signer = locked_signer(signer)
    rules.check_can_see_answers(actor, signer.acknowledgement)
    rules.check_can_send(signer)
    code_hash, tries = _code_so_far(signer)
    return _send(signer, actor, at, purpose=Link.READ, kind="signatures.answer", code_hash=code_hash, tries=tries)


@transaction.atomic
def withdraw_links(*, item: Acknowledgement, actor: Membership, at: datetime) -> int:
    """End every link of an acknowledgement that was not opened yet; how many those were."""
    rules.check_can_ask(actor, item)
    count = end_links(item, at)
    data = {"links": count}
    trail.record("signatures.links.withdrawn", practice=item.practice, actor=actor, subject=item, at=at, data=data)
    return count


@transaction.atomic
def add_helper(
    *, item: Acknowledgement, actor: Membership, at: datetime, capacity: Capacity, values: Mapping[str, str]
) -> Signer:
    """Add an interpreter or a witness, who signs too: values holds name and relationship."""
    rules.check_can_ask(actor, item)
    rules.check_open(item)
    if capacity not in {Capacity.INTERPRETER, Capacity.WITNESS}:
        raise ValueError("Clients and guardians are kept with the client")
    signer = Signer.objects.create(
        practice=item.practice, acknowledgement=item, capacity=capacity, position=50 + item.signers.count(),
        required=False, name=values.get("name", ""), relationship=values.get("relationship", ""),
    )  # fmt: skip
    data = {"capacity": str(capacity)}
    trail.record("signatures.helper.added", practice=item.practice, actor=actor, subject=item, at=at, data=data)
    return signer


def _new(
    client: Client, paper: Paper, actor: Membership | None, at: datetime, campaign: Campaign | None
) -> Acknowledgement:
    for _attempt in range(5):
        try:
            with transaction.atomic():
                return Acknowledgement.objects.create(
                    practice=client.practice, client=client, paper=paper, campaign=campaign,
                    reference=tokens.reference(), opened_by=actor, opened_at=at,
                )  # fmt: skip
        except IntegrityError:
            continue
    raise RuntimeError("No free reference was found")


def _replace_earlier(item: Acknowledgement, at: datetime) -> None:
    """What is still open on an older version can no longer be signed: it gives way to this one."""
    earlier = Acknowledgement.objects.select_for_update().filter(
        client=item.client, paper__key=item.paper.key, state__in=OPEN_STATES
    )
    for old in earlier.exclude(pk=item.pk):
        end_links(old, at)
        old.state, old.closed_at = State.SUPERSEDED, at
        old.save(update_fields=["state", "closed_at"])
        old.signers.update(next_reminder_at=None)
        trail.record(
            "signatures.acknowledgement.superseded", practice=item.practice, actor=None, subject=old, at=at,
            data={"by": str(item.uid)},
        )  # fmt: skip


def _people(client: Client) -> list[Person]:
    return list(client.people.filter(removed_at=None).order_by("position", "pk"))


def _has_guardian(client: Client) -> bool:
    return client.people.filter(removed_at=None, capacity=Holds.GUARDIAN).exists()


def _signer(item: Acknowledgement, person: Person, position: int, *, minor_beside_guardian: bool) -> Signer:
    # A minor reads and may sign; it is the guardian's signature that counts.
    return Signer.objects.create(
        practice=item.practice, acknowledgement=item, person=person, capacity=person.capacity, position=position,
        required=not (person.is_minor and minor_beside_guardian), name=person.name,
        relationship=person.relationship, authority=person.authority,
    )  # fmt: skip


def _send(
    signer: Signer, actor: Membership | None, at: datetime, *, purpose: str, kind: str, code: str = "",
    code_hash: str = "", tries: int = 0,
) -> Link:  # fmt: skip
    Link.objects.filter(signer=signer, purpose=purpose, used_at=None, revoked_at=None).update(revoked_at=at)
    days = queries.preferences(signer.practice).link_days
    link = Link(practice=signer.practice, signer=signer, purpose=purpose, created_at=at)
    link.expires_at = at + timedelta(days=days)
    link.token_sha256 = tokens.fingerprint(tokens.link_token(link.uid))
    link.code_hash = tokens.keep_code(code) if code else code_hash
    link.tries = tries if code_hash else 0
    link.save(force_insert=True)
    if purpose == Link.READ:
        signer.sent_at = at
        signer.save(update_fields=["sent_at"])
        plan_next(signer, at)
    mail.post(practice=signer.practice, kind=kind, args={"link_id": link.pk}, at=at, unique_key=f"link:{link.pk}")
    data = {"signer": str(signer.uid), "purpose": purpose, "code": bool(link.code_hash)}
    trail.record(
        "signatures.link.sent", practice=signer.practice, actor=actor, subject=signer.acknowledgement, at=at, data=data
    )
    return link


def _code_so_far(signer: Signer) -> tuple[str, int]:
    """The code of the signer's last link as it is kept, "" for none, and how often it was tried wrong."""
    before = Link.objects.filter(signer=signer, purpose=Link.READ).order_by("created_at", "pk").last()
    return (before.code_hash, before.tries) if before is not None else ("", 0)


def _too_many() -> str:
    return _("The code was wrong too often. Please call, and a new link and a new code will be sent.")
