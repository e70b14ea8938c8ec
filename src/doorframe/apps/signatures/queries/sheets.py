"""Sheets of paper that came back, and their scans."""

from __future__ import annotations

from doorframe.apps.members.isolation import get_for_practice
from doorframe.apps.members.models import Membership
from doorframe.apps.signatures.models import Acknowledgement, Scan
from doorframe.apps.signatures.queries.rows import by_reference, visible


def by_typed_reference(member: Membership, typed: str) -> Acknowledgement | None:
    """The acknowledgement of a reference as somebody types or scans it: small letters, spaces, no hyphen."""
    signs = "".join(sign for sign in typed[:60].upper() if sign.isalnum())
    return by_reference(member, f"{signs[:4]}-{signs[4:]}") if len(signs) == 8 else None


def scans_of(item: Acknowledgement) -> list[Scan]:
    """The scans of an acknowledgement that are still kept, without their bytes, oldest first."""
    rows = Scan.objects.filter(signer__acknowledgement=item, data__isnull=False).select_related("signer").defer("data")
    return list(rows.order_by("kept_at", "pk"))


def scan(member: Membership, uid: object) -> Scan:
    """One scan of a client that this member may see, or Http404."""
    rows = Scan.objects.filter(signer__acknowledgement__in=visible(member))
    rows = rows.select_related("practice", "signer__acknowledgement__practice", "signer__acknowledgement__client")
    return get_for_practice(rows, practice=member.practice, uid=uid)
