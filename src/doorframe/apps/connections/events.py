"""What another program can be told of: five kinds of event, and one to try the connection with."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import models
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise


class Told(models.TextChoices):
    """The `type` of a message; the label says in the pages what happened."""

    OPENED = "acknowledgement.opened", _("A client is asked to read and sign")
    MOVED = "acknowledgement.moved", _("Where a client stands changes: signed, complete, declined and so on")
    SEALED = "proof.sealed", _("The sealed document of a signature is ready")
    ISSUED = "paper.issued", _("A new version of the policy is in force")
    ASKED = "question.asked", _("A client asks about the policy")


TEST = "connection.test"
"""The type of a message that somebody sends by hand to see whether it arrives."""

HEARD: dict[str, Told] = {
    "signatures.acknowledgement.opened": Told.OPENED,
    "signatures.acknowledgement.moved": Told.MOVED,
    "signatures.acknowledgement.superseded": Told.MOVED,
    "signatures.proof.sealed": Told.SEALED,
    "signatures.paper.issued": Told.ISSUED,
    "signatures.question.asked": Told.ASKED,
}
"""From the name of an event on the trail to the type of the message. Nothing else is ever told."""


def label(event_type: str) -> StrOrPromise:
    """What a message tells of, in words."""
    return _("Test message") if event_type == TEST else Told(event_type).label
