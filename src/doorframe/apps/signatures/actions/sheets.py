"""Paper: a sheet that is printed, and comes back signed."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from doorframe.apps.members.models import Membership
from doorframe.apps.signatures import rules
from doorframe.apps.signatures.actions.answering import record_elsewhere
from doorframe.apps.signatures.holding import locked, locked_signer
from doorframe.apps.signatures.models import Acknowledgement, Scan, Signer
from doorframe.apps.signatures.states import Capacity, Method
from doorframe.apps.trail import actions as trail


@dataclass(frozen=True, slots=True)
class Picture:
    """A scan that was checked: its bytes, and what they are."""

    data: bytes
    media_type: str


@transaction.atomic
def note_printed(*, item: Acknowledgement, actor: Membership, at: datetime) -> None:
    """Keep that a sheet was printed, with the reference that stands on it."""
    item = locked(item)
    rules.check_can_ask(actor, item)
    data = {"reference": item.reference}
    trail.record("signatures.paper.printed", practice=item.practice, actor=actor, subject=item, at=at, data=data)


@transaction.atomic
def enter_sheet(
    *, item: Acknowledgement, actor: Membership, at: datetime, on: date, answers: Mapping[str, bool],
    picture: Picture | None = None,
) -> Acknowledgement:  # fmt: skip
    """Record what stands on a sheet that came back: `answers` says by a signer's uid whether they agreed.

    All of it or nothing. A picture alone may follow later. Raises NotNow, PermissionDenied.
    """
    item = locked(item)
    rules.check_can_ask(actor, item)
    people = [one for one in item.signers.order_by("required", "position", "pk") if one.member_id is None]
    # Witnesses and the like first: once everyone else has signed, the acknowledgement moves on.
    named = [one for one in people if str(one.uid) in answers]
    for signer in named:
        agreed = answers[str(signer.uid)]
        record_elsewhere(signer=signer, actor=actor, at=at, method=Method.PAPER, on=on, agreed=agreed)
    if picture is not None:
        _keep(_on_paper(named, people), actor, at, picture)
    elif not named:
        raise rules.NotNow(_("Say for at least one person what stands on the sheet. Nothing was recorded."))
    return locked(item)


@transaction.atomic
def note_scan_opened(*, scan: Scan, actor: Membership, at: datetime) -> None:
    """Keep that somebody took a scan out."""
    item = scan.signer.acknowledgement
    rules.check_can_see_answers(actor, item)
    data = {"scan": str(scan.uid)}
    trail.record("signatures.scan.opened", practice=scan.practice, actor=actor, subject=item, at=at, data=data)


def _on_paper(named: list[Signer], people: list[Signer]) -> Signer:
    """Whose sheet a picture shows: one that was recorded now, or on paper before."""
    before = [one for one in people if one.method == Method.PAPER and one.capacity != Capacity.THERAPIST]
    for signer in (*named, *before):
        return signer
    raise rules.NotNow(_("Say first who has signed or declined on this sheet. Nothing was recorded."))


def _keep(signer: Signer, actor: Membership, at: datetime, picture: Picture) -> None:
    """Keep the picture of a sheet, encrypted, with its hash on the trail."""
    signer = locked_signer(signer)
    sha256 = hashlib.sha256(picture.data).hexdigest()
    scan = Scan.objects.create(
        practice=signer.practice, signer=signer, media_type=picture.media_type, data=picture.data,
        size=len(picture.data), sha256=sha256, kept_at=at,
    )  # fmt: skip
    data = {"scan": str(scan.uid), "signer": str(signer.uid), "sha256": sha256, "size": scan.size}
    item = signer.acknowledgement
    trail.record("signatures.scan.kept", practice=signer.practice, actor=actor, subject=item, at=at, data=data)
